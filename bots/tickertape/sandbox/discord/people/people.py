"""What people do, as Discord's own app lets them: they write, react, run commands, press buttons, arrange guilds."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from tickertape.sandbox.discord.people.administration import Administrators
from tickertape.sandbox.discord.people.asking import Asking
from tickertape.sandbox.discord.people.writing import Writing
from tickertape.sandbox.discord.world.entities import Channel
from tickertape.sandbox.discord.world.people import User
from tickertape.sandbox.discord.world.world import World

T = TypeVar("T")


class People(Writing, Asking, Administrators):
    """The people's side of a stand-in. Every method takes effect at once; the bot hears of it by the gateway."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def open_dm(self, user: User) -> Channel:
        """Return the direct message of a user and the bot."""
        return self.world.dm_with_bot(user)

    async def wait_for(self, predicate: Callable[[], T | None], timeout: float = 60.0) -> T:  # noqa: ASYNC109 - as in Waiters
        """Return the first true result of `predicate`, asked whenever anything in the world changes.

        Raises TimeoutError after `timeout` seconds. Conditions that hold only for an instant can be missed.
        """
        return await self.world.wait_for(predicate, timeout)
