"""What an interaction is: a command, a used component, a sent modal, and what the bot made of it."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tickertape.sandbox.discord.world.entities import Channel, Json, Message, User


class Context(enum.IntEnum):
    """Where an interaction happens (`contexts` of a command)."""

    GUILD = 0
    BOT_DM = 1
    PRIVATE_CHANNEL = 2


class InteractionKind(enum.IntEnum):
    """Types of interaction."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL_SUBMIT = 5


class InteractionState(enum.Enum):
    """How far the bot came with an interaction."""

    WAITING = "waiting"
    DEFERRED = "deferred"
    ANSWERED = "answered"
    FAILED = "failed"


@dataclass(slots=True, eq=False)
class Interaction:
    """A command, a used component or a sent modal, and what the bot made of it.

    Times are seconds of the loop's clock. `owners` are the `authorizing_integration_owners`. `source` is the message
    whose component was used, `target` the one that a message command was used on, `opener` the interaction whose
    response opened the modal. `error` is the sentence that the asker's app shows when the bot failed. `original` is
    the response's message (for a component whose response is an update, the message that holds it).
    """

    id: int
    token: str
    kind: InteractionKind
    user: User
    channel: Channel
    data: Json
    at: float
    context: Context
    owners: dict[str, str]
    source: Message | None = None
    target: Message | None = None
    opener: Interaction | None = None
    state: InteractionState = InteractionState.WAITING
    callback: int | None = None
    responded_at: float | None = None
    ephemeral: bool = False
    error: str | None = None
    original: Message | None = None
    follow_ups: list[Message] = field(default_factory=list)
    choices: list[Json] = field(default_factory=list)
    modal: Json | None = None

    @property
    def deferred(self) -> bool:
        """Whether the first response was a deferral."""
        return self.callback in {5, 6}

    @property
    def messages(self) -> list[Message]:
        """The response's messages, oldest first."""
        first = [] if self.original is None or self.original is self.source else [self.original]
        return first + self.follow_ups

    @property
    def user_only(self) -> bool:
        """Whether the app is here by its installation for the user alone."""
        return set(self.owners) == {"1"}
