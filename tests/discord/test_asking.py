"""The three ways to ask, and what becomes of prompts that get no answer."""

from __future__ import annotations

import asyncio

import pytest

from tests.discord.rig import CREATE
from tests.discord.stage import Stage, assert_answer, on_stage, stop_buttons
from tests.support.english import english
from tests.support.scripted_model import Script, ScriptedModel
from tickertape.discord import words as discord_words
from tickertape.languages import words
from tickertape.sandbox.discord import (
    ChannelType,
    DiscordSandbox,
    Intent,
    InteractionState,
    Overwrite,
    Permission,
)


def prompts(stage: Stage) -> list[str]:
    """Return what the model was asked."""
    return [conversation[-1].text for conversation in stage.model.asked]


def slow(pause: float) -> ScriptedModel:
    return ScriptedModel([Script(["An ", "answer."], pause=pause)])


async def test_a_mention_is_answered_by_a_reply_that_pings_nobody() -> None:
    async with on_stage() as stage:
        asked = await stage.ask("Why?")
        await stage.until_over()
        (answer,) = stage.shown()
        assert answer.reply_to is asked
        assert_answer([answer], "An answer.")
        assert prompts(stage) == ["Why?"]
        stage.assert_clean()


async def test_the_mention_may_stand_anywhere_and_other_mentions_become_names() -> None:
    async with on_stage() as stage:
        discord = stage.discord
        text = f"Tell me, <@{discord.application_id}>, who is <@{discord.bob.id}>?"
        await discord.say(discord.general, discord.alice, text)
        await stage.until_over()
        assert prompts(stage) == ["Tell me, , who is @Bob?"]


async def test_a_message_that_does_not_mention_the_bot_is_left_alone() -> None:
    async with on_stage() as stage:
        discord = stage.discord
        await discord.say(discord.general, discord.alice, f"Hello <@{discord.bob.id}> @everyone")
        await stage.settle()
        assert stage.model.asked == []


async def test_a_mention_in_a_thread_is_answered_there() -> None:
    async with on_stage() as stage:
        thread = stage.discord.add_thread(stage.discord.general, "side", stage.discord.alice)
        await stage.ask("Why?", channel=thread)
        await stage.until_over()
        assert_answer(stage.shown(thread), "An answer.")


async def test_a_direct_message_is_answered_without_a_mention() -> None:
    async with on_stage() as stage:
        dm = await stage.discord.open_dm(stage.discord.alice)
        await stage.discord.say(dm, stage.discord.alice, "Why?")
        await stage.until_over()
        assert_answer(stage.shown(dm), "An answer.")
        assert prompts(stage) == ["Why?"]
        stage.assert_clean()


def typings(stage: Stage) -> list[float]:
    return [at for at, user in stage.discord.general.typings if user is stage.discord.bot_user]


async def test_the_bot_shows_typing_until_something_holds_the_place_of_the_text() -> None:
    async with on_stage(slow(12)) as stage:
        asked = await stage.ask()
        message = await stage.until(lambda: next(iter(stage.shown()), None))
        assert message.content == english(words.THINKING)
        assert stop_buttons([message])
        assert message.created_at - asked.created_at == pytest.approx(3, abs=0.5)
        await stage.until_over()
        assert [at < asked.created_at + 1 for at in typings(stage)] == [True]
        assert_answer([message], "An answer.")


async def test_typing_goes_on_while_nothing_can_be_posted() -> None:
    async with on_stage(slow(12)) as stage:
        stage.discord.fail_next(*CREATE, 429, retry_after=9.0)
        await stage.ask()
        await stage.until_over()
        first, second = typings(stage)
        assert second - first == pytest.approx(8, abs=0.5)
        assert_answer(stage.shown(), "An answer.")


async def test_a_slash_command_is_deferred_in_public_and_answered_in_the_response() -> None:
    async with on_stage() as stage:
        interaction = await stage.slash("Why?")
        await stage.until_over()
        assert interaction.deferred
        assert not interaction.ephemeral
        assert interaction.responded_at is not None
        assert interaction.responded_at - interaction.at < 1
        assert_answer(interaction.messages, "An answer.")
        assert prompts(stage) == ["Why?"]
        stage.assert_clean()


async def test_a_thinking_model_gets_a_stop_button_after_three_seconds() -> None:
    async with on_stage(slow(10)) as stage:
        interaction = await stage.slash()
        original = await stage.until(lambda: interaction.original)
        await stage.until(lambda: original.buttons, 4)
        assert original.content == english(words.THINKING)
        await stage.until_over()
        assert_answer([original], "An answer.")


async def test_a_slash_command_works_in_direct_messages_and_where_only_the_user_installed_it() -> None:
    async with on_stage() as stage:
        discord = stage.discord
        dm = await discord.open_dm(discord.alice)
        private = discord.world.add_private_channel(discord.bob, discord.alice)
        interactions = [
            await stage.slash(channel=dm),
            await stage.slash(channel=discord.elsewhere, user=discord.bob),
            await stage.slash(channel=private, user=discord.bob),
        ]
        await stage.until_over(3)
        for interaction in interactions:
            assert_answer(interaction.messages, "An answer.")
        stage.assert_clean()


async def test_an_empty_slash_prompt_is_refused_in_private() -> None:
    async with on_stage() as stage:
        interaction = await stage.slash("   ")
        await stage.until(lambda: interaction.messages)
        assert interaction.ephemeral
        assert interaction.messages[0].content == english(words.PROMPT_EMPTY)
        assert stage.model.asked == []


async def test_an_empty_mention_is_refused_in_a_direct_message() -> None:
    async with on_stage() as stage:
        await stage.ask("")
        dm = await stage.discord.open_dm(stage.discord.alice)
        (told,) = await stage.until(lambda: stage.shown(dm))
        assert told.content == english(words.PROMPT_EMPTY)
        assert stage.shown() == []
        assert stage.model.asked == []


async def test_who_takes_no_direct_messages_is_told_in_a_reply() -> None:
    async with on_stage() as stage:
        stage.discord.alice.dms_open = False
        asked = await stage.ask("")
        (told,) = await stage.until(stage.shown)
        assert told.content == english(words.PROMPT_EMPTY)
        assert told.reply_to is asked
        assert stage.discord.bot_pings == []


async def test_a_prompt_that_is_too_long_is_refused() -> None:
    async with on_stage() as stage:
        dm = await stage.discord.open_dm(stage.discord.alice)
        stage.discord.alice.longest_message = 6001
        await stage.discord.say(dm, stage.discord.alice, "a" * 6001)
        (told,) = await stage.until(lambda: stage.shown(dm))
        assert told.content == english(words.PROMPT_TOO_LONG)
        assert stage.model.asked == []


@pytest.mark.parametrize("reads_content", [False, True])
async def test_a_mention_of_the_bots_own_role_counts_where_its_text_can_be_read(reads_content: bool) -> None:
    async with DiscordSandbox(privileged_intents=Intent.MESSAGE_CONTENT) as discord:
        role = discord.add_role(discord.guild, "tickertape", 0, mentionable=True)
        role.bot = discord.bot_user
        async with on_stage(discord=discord, message_content=reads_content) as stage:
            await discord.say(discord.general, discord.alice, f"<@&{role.id}> Why?")
            if reads_content:
                await stage.until_over()
                assert prompts(stage) == ["Why?"]
            else:
                dm = await discord.open_dm(discord.alice)
                (told,) = await stage.until(lambda: stage.shown(dm))
                assert told.content == english(discord_words.ROLE_MENTIONED)
                assert stage.model.asked == []


async def test_other_bots_are_not_answered() -> None:
    async with on_stage() as stage:
        discord = stage.discord
        other = discord.world.add_user("other", bot=True)
        discord.add_member(discord.guild, other)
        await stage.ask(user=other)
        await stage.settle()
        assert stage.model.asked == []


async def test_a_bot_that_shuts_down_says_so_in_private() -> None:
    async with on_stage() as stage:
        await stage.answering.close(grace=0)
        interaction = await stage.slash()
        await stage.until(lambda: interaction.messages)
        assert interaction.ephemeral
        assert interaction.messages[0].content == english(words.SHUTTING_DOWN)


async def test_a_deferral_that_came_too_late_costs_no_model_call() -> None:
    async with on_stage() as stage:
        stage.discord.delay_next("POST", "/interactions/{}/{}/callback", 4)
        interaction = await stage.slash()
        await asyncio.sleep(6)
        assert interaction.state is InteractionState.FAILED
        assert stage.model.asked == []


@pytest.mark.parametrize(
    ("denied", "name", "kind"),
    [
        (Permission.SEND_MESSAGES, english(discord_words.SEND), ChannelType.TEXT),
        (
            Permission.SEND_MESSAGES_IN_THREADS,
            english(discord_words.SEND_IN_THREAD),
            ChannelType.PUBLIC_THREAD,
        ),
    ],
)
async def test_where_the_bot_may_not_write_the_asker_is_told_and_the_model_not_asked(
    denied: Permission, name: str, kind: ChannelType
) -> None:
    async with on_stage() as stage:
        discord = stage.discord
        place = discord.general
        if kind is ChannelType.PUBLIC_THREAD:
            place = discord.add_thread(discord.general, "side", discord.alice)
        everyone_but_the_bot = Overwrite(discord.bot_user.id, deny=denied, member=True)
        discord.set_overwrites(discord.general, everyone_but_the_bot)
        await stage.ask(channel=place)
        dm = await discord.open_dm(discord.alice)
        (told,) = await stage.until(lambda: stage.shown(dm))
        assert name in told.content
        assert stage.model.asked == []


async def test_a_permission_that_only_discord_knows_of_is_told_too() -> None:
    async with on_stage() as stage:
        stage.discord.fail_next(*CREATE, 403, code=50013, message="Missing Permissions")
        await stage.ask()
        dm = await stage.discord.open_dm(stage.discord.alice)
        (told,) = await stage.until(lambda: stage.shown(dm))
        assert english(discord_words.SEND) in told.content
        assert len(stage.model.closed_at) == 1


async def test_without_the_history_permission_the_answer_is_no_reply() -> None:
    async with on_stage() as stage:
        discord = stage.discord
        no_history = Overwrite(discord.bot_user.id, deny=Permission.READ_MESSAGE_HISTORY, member=True)
        discord.set_overwrites(discord.general, no_history)
        await stage.ask()
        await stage.until_over()
        (answer,) = stage.shown()
        assert answer.reply_to is None
        assert_answer([answer], "An answer.")
        assert stage.discord.calls.select(status=400) == []


async def test_a_reply_that_discord_refuses_is_posted_without_one() -> None:
    async with on_stage() as stage:
        stage.discord.fail_next(*CREATE, 400, code=160002)
        await stage.ask()
        await stage.until_over()
        (answer,) = stage.shown()
        assert answer.reply_to is None
        assert_answer([answer], "An answer.")
