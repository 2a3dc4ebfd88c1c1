"""The real process, killed a few times; `python -m tests.bots.kills` does it two hundred times."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bots.kills import play

pytestmark = [pytest.mark.real_time, pytest.mark.timeout(240)]


async def test_kills_of_the_real_process_leave_nothing_half_written(bare: Path) -> None:
    report = await play(rounds=4, seed=2, folder=bare)
    assert report.complaints == []
    assert report.whole + report.interrupted > 0
