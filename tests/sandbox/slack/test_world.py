from __future__ import annotations

import asyncio

import pytest

from tickertape.sandbox.slack.people import typed
from tickertape.sandbox.slack.world.clock import Clock
from tickertape.sandbox.slack.world.world import World


def test_the_default_world() -> None:
    world = World()
    assert world.bot.id in world.channel("#general").members
    assert world.bot.id not in world.channel("random").members
    assert [world.user(name).is_admin for name in ("alice", "@bob", "admin")] == [False, False, True]
    assert len(world.bot.id) == 11


@pytest.mark.parametrize("name", ["", "nobody"])
def test_unknown_names_are_lookup_errors(name: str) -> None:
    with pytest.raises(LookupError):
        World().channel(name)
    with pytest.raises(LookupError):
        World().user(name)


async def test_stamps_follow_the_loop_and_never_repeat() -> None:
    clock = Clock()
    first, second = clock.ts(), clock.ts()
    await asyncio.sleep(60)
    assert float(second) > float(first)
    assert float(clock.ts()) - float(first) == pytest.approx(60, abs=0.01)


async def test_wait_for_wakes_when_something_changes() -> None:
    world = World()
    waiter = asyncio.create_task(world.wait_for(lambda: world.titles.get(("C", "1"))))
    await asyncio.sleep(1)
    world.titles["C", "1"] = "found"
    world.changed()
    assert await waiter == "found"


async def test_wait_for_times_out() -> None:
    with pytest.raises(TimeoutError):
        await World().wait_for(lambda: False, timeout=5)


def test_typed_text_is_escaped_except_mentions() -> None:
    assert typed("a < b & <@U1> <https://x.example?a=1>") == "a &lt; b &amp; <@U1> <https://x.example?a=1>"
