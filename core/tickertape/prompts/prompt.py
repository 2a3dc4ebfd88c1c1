"""A question as it came from a platform: what was asked, by whom, and where."""

from __future__ import annotations

from dataclasses import dataclass

from tickertape.files.attachment import Attachment
from tickertape.prompts.asker import Asker
from tickertape.prompts.keys import ConversationKey, MessageKey, PersonKey, PlaceKey

MAX_PROMPT = 6000
"""Characters of a prompt: Discord's limit of a string option (API documentation, application commands)."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Who asks and where, as the platform tells it: for rules, and for what a model is told.

    `name` and `channel` are what people call them; `locale` is the asker's language (`de`, `en-GB`), empty if unknown.
    """

    asker: Asker
    name: str = ""
    channel: str = ""
    locale: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A question as it came from a platform.

    `key` names it among all platforms for ever: the key of the message that holds it, or of the interaction. The same
    key gets one answer, however often it is delivered. `place` is where it is answered, `asker` who asked it first.
    `conversation` is what it belongs to (a thread, a reply chain, a direct message), None for a question that stands
    alone.

    `model` and `persona` are the names of those that are to answer, empty for what is set there. A question that is
    asked again has a key of its own (`MessageKey.again`); `said_in` is the message that holds its words, and `replaces`
    the number of the turn that the new answer takes the place of.
    """

    key: MessageKey
    text: str
    asker: PersonKey
    place: PlaceKey
    conversation: ConversationKey | None = None
    origin: Origin | None = None
    attachments: tuple[Attachment, ...] = ()
    model: str = ""
    persona: str = ""
    said_in: MessageKey | None = None
    replaces: int | None = None

    @property
    def platform(self) -> str:
        """The platform's name in keys: `discord`, `slack`."""
        return self.key.platform

    @property
    def locale(self) -> str:
        """The asker's language, empty if unknown."""
        return "" if self.origin is None else self.origin.locale

    @property
    def source(self) -> MessageKey:
        """The message that holds the words of the question."""
        return self.said_in or self.key
