"""Things that people choose by name, one of which is the default. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, Generic, TypeVar

from tickertape.languages import Sentence
from tickertape.prompts import names

T = TypeVar("T")


class UnknownName(Exception):
    """Nothing has this name. `nearest` is the known name most like it, None if none is."""

    def __init__(self, name: str, nearest: str | None) -> None:
        super().__init__(name)
        self.name = name
        self.nearest = nearest

    @property
    def sentence(self) -> Sentence:
        """What to tell who typed it, privately. It does not repeat what was typed, which may hold anything."""
        raise NotImplementedError


class Catalogue(Generic[T]):
    """Entries by name, in the order in which they are listed; `default` is the name of one of them."""

    error: ClassVar[type[UnknownName]] = UnknownName

    def __init__(self, entries: Mapping[str, T], default: str) -> None:
        if default not in entries:
            raise ValueError("the default is none of the entries")
        self._entries = dict(entries)
        self.default = default

    @property
    def names(self) -> tuple[str, ...]:
        """The names, in their order."""
        return tuple(self._entries)

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[T]:
        return iter(self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)

    def pick(self, name: str | None = None) -> T:
        """Return the entry of this name, in whatever case it is typed, or the default for None.

        Raises the `UnknownName` of this kind of catalogue.
        """
        wanted = self.default if name is None else name.strip()
        found = names.match(wanted, self._entries)
        if found is None:
            raise self.error(wanted, names.nearest(wanted, self._entries))
        return self._entries[found]
