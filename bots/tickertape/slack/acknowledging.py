"""When Slack hears that something was taken: as soon as that is safe, or when it cannot be left waiting any longer."""

from __future__ import annotations

import asyncio

ACKNOWLEDGED_AFTER = 2.0
"""Seconds that Slack waits at most to hear that something was taken, of the 3 that it gives (Events API reference)."""


async def safe(work: asyncio.Task[None]) -> None:
    """Return when `work` has ended, or when Slack cannot be left waiting any longer; `work` goes on."""
    await asyncio.wait({work}, timeout=ACKNOWLEDGED_AFTER)
