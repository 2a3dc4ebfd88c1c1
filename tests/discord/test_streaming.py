"""What people see while answers stream: exact texts, no 429, no pings, whatever Discord does meanwhile."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from tests.discord.rig import CREATE, EDIT, EDIT_RESPONSE, FOLLOW_UP
from tests.discord.stage import assert_answer, on_stage, stop_buttons, text_of
from tests.support.english import english
from tests.support.scripted_model import Script, ScriptedModel, pieces_of
from tickertape.discord import words as discord_words
from tickertape.discord.showing.dialect import DIALECT
from tickertape.languages import words
from tickertape.model.api import BalanceUsedUp, CutOff, Finish, ModelError, ServerFailed
from tickertape.sandbox.discord import Drop, Message, Overwrite, Permission
from tickertape.sandbox.discord.world.kinds import MessageFlag

SIZES = [10, 2_000, 12_000, 60_000]


def writing(text: str, seconds: float, size: int = 40) -> ScriptedModel:
    """Return a model that takes `seconds` to write `text`."""
    pieces = pieces_of(text, size)
    return ScriptedModel([Script(pieces, pause=seconds / len(pieces))])


@pytest.mark.parametrize("size", SIZES)
async def test_a_mentions_answer_is_exact(size: int) -> None:
    text = text_of(size)
    async with on_stage(writing(text, 5)) as stage:
        await stage.ask()
        await stage.until_over()
        assert_answer(stage.shown(), text)
        stage.assert_clean()


@pytest.mark.parametrize("size", SIZES)
async def test_a_slash_commands_answer_is_exact(size: int) -> None:
    text = text_of(size)
    async with on_stage(writing(text, 5)) as stage:
        interaction = await stage.slash()
        await stage.until_over()
        assert_answer(interaction.messages, text)
        stage.assert_clean()


async def test_only_the_first_message_of_a_mentions_answer_is_a_reply() -> None:
    async with on_stage(writing(text_of(5_000), 5)) as stage:
        asked = await stage.ask()
        await stage.until_over()
        assert [each.reply_to for each in stage.shown()] == [asked, None, None]


async def test_links_do_not_unfurl() -> None:
    async with on_stage("See https://example.com/ for " + text_of(3_000)) as stage:
        interaction = await stage.slash()
        await stage.ask()
        await stage.until_over(2)
        for message in (*interaction.messages, *stage.shown()):
            assert MessageFlag.SUPPRESS_EMBEDS in message.flags


async def test_nothing_pings_on_create_and_on_edit() -> None:
    async with on_stage() as stage:
        discord = stage.discord
        role = discord.add_role(discord.guild, "everybody", 0, mentionable=True)
        loud = f"@everyone @here <@{discord.bob.id}> <@&{role.id}> " * 8
        stage.model.scripts = [Script(pieces_of(loud), pause=0.2)]
        await stage.ask()
        interaction = await stage.slash()
        await stage.until_over(2)
        assert_answer([each for each in stage.shown() if each not in interaction.messages], loud)
        assert_answer(interaction.messages, loud)
        assert len(stage.shown()[0].versions) > 2
        stage.assert_clean()


async def test_equal_text_is_never_sent_again_and_edits_come_about_once_a_second() -> None:
    async with on_stage(writing(text_of(1_000), 20)) as stage:
        await stage.ask()
        await stage.until_over()
        (answer,) = stage.shown()
        texts = [version.content for version in answer.versions]
        assert len(set(texts)) == len(texts)
        assert 15 <= len(texts) <= 26


async def test_the_button_is_sent_only_when_it_comes_and_goes() -> None:
    async with on_stage(writing(text_of(5_000), 20)) as stage:
        await stage.ask()
        await stage.until_over()
        for message in stage.shown():
            changes = [bool(version.components) for version in message.versions]
            assert changes == sorted(changes, reverse=True)


@pytest.mark.parametrize("scope", ["user", "shared", "global"])
@pytest.mark.parametrize("slash", [False, True])
async def test_a_429_in_mid_stream_is_waited_out_and_loses_nothing(scope: str, slash: bool) -> None:
    text = text_of(1_500)
    async with on_stage(writing(text, 20)) as stage:
        await (stage.slash() if slash else stage.ask())
        answer = await stage.until_running(200)
        method, route = EDIT_RESPONSE if slash else EDIT
        stage.discord.fail_next(method, route, 429, retry_after=4.0, scope=scope)
        await stage.until(lambda: stage.discord.calls.select(status=429))
        (limited,) = stage.discord.calls.select(status=429)
        shown, received = answer.draft.shown, answer.draft.length
        await asyncio.sleep(3.5)
        assert answer.draft.shown == shown
        assert answer.draft.length > received + 200, "the model's reader goes on"
        await stage.until_over()
        later = [call.at for call in stage.discord.calls.select(method, route) if call.at > limited.at]
        assert 4.0 <= later[0] - limited.at < 4.5
        assert_answer(stage.shown(), text)
        assert_grows(stage.shown()[0])
        assert stage.discord.calls.count(status=429) == 1


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_a_failing_server_is_asked_again_with_the_newest_text(status: int) -> None:
    text = text_of(1_500)
    async with on_stage(writing(text, 20)) as stage:
        await stage.ask()
        await stage.until_running(200)
        stage.discord.fail_next(*EDIT, status, times=3)
        await stage.until_over()
        assert_answer(stage.shown(), text)
        assert_grows(stage.shown()[0])


@pytest.mark.parametrize("drop", list(Drop))
@pytest.mark.parametrize("slash", [False, True])
async def test_a_page_whose_connection_broke_is_there_once(drop: Drop, slash: bool) -> None:
    text = text_of(5_000)
    async with on_stage(writing(text, 20)) as stage:
        await (stage.slash() if slash else stage.ask())
        await stage.until_running(200)
        stage.discord.drop_next(*(FOLLOW_UP if slash else CREATE), drop)
        await stage.until_over()
        assert_answer(stage.shown(), text)
        for message in stage.shown():
            assert_grows(message)


@pytest.mark.parametrize("resumable", [True, False])
async def test_a_gateway_that_drops_in_mid_stream_changes_nothing(resumable: bool) -> None:
    text = text_of(1_500)
    async with on_stage(writing(text, 20)) as stage:
        await stage.ask()
        await stage.until_running(200)
        identified = stage.discord.gateway.identifies
        stage.discord.drop_gateway(resumable=resumable)
        asked = await stage.ask("And what else?") if resumable else None
        await stage.until_over(2 if resumable else 1)
        await stage.until(lambda: stage.discord.gateway.ready)
        assert (stage.discord.gateway.identifies == identified) is resumable
        first, *others = stage.shown()
        assert_answer([first], text)
        assert [each.reply_to for each in others] == [asked] * len(others)
        assert len(stage.model.asked) == (2 if resumable else 1)
        stage.assert_clean()


async def test_a_bot_whose_session_was_lost_answers_again() -> None:
    async with on_stage() as stage:
        stage.discord.drop_gateway(resumable=False)
        await stage.until(lambda: stage.discord.gateway.identifies == 2, 120)
        await stage.until(lambda: stage.discord.gateway.ready)
        await stage.ask()
        await stage.until_over()
        assert_answer(stage.shown(), "An answer.")


async def test_an_interaction_goes_on_through_the_channel_after_15_minutes() -> None:
    text = text_of(5_000)
    async with on_stage(writing(text, 1_200)) as stage:
        interaction = await stage.slash()
        await stage.until_over(seconds=2_000)
        assert_answer(stage.shown(), text)
        assert stage.shown()[0] is interaction.original
        begun = interaction.at
        by_token = [call.at - begun for call in stage.discord.calls if call.route.startswith("/webhooks/")]
        by_channel = [call.at - begun for call in stage.discord.calls.select(*EDIT)]
        assert max(by_token) < 871
        assert 869 < min(by_channel) < 890
        assert max(by_channel) > 1_190
        stage.assert_clean()


async def test_a_token_that_dies_early_is_replaced_by_the_channel() -> None:
    text = text_of(1_500)
    async with on_stage(writing(text, 20)) as stage:
        await stage.slash()
        await stage.until_running(200)
        stage.discord.fail_next(*EDIT_RESPONSE, 401, code=50027, message="Invalid Webhook Token", times=99)
        await stage.until_over()
        assert_answer(stage.shown(), text)
        assert stage.discord.calls.count(*EDIT_RESPONSE, 401) == 1


async def test_where_the_bot_may_not_write_a_commands_answer_ends_with_its_token() -> None:
    async with on_stage(writing(text_of(1_500), 1_200)) as stage:
        discord = stage.discord
        gone = Overwrite(discord.bot_user.id, deny=Permission.SEND_MESSAGES, member=True)
        discord.set_overwrites(discord.general, gone)
        interaction = await stage.slash()
        await stage.until_over(seconds=2_000)
        (message,) = interaction.messages
        assert message.content.endswith(english(discord_words.TIME_LIMIT))
        stage.assert_clean()


async def test_where_the_bot_is_not_a_member_the_answer_ends_with_its_token() -> None:
    text = text_of(1_500)
    async with on_stage(writing(text, 1_200)) as stage:
        discord = stage.discord
        interaction = await stage.slash(channel=discord.elsewhere, user=discord.bob)
        await stage.until_over(seconds=2_000)
        (message,) = interaction.messages
        assert message.content.endswith(english(discord_words.TIME_LIMIT))
        assert message.content[:900] == text[:900]
        assert message.versions[-1].at - interaction.at < 900
        assert len(stage.model.closed_at) == 1
        stage.assert_clean()


async def test_a_permission_taken_away_in_mid_stream_ends_the_answer_and_is_told() -> None:
    async with on_stage(writing(text_of(5_000), 30)) as stage:
        discord = stage.discord
        await stage.ask()
        await stage.until_running(200)
        gone = Overwrite(discord.bot_user.id, deny=Permission.SEND_MESSAGES, member=True)
        discord.set_overwrites(discord.general, gone)
        await stage.until_over()
        dm = await discord.open_dm(discord.alice)
        (told,) = await stage.until(lambda: stage.shown(dm))
        assert english(discord_words.SEND) in told.content
        assert len(stage.model.closed_at) == 1
        (message,) = stage.shown()
        assert message.content.endswith(f"\n\n{DIALECT.marker(english(words.CANNOT_GO_ON))}")
        assert len(message.content) > 1_800
        assert stop_buttons([message]) == []


@pytest.mark.parametrize(
    "error",
    [BalanceUsedUp("402"), ServerFailed("500"), CutOff("reset")],
    ids=lambda error: type(error).__name__,
)
@pytest.mark.parametrize("slash", [False, True])
@pytest.mark.parametrize("text", ["", "Half of an"])
async def test_what_goes_wrong_with_the_model_is_said_in_one_sentence(
    error: ModelError, slash: bool, text: str
) -> None:
    model = ScriptedModel([Script([text] if text else [], error=error)])
    async with on_stage(model) as stage:
        await (stage.slash() if slash else stage.ask())
        await stage.until_over()
        sentence = english(words.failed(error, after_text=bool(text)))
        assert_answer(stage.shown(), text, sentence)
        stage.assert_clean()


async def test_a_length_limit_is_said() -> None:
    async with on_stage(ScriptedModel([Script(["Half of an"], finish=Finish.LENGTH)])) as stage:
        await stage.ask()
        await stage.until_over()
        assert_answer(stage.shown(), "Half of an", english(words.finished(Finish.LENGTH)))


async def test_twenty_answers_at_once_are_exact_and_earn_no_429() -> None:
    texts = [text_of(1_000 + 7 * number) for number in range(20)]
    model = ScriptedModel([Script(pieces_of(text, 20), pause=0.3) for text in texts])
    async with on_stage(model) as stage:
        channels = [
            stage.discord.add_channel(stage.discord.guild, f"channel-{number}") for number in range(6)
        ]
        interactions = [await stage.slash() for _ in range(5)]
        for number in range(15):
            await stage.ask(channel=stage.discord.general if number < 9 else channels[number - 9])
        await stage.until_over(20)
        messages = [each for channel in (stage.discord.general, *channels) for each in stage.shown(channel)]
        assert sorted(each.content for each in messages) == sorted(texts)
        assert stop_buttons(messages) == []
        assert all(interaction.error is None for interaction in interactions)
        stage.assert_clean()


async def test_eight_answers_in_one_channel_hold_no_reader_back_and_end_when_the_limits_allow() -> None:
    text, seconds = text_of(1_900), 20.0
    async with on_stage(writing(text, seconds)) as stage:
        stage.model.scripts *= 8
        begun = stage.discord.world.clock.now()
        for _ in range(8):
            await stage.ask()
        await stage.until_over(8)
        assert [each.content for each in stage.shown()] == [text] * 8
        assert max(stage.model.closed_at) - begun < seconds + 1
        last = max(each.versions[-1].at for each in stage.shown())
        assert last - begun < seconds + 11, (
            "eight last edits at five in five seconds, some of which are spent"
        )
        for message in stage.shown():
            assert_grows(message)
        stage.assert_clean()


async def test_an_answer_of_several_pages_is_not_held_up_by_the_spent_budget_of_edits() -> None:
    text = text_of(12_000)
    async with on_stage(writing(text, 6)) as stage:
        begun = stage.discord.world.clock.now()
        await stage.ask()
        await stage.until_over()
        assert_answer(stage.shown(), text)
        assert max(each.versions[-1].at for each in stage.shown()) - begun < 10


def assert_grows(message: Message) -> None:
    """Fail if an older text ever took the place of a newer one; a page that is full may lose its last words again."""
    lengths = [
        len(version.content) for version in message.versions if version.content != english(words.THINKING)
    ]
    assert all(before <= after or after > 1_800 for before, after in pairwise(lengths)), lengths
