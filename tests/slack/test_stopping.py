"""Stopping in Slack, end to end: by reaction, by button, by Slack's own stop, by deleting; and by whom."""

from __future__ import annotations

import asyncio

import pytest

from tests.slack.stage import SENTENCE, Stage, assert_answer, has_button, on_stage, text_of
from tests.support.english import english
from tests.support.scripted_model import Script, ScriptedModel
from tickertape.languages import words
from tickertape.sandbox.slack import ChannelKind, Message
from tickertape.sandbox.slack.world.events import Event
from tickertape.slack.settings import Mode, NativeStreams

REACTIONS = ("octagonal_sign", "black_square_for_stop", "x")
both_modes = pytest.mark.parametrize("mode", list(Mode), ids=lambda mode: mode.name)


def endless() -> ScriptedModel:
    """Return a model that writes for two minutes."""
    return ScriptedModel([Script([SENTENCE] * 1200, pause=0.1)])


async def begin(stage: Stage) -> tuple[Message, Message]:
    """Ask as alice; return the prompt and the answer's first message, with text on screen."""
    asked = await stage.slack.say("general", "alice", "Why?", mention_bot=True)
    await stage.until_running()
    return asked, stage.thread(asked)[0]


def looked_up(stage: Stage) -> list[str]:
    """Return the names of the people whom the bot had Slack tell of."""
    asked = [call.arguments["user"] for call in stage.slack.calls_of("users.info")]
    return [stage.slack.world.users[each].name for each in asked]


def assert_stopped(stage: Stage, asked: Message, sentence: str = english(words.STOPPED)) -> None:
    """Fail unless the answer ended with `sentence`, with a part of the text that the model had written."""
    messages = stage.thread(asked)
    assert text_of(messages[-1]).endswith(f"\n\n_{sentence}_")
    shown = text_of(messages[0]).count(SENTENCE.strip())
    assert 0 < shown < 1200
    assert_answer(messages, (SENTENCE * shown).strip(), sentence)
    assert len(stage.model.closed_at) == 1


@pytest.mark.parametrize("reaction", REACTIONS)
@pytest.mark.parametrize("on_answer", [True, False], ids=["answer", "prompt"])
async def test_the_asker_stops_by_reaction(reaction: str, on_answer: bool) -> None:
    async with on_stage(endless()) as stage:
        asked, message = await begin(stage)
        pressed_at = stage.slack.world.clock.now()
        await stage.slack.react(message if on_answer else asked, "alice", reaction)
        await stage.until_over()
        assert stage.model.closed_at[0] - pressed_at < 0.1
        assert_stopped(stage, asked)
        assert looked_up(stage) == ["alice"], "as who asks"
        stage.assert_clean()


@both_modes
async def test_the_asker_stops_by_button(mode: Mode) -> None:
    async with on_stage(endless(), mode) as stage:
        asked, message = await begin(stage)
        pressed = await stage.slack.press(message, "alice", "tickertape_stop")
        assert pressed.error is None
        await stage.until_over()
        assert_stopped(stage, asked)
        assert pressed.messages == []
        assert stage.slack.world.ephemerals == []


async def test_a_reaction_on_the_posted_question_stops_a_slash_command() -> None:
    async with on_stage(endless()) as stage:
        await stage.slack.slash("general", "alice", "/ask", "Why?")
        await stage.until_running()
        question = stage.shown()[0]
        await stage.slack.react(question, "alice", "x")
        await stage.until_over()
        assert_stopped(stage, question)


async def test_a_direct_message_is_stopped_by_reaction() -> None:
    async with on_stage(endless()) as stage:
        direct = await stage.slack.open_dm("alice")
        asked = await stage.slack.say(direct, "alice", "Why?")
        await stage.until_running()
        await stage.slack.react(asked, "alice", "x")
        await stage.until_over()
        assert text_of(stage.shown()[0]).endswith("_Stopped._")


async def test_others_are_ignored_and_an_admin_is_obeyed() -> None:
    async with on_stage(endless()) as stage:
        asked, message = await begin(stage)
        await stage.slack.react(message, "bob", "x")
        await stage.slack.press(message, "bob")
        told = await stage.until(lambda: stage.slack.world.ephemerals_of("bob"))
        assert [notice.visible for notice in told] == [english(words.NOT_YOURS)]
        assert len(stage.answering.registry.running()) == 1
        await stage.slack.react(asked, "admin", "octagonal_sign")
        await stage.until_over()
        assert_stopped(stage, asked, "Stopped by admin.")
        assert looked_up(stage) == ["alice", "bob", "admin"]


async def test_nobody_is_a_moderator_when_slack_does_not_say() -> None:
    async with on_stage(endless()) as stage:
        stage.slack.scopes -= {"users:read"}
        _, message = await begin(stage)
        await stage.slack.press(message, "admin")
        told = await stage.until(lambda: stage.slack.world.ephemerals_of("admin"))
        assert [notice.visible for notice in told] == [english(words.NOT_YOURS)]


async def test_a_name_full_of_markup_stays_a_name() -> None:
    async with on_stage(endless()) as stage:
        boss = stage.slack.world.add_user("*boss* <!channel> [x](http://x)", "Boss", is_admin=True)
        asked, _ = await begin(stage)
        await stage.slack.react(asked, boss, "x")
        await stage.until_over()
        assert "Stopped by \\*boss\\*" in text_of(stage.thread(asked)[-1])
        stage.assert_clean()


async def test_other_reactions_and_other_messages_cost_nothing() -> None:
    async with on_stage(endless()) as stage:
        _, message = await begin(stage)
        other = await stage.slack.say("general", "bob", "Something else.")
        await stage.slack.react(other, "bob", "x")
        await stage.slack.react(message, "bob", "eyes")
        await stage.slack.react(message, stage.slack.world.bot, "x")
        await stage.until(lambda: not stage.slack.unacked)
        assert looked_up(stage) == ["alice"], "as who asks"
        assert len(stage.answering.registry.running()) == 1


async def test_a_button_of_an_answer_that_is_over_says_so() -> None:
    async with on_stage(ScriptedModel([Script([SENTENCE] * 20)])) as stage:
        asked, message = await begin(stage)
        pressed_on = message.versions[-1].blocks
        await stage.until_over()
        message.content.blocks[:] = pressed_on
        await stage.slack.press(message, "alice")
        told = await stage.until(lambda: stage.slack.world.ephemerals_of("alice"))
        assert [(notice.visible, notice.thread_ts) for notice in told] == [
            (english(words.NOT_RUNNING), asked.ts)
        ]


@pytest.mark.parametrize(("user", "stops"), [("alice", True), ("admin", True), ("bob", False)])
async def test_slacks_own_stop_ends_the_answers_of_its_thread(user: str, stops: bool) -> None:
    async with on_stage(endless()) as stage:
        asked, _ = await begin(stage)
        elsewhere = await stage.slack.say("general", "alice", "And?", mention_bot=True)
        await stage.until(lambda: len(stage.thread(elsewhere)) == 1)
        body = {"type": "agent_session_stopped", "channel": asked.channel, "thread_ts": asked.ts,
                "user": stage.slack.world.user(user).id, "streaming_message_ts": []}  # fmt: skip
        stage.slack.world.publish(Event("agent_session_stopped", body))
        await stage.until(lambda: not stage.slack.unacked)
        await stage.until(lambda: len(stage.answering.registry.running()) == (1 if stops else 2))
        assert has_button(stage.thread(elsewhere)[0])


async def test_deleting_the_message_ends_the_answer_and_nothing_is_posted_again() -> None:
    async with on_stage(endless()) as stage:
        asked, message = await begin(stage)
        posts = len(stage.slack.calls_of("chat.postMessage"))
        await stage.slack.delete(message)
        deleted_at = stage.slack.world.clock.now()
        await stage.until_over()
        assert stage.model.closed_at[0] - deleted_at < 0.5
        assert stage.thread(asked) == []
        assert len(stage.slack.calls_of("chat.postMessage")) == posts


async def test_deleting_the_message_of_a_silent_model_ends_its_answer() -> None:
    model = ScriptedModel([Script([SENTENCE], hold=True)])
    async with on_stage(model) as stage:
        _, message = await begin(stage)
        await stage.slack.delete(message)
        await stage.until(lambda: model.closed_at, 1)
        await stage.until_over()


@both_modes
async def test_deleting_the_question_ends_the_answer_which_stays(mode: Mode) -> None:
    async with on_stage(endless(), mode) as stage:
        asked, _ = await begin(stage)
        await stage.slack.delete(asked)  # a tombstone stays, because the answer is in its thread
        deleted_at = stage.slack.world.clock.now()
        await stage.until_over()
        assert stage.model.closed_at[0] - deleted_at < 0.5
        assert_stopped(stage, asked, english(words.QUESTION_DELETED))
        stage.assert_clean()


@pytest.mark.parametrize("native", [NativeStreams.DIRECT, NativeStreams.NEVER], ids=lambda each: each.value)
async def test_deleting_a_direct_question_ends_the_answer_which_stays(native: NativeStreams) -> None:
    async with on_stage(endless(), native=native) as stage:
        asked = await stage.slack.say(await stage.slack.open_dm("alice"), "alice", "Why?")
        await stage.until_running()
        await stage.slack.delete(asked)
        await stage.until_over()
        (message,) = stage.shown()
        assert text_of(message).endswith(f"\n\n_{english(words.QUESTION_DELETED)}_")
        assert not has_button(message)
        assert len(stage.model.closed_at) == 1
        stage.assert_clean()


async def test_deleting_a_follow_up_ends_its_answer_alone() -> None:
    async with on_stage(endless()) as stage:
        root, first = await begin(stage)
        asked = await stage.slack.say("general", "bob", "And?", thread_ts=root.ts, mention_bot=True)
        await stage.until(lambda: len(stage.thread(root)) == 2)
        await stage.slack.delete(asked)
        await stage.until(
            lambda: text_of(stage.thread(root)[1]).endswith(f"_{english(words.QUESTION_DELETED)}_")
        )
        await stage.until(lambda: len(stage.answering.registry.running()) == 1)
        assert has_button(first)


async def test_deleting_the_question_of_a_command_ends_its_answer() -> None:
    async with on_stage(endless()) as stage:
        await stage.slack.slash("general", "alice", "/ask", "Why?")
        await stage.until_running()
        question = stage.shown()[0]
        await stage.slack.delete(question)
        await stage.until_over()
        assert_stopped(stage, question, english(words.QUESTION_DELETED))


async def test_a_question_that_is_taken_back_before_any_answer_is_not_complained_about() -> None:
    async with on_stage(ScriptedModel([Script([], hold=True)])) as stage:
        asked = await stage.slack.say("general", "alice", "Why?", mention_bot=True)
        await stage.until(lambda: stage.model.asked)
        await stage.slack.delete(asked)
        await stage.until_over()
        assert len(stage.model.closed_at) == 1
        assert stage.slack.world.ephemerals == []
        assert not any(map(has_button, stage.shown()))


async def test_a_stop_that_is_delivered_again_does_not_stop_the_next_answer() -> None:
    async with on_stage(endless()) as stage:
        asked, _ = await begin(stage)
        body = {"type": "agent_session_stopped", "channel": asked.channel, "thread_ts": asked.ts,
                "user": asked.user, "streaming_message_ts": []}  # fmt: skip
        stage.slack.world.publish(Event("agent_session_stopped", body))
        await stage.until_over()
        await stage.slack.say("general", "alice", "And?", thread_ts=asked.ts, mention_bot=True)
        await stage.until_running()
        stage.slack.redeliver(stage.slack.events("agent_session_stopped")[0])
        await asyncio.sleep(2)
        assert len(stage.answering.registry.running()) == 1


async def test_pressing_twice_is_as_good_as_once() -> None:
    async with on_stage(endless()) as stage:
        asked, message = await begin(stage)
        await asyncio.gather(stage.slack.press(message, "alice"), stage.slack.press(message, "alice"))
        await stage.until_over()
        assert_stopped(stage, asked)
        assert stage.slack.world.ephemerals == []


async def test_deleting_something_else_changes_nothing() -> None:
    async with on_stage(endless()) as stage:
        await begin(stage)
        other = await stage.slack.say("general", "bob", "Something else.")
        await stage.slack.delete(other)
        await stage.until(lambda: not stage.slack.unacked)
        assert len(stage.answering.registry.running()) == 1


async def test_a_group_conversation_works_like_a_channel() -> None:
    async with on_stage(endless()) as stage:
        world = stage.slack.world
        group = world.add_channel("", [world.user("alice"), world.user("bob"), world.bot], ChannelKind.GROUP)
        await stage.slack.say(group, "bob", "Not for you.")
        asked = await stage.slack.say(group, "alice", "Why?", mention_bot=True)
        await stage.until_running()
        await stage.slack.react(asked, "alice", "x")
        await stage.until_over()
        assert_stopped(stage, asked)
