"""What is stored, as plain facts. All times are seconds since 1970, and come from the caller."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tickertape.answer.states import State
from tickertape.model.api import Usage
from tickertape.prompts import stored
from tickertape.prompts.keys import ConversationKey, MessageKey, PersonKey, PlaceKey
from tickertape.prompts.prompt import Prompt
from tickertape.prompts.turns import Role

Json = Mapping[str, Any]
"""What can be written as a JSON object."""


@dataclass(frozen=True, slots=True)
class NewTurn:
    """Something said, as it comes from a platform or from a model.

    `author` is None for the model's turns, which have their `answer` instead, and where nobody is known.
    `tokens` is the caller's estimate. `keys` are the platform's messages that hold the turn: one for what a person
    said, several for a long answer. `replaces` is the id of an earlier turn whose place this one takes, as a
    regenerated answer does.
    """

    conversation: ConversationKey
    role: Role
    text: str
    tokens: int
    created_at: float
    keys: tuple[MessageKey, ...] = ()
    author: PersonKey | None = None
    author_name: str = ""
    attachments: tuple[Json, ...] = ()
    answer: str | None = None
    replaces: int | None = None


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """A turn as it is stored. A greater `position` is later in its conversation; positions have gaps."""

    id: int
    conversation: ConversationKey
    position: int
    role: Role
    text: str
    tokens: int
    created_at: float
    author: PersonKey | None
    author_name: str
    attachments: tuple[Json, ...]
    answer: str | None


@dataclass(frozen=True, slots=True)
class MessageRecord:
    """A platform's message: its conversation, and what it holds.

    `turn` is None while its answer is running, and once it was deleted or forgotten. `answer` and `page` (0 is the
    first) are set for the messages of an answer.
    """

    key: MessageKey
    conversation: ConversationKey | None
    turn: TurnRecord | None = None
    answer: str | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class AnswerRecord:
    """An answer: who asked what, where it is shown, and how it went.

    `prompt_key` gets one answer for ever. `prompt` is None once its text was deleted or forgotten. `surface` is what
    the platform needs to edit the answer's messages again. `attempts` counts how often it was begun: more than 1 after
    a repair. `cost` is in the owner's currency, None where no prices are set.
    """

    id: str
    prompt_key: MessageKey
    conversation: ConversationKey | None
    platform: str
    workspace: str
    place: PlaceKey
    asker: PersonKey
    prompt: str | None
    model: str
    persona: str
    started_at: float
    surface: Json = field(default_factory=dict)
    state: State = State.WAITING
    attempts: int = 1
    first_text_at: float | None = None
    ended_at: float | None = None
    detail: str = ""
    usage: Usage | None = None
    cost: float | None = None
    characters: int = 0
    forgotten: bool = False

    @property
    def as_asked(self) -> Prompt:
        """The prompt; its text is empty if that was erased.

        Raises `KeyError`, `TypeError` or `ValueError` if the place does not hold what else there is of it.
        """
        return stored.from_json(
            stored.part_of(self.surface),
            key=self.prompt_key,
            text=self.prompt or "",
            place=self.place,
            conversation=self.conversation,
            model=self.model,
            persona=self.persona,
        )


@dataclass(frozen=True, slots=True)
class AnswerEnd:
    """How an answer ended: its last state, the detail for the log, and what it took."""

    answer: str
    state: State
    at: float
    detail: str = ""
    usage: Usage | None = None
    cost: float | None = None
    characters: int = 0


@dataclass(frozen=True, slots=True)
class UnfinishedAnswer:
    """An answer whose process ended before it did.

    `text` is everything that was stored of it, `messages` the keys of its messages with their pages, first page first.
    """

    record: AnswerRecord
    text: str
    messages: tuple[tuple[int, MessageKey], ...]


class Rating(enum.Enum):
    """What somebody thought of an answer."""

    GOOD = "good"
    BAD = "bad"


class Choice(enum.Enum):
    """What can be chosen for a channel or a conversation."""

    MODEL = "model"
    PERSONA = "persona"


@dataclass(frozen=True, slots=True)
class Preference:
    """What was chosen for a scope, by whom and when.

    A scope is the text of a place's or a conversation's key, or a channel's id as rules name it (`Asker.channels`).
    """

    scope: str
    choice: Choice
    value: str
    set_by: PersonKey
    set_at: float


@dataclass(frozen=True, slots=True)
class Counted:
    """Answers begun in some time, and the tokens of prompt and completion that they took."""

    answers: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Spent:
    """One answer of a window of time: when it was begun, and the tokens of prompt and completion that it took."""

    started_at: float
    tokens: int


@dataclass(frozen=True, slots=True)
class ModelUsage:
    """What the answers of one model took together. `cost` is None where none of them has one."""

    model: str
    answers: int
    prompt_tokens: int
    completion_tokens: int
    cost: float | None


@dataclass(frozen=True, slots=True)
class UsageRow:
    """One answer without any text, for the owner's export."""

    id: str
    started_at: float
    first_text_at: float | None
    ended_at: float | None
    platform: str
    workspace: str
    place: PlaceKey
    asker: PersonKey
    model: str
    persona: str
    state: str
    attempts: int
    prompt_tokens: int
    completion_tokens: int
    reasoning_tokens: int
    cost: float | None
    characters: int
    good: int
    bad: int


@dataclass(frozen=True, slots=True)
class Erased:
    """How much was erased."""

    turns: int
    answers: int
