"""Every way to stop an answer, and who may."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from tests.discord.stage import Stage, assert_answer, on_stage, stop_buttons
from tests.support.english import english
from tests.support.scripted_model import Script, ScriptedModel, pieces_of
from tickertape.answer.states import State
from tickertape.discord.keys import person_key, place_of
from tickertape.discord.settings import STOP_EMOJIS
from tickertape.discord.showing.dialect import DIALECT
from tickertape.languages import words
from tickertape.sandbox.discord import DiscordSandbox, Interaction, Message

TEXT = "One two three four five six seven eight nine ten."
EMOJIS = [*STOP_EMOJIS, "⏹"]


def endless() -> ScriptedModel:
    """Return a model that writes `TEXT` and then says nothing more."""
    return ScriptedModel([Script(pieces_of(TEXT), hold=True)])


async def begun(stage: Stage) -> tuple[Message, Message]:
    """Ask by a mention and return question and answer once all its text is on screen."""
    asked = await stage.ask()
    await stage.until_running(len(TEXT))
    return asked, stage.shown()[0]


async def begun_by_slash(stage: Stage) -> Interaction:
    interaction = await stage.slash()
    await stage.until_running(len(TEXT))
    return interaction


async def assert_stopped(stage: Stage, marker: str = english(words.STOPPED)) -> None:
    await stage.until_over()
    assert_answer(stage.shown(), TEXT, marker)
    assert len(stage.model.closed_at) == 1
    stage.assert_clean()


async def assert_goes_on(stage: Stage) -> None:
    await stage.settle()
    assert stage.answering.registry.running()[0].state is State.STREAMING


@pytest.mark.parametrize("emoji", EMOJIS)
@pytest.mark.parametrize("on_answer", [True, False])
async def test_a_reaction_stops(emoji: str, on_answer: bool) -> None:
    async with on_stage(endless()) as stage:
        asked, answer = await begun(stage)
        await stage.discord.react(answer if on_answer else asked, stage.discord.alice, emoji)
        await assert_stopped(stage)


async def test_a_stop_closes_the_models_stream_at_once() -> None:
    async with on_stage(endless()) as stage:
        asked, _ = await begun(stage)
        now = stage.discord.world.clock.now()
        await stage.discord.react(asked, stage.discord.alice, "🛑")
        await stage.until_over()
        assert stage.model.closed_at[0] - now < 0.1


@pytest.mark.parametrize("emoji", EMOJIS)
async def test_a_reaction_stops_a_slash_commands_answer(emoji: str) -> None:
    async with on_stage(endless()) as stage:
        interaction = await begun_by_slash(stage)
        assert interaction.original is not None
        await stage.discord.react(interaction.original, stage.discord.alice, emoji)
        await assert_stopped(stage)


async def test_a_reaction_on_the_deferred_response_stops_before_any_text() -> None:
    async with on_stage(ScriptedModel([Script([], hold=True)])) as stage:
        interaction = await stage.slash()
        original = await stage.until(lambda: interaction.original)
        await stage.until(stage.answering.registry.running)
        await stage.discord.react(original, stage.discord.alice, "🛑")
        await stage.until_over()
        assert english(words.STOPPED) in original.content
        assert stop_buttons([original]) == []


async def test_a_reaction_stops_in_a_direct_message() -> None:
    async with on_stage(endless()) as stage:
        dm = await stage.discord.open_dm(stage.discord.alice)
        asked = await stage.discord.say(dm, stage.discord.alice, "Why?")
        await stage.until_running(len(TEXT))
        await stage.discord.react(asked, stage.discord.alice, "🛑")
        await stage.until_over()
        assert_answer(stage.shown(dm), TEXT, english(words.STOPPED))


async def test_which_emojis_stop_can_be_set() -> None:
    async with on_stage(endless(), stop_emojis=("👎",)) as stage:
        asked, _ = await begun(stage)
        await stage.discord.react(asked, stage.discord.alice, "🛑")
        await assert_goes_on(stage)
        await stage.discord.react(asked, stage.discord.alice, "👎")
        await assert_stopped(stage)


async def test_other_emojis_do_not_stop() -> None:
    async with on_stage(endless()) as stage:
        asked, _ = await begun(stage)
        await stage.discord.react(asked, stage.discord.alice, "👍")
        await assert_goes_on(stage)


async def test_someone_elses_reaction_is_ignored_and_costs_no_call() -> None:
    async with on_stage(endless()) as stage:
        _, answer = await begun(stage)
        await stage.settle()
        calls = len(stage.discord.calls)
        await stage.discord.react(answer, stage.discord.bob, "🛑")
        await assert_goes_on(stage)
        assert len(stage.discord.calls) == calls


async def test_a_moderators_reaction_stops_and_the_answer_says_who() -> None:
    async with on_stage(endless()) as stage:
        _, answer = await begun(stage)
        await stage.discord.react(answer, stage.discord.moderator, "🛑")
        await assert_stopped(stage, english(words.stopped_by("Moderator")))


async def test_a_reaction_that_is_faster_than_the_reply_to_the_create_stops() -> None:
    async with on_stage(endless(), latency=1.0) as stage:
        await stage.ask()
        (answer,) = await stage.until(stage.shown)
        assert stage.answering.registry.running()[0].messages == []
        await stage.discord.react(answer, stage.discord.alice, "🛑")
        await assert_stopped(stage)


async def test_someone_elses_reaction_is_ignored_also_if_it_is_faster_than_the_reply_to_the_create() -> None:
    async with on_stage(endless(), latency=1.0) as stage:
        await stage.ask()
        (answer,) = await stage.until(stage.shown)
        await stage.discord.react(answer, stage.discord.bob, "🛑")
        await asyncio.sleep(10)
        await assert_goes_on(stage)


async def test_the_bots_own_reaction_does_not_stop() -> None:
    async with on_stage(endless()) as stage:
        _, answer = await begun(stage)
        await stage.discord.react(answer, stage.discord.bot_user, "🛑")
        await assert_goes_on(stage)


@pytest.mark.parametrize("begin", [begun, begun_by_slash])
async def test_the_button_stops_without_a_further_message(begin: Callable[[Stage], object]) -> None:
    async with on_stage(endless()) as stage:
        await begin(stage)  # type: ignore[misc]  # both are coroutine functions
        press = await stage.discord.press(stage.shown()[0], stage.discord.alice)
        await assert_stopped(stage)
        assert press.error is None
        assert press.deferred
        assert press.messages == []


async def test_someone_elses_press_is_refused_in_private() -> None:
    async with on_stage(endless()) as stage:
        _, answer = await begun(stage)
        press = await stage.discord.press(answer, stage.discord.bob)
        await stage.until(lambda: press.messages)
        assert press.ephemeral
        assert press.messages[0].content == english(words.NOT_YOURS)
        await assert_goes_on(stage)


async def test_a_moderators_press_stops() -> None:
    async with on_stage(endless()) as stage:
        _, answer = await begun(stage)
        await stage.discord.press(answer, stage.discord.moderator)
        await assert_stopped(stage, english(words.stopped_by("Moderator")))


async def test_the_button_stops_where_the_bot_is_not_a_member() -> None:
    async with on_stage(endless()) as stage:
        discord = stage.discord
        interaction = await stage.slash(channel=discord.elsewhere, user=discord.bob)
        await stage.until_running(len(TEXT))
        assert interaction.original is not None
        await discord.press(interaction.original, discord.bob)
        await stage.until_over()
        assert_answer(interaction.messages, TEXT, english(words.STOPPED))


async def test_a_button_that_outlived_its_process_says_that_the_answer_has_ended() -> None:
    async with DiscordSandbox() as discord:
        async with on_stage(endless(), discord=discord) as first:
            _, answer = await begun(first)
        answer.versions.pop()  # as if the process had been killed before its last edit
        async with on_stage(discord=discord) as second:
            press = await discord.press(answer, discord.alice)
            await second.until(lambda: press.messages)
            assert press.ephemeral
            assert press.messages[0].content == english(words.NOT_RUNNING)


async def test_the_stop_command_stops_the_askers_answers_here() -> None:
    async with on_stage(endless()) as stage:
        discord = stage.discord
        await stage.ask()
        await stage.ask(user=discord.bob)
        await stage.until(lambda: len(stage.shown()) == 2)
        reply = await discord.slash(discord.general, discord.alice, "stop")
        await stage.until(lambda: reply.messages)
        assert reply.ephemeral
        assert reply.messages[0].content == "Stopped."
        await stage.settle()
        (left,) = stage.answering.registry.running()
        assert left.prompt.asker == person_key(discord.bob.id)


async def test_a_moderators_stop_command_stops_all_answers_in_the_channel() -> None:
    async with on_stage(endless()) as stage:
        discord = stage.discord
        await stage.ask()
        await stage.ask(user=discord.bob)
        dm = await discord.open_dm(discord.alice)
        await discord.say(dm, discord.alice, "Why?")
        await stage.until(lambda: len(stage.model.asked) == 3)
        reply = await discord.slash(discord.general, discord.moderator, "stop")
        await stage.until(lambda: reply.messages)
        assert reply.messages[0].content == "Stopped 2 answers."
        await stage.settle()
        (left,) = stage.answering.registry.running()
        assert left.prompt.place == place_of(dm.id)


async def test_the_stop_command_without_an_answer_says_so() -> None:
    async with on_stage(endless()) as stage:
        await begun(stage)
        reply = await stage.discord.slash(stage.discord.general, stage.discord.bob, "stop")
        await stage.until(lambda: reply.messages)
        assert reply.ephemeral
        assert reply.messages[0].content == english(words.NOTHING_RUNNING)
        await assert_goes_on(stage)


@pytest.mark.parametrize("begin", [begun, begun_by_slash])
async def test_a_deleted_answer_closes_the_models_stream_and_is_not_posted_again(
    begin: Callable[[Stage], object],
) -> None:
    async with on_stage(endless()) as stage:
        await begin(stage)  # type: ignore[misc]  # both are coroutine functions
        await stage.discord.delete(stage.shown()[0])
        await stage.until_over()
        assert stage.shown() == []
        assert len(stage.model.closed_at) == 1


async def test_a_deleted_channel_ends_the_answer() -> None:
    async with on_stage(ScriptedModel([Script(pieces_of(TEXT) * 50)])) as stage:
        await stage.ask()
        await stage.until_running()
        stage.discord.delete_channel(stage.discord.general)
        await stage.until_over()
        assert len(stage.model.closed_at) == 1


async def test_a_deleted_question_stops_its_answer_which_stays() -> None:
    async with on_stage(endless()) as stage:
        asked, _ = await begun(stage)
        now = stage.discord.world.clock.now()
        await stage.discord.delete(asked)
        await assert_stopped(stage, english(words.QUESTION_DELETED))
        assert stage.model.closed_at[0] - now < 0.1


async def test_a_question_that_is_deleted_before_any_text_leaves_one_line() -> None:
    async with on_stage(ScriptedModel([Script([], hold=True)])) as stage:
        asked = await stage.ask()
        await stage.until(stage.answering.registry.running)
        await stage.discord.delete(asked)
        await stage.until_over()
        assert_answer(stage.shown(), "", english(words.QUESTION_DELETED))


async def test_another_message_that_is_deleted_stops_nothing() -> None:
    async with on_stage(endless()) as stage:
        other = await stage.discord.say(stage.discord.general, stage.discord.bob, "Hello.")
        await begun(stage)
        await stage.discord.delete(other)
        await assert_goes_on(stage)


@pytest.mark.parametrize("question_first", [True, False])
async def test_question_and_answer_that_are_deleted_together_leave_nothing(question_first: bool) -> None:
    async with on_stage(endless()) as stage:
        asked, answer = await begun(stage)
        edits = stage.discord.calls.count("PATCH", "/channels/{}/messages/{}")
        both = (asked, answer) if question_first else (answer, asked)
        await stage.discord.delete_together(*both)
        await stage.until_over()
        assert stage.shown() == []
        assert len(stage.model.closed_at) == 1
        assert stage.discord.calls.count("PATCH", "/channels/{}/messages/{}") == edits


async def test_questions_that_are_deleted_together_stop_all_their_answers() -> None:
    model = ScriptedModel([Script(pieces_of(TEXT), hold=True)])
    async with on_stage(model) as stage:
        questions = [await stage.ask() for _ in range(3)]
        await stage.until(lambda: len(stage.shown()) == 3 and all(TEXT in m.content for m in stage.shown()))
        await stage.discord.delete_together(*questions)
        await stage.until_over(3)
        assert all(DIALECT.marker(english(words.QUESTION_DELETED)) in each.content for each in stage.shown())
        assert len(model.closed_at) == 3
