"""Native streams, end to end: where they are used, that text is neither lost nor doubled, and how they end."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from tests.slack.rig import native_rig
from tests.slack.stage import SENTENCE, Stage, assert_answer, files_of, has_button, on_stage, text_of
from tests.support.english import english
from tests.support.scripted_model import Script, ScriptedModel, pieces_of
from tickertape.languages import words
from tickertape.model.api import CutOff, Finish
from tickertape.sandbox.slack import Message
from tickertape.sandbox.slack.world.models import StreamState
from tickertape.screen.body import Body, Call
from tickertape.screen.outcome import Shown
from tickertape.slack.http.budgets import SlackLimits
from tickertape.slack.settings import NativeStreams
from tickertape.slack.showing.native_calls import MAX_AGE
from tickertape.slack.showing.surface import EVENT_TYPE

START, APPEND, STOP = "chat.startStream", "chat.appendStream", "chat.stopStream"
MARKDOWN = (
    "## A heading\n\nSome **bold words**, `code` and a [link](https://example.com/a_b).\n\n"
    "| a | b |\n|---|---|\n| one | **two** |\n| x < y | <!channel> |\n\n```python\nx = [1, 2]\n\nprint(x)\n```\n\n- one\n- two\n\n"
)


async def ask(stage: Stage, user: str = "alice") -> Message:
    """Ask in a direct message."""
    return await stage.slack.say(await stage.slack.open_dm(user), user, "Why?")


def of_length(characters: int) -> str:
    return (MARKDOWN * (characters // len(MARKDOWN) + 1))[:characters].rstrip() + "."


def slow(seconds: float, pause: float = 0.5) -> ScriptedModel:
    """Return a model that writes for so many seconds."""
    return ScriptedModel([Script([SENTENCE] * round(seconds / pause), pause=pause)])


def text_of_model(stage: Stage) -> str:
    return "".join(stage.model.scripts[0].pieces).strip()


def count(stage: Stage, method: str) -> int:
    return len(stage.slack.calls_of(method))


def assert_grew(message: Message) -> None:
    """Fail unless the message only ever grew."""
    shown = [str(version.blocks[0]["text"]) for version in message.versions]
    assert all(after.startswith(before) for before, after in pairwise(shown))


async def test_a_direct_message_is_answered_by_a_stream_in_its_thread() -> None:
    async with on_stage(ScriptedModel([Script(pieces_of(of_length(2_000)), pause=0.02)])) as stage:
        asked = await ask(stage)
        await stage.until_over()
        (message,) = stage.thread(asked)
        assert_answer([message], of_length(2_000))
        assert_grew(message)
        assert len(message.versions) > 5
        assert message.stream is not None
        assert message.stream.state is StreamState.ENDED
        assert (count(stage, START), count(stage, STOP)) == (1, 1)
        assert (count(stage, "chat.postMessage"), count(stage, "chat.update")) == (0, 0)
        stage.assert_clean()


async def test_a_channel_gets_messages_unless_streams_are_asked_for() -> None:
    async with on_stage() as stage:
        asked = await stage.slack.say("general", "alice", "Why?", mention_bot=True)
        await stage.until_over()
        assert_answer(stage.thread(asked), "An answer.")
        assert count(stage, START) == 0
    async with on_stage(slow(10), native=NativeStreams.ALWAYS) as stage:
        asked = await stage.slack.say("general", "alice", "Why?", mention_bot=True)
        await stage.until_running(200)
        (message,) = stage.thread(asked)
        alice, bob = (stage.slack.world.user(name).id for name in ("alice", "bob"))
        assert len(message.seen_by(alice)) > len(message.seen_by(bob))
        await stage.until_over()
        assert_answer(stage.thread(asked), text_of_model(stage))
        stage.assert_clean()


async def test_no_stream_is_used_where_none_is_wanted() -> None:
    async with on_stage(native=NativeStreams.NEVER) as stage:
        await ask(stage)
        await stage.until_over()
        assert count(stage, START) == 0
        assert_answer(stage.shown(), "An answer.")


@pytest.mark.parametrize("length", [10, 2_000, 12_000, 60_000])
@pytest.mark.parametrize("size", [4, 500])
async def test_the_text_is_the_models_at_any_length(length: int, size: int) -> None:
    text = of_length(length)
    async with on_stage(ScriptedModel([Script(pieces_of(text, size))])) as stage:
        asked = await ask(stage)
        await stage.until_over()
        assert_answer(stage.thread(asked), text)
        for message in stage.thread(asked):
            assert_grew(message)
        assert count(stage, "chat.update") == 0
        assert all(call.error is None for call in stage.slack.calls)
        stage.assert_clean()


async def test_pages_end_at_a_paragraph_and_hold_no_half_markers() -> None:
    paragraph = "The **quick** brown fox. " * 20
    text = (paragraph.strip() + "\n\n") * 60
    async with on_stage(ScriptedModel([Script(pieces_of(text))])) as stage:
        asked = await ask(stage)
        await stage.until_over()
        messages = stage.thread(asked)
        assert len(messages) == 3
        assert all(text_of(message).endswith(paragraph.strip()) for message in messages)
        for message in messages:
            assert all(version.text.count("**") % 2 == 0 for version in message.versions)


async def test_a_slow_model_shows_every_word_at_once() -> None:
    async with on_stage(ScriptedModel([Script(["One", " two", " three"], pause=5)])) as stage:
        asked = await ask(stage)
        seen = list[str]()
        while stage.answering.registry.running() or not seen:
            shown = [text_of(message) for message in stage.thread(asked)]
            seen += [text for text in shown if text not in seen]
            await asyncio.sleep(0.5)
        seen += [text_of(stage.thread(asked)[0])]
        assert seen == ["One", "One two", "One two three"]
        await stage.until_over()


@pytest.mark.parametrize("method", [START, APPEND, STOP])
async def test_a_429_loses_nothing(method: str) -> None:
    async with on_stage(slow(20)) as stage:
        stage.slack.fail_next(method, error="ratelimited", retry_after=3)
        asked = await ask(stage)
        await stage.until_over()
        assert_answer(stage.thread(asked), text_of_model(stage))
        assert len(stage.slack.rate_limited) == 1


async def test_a_stream_is_ended_before_it_grows_too_old_and_goes_on_by_edits() -> None:
    async with on_stage(slow(420, pause=3)) as stage:
        asked = await ask(stage)
        await stage.until_over()
        (message,) = stage.thread(asked)
        assert_answer([message], text_of_model(stage))
        assert_grew(message)
        started, stopped = stage.slack.calls_of(START)[0], stage.slack.calls_of(STOP)[0]
        assert MAX_AGE <= stopped.at - started.at < MAX_AGE + 10
        assert count(stage, "chat.update") > 10
        assert all(call.error is None for call in stage.slack.calls)
        stage.assert_clean()


async def test_the_next_page_of_an_old_answer_is_a_stream_again() -> None:
    async with on_stage(ScriptedModel([Script([SENTENCE * 2] * 150, pause=2.6)])) as stage:
        asked = await ask(stage)
        await stage.until_over()
        assert_answer(stage.thread(asked), text_of_model(stage))
        assert len(stage.thread(asked)) == 2
        assert count(stage, START) == 2
        stage.assert_clean()


async def test_a_stream_that_slack_ends_early_is_taken_over() -> None:
    async with on_stage(slow(30)) as stage:
        asked = await ask(stage)
        await stage.until_running(200)
        message = stage.thread(asked)[0]
        assert message.stream is not None
        message.stream.state = StreamState.ENDED
        await stage.until(lambda: has_button(message), 3)
        await stage.until_over()
        assert_answer(stage.thread(asked), text_of_model(stage))


async def test_a_stream_that_died_of_a_silent_model_is_taken_over() -> None:
    model = ScriptedModel([Script([SENTENCE, SENTENCE], pause=400)])
    async with on_stage(model) as stage:
        asked = await ask(stage)
        await stage.until(lambda: stage.model.closed_at, 900)
        await stage.until_over()
        assert_answer(stage.thread(asked), text_of_model(stage))


@pytest.mark.parametrize("drop", ["before", "after"])
@pytest.mark.parametrize("method", [START, APPEND, STOP])
async def test_a_broken_connection_neither_loses_nor_doubles_text(method: str, drop: str) -> None:
    async with on_stage(slow(12)) as stage:
        asked = await ask(stage)
        stage.slack.fail_next(method, drop=drop)
        await stage.until_over()
        assert_answer(stage.thread(asked), text_of_model(stage))
        assert len(stage.thread(asked)) == 1
        assert not any(map(live, stage.thread(asked)))
        stage.assert_clean()


async def test_a_text_in_doubt_stays_on_edits() -> None:
    async with on_stage(ScriptedModel([Script(pieces_of(of_length(20_000), 40), pause=0.1)])) as stage:
        asked = await ask(stage)
        await stage.until_running(500)
        stage.slack.fail_next(APPEND, drop="after")
        await stage.until_over()
        assert_answer(stage.thread(asked), of_length(20_000))
        assert count(stage, START) == 1
        assert count(stage, "chat.postMessage") == len(stage.thread(asked)) - 1 > 0
        stage.assert_clean()


async def test_a_conflict_is_solved_by_ending_the_stream_again() -> None:
    async with on_stage(slow(12)) as stage:
        asked = await ask(stage)
        await stage.until_running(100)
        stage.slack.fail_next(APPEND, drop="before")
        stage.slack.fail_next("chat.update", error="streaming_state_conflict", times=2)
        await stage.until_over()
        assert_answer(stage.thread(asked), text_of_model(stage))


def live(message: Message) -> bool:
    return message.stream is not None and message.stream.state is StreamState.LIVE


@pytest.mark.parametrize("code", ["feature_not_enabled", "unknown_method"])
async def test_a_workspace_without_streams_gets_messages_and_is_not_asked_again(code: str) -> None:
    async with on_stage("An answer.") as stage:
        stage.slack.fail_next(START, error=code, times=9)
        asked = await ask(stage)
        await stage.until_over()
        assert_answer(stage.thread(asked), "An answer.")
        await stage.slack.say(asked.channel, "alice", "And?")
        await stage.until_over(2)
        assert count(stage, START) == 1
        assert len(stage.shown()) == 2


async def test_a_refusal_for_one_place_is_for_that_place() -> None:
    async with on_stage(slow(5)) as stage:
        stage.slack.fail_next(START, error="channel_type_not_supported")
        asked = await ask(stage)
        await stage.until_running(50)
        assert has_button(stage.thread(asked)[0])
        await stage.until_over()
        assert_answer(stage.thread(asked), text_of_model(stage))
        await ask(stage, "bob")
        await stage.until_over(2)
        assert count(stage, START) == 2


@pytest.mark.parametrize("user", ["alice", "admin"])
@pytest.mark.parametrize("hears", [True, False], ids=["event", "error"])
async def test_slacks_own_stop_button_stops_the_answer(user: str, hears: bool) -> None:
    async with on_stage(slow(120)) as stage:
        if not hears:
            stage.slack.subscriptions -= {"agent_session_stopped"}
        asked = await ask(stage)
        await stage.until_running(300)
        pressed_at = stage.slack.world.clock.now()
        await stage.slack.stop_session(asked.channel, user, asked.ts)
        await stage.until_over()
        assert stage.model.closed_at[0] - pressed_at < (0.3 if hears else 3)
        by = english(words.STOPPED) if user == "alice" or not hears else "Stopped by admin."
        (message,) = stage.thread(asked)
        assert text_of(message).endswith(f"\n\n_{by}_")
        shown = text_of(message).count(SENTENCE.strip())
        assert_answer([message], (SENTENCE * shown).strip(), by)
        assert stage.slack.world.sessions[asked.channel, asked.ts].status == "active"


async def test_slacks_own_stop_is_noticed_when_a_text_in_doubt_is_replaced() -> None:
    async with on_stage(slow(120)) as stage:
        asked = await ask(stage)
        await stage.until_running(300)
        stage.slack.fail_next(APPEND, drop="before")
        stage.slack.fail_next(STOP, error="stopped_by_user")
        began_at = stage.slack.world.clock.now()
        await stage.until_over()
        assert stage.model.closed_at[0] - began_at < 5
        (message,) = stage.thread(asked)
        assert text_of(message).endswith(f"\n\n_{english(words.STOPPED)}_")
        assert not live(message)


async def test_a_text_that_changed_is_not_replaced_while_no_stop_is_left() -> None:
    limits = SlackLimits("T1")
    async with native_rig(limits) as rig:
        surface = rig.surface
        limits.streams.stops.close(asyncio.get_running_loop().time(), 30)
        surface.costs(Call.POST)
        shown = await surface.post(Body("Hello wor", stoppable=True), 0)
        assert isinstance(shown, Shown)
        assert surface.costs(Call.EDIT) == (limits.streams.appends,)
        calls = len(rig.slack.calls)
        left = await surface.edit(shown.message, Body("Goodbye", stoppable=True))
        assert isinstance(left, Shown)
        assert (left.certain, len(rig.slack.calls)) == (False, calls)
        assert surface.costs(Call.EDIT) == (limits.streams.stops, limits.updates)
        await asyncio.sleep(30)
        done = await surface.edit(shown.message, Body("Goodbye", stoppable=True))
        assert isinstance(done, Shown)
        assert done.certain
        assert rig.texts() == ["Goodbye"]


@pytest.mark.parametrize("on_answer", [True, False], ids=["answer", "prompt"])
async def test_a_reaction_stops_a_stream(on_answer: bool) -> None:
    async with on_stage(slow(120)) as stage:
        asked = await ask(stage)
        await stage.until_running(300)
        (message,) = stage.thread(asked)
        await stage.slack.react(message if on_answer else asked, "alice", "x")
        await stage.until_over()
        assert text_of(message).endswith("\n\n_Stopped._")
        assert (count(stage, STOP), count(stage, "chat.update")) == (1, 0)
        assert_grew(message)
        stage.assert_clean()


@pytest.mark.parametrize("hears", [True, False], ids=["event", "error"])
async def test_a_deleted_stream_ends_the_answer_and_nothing_is_posted_again(hears: bool) -> None:
    async with on_stage(slow(60)) as stage:
        await ask(stage)
        await stage.until_running(100)
        if not hears:
            stage.slack.subscriptions -= {"message.im"}
        await stage.slack.delete(stage.shown()[0])
        await stage.until_over()
        assert stage.shown() == []
        assert len(stage.model.closed_at) == 1
        assert (count(stage, START), count(stage, "chat.postMessage")) == (1, 0)


async def test_endings_are_said_below_the_text() -> None:
    error = ScriptedModel([Script([SENTENCE], error=CutOff("reset")), Script([], error=CutOff("reset"))])
    async with on_stage(error) as stage:
        first = await ask(stage)
        await stage.until_over()
        assert_answer(stage.thread(first), SENTENCE.strip(), "Cut off: the connection to the model broke.")
        second = await ask(stage)
        await stage.until_over(2)
        (message,) = stage.thread(second)
        assert "broke before any text came" in text_of(message)
    async with on_stage(ScriptedModel([Script([SENTENCE], finish=Finish.LENGTH)])) as stage:
        asked = await ask(stage)
        await stage.until_over()
        assert_answer(stage.thread(asked), SENTENCE.strip(), english(words.finished(Finish.LENGTH)))


@pytest.mark.parametrize(("answers", "seconds"), [(20, 30), (45, 80)])
async def test_many_at_once_are_all_complete_without_a_429(answers: int, seconds: float) -> None:
    async with on_stage(slow(15)) as stage:
        users = [stage.slack.world.add_user(f"user{number}", "User") for number in range(answers)]
        for user in users:
            await stage.slack.say(await stage.slack.open_dm(user), user, "Why?")
        begun = stage.slack.world.clock.now()
        await stage.until(lambda: len(stage.shown()) == answers, 10)
        await stage.until_over(answers)
        assert stage.slack.world.clock.now() - begun < seconds
        for message in stage.shown():
            assert_answer([message], text_of_model(stage))
        assert count(stage, START) == 20
        await stage.until(lambda: not any(map(live, stage.shown())), 90)
        stage.assert_clean()


async def test_when_no_stop_is_left_the_text_is_complete_and_the_stream_ends_later() -> None:
    async with on_stage(slow(12)) as stage:
        asked = await ask(stage)
        await stage.until_running(50)
        stage.slack.fail_next(STOP, error="ratelimited", retry_after=30)
        await stage.until(lambda: count(stage, STOP), 30)
        await stage.until_over()
        (message,) = stage.thread(asked)
        assert_answer([message], text_of_model(stage))
        assert live(message)
        stage.slack.fail_next(STOP, drop="before")
        await stage.until(lambda: not live(message), 40)
        assert_answer([message], text_of_model(stage))


async def test_a_shutdown_ends_the_stream_and_the_session() -> None:
    async with on_stage(slow(60)) as stage:
        asked = await ask(stage)
        await stage.until_running(100)
        await stage.answering.close(grace=1, drain=10)
        await stage.bot.close()
        (message,) = stage.thread(asked)
        assert text_of(message).endswith(f"\n\n_{english(words.INTERRUPTED)}_")
        assert not live(message)
        assert stage.slack.world.sessions[asked.channel, asked.ts].status == "active"


async def test_a_very_long_answer_ends_with_a_file() -> None:
    text = of_length(60_000)
    async with on_stage(ScriptedModel([Script(pieces_of(text, 100))]), most_messages=3) as stage:
        asked = await ask(stage)
        await stage.until_over()
        messages = stage.thread(asked)
        (rest,) = files_of(stage.slack, messages)
        assert text.endswith(rest)
        assert len(messages) == 3
        assert not any(map(live, messages))
        stage.assert_clean()


async def test_the_end_says_whose_message_it_is() -> None:
    async with on_stage(slow(3)) as stage:
        asked = await ask(stage)
        answer = await stage.until_running()
        await stage.until_over()
        (message,) = stage.thread(asked)
        payload = {"answer": answer.id, "page": 0}
        assert message.content.metadata == {"event_type": EVENT_TYPE, "event_payload": payload}


async def test_slack_shows_that_the_app_is_at_work_until_all_answers_of_a_thread_are_done() -> None:
    async with on_stage(ScriptedModel([Script([SENTENCE] * 4, pause=5)])) as stage:
        world = stage.slack.world
        asked = await ask(stage)
        await asyncio.sleep(1)
        assert world.status(asked.channel, asked.ts) == "is thinking…"
        await stage.until_running()
        assert world.status(asked.channel, asked.ts) == ""
        session = world.sessions[asked.channel, asked.ts]
        assert session.status == "processing"
        await stage.slack.say(asked.channel, "alice", "And?", thread_ts=asked.ts)
        await stage.until(lambda: len(stage.model.closed_at) == 1)
        await asyncio.sleep(2)
        assert session.status == "processing"
        await stage.until_over(2)
        assert session.status == "active"
        stage.assert_clean()


async def test_thinking_is_taken_back_when_the_first_text_was_faster() -> None:
    async with on_stage(slow(20, pause=0.05)) as stage:
        asked = await ask(stage)
        await stage.until_running()
        stage.slack.world.statuses.clear()
        await asyncio.sleep(5)
        assert stage.slack.world.status(asked.channel, asked.ts) == ""


async def test_without_sessions_the_answer_is_shown_all_the_same() -> None:
    async with on_stage("An answer.") as stage:
        stage.slack.fail_next("agents.sessions.setStatus", error="unknown_method", times=9)
        stage.slack.fail_next("assistant.threads.setStatus", drop="before", times=9)
        asked = await ask(stage)
        await stage.until_over()
        assert_answer(stage.thread(asked), "An answer.")
