"""Reads the model's stream into an answer's draft."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import structlog

from tickertape.answer.answer import Answer, Ending
from tickertape.answer.preparation import Preparation, Prepared, PromptRefused
from tickertape.answer.states import State
from tickertape.languages import words
from tickertape.model.api import Delta, EmptyAnswer, Finish, ModelError
from tickertape.screen.streamer import Placeholder, Streamer

_log = structlog.get_logger(__name__)


class ModelReader:
    """Has the models answer, one stream for each answer; `streamer` hears of all text."""

    def __init__(self, preparation: Preparation, streamer: Streamer) -> None:
        self._preparation = preparation
        self._streamer = streamer

    async def read(self, answer: Answer) -> Ending:
        """Read the model's stream to its end and return how the answer ended, whatever happened."""
        answer.ask()
        try:
            prepared = await self._preparation.prepare(answer.prompt)
            answer.prepare(prepared.notes, prepared.reasoning)
            return await self._take_all(answer, prepared)
        except PromptRefused as refusal:
            return Ending(State.FAILED, refusal.sentence, "refused")
        except ModelError as error:
            sentence = words.failed(error, after_text=answer.thinking.answered)
            return Ending(State.FAILED, sentence, f"{type(error).__name__}: {error.detail}")
        except Exception:  # noqa: BLE001 - the supervisor of everything that can stand in the model's place
            _log.exception("model_crashed", answer=answer.id)
            return Ending(State.FAILED, words.BUG, "crash")

    async def _take_all(self, answer: Answer, prepared: Prepared) -> Ending:
        finish = Finish.COMPLETE
        async with aclosing(prepared.model.stream(prepared.conversation)) as deltas:
            async for delta in deltas:
                self._take(answer, delta)
                finish = delta.finish or finish
        if not answer.thinking.answered and finish in {Finish.COMPLETE, Finish.UNCONFIRMED}:
            raise EmptyAnswer("the stream held no text")
        return Ending(State.COMPLETE, words.finished(finish), finish.value, finish is Finish.LENGTH)

    def _take(self, answer: Answer, delta: Delta) -> None:
        if delta.usage is not None:
            answer.count(delta.usage)
        now = asyncio.get_running_loop().time()
        if text := answer.thinking.take(delta, now):
            answer.append(text, now)
            self._streamer.touch(answer)
        elif delta.reasoning and (seconds := answer.thinking.thinking_for(now)):
            self._streamer.hold_place(answer, Placeholder(words.thinking(seconds)))
