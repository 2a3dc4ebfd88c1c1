from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.support.keys import conversation, key
from tests.support.services import clock
from tickertape.cli.retention import keep_pruned
from tickertape.durable.store import DatabaseSettings, Store
from tickertape.durable.store.records import NewTurn
from tickertape.prompts.turns import Role
from tickertape.rules.quota import DAY


@pytest.mark.parametrize(("days", "left"), [(30, ["new"]), (0, ["old", "new"])])
async def test_what_is_too_old_is_erased_once_a_day(tmp_path: Path, days: int, left: list[str]) -> None:
    async with await Store.open(DatabaseSettings(f"sqlite:///{tmp_path / 'store.db'}")) as store:
        for text, at in (("old", clock() - 29 * DAY), ("new", clock())):
            await store.conversations.add(
                NewTurn(conversation("fake:thread"), Role.USER, text, 5, at, keys=(key(f"fake:{text}"),))
            )
        pruning = asyncio.create_task(keep_pruned(store, days, clock))
        await asyncio.sleep(600)
        assert len(await store.conversations.newest(conversation("fake:thread"), 100, 10)) == 2
        await asyncio.sleep(2 * DAY)
        assert [
            turn.text for turn in await store.conversations.newest(conversation("fake:thread"), 100, 10)
        ] == left
        pruning.cancel()
