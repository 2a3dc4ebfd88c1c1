"""The turns that a model is given: who said what, with which pictures."""

from __future__ import annotations

import base64
import enum
from dataclasses import dataclass, field


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
