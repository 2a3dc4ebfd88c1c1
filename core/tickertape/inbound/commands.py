"""What commands do beside asking: show figures, choose models and personas, make the bot forget. The same on all platforms.

What is said is Markdown for whoever asked, privately. What may not be done raises `PromptRefused` with a sentence.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, datetime
from decimal import Decimal

from tickertape.answer.assistant import Assistant
from tickertape.answer.preparation import PromptRefused
from tickertape.durable.store import Store
from tickertape.durable.store.errors import StoreError
from tickertape.durable.store.records import Choice, ModelUsage, UsageRow
from tickertape.inbound.facts import Here
from tickertape.inbound.refusals import sorry
from tickertape.languages import Lines, Sentence, words
from tickertape.memory.catalogue import UnknownName
from tickertape.memory.choices import scopes_of
from tickertape.prompts.asker import Asker, direct_messages
from tickertape.prompts.keys import PersonKey, PlaceKey
from tickertape.rules.quota import DAY
from tickertape.screen.body import File

MONTH = 30 * DAY
"""Seconds that a summary of usage looks back."""

SUGGESTIONS = 25
"""Most suggestions of an autocompletion (Discord's limit)."""


class Commands:
    """Serves one process. `clock` tells Unix time in seconds."""

    def __init__(self, store: Store, assistant: Assistant, clock: Callable[[], float], currency: str) -> None:
        self._store = store
        self._rules = assistant.rules
        self._choices = assistant.choices
        self._currency = currency
        self._clock = clock

    async def usage(self, asker: Asker) -> Lines:
        """Return what the asker's own answers took."""
        self._rules.check(asker)
        return await self._summary(words.USAGE_YOURS, asker.user)

    async def usage_of_all(self, asker: Asker) -> Lines:
        """Return what all answers took, for the owner's admins."""
        self._require_admin(asker)
        return await self._summary(words.USAGE_ALL, None)

    async def export(self, asker: Asker) -> File:
        """Return every answer's figures as CSV, without any text, for the owner's admins."""
        self._require_admin(asker)
        table = io.StringIO()
        writer = csv.writer(table)
        names = [field.name for field in fields(UsageRow)]
        writer.writerow(names)
        try:
            async for row in self._store.usage.export(0.0):
                writer.writerow([_cell(getattr(row, name)) for name in names])
        except StoreError as error:
            raise sorry(error) from error
        return File("usage.csv", table.getvalue())

    async def choices(self, choice: Choice, here: Here) -> Lines:
        """Return the models or personas that may be used there, with the one that would answer marked."""
        asker = here.caller.asker
        self._rules.check(asker)
        names = await self._choices.chosen(scopes_of(here.place, here.conversation, asker))
        chosen = names.model if choice is Choice.MODEL else names.persona
        lines = [
            f"- **{name}**{' ✓' if name == chosen else ''}{f': {described}' if described else ''}"
            for name, described in self._usable(choice, asker)
        ]
        title = words.MODEL_CHOICES if choice is Choice.MODEL else words.PERSONA_CHOICES
        return Lines((title, *lines))

    def suggest(self, choice: Choice, asker: Asker, typed: str) -> list[str]:
        """Return the names that go on as is `typed`, then those that hold it; nothing to those who may not ask."""
        names = [name for name, _ in self._usable(choice, asker)]
        wanted = typed.strip().casefold()
        begins = [name for name in names if name.casefold().startswith(wanted)]
        holds = [name for name in names if wanted in name.casefold() and name not in begins]
        return (begins + holds)[:SUGGESTIONS]

    async def choose(self, choice: Choice, name: str, here: Here, *, whole_channel: bool) -> Sentence:
        """Let a model or persona answer in a conversation, or for moderators in its whole place."""
        asker = here.caller.asker
        wide = whole_channel or here.conversation is None
        if wide and not self._governs(here):
            raise PromptRefused(words.ONLY_MODERATORS_CHOOSE)
        try:
            found = self._choices.models.pick(name)[0].name if choice is Choice.MODEL else None
            self._rules.check(asker, found)
            scope = here.place if wide or here.conversation is None else here.conversation
            found = await self._choices.choose(choice, str(scope), name, asker.user, self._clock())
        except UnknownName as unknown:
            raise PromptRefused(unknown.sentence) from unknown
        except StoreError as error:
            raise sorry(error) from error
        return words.chosen(found, for_channel=wide)

    async def forget(self, here: Here) -> Sentence:
        """Erase a conversation; one of several people, for moderators only."""
        asker = here.caller.asker
        self._rules.check(asker)
        if here.conversation is None:
            raise PromptRefused(words.NOTHING_TO_FORGET)
        if not (direct_messages(asker.platform) in asker.channels or self._governs(here)):
            raise PromptRefused(words.ONLY_MODERATORS_FORGET)
        try:
            erased = await self._store.conversations.forget(here.conversation)
        except StoreError as error:
            raise sorry(error) from error
        return words.forgotten(erased.turns)

    async def forget_person(self, person: PersonKey) -> Sentence:
        """Erase everything that somebody ever said to the bot, and its answers."""
        try:
            erased = await self._store.conversations.forget_person(person)
        except StoreError as error:
            raise sorry(error) from error
        return words.forgotten(erased.turns)

    async def _summary(self, title: Sentence, asker: PersonKey | None) -> Lines:
        now = self._clock()
        try:
            day = await self._store.usage.summary(now - DAY, asker=asker)
            month = await self._store.usage.summary(now - MONTH, asker=asker)
        except StoreError as error:
            raise sorry(error) from error
        return Lines((title, *self._lines(words.LAST_DAY, day), *self._lines(words.LAST_MONTH, month)))

    def _lines(self, when: Sentence, models: list[ModelUsage]) -> list[Sentence]:
        return [self._line(when, one) for one in models] or [words.no_usage(when)]

    def _line(self, when: Sentence, one: ModelUsage) -> Sentence:
        cost = None if one.cost is None else words.amount(Decimal(str(one.cost)), self._currency)
        return words.usage(when, one.model, one.answers, one.prompt_tokens + one.completion_tokens, cost)

    def _usable(self, choice: Choice, asker: Asker) -> list[tuple[str, str]]:
        """Return the names that the asker may choose, each with its description."""
        if choice is Choice.MODEL:
            described = {info.name: info.description for info, _ in self._choices.models}
        else:
            described = {persona.name: persona.description for persona in self._choices.personas}
        names = self._rules.usable(asker, described, models=choice is Choice.MODEL)
        return [(name, described[name]) for name in names]

    def _governs(self, here: Here) -> bool:
        """Whether somebody may decide for all people of a place."""
        return here.caller.moderates or self._rules.is_admin(here.caller.asker)

    def _require_admin(self, asker: Asker) -> None:
        self._rules.check(asker)
        if not self._rules.is_admin(asker):
            raise PromptRefused(words.ONLY_ADMINS)


_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""With these a spreadsheet takes a cell for a formula (OWASP, CSV injection)."""


def _cell(value: object) -> object:
    """Return a value as it can be put into a table.

    Times are ISO 8601, keys are text, and no text is such that a spreadsheet would execute it.
    """
    if isinstance(value, PersonKey | PlaceKey):
        value = str(value)
    if isinstance(value, float) and value > DAY * 365:
        return datetime.fromtimestamp(value, UTC).isoformat(timespec="milliseconds")
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
