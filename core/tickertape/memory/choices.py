"""Which model and which persona answer a prompt: what it names, what was chosen there, or the owner's defaults."""

from __future__ import annotations

from dataclasses import replace

import structlog

from tickertape.durable.store.errors import StoreError
from tickertape.durable.store.preferences import Preferences
from tickertape.durable.store.records import Choice, Preference
from tickertape.memory.catalogue import UnknownName
from tickertape.memory.models import Models
from tickertape.memory.personas import Personas
from tickertape.prompts.keys import PersonKey
from tickertape.prompts.prompt import Prompt

_log = structlog.get_logger(__name__)


class Choices:
    """The models and personas, and what was chosen in channels and conversations."""

    def __init__(self, models: Models, personas: Personas, preferences: Preferences) -> None:
        self.models = models
        self.personas = personas
        self._preferences = preferences

    async def resolve(self, prompt: Prompt) -> Prompt:
        """Return `prompt` with the names of a model and a persona that there are. Never raises.

        The narrower choice wins: what the prompt names, the conversation's, the thread's, the channel's, the persona's
        own model, the owner's default. A name that no longer exists counts as not chosen.
        """
        persona = self._persona(prompt.persona) or self._persona(await self._chosen(Choice.PERSONA, prompt))
        persona = persona or self.personas.default
        model = self._model(prompt.model) or self._model(await self._chosen(Choice.MODEL, prompt))
        model = model or self._model(self.personas.pick(persona).model or "") or self.models.default
        return replace(prompt, model=model, persona=persona)

    async def choose(self, choice: Choice, scope: str, name: str, by: PersonKey, now: float) -> str:
        """Let `name` count for a channel or conversation, and return it as it is written.

        Raises `UnknownName`, and a `StoreError` if it cannot be remembered.
        """
        is_model = choice is Choice.MODEL
        name = self.models.pick(name)[0].name if is_model else self.personas.pick(name).name
        await self._preferences.set(Preference(scope, choice, name, by, now))
        return name

    async def _chosen(self, choice: Choice, prompt: Prompt) -> str:
        try:
            preference = await self._preferences.get(choice, *_scopes(prompt))
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


def _scopes(prompt: Prompt) -> list[str]:
    """Return what choices count for a prompt, the narrowest first: of a thread, also those for its channel."""
    own = [str(scope) for scope in (prompt.conversation, prompt.place) if scope is not None]
    channels = prompt.origin.asker.channels if prompt.origin is not None else frozenset()
    return own + sorted(channels.difference(own))
