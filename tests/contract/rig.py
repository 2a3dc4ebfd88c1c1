"""What the contract suite needs of a surface under test: the surface, what a reader sees, and what can go wrong."""

from __future__ import annotations

from typing import Protocol

from tickertape.screen.surface import Surface


class Rig(Protocol):
    """A surface on a stand-in (or a fake), with hands on the platform's side of it."""

    @property
    def surface(self) -> Surface:
        """The surface under test, fresh: nothing has been posted on it."""
        ...

    def texts(self) -> list[str]:
        """Return the visible text of each message of the answer, oldest first, without those deleted."""
        ...

    def files(self) -> list[str]:
        """Return what is in the files of the answer's messages, oldest first."""
        ...

    def stoppable(self) -> list[bool]:
        """Return for each visible message whether it carries a Stop button."""
        ...

    def pings(self) -> int:
        """Return how many people, roles or channels the answer's messages have pinged so far."""
        ...

    def rate_limited_calls(self) -> int:
        """Return how many 429s the platform has answered."""
        ...

    async def delete(self, page: int) -> None:
        """Have somebody delete the answer's message number `page`."""
        ...

    def limit_next(self, seconds: float) -> None:
        """Have the platform answer the next create or edit with a 429 of `seconds`."""
        ...

    def forbid(self) -> None:
        """Take the permission to create and edit messages from the bot."""
        ...

    def drop_next(self, *, after_effect: bool) -> None:
        """Cut the connection of the next create or edit, before or after it took effect."""
        ...

    def drop_next_file(self, *, after_effect: bool) -> None:
        """Cut the connection of the next call that shows a file, before or after it took effect."""
        ...

    def forbid_files(self) -> None:
        """Take the permission to send files from the bot."""
        ...
