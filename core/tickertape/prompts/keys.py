"""Keys: what names a person, a place, a message, a conversation or a budget among all platforms. Pure.

Each is written as text for the store and the log, `platform:…`, and read back from that here and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class PersonKey:
    """A person by the platform's immutable id: `discord:42`, `slack:U1`."""

    platform: str
    id: str

    @classmethod
    def parse(cls, text: str) -> PersonKey:
        """Return the key that `str` wrote as `text`; raises `ValueError` for anything else."""
        return cls(*_split(text))

    def __str__(self) -> str:
        return f"{self.platform}:{self.id}"


@dataclass(frozen=True, slots=True)
class PlaceKey:
    """A channel, a thread that has an id of its own, or a direct message: `discord:42`, `slack:T1/C1`."""

    platform: str
    path: str

    @classmethod
    def parse(cls, text: str) -> PlaceKey:
        """Return the key that `str` wrote as `text`; raises `ValueError` for anything else."""
        return cls(*_split(text))

    def __str__(self) -> str:
        return f"{self.platform}:{self.path}"


@dataclass(frozen=True, slots=True)
class MessageKey:
    """A message of a place, or an interaction: `discord:42/77`, `discord:interaction/99`, `slack:T1/C1/1700000000.1`.

    `again` tells one asking of its words from another: `discord:42/77#a1b2`.
    """

    place: PlaceKey
    id: str
    again: str = ""

    @classmethod
    def parse(cls, text: str) -> MessageKey:
        """Return the key that `str` wrote as `text`; raises `ValueError` for anything else."""
        message, _, again = text.partition("#")
        place, slash, id_ = message.rpartition("/")
        if not slash or not id_:
            raise ValueError(f"{text!r} is no key of a message")
        return cls(PlaceKey.parse(place), id_, again)

    @property
    def platform(self) -> str:
        """The platform's name: `discord`, `slack`."""
        return self.place.platform

    @property
    def message(self) -> MessageKey:
        """The message itself, whichever asking of its words this is."""
        return replace(self, again="") if self.again else self

    def __str__(self) -> str:
        return f"{self.place}/{self.id}" + (f"#{self.again}" if self.again else "")


@dataclass(frozen=True, slots=True)
class ConversationKey:
    """What is remembered together: a whole place, or what goes on below its message or thread `root`.

    `discord:42`, `discord:42/77`, `discord:interaction/99`, `slack:T1/D1`, `slack:T1/C1/1700000000.1`.
    """

    place: PlaceKey
    root: str = ""

    @classmethod
    def parse(cls, text: str, place: PlaceKey) -> ConversationKey:
        """Return the key that `str` wrote as `text`, of a conversation that goes on at `place`, if not begun there.

        Only the place tells the text of a whole one (`slack:T1/D1`) from that of a thread (`discord:42/77`). Raises
        `ValueError` for what `str` did not write.
        """
        if text == str(place) or "/" not in text:
            return cls(PlaceKey.parse(text))
        return cls.below(MessageKey.parse(text))

    @classmethod
    def below(cls, message: MessageKey) -> ConversationKey:
        """Return the conversation that `message` begins."""
        return cls(message.place, message.id)

    def __str__(self) -> str:
        return f"{self.place}/{self.root}" if self.root else str(self.place)


@dataclass(frozen=True, slots=True)
class BudgetKey:
    """One counter of a platform: the call that it counts, and what it counts it for (a channel, a workspace)."""

    platform: str
    call: str
    scope: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, (self.platform, self.call, self.scope)))


def _split(text: str) -> tuple[str, str]:
    platform, colon, rest = text.partition(":")
    if not (platform and colon and rest):
        raise ValueError(f"{text!r} is no key")
    return platform, rest
