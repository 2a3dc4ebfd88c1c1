"""Work is waited for, watchers are not; what was seen is remembered for a while."""

from __future__ import annotations

import asyncio

from tickertape.slack.gateway.seen import Seen
from tickertape.tasks import Tasks


async def test_work_is_waited_for_with_what_it_starts_and_watchers_are_cancelled() -> None:
    tasks, ended = Tasks(), list[str]()

    async def work(name: str, then: str = "") -> None:
        await asyncio.sleep(10)
        ended.append(name)
        if then:
            tasks.start(work(then), then)

    async def watch() -> None:
        await asyncio.Event().wait()

    tasks.start(work("first", "second"), "first")
    tasks.watch(watch(), "watch")
    await asyncio.sleep(1)
    await tasks.close()
    assert ended == ["first", "second"]


async def test_nothing_is_watched_any_more_once_all_ends() -> None:
    tasks, ended = Tasks(), list[str]()

    async def watch() -> None:
        await asyncio.Event().wait()

    async def work() -> None:
        await asyncio.sleep(1)
        tasks.watch(watch(), "watch")
        ended.append("work")

    tasks.start(work(), "work")
    await asyncio.wait_for(tasks.close(), 60)
    assert ended == ["work"]


async def test_a_crash_hurts_nothing_else() -> None:
    tasks, ended = Tasks(), list[str]()

    async def crash() -> None:
        raise LookupError("what?")

    async def work() -> None:
        await asyncio.sleep(1)
        ended.append("work")

    tasks.start(work(), "work")
    tasks.start(crash(), "crash")
    await tasks.close()
    assert ended == ["work"]


def test_the_oldest_keys_are_forgotten_first() -> None:
    seen = Seen(most=2)
    assert [seen.first(key) for key in "aabca"] == [True, False, True, True, True]
