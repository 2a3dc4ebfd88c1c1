"""How a platform writes text: what the renderer asks of it. Pure."""

from __future__ import annotations

from typing import Protocol, runtime_checkable


class Dialect(Protocol):
    """How a platform writes text: pure, used by the renderer for every page."""

    @property
    def page(self) -> int:
        """Most characters of one message, as `size` counts them."""
        ...

    def size(self, shown: str) -> int:
        """Return the length of `shown` (a result of `show`) in the unit in which the platform limits it."""
        ...

    def show(self, text: str) -> str:
        """Return `text` with everything neutralised that the platform would take for a mention or a command.

        Works on any slice of an answer, may only insert characters, and adds nothing at a slice's ends.
        """
        ...

    def marker(self, sentence: str) -> str:
        """Return one closing line, e.g. why an answer ended, in the platform's small print; without newlines."""
        ...


@runtime_checkable
class AppendOnlyDialect(Dialect, Protocol):
    """The dialect of a place where a live message can only be added to (Slack's native streams).

    There every live frame of a page is a beginning of the page's next frame and of its last one.
    """

    def settled(self, text: str) -> int:
        """Return the length of the longest beginning of `text` that looks the same whatever follows.

        For that beginning b, `show(b)` is a beginning of `show(b + more)` for any `more`.
        """
        ...
