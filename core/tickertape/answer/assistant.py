"""Everything that a prompt goes through before a model is asked: rules, choices, files, memory, the persona."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from tickertape.answer.preparation import Prepared
from tickertape.files.reader import FileReader
from tickertape.files.words import line
from tickertape.languages import Sentence
from tickertape.memory.choices import Choices
from tickertape.memory.memory import Memory
from tickertape.memory.models import ModelInfo
from tickertape.memory.personas import Facts, render
from tickertape.memory.tokens import estimate_tokens
from tickertape.prompts.prompt import Prompt
from tickertape.prompts.turns import Role, Turn
from tickertape.rules.rulebook import Rulebook

_ANSWER = 1024
"""Tokens of a model's context that are left for an answer whose length is not limited otherwise, at least; a quarter
of the context if that is more."""


class Assistant:
    """Implements `tickertape.answer.preparation.Preparation` with a memory, a choice of models, and rules.

    `readers` fetch the files of each platform, by its name in keys; `clock` tells Unix time in seconds.
    """

    def __init__(self, choices: Choices, rules: Rulebook, memory: Memory, clock: Callable[[], float]) -> None:
        self.choices = choices
        self.rules = rules
        self.memory = memory
        self.readers: dict[str, FileReader] = {}
        self._clock = clock

    async def admit(self, prompt: Prompt) -> Prompt:
        """Return `prompt` with the model and the persona that answer it; raise `PromptRefused` if it may not be asked."""
        await self.rules.admit(prompt)
        return await self.resolve(prompt)

    async def resolve(self, prompt: Prompt) -> Prompt:
        """Return an admitted prompt with the model and the persona that answer it.

        Raises `PromptRefused` if the asker may not use that model: then it is not admitted after all.
        """
        resolved = await self.choices.resolve(prompt)
        self.rules.check_model(resolved)
        return resolved

    async def prepare(self, prompt: Prompt) -> Prepared:
        """Read the files, remember the prompt, and return the conversation for the model that is to answer."""
        info, model = self.choices.models.pick(prompt.model or None)
        turn, notes = await self._turn(prompt, info)
        first = self._system(prompt)
        left = self._tokens(info) - sum(map(estimate_tokens, first))
        recalled = await self.memory.recall(prompt, turn, left)
        return Prepared(model, (*first, *recalled.turns), (*notes, *recalled.notes), info.reasoning)

    async def _turn(self, prompt: Prompt, info: ModelInfo) -> tuple[Turn, tuple[Sentence, ...]]:
        """Return the prompt with its files, and a sentence for each that was left out."""
        text = prompt.text.strip()
        reader = self.readers.get(prompt.platform)
        if reader is None or not prompt.attachments:
            return Turn(Role.USER, text), ()
        reading = await reader.read(prompt.attachments, vision=info.vision)
        return reading.turn(text), tuple(map(line, reading.left_out))

    def _system(self, prompt: Prompt) -> tuple[Turn, ...]:
        """Return the persona's prompt, if it has one."""
        persona = self.choices.personas.pick(prompt.persona or None)
        origin = prompt.origin
        facts = Facts(
            now=datetime.fromtimestamp(self._clock(), UTC),
            user=origin.name if origin else "",
            channel=origin.channel if origin else "",
            platform=prompt.platform.capitalize(),
        )
        text = render(persona, facts)
        return (Turn(Role.SYSTEM, text),) if text else ()

    def _tokens(self, info: ModelInfo) -> int:
        """Return the tokens that there are for the system prompt and the turns."""
        memory = self.memory.settings
        if info.context is None:
            return memory.tokens
        answer = info.max_tokens or max(_ANSWER, info.context // 4)
        left = max(0, info.context - answer)
        return min(left, memory.tokens) if memory.limited else left
