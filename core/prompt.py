"""What a person asked, and the turns that a model is given."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from core.surface import MessageKey

MAX_PROMPT = 6000
"""Characters of a prompt: Discord's limit of a string option (API documentation, application commands)."""


class Role(enum.Enum):
    """Who said a turn, in the words of the chat completions API."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing said in a conversation."""

    role: Role
    text: str


Conversation = tuple[Turn, ...]
"""All turns that a model is given, oldest first."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question as it came from a platform.

    `key` names it among all platforms for ever: the key of the message that holds it, or of the interaction. The same
    key gets one answer, however often it is delivered. `place` is the channel (`discord:<channel>`), `asker` the
    platform's immutable user id. `conversation` names what it belongs to (a thread, a reply chain, a direct message);
    empty for a question that stands alone.
    """

    key: MessageKey
    text: str
    asker: str
    place: str
    conversation: str = ""
