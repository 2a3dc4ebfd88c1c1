"""How long to let a stream's bytes gather before they are read again, when many streams are open. Pure.

Waking up for a delta costs several times what decoding it does. With few streams nothing is gained by waiting, and
every delta is read at once. With many, each stream is read less often and gives several deltas at a time, so that one
core carries more answers and the event loop stays quick for all of them. Network cards call this interrupt coalescing.
"""

from __future__ import annotations

_PER_STREAM = 0.00015
"""Seconds for each open stream."""

_LEAST = 0.006
"""Seconds that are worth a timer: up to 40 streams are read at once."""

_MOST = 0.1
"""Seconds at most, from some 670 streams on: half of that is added to the display lag on average."""


def seconds_to_gather(streams: int) -> float:
    """Return the pause between two reads of one of so many open streams, in seconds; 0 for none."""
    seconds = streams * _PER_STREAM
    return min(seconds, _MOST) if seconds >= _LEAST else 0.0
