"""One answer: its text and what goes with it. `tickertape.answer.states` says what can happen to it, and when."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace

from tickertape.answer.states import Delivery, Life, Move, State
from tickertape.languages import Sentence, words
from tickertape.model.api import Usage
from tickertape.model.reasoning import ReasoningMode, Thinking
from tickertape.prompts.keys import MessageKey
from tickertape.prompts.prompt import Prompt
from tickertape.screen.body import Offer
from tickertape.screen.draft import Draft
from tickertape.screen.outcome import Refused


@dataclass(frozen=True, slots=True)
class Ending:
    """How an answer ended: its last state, the line that says so in chat if there is one, the detail for the log.

    `continues` says that the model had more to say, and stopped at its length limit; `repeatable` is false where there
    is no question any more that could be asked again, `remembered` where another answer takes this one's place in the
    conversation.
    """

    state: State
    sentence: Sentence | None = None
    detail: str = ""
    continues: bool = False
    repeatable: bool = True
    remembered: bool = True

    @property
    def offers(self) -> tuple[Offer, ...]:
        """What the last message offers: to ask again if there is a question, and to judge the answer if it is whole."""
        if not self.repeatable:
            return ()
        if self.state is not State.COMPLETE:
            return (Offer.AGAIN,)
        return (*(Offer.CONTINUE,) * self.continues, Offer.AGAIN, Offer.GOOD, Offer.BAD)


def new_id() -> str:
    """Return an id for a new answer: 16 hexadecimal digits."""
    return secrets.token_hex(8)


class Answer:
    """One answer, from the prompt to its last confirmed message. Its fields are written by its own methods alone.

    `recorded` is set when it survives the process, or when it is known that it will not; `shown` when its first text or
    placeholder is on screen; `done` when nothing more will be sent. `refused` then says why the platform did not take
    it, if it did not.
    """

    def __init__(self, prompt: Prompt, now: float, id: str | None = None) -> None:  # noqa: A002 - what it is
        self.id = id or new_id()
        self.prompt = prompt
        self.draft = Draft()
        self._life = Life()
        self.ending: Ending | None = None
        self.usage: Usage | None = None
        self.notes: tuple[Sentence, ...] = ()
        """Sentences to show below the answer, before how it ended."""
        self.thinking = Thinking(ReasoningMode.HIDDEN)
        self.before: Answer | None = None
        """The answer of its conversation that it waits for, while it does."""
        self.asked_at = now
        self.ended_at: float | None = None
        self.messages: list[MessageKey] = []
        """The keys of its messages, first page first."""
        self.refused: Refused | None = None
        self.recorded = asyncio.Event()
        self.shown = asyncio.Event()
        self.done = asyncio.Event()

    @property
    def state(self) -> State:
        """Where it is in its life."""
        return self._life.state

    @property
    def delivery(self) -> Delivery | None:
        """What became of its text on the screen; None until nothing more will be sent."""
        return self._life.delivery

    @property
    def text(self) -> str:
        """What the model answered so far, without the reasoning that is shown above it."""
        return self.draft.text[self.thinking.quoted :]

    @property
    def over(self) -> bool:
        """Whether no more text will come."""
        return self._life.over

    @property
    def rewordable(self) -> bool:
        """Whether its prompt may still be put in other words: the model has not been asked."""
        return self._life.can(Move.REWORD)

    def reword(self, text: str) -> None:
        """Put the prompt in other words."""
        self._life.reword()
        self.prompt = replace(self.prompt, text=text)

    def resolve(self, model: str, persona: str) -> None:
        """Name the model and the persona that answer."""
        self.prompt = replace(self.prompt, model=model, persona=persona)

    def relocate(self, prompt: Prompt) -> None:
        """Let it belong to another place than it was asked for: `prompt` is its prompt there."""
        self.prompt = prompt

    def wait_for(self, before: Answer | None) -> None:
        """Let it have its turn after the answer `before`; None: now."""
        self.before = before

    def note_recorded(self) -> None:
        """Take note that it is written down, or that nobody needs to wait for that."""
        self.recorded.set()

    def take_over(self, messages: Iterable[MessageKey]) -> None:
        """Take over the messages in which an earlier process has begun it."""
        self.messages.extend(messages)

    def restore(self, text: str, notes: tuple[Sentence, ...], now: float) -> None:
        """Take over what an earlier process has stored of it, which is all there will be."""
        self.notes = notes
        if text:
            self._life.restore()
            self.draft.append(text, now)

    def ask(self) -> None:
        """Take note that the prompt goes to the model."""
        self._life.ask()

    def prepare(self, notes: tuple[Sentence, ...], reasoning: ReasoningMode) -> None:
        """Take note of how the prompt was prepared: what is to be said below the answer, how reasoning is shown."""
        self.notes = notes
        self.thinking = Thinking(reasoning)

    def count(self, usage: Usage) -> None:
        """Take note of the tokens that the model counts so far."""
        self.usage = usage

    def append(self, text: str, now: float) -> None:
        """Add text of the model; after the end it is dropped, because its marker is already due."""
        if self.over or not text:
            return
        self._life.text()
        self.draft.append(text, now)

    def end(self, ending: Ending, now: float) -> bool:
        """End the answer unless it has ended; return whether this call did."""
        if not self._life.can(Move.END):
            return False
        self._life.end(ending.state)
        self.ending, self.ended_at = ending, now
        if thought := words.thought_for(self.thinking.thought_for(now)):
            self.notes = (*self.notes, thought)
        return True

    def add_message(self, message: MessageKey) -> None:
        """Take note of its next message."""
        self.messages.append(message)

    def note_shown(self) -> None:
        """Take note that something of it is on screen."""
        self.shown.set()

    def refuse(self, refused: Refused) -> None:
        """Take note of why the platform does not take it."""
        self.refused = refused

    def settle(self, delivery: Delivery) -> None:
        """Take note that nothing more will be sent, and what became of the text."""
        self._life.settle(delivery)
        self.done.set()
