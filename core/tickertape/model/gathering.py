"""How long to let a stream's bytes gather before they are read again, when many streams are open. Pure.

Waking up for a delta costs several times what decoding it does. While the core has time to spare nothing is gained by
waiting, and every delta is read at once. Beyond that each stream is read less often and gives several deltas at a time,
so that one core carries more answers and the event loop stays quick for all of them. Network cards call this interrupt
coalescing.
"""

from __future__ import annotations

_FREE = 100
"""Streams that are read at once: at 50 tokens/s they keep less than half a core busy (`python -m tests.bench cost`)."""

_PER_STREAM = 0.0004
"""Seconds for each further one."""

_MOST = 0.2
"""Seconds at most, from 600 streams on; half of that is added to the display lag on average."""


def seconds_to_gather(streams: int) -> float:
    """Return the pause between two reads of one of so many open streams, in seconds; 0 for none."""
    return min(_MOST, max(0, streams - _FREE) * _PER_STREAM)
