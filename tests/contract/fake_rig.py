"""The contract's rig of the platform in memory: keeps the fake honest, so that core tests on it mean something."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.support.fake_platform import FakeChannel, FakeSurface


class FakeRig:
    """A surface on a fresh fake channel."""

    def __init__(self) -> None:
        self.channel = FakeChannel()
        self.surface = FakeSurface(self.channel)

    def texts(self) -> list[str]:
        return self.surface.texts

    def files(self) -> list[str]:
        return [file.text for file in self.surface.files]

    def stoppable(self) -> list[bool]:
        return [message.versions[-1].body.stoppable for message in self.surface.messages]

    def pings(self) -> int:
        return 0

    def rate_limited_calls(self) -> int:
        return len(self.channel.posts.rejected) + len(self.channel.edits.rejected)

    async def delete(self, page: int) -> None:
        self.surface.messages[page].deleted = True

    def limit_next(self, seconds: float) -> None:
        self.channel.limit_next = seconds

    def forbid(self) -> None:
        self.channel.forbidden = True

    def drop_next(self, *, after_effect: bool) -> None:
        self.channel.drop_next = after_effect

    def drop_next_file(self, *, after_effect: bool) -> None:
        self.channel.drop_next = after_effect

    def forbid_files(self) -> None:
        self.channel.files_forbidden = True


@asynccontextmanager
async def fake_rig() -> AsyncIterator[FakeRig]:
    """Yield a fresh rig."""
    yield FakeRig()
