"""Decode server-sent events out of bytes that arrive in any pieces. Pure.

Follows the event stream format of the HTML standard (section 9.2.6), and is kinder at two points: an event that the
end of the stream leaves without its blank line counts, and neither a byte-order mark nor bad UTF-8 does harm (data
stay bytes). `id:` and `retry:` are read over: nobody reconnects to half an answer.
"""

from __future__ import annotations

import msgspec

MAX_LINE = 8 * 1024 * 1024
"""Bytes of one event that are kept by default."""

_BOM = b"\xef\xbb\xbf"
_TOO_LONG = b"\n"
"""Stands for a line that was too long; no line can hold this."""


class Event(msgspec.Struct, frozen=True, gc=False):
    """One event: its data lines joined by LF, and its name, empty if it has none."""

    data: bytes
    name: str = ""


class Decoder:
    """Turns pieces of a byte stream into events.

    An event is dropped, and counted in `dropped`, when one of its lines or its data as a whole has more than
    `max_line` bytes; no more than that is ever kept of it.
    """

    __slots__ = (
        "_data",
        "_data_size",
        "_first",
        "_max",
        "_name",
        "_partial",
        "_partial_size",
        "_skip_lf",
        "dropped",
    )

    def __init__(self, max_line: int = MAX_LINE) -> None:
        self.dropped = 0
        self._max = max_line
        self._partial: list[bytes] = []
        self._partial_size = 0
        self._data: list[bytes] = []
        self._data_size = 0
        self._name = ""
        self._first = True
        self._skip_lf = False

    def feed(self, piece: bytes) -> list[Event]:
        """Take the next bytes and return the events that they complete."""
        if b"\r" in piece or self._skip_lf:
            piece = self._unify(piece)
        lines = piece.split(b"\n")
        rest = lines.pop()
        if not lines:
            self._keep(rest)
            return []
        if self._partial_size:
            self._keep(lines[0])
            lines[0] = self._line()
        if len(piece) > self._max:
            lines = [line if len(line) <= self._max else _TOO_LONG for line in lines]
        events = self._take(lines)
        self._keep(rest)
        return events

    def close(self) -> list[Event]:
        """Take the end of the stream and return the event that no blank line has ended, if there is one."""
        return self._take([self._line(), b""])

    def _unify(self, piece: bytes) -> bytes:
        """Return `piece` with every line ended by LF; a CR at its end may be the first half of a CRLF."""
        if not piece:
            return piece
        if self._skip_lf:
            piece = piece.removeprefix(b"\n")
        self._skip_lf = piece.endswith(b"\r")
        return piece.replace(b"\r\n", b"\n").replace(b"\r", b"\n")

    def _keep(self, part: bytes) -> None:
        """Add `part` to the line that is not complete yet; of one that is too long only the size is kept."""
        if not part:
            return
        self._partial_size += len(part)
        if self._partial_size <= self._max:
            self._partial.append(part)
        else:
            self._partial.clear()

    def _line(self) -> bytes:
        """Return the line that `_keep` gathered."""
        line = b"".join(self._partial) if self._partial_size <= self._max else _TOO_LONG
        self._partial.clear()
        self._partial_size = 0
        return line

    def _take(self, lines: list[bytes]) -> list[Event]:
        """Return the events that these complete lines end."""
        if self._first:
            self._first = False
            lines[0] = lines[0].removeprefix(_BOM)
        events: list[Event] = []
        for line in lines:
            if line.startswith(b"data:"):
                self._add(line[6:] if line.startswith(b"data: ") else line[5:])
            elif line:
                self._field(line)
            elif self._data:
                self._dispatch(events)
            else:
                self._name = ""
        return events

    def _add(self, data: bytes) -> None:
        """Take one line of data; past the limit only its size is kept."""
        self._data_size += len(data) + 1
        if self._data_size <= self._max + 1:
            self._data.append(data)

    def _field(self, line: bytes) -> None:
        """Take a line that is neither ordinary data nor blank: a name, a comment, anything else."""
        field, _, value = line.partition(b":")
        if field == b"event":
            self._name = value.removeprefix(b" ").decode(errors="replace")
        elif field == b"data":
            self._add(b"")
        elif line == _TOO_LONG:
            self._data_size += self._max + 2
            self._data.append(b"")

    def _dispatch(self, events: list[Event]) -> None:
        data = self._data
        if self._data_size > self._max + 1:
            self.dropped += 1
        else:
            events.append(Event(data[0] if len(data) == 1 else b"\n".join(data), self._name))
        data.clear()
        self._data_size = 0
        self._name = ""
