"""What every surface promises, on each of them: the real client library against its stand-in, and the fake."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import pytest
import pytest_asyncio

from tests.contract.fake_rig import fake_rig
from tests.contract.rig import Rig
from tests.discord.rig import channel_rig, interaction_rig
from tests.render.joined import assert_shows
from tests.slack.rig import message_rig, native_rig
from tests.support.english import english
from tests.support.prompts import prompt
from tests.support.scripted_model import Script, ScriptedModel, model_of, pieces_of
from tests.support.services import Compose
from tickertape.answer.answer import Answer
from tickertape.answer.answering import Answering
from tickertape.answer.opening import Opening
from tickertape.answer.states import State
from tickertape.languages import words
from tickertape.model.api import CutOff
from tickertape.prompts.keys import MessageKey
from tickertape.screen.body import Body, Call, File
from tickertape.screen.outcome import Gone, RateLimited, Refused, Shown, Unconfirmed
from tickertape.screen.streamer import Placeholder
from tickertape.service import Everyday

Factory = Callable[[], AbstractAsyncContextManager[Rig]]
FACTORIES: dict[str, Factory] = {
    "fake": fake_rig,
    "discord channel": channel_rig,
    "discord interaction": interaction_rig,
    "slack message": message_rig,
    "slack native stream": native_rig,
}
WITHOUT_LIVE_BUTTON = frozenset({"slack native stream"})
"""Where the platform takes no Stop button before a message is complete."""

SENTENCE = "The quick brown fox jumps over the lazy dog.\n\n"


@pytest_asyncio.fixture(params=FACTORIES)
async def rig(request: pytest.FixtureRequest) -> AsyncIterator[Rig]:
    async with FACTORIES[request.param]() as made:
        yield made


@pytest.fixture
def button(request: pytest.FixtureRequest) -> bool:
    """Return whether a live message of the rig carries a Stop button."""
    return request.node.callspec.params["rig"] not in WITHOUT_LIVE_BUTTON


async def ask(
    compose: Compose,
    rig: Rig,
    model: ScriptedModel,
    placeholder: Placeholder | None = None,
    most_messages: int | None = None,
) -> tuple[Answering, Answer]:
    answering = (await compose(model, Everyday(most_messages=most_messages))).answering
    answer = answering.ask(prompt(), Opening(rig.surface, placeholder=placeholder))
    assert answer is not None
    return answering, answer


async def posted(rig: Rig, text: str = "First.") -> MessageKey:
    outcome = await rig.surface.post(Body(text, stoppable=True), 0)
    assert isinstance(outcome, Shown)
    return outcome.message


async def test_what_is_posted_and_edited_is_what_is_seen(rig: Rig, button: bool) -> None:
    message = await posted(rig, "First.")
    assert rig.texts() == ["First."]
    assert rig.stoppable() == [button]
    outcome = await rig.surface.edit(message, Body("Second & <third> `x < y && z`."))
    assert isinstance(outcome, Shown)
    assert outcome.message == message
    assert rig.texts() == ["Second & <third> `x < y && z`."]
    assert rig.stoppable() == [False]


async def test_shown_says_when_and_not_later_than_now(rig: Rig) -> None:
    loop = asyncio.get_running_loop()
    before = loop.time()
    outcome = await rig.surface.post(Body("First."), 0)
    assert isinstance(outcome, Shown)
    assert before <= outcome.at <= loop.time()


async def test_a_drained_budget_does_not_delay_the_outcome(rig: Rig) -> None:
    message = await posted(rig)
    loop = asyncio.get_running_loop()
    await asyncio.sleep(10)
    for number in range(5):
        begun = loop.time()
        outcome = await rig.surface.edit(message, Body(f"Edit {number}."))
        assert isinstance(outcome, Shown)
        assert loop.time() - begun < 1.0, "the client library may sleep, the outcome must not"
        await asyncio.sleep(0.5)


async def test_a_429_is_an_outcome_with_its_budget_and_its_wait(rig: Rig) -> None:
    message = await posted(rig)
    rig.limit_next(3.0)
    outcome = await rig.surface.edit(message, Body("Second."))
    assert isinstance(outcome, RateLimited)
    assert 2.5 <= outcome.retry_after <= 4.0
    assert outcome.budget in rig.surface.costs(Call.EDIT)


async def test_a_deleted_message_is_gone(rig: Rig) -> None:
    message = await posted(rig)
    await rig.delete(0)
    assert isinstance(await rig.surface.edit(message, Body("Second.")), Gone)


async def test_a_missing_permission_is_refused_with_a_reason(rig: Rig) -> None:
    rig.forbid()
    outcome = await rig.surface.post(Body("First."), 0)
    assert isinstance(outcome, Refused)
    assert outcome.reason


@pytest.mark.parametrize("after_effect", [False, True])
async def test_a_post_that_broke_can_be_made_again_without_a_second_message(
    rig: Rig, after_effect: bool
) -> None:
    rig.drop_next(after_effect=after_effect)
    first = await rig.surface.post(Body("Once."), 0)
    assert isinstance(first, Unconfirmed | Shown)
    if isinstance(first, Unconfirmed):
        again = await rig.surface.post(Body("Once."), 0)
        assert isinstance(again, Shown)
    assert rig.texts() == ["Once."]


async def test_costs_are_the_same_objects_every_time(rig: Rig) -> None:
    for call in Call:
        assert rig.surface.costs(call) == rig.surface.costs(call)
        assert rig.surface.costs(call)


@pytest.mark.parametrize("length", [10, 2_000, 12_000])
async def test_the_final_text_is_the_models(compose: Compose, rig: Rig, length: int) -> None:
    text = (SENTENCE * (length // len(SENTENCE) + 1))[:length].rstrip() + "."
    _, answer = await ask(compose, rig, ScriptedModel([Script(pieces_of(text, 40))]))
    await answer.done.wait()
    assert answer.state is State.COMPLETE
    assert_shows(rig.texts(), text, rig.surface.dialect)
    assert not any(rig.stoppable())
    assert rig.rate_limited_calls() == 0


async def test_model_text_never_pings(compose: Compose, rig: Rig) -> None:
    text = (
        "Hello @everyone @here <@1> <@U1> <@&2> <!channel> <!here> <!everyone> <!subteam^S1|team> <#C1>. " * 5
    )
    _, answer = await ask(compose, rig, model_of(text))
    await answer.done.wait()
    assert rig.pings() == 0
    assert_shows(rig.texts(), text, rig.surface.dialect)


async def test_a_stop_keeps_the_text_says_so_and_takes_the_button_away(
    compose: Compose, rig: Rig, button: bool
) -> None:
    answering, answer = await ask(compose, rig, model_of(SENTENCE * 50))
    await answer.shown.wait()
    assert rig.stoppable()[-1] is button
    received = answer.draft.text
    answering.stop(answer, by="Alice")
    await answer.done.wait()
    assert rig.texts()[0].startswith(received.strip()[:40])
    assert "Stopped by Alice." in rig.texts()[-1]
    assert not any(rig.stoppable())


async def test_an_error_before_text_is_the_only_thing_said(compose: Compose, rig: Rig) -> None:
    _, answer = await ask(compose, rig, ScriptedModel([Script([], error=CutOff("reset"))]), Placeholder())
    await answer.done.wait()
    (text,) = rig.texts()
    assert "The connection to the model broke before any text came." in text
    assert not any(rig.stoppable())


async def test_a_placeholder_becomes_the_answer(compose: Compose, rig: Rig, button: bool) -> None:
    _, answer = await ask(compose, rig, ScriptedModel([Script(["Text."], pause=3.0)]), Placeholder())
    await answer.shown.wait()
    assert rig.texts() == ["Thinking…"]
    assert rig.stoppable() == [button]
    await answer.done.wait()
    assert rig.texts() == ["Text."]


async def test_a_429_in_mid_stream_loses_nothing(compose: Compose, rig: Rig) -> None:
    text = SENTENCE * 12
    _, answer = await ask(compose, rig, model_of(text))
    await answer.shown.wait()
    rig.limit_next(2.0)
    await answer.done.wait()
    assert_shows(rig.texts(), text, rig.surface.dialect)
    assert rig.rate_limited_calls() == 1


async def test_a_message_deleted_in_mid_stream_is_not_posted_again(compose: Compose, rig: Rig) -> None:
    model = model_of(SENTENCE * 30)
    _, answer = await ask(compose, rig, model)
    await answer.shown.wait()
    await rig.delete(0)
    await answer.done.wait()
    assert rig.texts() == []
    assert len(model.closed_at) == 1


async def test_a_connection_that_breaks_in_mid_stream_loses_nothing(compose: Compose, rig: Rig) -> None:
    text = SENTENCE * 12
    _, answer = await ask(compose, rig, model_of(text))
    await answer.shown.wait()
    rig.drop_next(after_effect=False)
    await answer.done.wait()
    assert_shows(rig.texts(), text, rig.surface.dialect)


def long_text(rig: Rig) -> str:
    """Return a text that needs five messages."""
    return SENTENCE * (rig.surface.dialect.page * 9 // 2 // len(SENTENCE))


async def test_a_file_comes_with_its_message(rig: Rig) -> None:
    await posted(rig)
    outcome = await rig.surface.post(Body("See the file.", file=File("answer.md", "Ünïcode\n" * 1000)), 1)
    assert isinstance(outcome, Shown)
    assert rig.texts() == ["First.", "See the file."]
    assert rig.files() == ["Ünïcode\n" * 1000]
    assert not rig.stoppable()[1]


@pytest.mark.parametrize("after_effect", [False, True])
async def test_a_file_that_broke_is_there_once(rig: Rig, after_effect: bool) -> None:
    await posted(rig)
    rig.drop_next_file(after_effect=after_effect)
    body = Body("See the file.", file=File("answer.md", "All of it."))
    outcome = await rig.surface.post(body, 1)
    assert isinstance(outcome, Unconfirmed)
    assert rig.surface.room.file, "it may come yet"
    for _ in range(2):  # a surface may have to look for it before it posts again
        if isinstance(outcome, Unconfirmed):
            outcome = await rig.surface.post(body, 1)
    assert isinstance(outcome, Shown)
    assert rig.files() == ["All of it."]


async def test_what_the_messages_have_no_room_for_comes_as_a_file(compose: Compose, rig: Rig) -> None:
    text = long_text(rig)
    _, answer = await ask(compose, rig, ScriptedModel([Script(pieces_of(text, 40))]), most_messages=3)
    await answer.done.wait()
    *texts, said = rig.texts()
    (rest,) = rig.files()
    assert len(texts) == 2
    assert english(words.REST_IN_FILE) in said
    assert text.endswith(rest)
    assert_shows(texts, text.removesuffix(rest), rig.surface.dialect, marker="")
    assert not any(rig.stoppable())
    assert rig.rate_limited_calls() == 0
    assert rig.pings() == 0


async def test_a_stop_of_an_answer_that_is_full_is_said_with_the_file(compose: Compose, rig: Rig) -> None:
    text = long_text(rig)
    answering, answer = await ask(
        compose, rig, ScriptedModel([Script(pieces_of(text, 40), hold=True)]), most_messages=2
    )
    await asyncio.sleep(60)
    assert len(rig.texts()) == 1
    answering.stop(answer, by="@everyone <!channel> _x_")
    await answer.done.wait()
    assert "Stopped by" in rig.texts()[-1]
    assert_shows(rig.texts()[:1], text.removesuffix(rig.files()[0]), rig.surface.dialect, marker="")
    assert not any(rig.stoppable())
    assert rig.pings() == 0


async def test_where_files_are_forbidden_the_text_comes_in_messages(compose: Compose, rig: Rig) -> None:
    rig.forbid_files()
    text = long_text(rig)
    _, answer = await ask(compose, rig, ScriptedModel([Script(pieces_of(text, 40))]), most_messages=2)
    await answer.done.wait()
    assert rig.files() == []
    assert_shows(rig.texts(), text, rig.surface.dialect, marker="")
    assert not rig.surface.room.file
