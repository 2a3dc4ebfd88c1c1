"""What happened on a platform, as facts: parsed by an adapter, decided on by `tickertape.inbound.inbox`."""

from __future__ import annotations

import enum
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from tickertape.files.attachment import Attachment
from tickertape.inbound.spot import Spot, SpotFinder
from tickertape.languages import Sentence, words
from tickertape.prompts.asker import Asker
from tickertape.prompts.keys import ConversationKey, MessageKey, PersonKey, PlaceKey
from tickertape.prompts.prompt import Origin
from tickertape.screen.body import Offer


class Addressed(enum.Enum):
    """For whom a message is."""

    US = "us"
    """It mentions the bot, or is a direct message to it."""
    OTHERS = "others"
    """It mentions or replies to somebody else, and not the bot."""
    NOBODY = "nobody"


class Follows(enum.Enum):
    """What a message that mentions nobody goes on with."""

    NOTHING = "nothing"
    OURS = "ours"
    """It replies to a message of the bot, or stands in a thread that the bot began."""
    THREAD = "thread"
    """It stands in a thread, in which the bot may take part or not."""


class Gesture(enum.Enum):
    """What a reaction asks for."""

    STOP = "stop"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who did something, and where, as far as the platform tells.

    `moderates` says that they may manage other people's messages there; `is_app` that they are no person but an app.
    """

    origin: Origin
    moderates: bool = False
    is_app: bool = False

    @property
    def asker(self) -> Asker:
        """Who it is, as rules see them."""
        return self.origin.asker


@dataclass(frozen=True, slots=True)
class Here:
    """Where somebody uses a command: the place, and the conversation there, None where there is none."""

    caller: Caller
    place: PlaceKey
    conversation: ConversationKey | None = None


class Sender(Protocol):
    """The way back to whoever did something."""

    @property
    def key(self) -> PersonKey:
        """Who it is."""
        ...

    async def caller(self) -> Caller:
        """Return what is known of them. Asked only where it matters, because a platform may count it. Never raises."""
        ...

    async def tell(self, sentence: Sentence) -> None:
        """Tell them something in private and in their language, where there is a way to do so. Never raises."""
        ...


@dataclass(frozen=True, slots=True)
class Published:
    """What a question is once it is shown to all: its message, its conversation, where it is answered and whom to tell."""

    key: MessageKey
    conversation: ConversationKey
    spot: Spot
    sender: Sender


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something to be answered: a message, or a command.

    `conversation` is None where it is found by `replies_to`. `model` is the name that was typed for one, empty if none
    was. `if_empty` is said where there is nothing to answer. A platform that waits for a first response gives
    `patience` in seconds: if it cannot be found out by then whether the question may be asked, it is refused.

    `publish` is there for a question that nobody sees: it shows an admitted one to all, and returns None if that fails.
    """

    key: MessageKey
    text: str
    place: PlaceKey
    conversation: ConversationKey | None
    sender: Sender
    spot: Spot
    attachments: tuple[Attachment, ...] = ()
    replies_to: MessageKey | None = None
    model: str = ""
    if_empty: Sentence = words.PROMPT_EMPTY
    patience: float | None = None
    publish: Callable[[], Awaitable[Published | None]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A person wrote a message that the bot can see. `lacking` says why it cannot answer there, None if it can."""

    question: Question
    addressed: Addressed
    follows: Follows = Follows.NOTHING
    lacking: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Reacted:
    """Somebody put a reaction that means something on a message. `spots` finds where its answer would be shown anew."""

    message: MessageKey
    gesture: Gesture
    sender: Sender
    spots: SpotFinder


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """Somebody pressed a button below an answer that is over. `spots` finds where it is written anew."""

    offer: Offer
    answer: str
    sender: Sender
    spots: SpotFinder
    patience: float | None = None
    """As of `Question`."""


@dataclass(frozen=True, slots=True)
class Edited:
    """Somebody changed what their message says. `offer` lets them have the answer of this id written anew."""

    message: MessageKey
    text: str
    offer: Callable[[str], Awaitable[None]]
