"""A process that is killed while it writes: everything that it knew to be stored is there."""

from __future__ import annotations

import asyncio
import json
import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.store.facts import texts
from tests.support import keys
from tickertape.durable.store import DatabaseSettings, Store

ROOT = Path(__file__).parents[2]
ROUNDS = 6

pytestmark = pytest.mark.real_time


@dataclass(slots=True)
class Committed:
    """What the killed processes said was stored."""

    turns: dict[str, list[str]] = field(default_factory=dict)
    running: dict[str, str] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)

    def take(self, fact: dict[str, Any]) -> None:
        """Take note of one line."""
        if "turn" in fact:
            self.turns.setdefault(fact["conversation"], []).append(fact["turn"])
        if "text" in fact:
            self.running[fact["answer"]] = fact["text"]
        if "ended" in fact:
            self.running.pop(fact["ended"])
            self.ended.add(fact["ended"])


async def kill_while_it_writes(url: str, number: int, lines: int, committed: Committed) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.store.writing_process",
        url,
        str(number),
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )
    assert process.stdout is not None
    for _ in range(lines):
        committed.take(json.loads(await process.stdout.readline()))
    process.kill()
    while line := await process.stdout.readline():
        if line.endswith(b"\n"):
            committed.take(json.loads(line))
    await process.wait()


async def check(store: Store, committed: Committed) -> None:
    """Assert that all of it is stored; what was being written when the process was killed may be, too."""
    for conversation, wanted in committed.turns.items():
        assert (await texts(store, keys.conversation(f"discord:{conversation}")))[: len(wanted)] == wanted
    unfinished = {each.record.id: each.text for each in await store.answers.unfinished("discord")}
    for answer, text in committed.running.items():
        record = await store.answers.find(answer)
        assert record is not None
        assert record.ended_at is not None or unfinished[answer].startswith(text)
    assert committed.ended.isdisjoint(unfinished)


async def test_everything_whose_commit_was_known_is_there(tmp_path: Path) -> None:
    rng = random.Random(4)
    url = f"sqlite:///{tmp_path / 'store.db'}"
    committed = Committed()
    for number in range(ROUNDS):
        await kill_while_it_writes(url, number, rng.randrange(1, 150), committed)
        async with await Store.open(DatabaseSettings(url)) as store:
            await check(store, committed)
    assert committed.ended
    with closing(sqlite3.connect(tmp_path / "store.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
