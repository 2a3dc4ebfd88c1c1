"""A database that refuses while the bot runs: every answer comes whole, one sentence says what is wrong, and all is well after."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import pytest

from tests.everyday.conftest import Make
from tests.everyday.rig import Rig, model_in, told
from tests.support.refusing import REFUSALS, Refusing
from tests.support.scripted_model import Script, ScriptedModel, model_of, pieces_of
from tests.support.services import Setup
from tests.support.slow_database import slow_reads
from tickertape.answer.states import State
from tickertape.durable.store.errors import DatabaseFull, DatabaseLocked, DatabaseReadOnly, DatabaseRefuses
from tickertape.durable.store.writer import LONGEST_REST
from tickertape.model.api import Delta
from tickertape.prompts.turns import Conversation
from tickertape.screen.body import Offer

TEXT = "The quick brown fox jumps over the lazy dog. " * 20

NO_CONNECTION = 100.0
"""Seconds after which whoever waits for a connection has long given up."""

SAID: dict[type[DatabaseRefuses], str] = {
    DatabaseLocked: "My database is locked by another program.",
    DatabaseReadOnly: "My database cannot be written.",
    DatabaseFull: "The disk of my database is full.",
}

REFUSED = pytest.mark.parametrize(("refusing", "kind"), REFUSALS, ids=["locked", "read-only", "full"])


async def states(rig: Rig) -> list[str]:
    """Return how every answer ended that the database knows."""
    return [row.state async for row in rig.service.store.usage.export(0.0)]


@REFUSED
async def test_an_answer_comes_whole_says_what_is_wrong_and_is_stored_later(
    refusing: Refusing, kind: type[DatabaseRefuses], on_platform: Make
) -> None:
    async with on_platform(Setup({"small": model_of(TEXT)})) as rig:
        await rig.ask("First?", direct=True)
        await rig.quiet()
        async with refusing(rig.service.store, rig.file):
            await rig.ask("Second?", direct=True)
            await rig.quiet()
            first, second = rig.answers(direct=True)
            assert first.text.startswith(TEXT.strip())
            assert second.text.startswith(TEXT.strip())
            assert f"{SAID[kind]} I will not remember this question." in second.text
            assert told(rig) == ["First?", TEXT, "Second?"], "what was said before can still be read"
        await asyncio.sleep(LONGEST_REST)
        assert await states(rig) == [State.COMPLETE.value] * 2
        await rig.ask("Third?", direct=True)
        await rig.quiet()
        assert len(rig.answers(direct=True)[-1].text) < len(TEXT) + 5
        assert told(rig) == ["First?", TEXT, TEXT, "Third?"]
        rig.assert_clean()


@REFUSED
async def test_a_refusal_in_mid_answer_is_not_noticed_and_nothing_is_lost(
    refusing: Refusing, kind: type[DatabaseRefuses], on_platform: Make
) -> None:
    model = ScriptedModel([Script(pieces_of(TEXT, 20), pause=0.2)])
    async with on_platform(Setup({"small": model})) as rig:
        await rig.ask("First?")
        await rig.until(rig.answers)
        async with refusing(rig.service.store, rig.file):
            await rig.quiet()
            (answer,) = rig.answers()
            assert answer.text == TEXT.strip()
            assert SAID[kind] not in answer.text
        await asyncio.sleep(LONGEST_REST)
        assert await states(rig) == [State.COMPLETE.value]
        await rig.restart()
        await rig.quiet()
        assert rig.answers() == [answer]
        rig.assert_clean()


@REFUSED
async def test_what_people_do_beside_asking_says_what_is_wrong(
    refusing: Refusing, kind: type[DatabaseRefuses], on_platform: Make
) -> None:
    setup = Setup({"small": model_of("Small."), "large": model_of("Large.")})
    async with on_platform(setup) as rig:
        await rig.ask()
        await rig.quiet()
        async with refusing(rig.service.store, rig.file):
            assert (await rig.command("model", "large", direct=True)).text == SAID[kind]
            assert (await rig.command("forget", direct=True)).text == SAID[kind]
            assert (await rig.command("forget", "everything")).text == SAID[kind]
            assert "1 answer" in (await rig.command("usage")).text
            await rig.press(Offer.GOOD)
            await rig.quiet()
            assert rig.whispers() == [SAID[kind]]
            await rig.press(Offer.AGAIN)
            await rig.quiet()
            assert len(model_in(rig).asked) == 2
        assert len(rig.answers()) == 2
        rig.assert_clean()


@REFUSED
async def test_what_is_deleted_meanwhile_is_forgotten_all_the_same(
    refusing: Refusing, kind: type[DatabaseRefuses], on_platform: Make
) -> None:
    async with on_platform(Setup({"small": model_of("Because.")})) as rig:
        first = await rig.ask("My password is hunter2.", direct=True)
        await rig.quiet()
        async with refusing(rig.service.store, rig.file):
            await rig.delete(first)
            await rig.quiet()
            assert isinstance(rig.service.store.refusal, kind)
        await asyncio.sleep(2 * LONGEST_REST)
        await rig.ask("So?", direct=True)
        await rig.quiet()
        assert told(rig) == ["Because.", "So?"]


async def test_what_is_changed_while_the_database_cannot_be_read_is_not_lost(on_platform: Make) -> None:
    async with on_platform(Setup({"small": model_of("Because.")})) as rig:
        secret = await rig.ask("My password is hunter2.", direct=True)
        await rig.quiet()
        typo = await rig.ask("Hwo?", direct=True)
        await rig.quiet()
        async with slow_reads(rig.service.store):
            await rig.delete(secret)
            await rig.edit(typo, "How?")
            await asyncio.sleep(NO_CONNECTION)
        await rig.ask("So?", direct=True)
        await rig.quiet()
        assert told(rig) == ["Because.", "How?", "Because.", "So?"]


@pytest.mark.parametrize("direct", [False, True])
async def test_a_process_that_is_killed_while_the_database_refuses_leaves_nothing_half_written(
    direct: bool, on_platform: Make
) -> None:
    """People have seen text that was never stored: the question is answered anew, in the same message."""
    model = ScriptedModel([Script(pieces_of(TEXT, 20), pause=0.2), *model_of("Because.").scripts])
    refusing, _ = REFUSALS[0]
    held = asyncio.Event()
    async with on_platform(Setup({"small": model})) as rig:
        stream = model.stream

        async def hold(conversation: Conversation) -> AsyncGenerator[Delta, None]:
            await held.wait()
            async for delta in stream(conversation):
                yield delta

        model.stream = hold  # type: ignore[method-assign]  # the answer is stored before the database refuses
        await rig.ask(direct=direct)
        await asyncio.sleep(1.0)
        async with refusing(rig.service.store, rig.file):
            held.set()
            await rig.until(lambda: any("fox" in each.text for each in rig.answers(direct=direct)))
            await rig.restart()
            await rig.quiet()
        (answer,) = rig.answers(direct=direct)
        assert answer.text == "Because."
        assert answer.offers == ("again", "good", "bad")
        assert not rig.is_live()
