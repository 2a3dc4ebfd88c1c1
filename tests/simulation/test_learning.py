"""What Slack does not tell is found out: a server that is stricter or more generous than it publishes."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Sequence

import pytest

from tests.simulation.paces import PacedModel, steady
from tests.simulation.platforms import ROUND_TRIP, Workspace, WorkspaceSurface
from tests.support.fake_platform import Counter
from tests.support.pacing_only import answering_on
from tests.support.prompts import prompt
from tickertape.answer.opening import Opening
from tickertape.slack.http.budgets import SlackLimits

SECONDS = 50.0
"""Seconds of each answer: there is always text that waits."""


async def let_through(
    limit: int, minutes: int, *, explores: bool
) -> tuple[Sequence[float], Sequence[float], float]:
    """Have four answers at a time written for some minutes; return the times of edits, of 429s, and of the beginning."""
    workspace = Workspace(SlackLimits("T1", explores=explores), Counter(limit, 60.0, sliding=True))
    loop = asyncio.get_running_loop()
    start = loop.time()
    rounds = round(minutes * 60 / SECONDS)
    model = PacedModel([steady(SECONDS)] * (4 * rounds))
    answering = answering_on(model)
    for number in range(rounds):
        for each in range(4):
            surface = WorkspaceSurface(workspace, f"C{each}")
            key = 4 * number + each
            answering.ask(prompt(str(key), key=f"fake:{key}"), Opening(surface))
        await asyncio.sleep(SECONDS)
    await answering.close(grace=60)
    return workspace.updates.calls, workspace.updates.rejected, start


def in_minute(times: Sequence[float], start: float, minute: int) -> int:
    return sum(start + 60 * minute <= at < start + 60 * (minute + 1) for at in times)


@pytest.mark.parametrize("limit", [70, 100])
async def test_a_more_generous_slack_is_found_out_within_a_minute(limit: int) -> None:
    """A budget is explored once it has been drained for 20 s; one 429 then shows where the limit is, and none follows."""
    calls, rejected, start = await let_through(limit, 5, explores=True)
    assert len(rejected) == 1
    assert rejected[0] - start < 120
    assert in_minute(calls, start, 1) >= 0.75 * limit
    assert in_minute(calls, start, 2) + in_minute(calls, start, 3) >= 2 * 0.9 * limit


async def test_a_slack_without_a_limit_is_not_asked_for_more_than_four_times_what_it_publishes() -> None:
    calls, rejected, start = await let_through(1000, 5, explores=True)
    assert rejected == []
    assert in_minute(calls, start, 1) >= 150
    assert max(in_minute(calls, start, minute) for minute in range(5)) <= 205


async def test_without_exploring_nothing_is_tried() -> None:
    calls, rejected, start = await let_through(100, 3, explores=False)
    assert max(in_minute(calls, start, minute) for minute in range(3)) <= 50
    assert rejected == []


async def test_a_slack_that_allows_what_it_publishes_is_tried_once_in_an_hour() -> None:
    _, rejected, start = await let_through(50, 60, explores=True)
    assert len(rejected) == 1
    assert rejected[0] - start < 120


@pytest.mark.parametrize("limit", [10, 20, 35])
async def test_a_stricter_slack_is_found_out_within_a_minute_and_gives_no_two_429s_in_a_row(
    limit: int,
) -> None:
    calls, rejected, start = await let_through(limit, 60, explores=True)
    assert rejected[0] - start < 60
    pauses = [later - earlier for earlier, later in itertools.pairwise(rejected)]
    apart = [pause for pause in pauses if pause > ROUND_TRIP]
    assert min(apart) >= 180, "no second one in a row but for calls that were under way together"
    assert apart == sorted(apart), "ever more rarely"
    assert len(apart) <= 4
    used = sum(in_minute(calls, start, minute) for minute in range(5, 55)) / 50
    assert used >= 0.6 * limit, "what there is, is used, a reserve for ends aside"
