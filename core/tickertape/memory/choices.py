"""Which model and which persona answer a prompt: what it names, what was chosen there, or the owner's defaults."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import structlog

from tickertape.durable.store.errors import StoreError
from tickertape.durable.store.preferences import Preferences
from tickertape.durable.store.records import Choice, Preference
from tickertape.memory.catalogue import UnknownName
from tickertape.memory.models import Models
from tickertape.memory.personas import Personas
from tickertape.prompts.asker import Asker
from tickertape.prompts.keys import ConversationKey, PersonKey, PlaceKey
from tickertape.prompts.prompt import Prompt

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The names of a model and of a persona, empty where none is named."""

    model: str = ""
    persona: str = ""


class Choices:
    """The models and personas, and what was chosen in channels and conversations."""

    def __init__(self, models: Models, personas: Personas, preferences: Preferences) -> None:
        self.models = models
        self.personas = personas
        self._preferences = preferences

    async def resolve(self, prompt: Prompt) -> Prompt:
        """Return `prompt` with the names of a model and a persona that there are. Never raises."""
        asker = None if prompt.origin is None else prompt.origin.asker
        scopes = scopes_of(prompt.place, prompt.conversation, asker)
        chosen = await self.chosen(scopes, Chosen(prompt.model, prompt.persona))
        return replace(prompt, model=chosen.model, persona=chosen.persona)

    async def chosen(self, scopes: Sequence[str], named: Chosen | None = None) -> Chosen:
        """Return the model and the persona that count in `scopes`, the narrowest first. Never raises.

        The narrower choice wins: what is named, the conversation's, the thread's, the channel's, the persona's own
        model, the owner's default. A name that no longer exists counts as not chosen.
        """
        named = named or Chosen()
        persona = self._persona(named.persona) or self._persona(await self._kept(Choice.PERSONA, scopes))
        persona = persona or self.personas.default
        model = self._model(named.model) or self._model(await self._kept(Choice.MODEL, scopes))
        model = model or self._model(self.personas.pick(persona).model or "") or self.models.default
        return Chosen(model, persona)

    def named(self, model: str) -> str:
        """Return the model of a name that was typed, as the owner writes it; empty if none was typed.

        Raises `UnknownName`.
        """
        return self.models.pick(model)[0].name if model else ""

    async def choose(self, choice: Choice, scope: str, name: str, by: PersonKey, now: float) -> str:
        """Let `name` count for a channel or conversation, and return it as it is written.

        Raises `UnknownName`, and a `StoreError` if it cannot be remembered.
        """
        is_model = choice is Choice.MODEL
        name = self.models.pick(name)[0].name if is_model else self.personas.pick(name).name
        await self._preferences.set(Preference(scope, choice, name, by, now))
        return name

    async def _kept(self, choice: Choice, scopes: Sequence[str]) -> str:
        try:
            preference = await self._preferences.get(choice, *scopes)
        except StoreError as error:
            _log.error("choice_not_read", error=error.detail)
            return ""
        return "" if preference is None else preference.value

    def _model(self, name: str) -> str:
        try:
            return self.models.pick(name)[0].name if name else ""
        except UnknownName:
            return ""

    def _persona(self, name: str) -> str:
        try:
            return self.personas.pick(name).name if name else ""
        except UnknownName:
            return ""


def scopes_of(place: PlaceKey, conversation: ConversationKey | None, asker: Asker | None) -> list[str]:
    """Return where a choice counts for a prompt, the narrowest first: of a thread, also what counts for its channel."""
    own = [str(scope) for scope in (conversation, place) if scope is not None]
    channels = asker.channels if asker is not None else frozenset()
    return own + sorted(channels.difference(own))
