"""What a person asked, and the turns that a model is given."""

from __future__ import annotations

import base64
import enum
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from core.surface import MessageKey

if TYPE_CHECKING:
    from core.access import Asker
    from core.files.attachment import Attachment

MAX_PROMPT = 6000
"""Characters of a prompt: Discord's limit of a string option (API documentation, application commands)."""


class Role(enum.Enum):
    """Who said a turn, in the words of the chat completions API."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class Image:
    """A picture that came with a turn: its media type (`image/png`), its bytes, and its file's name."""

    media_type: str
    data: bytes = field(repr=False)
    name: str = ""

    @property
    def data_url(self) -> str:
        """The whole image as a `data:` URL (RFC 2397), four thirds as long as its bytes."""
        return f"data:{self.media_type};base64,{base64.b64encode(self.data).decode('ascii')}"


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing said in a conversation. Only a user's turn can have images."""

    role: Role
    text: str
    images: tuple[Image, ...] = ()

    def __post_init__(self) -> None:
        if self.images and self.role is not Role.USER:
            raise ValueError(f"a turn of the {self.role.value} cannot have images")


Conversation = tuple[Turn, ...]
"""All turns that a model is given, oldest first."""


def without_images(conversation: Conversation) -> Conversation:
    """Return `conversation` for a model that cannot see; the text of each turn says which images it had."""
    return tuple(_described(turn) if turn.images else turn for turn in conversation)


def _described(turn: Turn) -> Turn:
    names = ", ".join(image.name or "an image" for image in turn.images)
    said = f"[Left out here, because you cannot see images: {names}]"
    return replace(turn, text=f"{turn.text}\n\n{said}".lstrip(), images=())


@dataclass(frozen=True, slots=True)
class Origin:
    """Who asks and where, as the platform tells it: for rules, and for what a model is told.

    `name` and `channel` are what people call them; `locale` is the asker's language (`de`, `en-GB`), empty if unknown.
    """

    asker: Asker
    name: str = ""
    channel: str = ""
    locale: str = ""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question as it came from a platform.

    `key` names it among all platforms for ever: the key of the message that holds it, or of the interaction. The same
    key gets one answer, however often it is delivered. `place` is the channel (`discord:<channel>`), `asker` the
    platform's immutable user id. `conversation` names what it belongs to (a thread, a reply chain, a direct message);
    empty for a question that stands alone.

    `model` and `persona` are the names of those that are to answer, empty for what is set there. A question that is
    asked again has a key of its own; `said_in` is the message that holds its words, and `replaces` the number of the
    turn that the new answer takes the place of.
    """

    key: MessageKey
    text: str
    asker: str
    place: str
    conversation: str = ""
    origin: Origin | None = None
    attachments: tuple[Attachment, ...] = ()
    model: str = ""
    persona: str = ""
    said_in: MessageKey = ""
    replaces: int | None = None

    @property
    def platform(self) -> str:
        """The platform's name in keys: `discord`, `slack`."""
        return self.key.partition(":")[0]

    @property
    def locale(self) -> str:
        """The asker's language, empty if unknown."""
        return "" if self.origin is None else self.origin.locale

    @property
    def source(self) -> MessageKey:
        """The message that holds the words of the question."""
        return self.said_in or self.key
