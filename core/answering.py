"""The service that platforms call: ask, stop, shut down. It reads the model's stream into the answer's draft."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass

import structlog

from core import words
from core.answer import Answer, Ending, State
from core.model.api import Delta, EmptyAnswer, Finish, Model, ModelError
from core.prompt import MAX_PROMPT, Conversation, Prompt, Role, Turn
from core.streamer import Placeholder, Streamer
from core.surface import MessageKey, Surface

_log = structlog.get_logger(__name__)


class PromptRefused(Exception):
    """The prompt gets no answer. `sentence` is for the asker, privately."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class AnsweringSettings:
    """What every conversation begins with."""

    system_prompt: str = ""


class Answering:
    """Answers prompts on surfaces. One instance serves all platforms of a process."""

    def __init__(self, model: Model, streamer: Streamer, settings: AnsweringSettings | None = None) -> None:
        self._model = model
        self._streamer = streamer
        self._settings = settings or AnsweringSettings()
        self._readers: dict[Answer, asyncio.Task[None]] = {}
        self._closing = False
        self.registry = streamer.registry

    def check(self, text: str) -> str:
        """Return the prompt without surrounding space, or raise `PromptRefused` if it cannot be asked."""
        if self._closing:
            raise PromptRefused(words.SHUTTING_DOWN)
        text = text.strip()
        if not text:
            raise PromptRefused(words.PROMPT_EMPTY)
        if len(text) > MAX_PROMPT:
            raise PromptRefused(words.PROMPT_TOO_LONG)
        return text

    def ask(self, prompt: Prompt, surface: Surface, placeholder: Placeholder | None = None) -> Answer | None:
        """Begin to answer `prompt` on `surface` and return at once; None if this prompt was taken before.

        Raises `PromptRefused` as `check` does. The placeholder, if given, is posted when no text has come in time.
        """
        text = self.check(prompt.text)
        if self.registry.asked(prompt.key):
            return None
        answer = Answer(prompt, self._now())
        self._streamer.open(answer, surface, placeholder, self._end)
        reader = asyncio.create_task(self._read(answer, self._conversation(text)), name=f"read {answer.id}")
        self._readers[answer] = reader
        reader.add_done_callback(lambda _: self._readers.pop(answer, None))
        return answer

    def stop(self, answer: Answer, by: str | None = None) -> bool:
        """Stop a running answer: close the model's stream now, show what came and who stopped it (None: the asker).

        Who may stop it is for the caller to check. Returns False if the answer had already ended.
        """
        return self._end(
            answer, Ending(State.STOPPED, words.stopped_by(by), f"stopped by {by or 'the asker'}")
        )

    def message_deleted(self, key: MessageKey) -> bool:
        """Take note that somebody deleted the message `key`; if it belongs to a running answer, that answer ends."""
        answer = self.registry.find(key)
        if answer is None or key == answer.prompt.key:
            return False
        self._streamer.lost(answer, key)
        return True

    async def close(self, grace: float, drain: float = 20.0) -> None:
        """Take no more prompts, give running answers `grace` seconds to finish, then end them as interrupted.

        Their last text gets `drain` further seconds to reach the screen. Both times are in seconds.
        """
        self._closing = True
        await self._wait_for_answers(grace)
        for answer in self.registry.running():
            self._end(answer, Ending(State.INTERRUPTED, words.INTERRUPTED, "shut down"))
        await self._wait_for_answers(drain)
        for answer in self.registry.running():
            _log.error("answer_not_delivered", answer=answer.id, characters=answer.draft.waiting)
        await self._streamer.close()

    async def _wait_for_answers(self, seconds: float) -> None:
        waits = [asyncio.ensure_future(answer.done.wait()) for answer in self.registry.running()]
        if not waits:
            return
        _, pending = await asyncio.wait(waits, timeout=seconds)
        for wait in pending:
            wait.cancel()

    def _conversation(self, text: str) -> Conversation:
        system = self._settings.system_prompt
        first = (Turn(Role.SYSTEM, system),) if system else ()
        return (*first, Turn(Role.USER, text))

    async def _read(self, answer: Answer, conversation: Conversation) -> None:
        """Read the model's stream to its end; the answer's end is always set, whatever happens."""
        ending = Ending(State.INTERRUPTED, words.INTERRUPTED, "cancelled")
        try:
            ending = await self._read_stream(answer, conversation)
        except ModelError as error:
            sentence = words.failed(error, after_text=answer.draft.visible)
            ending = Ending(State.FAILED, sentence, f"{type(error).__name__}: {error.detail}")
        except Exception:  # noqa: BLE001 - the supervisor of everything that can stand in the model's place
            _log.exception("model_crashed", answer=answer.id)
            ending = Ending(State.FAILED, words.BUG, "crash")
        finally:
            self._end(answer, ending)

    async def _read_stream(self, answer: Answer, conversation: Conversation) -> Ending:
        finish = Finish.COMPLETE
        async with aclosing(self._model.stream(conversation)) as deltas:
            async for delta in deltas:
                self._take(answer, delta)
                finish = delta.finish or finish
        if not answer.draft.visible and finish in {Finish.COMPLETE, Finish.UNCONFIRMED}:
            raise EmptyAnswer("the stream held no text")
        return Ending(State.COMPLETE, words.finished(finish), finish.value)

    def _take(self, answer: Answer, delta: Delta) -> None:
        if delta.usage is not None:
            answer.usage = delta.usage
        if delta.text:
            answer.append(delta.text, self._now())
            self._streamer.touch(answer)

    def _end(self, answer: Answer, ending: Ending) -> bool:
        if not answer.end(ending, self._now()):
            return False
        level = _log.warning if ending.state is State.FAILED else _log.info
        level("answer_ended", answer=answer.id, state=ending.state.value, detail=ending.detail,
              characters=answer.draft.length, seconds=round(self._now() - answer.asked_at, 3))  # fmt: skip
        reader = self._readers.get(answer)
        if reader is not None and reader is not asyncio.current_task():
            reader.cancel()
        self._streamer.touch(answer)
        return True

    def _now(self) -> float:
        return asyncio.get_running_loop().time()
