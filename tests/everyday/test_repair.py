"""What the owner sets for answers that the end of a process cut off."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from tests.everyday.conftest import Make
from tests.everyday.rig import Rig, Shown, everyday, model_in
from tests.support.scripted_model import Script, ScriptedModel, pieces_of
from tests.support.services import Setup
from tickertape.durable.repair import RepairSettings
from tickertape.service import Everyday

HALF = "The quick brown fox jumps over the lazy dog. " * 8
INTERRUPTED = "Interrupted: I had to restart."
WHERE = pytest.mark.parametrize("direct", [False, True])


def setup_of(*pieces: str, close: bool, again: bool) -> Setup:
    """Return a bot whose model writes `pieces` and then nothing more, and at the next question an answer."""
    model = ScriptedModel([Script(list(pieces), hold=True), Script(["Because."])])
    return Setup({"small": model}, everyday=Everyday(repair=RepairSettings(close, again)))


async def kill(rig: Rig, *, direct: bool) -> list[Shown]:
    """Kill the process when nothing is on its way, and return what was shown; wait for what the next one does."""
    await asyncio.sleep(5)
    shown = rig.answers(direct=direct)
    await rig.restart()
    await rig.quiet()
    await asyncio.sleep(60)
    return shown


@WHERE
async def test_half_written_messages_can_be_left_as_they_are(direct: bool, on_platform: Make) -> None:
    async with on_platform(setup_of(*pieces_of(HALF), close=False, again=True)) as rig:
        await rig.ask(direct=direct)
        shown = await kill(rig, direct=direct)
        assert [each.text for each in shown] == [HALF.strip()]
        assert rig.answers(direct=direct) == shown
        closing = everyday(rig.setup, replace(rig.setup.everyday, repair=RepairSettings()))
        await rig.restart(closing)
        await rig.quiet()
        assert rig.answers(direct=direct) == shown, "what was left is left for good"
        assert len(model_in(rig).asked) == 1
        rig.assert_clean()


@WHERE
@pytest.mark.parametrize("close", [False, True])
async def test_what_had_shown_no_text_is_answered_once_however_the_rest_is_set(
    close: bool, direct: bool, on_platform: Make
) -> None:
    async with on_platform(setup_of(close=close, again=True)) as rig:
        await rig.ask(direct=direct)
        await kill(rig, direct=direct)
        (answer,) = rig.answers(direct=direct)
        assert answer == Shown("Because.", ("again", "good", "bad"))
        assert len(model_in(rig).asked) == 2
        assert not rig.is_live()
        rig.assert_clean()


@WHERE
async def test_what_had_shown_no_text_can_be_closed_instead(direct: bool, on_platform: Make) -> None:
    async with on_platform(setup_of(close=True, again=False)) as rig:
        await rig.ask(direct=direct)
        await kill(rig, direct=direct)
        (answer,) = rig.answers(direct=direct)
        assert INTERRUPTED in answer.text
        assert answer.offers == ("again",)
        assert len(model_in(rig).asked) == 1
        assert not rig.is_live()
        rig.assert_clean()


@WHERE
async def test_all_repair_can_be_turned_off(direct: bool, on_platform: Make) -> None:
    async with on_platform(setup_of(close=False, again=False)) as rig:
        await rig.ask(direct=direct)
        shown = await kill(rig, direct=direct)
        assert rig.answers(direct=direct) == shown
        assert len(model_in(rig).asked) == 1
        rig.assert_clean()


@pytest.mark.parametrize("restarted", [False, True])
async def test_the_asker_hears_that_an_answer_is_lost_whichever_process_loses_it(
    restarted: bool, on_platform: Make
) -> None:
    scripts = [Script([], hold=True)] * restarted + [Script(pieces_of(HALF, 100), pause=8.0)]
    async with on_platform(Setup({"small": ScriptedModel(scripts)})) as rig:
        await rig.ask()
        await asyncio.sleep(5)
        rig.refuse_edits()
        if restarted:
            await rig.restart()
        await rig.quiet()
        (whisper,) = rig.whispers()
        assert whisper.startswith(("I could not show you the answer", "I cannot answer in"))
