"""Very long answers in Discord: the rest comes as a file, and nothing is lost where Discord allows few messages."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.discord.rig import CREATE, EDIT, FOLLOW_UP, rest_on_stand_in
from tests.discord.stage import assert_answer, on_stage, stop_buttons, text_of
from tests.render.joined import assert_shows
from tests.support.english import english
from tests.support.scripted_model import Script, ScriptedModel, pieces_of
from tickertape.discord.http.response import Response
from tickertape.discord.http.rest import Request
from tickertape.discord.http.upload import MAX_FILE
from tickertape.discord.showing.dialect import DIALECT
from tickertape.discord.showing.interaction_surface import USER_MESSAGES
from tickertape.languages import words
from tickertape.model.api import CutOff
from tickertape.sandbox.discord import Drop, Message, Overwrite, Permission
from tickertape.sandbox.discord.world.kinds import MessageFlag
from tickertape.screen.body import File
from tickertape.settings import AnswerSection

SAID = DIALECT.marker(english(words.REST_IN_FILE))


def writing(text: str, seconds: float = 10, **script: object) -> ScriptedModel:
    pieces = pieces_of(text, 40)
    return ScriptedModel([Script(pieces, pause=seconds / len(pieces), **script)])  # type: ignore[arg-type]  # fields of Script


def file_in(message: Message) -> str:
    (held,) = message.attachments
    assert (held.filename, held.content_type) == ("answer.md", "text/markdown; charset=utf-8")
    return held.data.decode()


def assert_joined(messages: list[Message], text: str, said: str = SAID) -> None:
    """Fail unless the messages and the file in the last one give back `text`, and no Stop button is left."""
    *texts, last = messages
    rest = file_in(last)
    assert last.content == said
    assert text.endswith(rest)
    assert_shows([each.content for each in texts], text.removesuffix(rest), DIALECT, marker="")
    assert not any(each.attachments for each in texts)
    assert stop_buttons(messages) == []
    assert not any(each.buttons for each in texts)
    assert MessageFlag.SUPPRESS_EMBEDS in last.flags


@pytest.mark.parametrize("slash", [False, True])
async def test_what_has_no_room_comes_as_a_file(slash: bool) -> None:
    text = text_of(20_000)
    async with on_stage(writing(text), most_messages=3) as stage:
        await (stage.slash() if slash else stage.ask())
        await stage.until_over()
        assert len(stage.shown()) == 3
        assert_joined(stage.shown(), text)
        stage.assert_clean()


async def test_sixty_thousand_characters_need_no_file_unless_it_is_set_otherwise() -> None:
    text = text_of(60_000)
    default = AnswerSection.model_fields["messages"].default
    async with on_stage(writing(text), most_messages=default) as stage:
        await stage.ask()
        await stage.until_over()
        assert_answer(stage.shown(), text)


async def test_markup_in_the_file_neither_pings_nor_changes() -> None:
    async with on_stage(most_messages=2) as stage:
        text = f"@everyone <@{stage.discord.bob.id}> ünïcode 👩‍👩‍👧\n```py\nx = 1\n" * 200
        stage.model.scripts = [Script(pieces_of(text, 50))]
        await stage.ask()
        await stage.until_over()
        assert text.endswith(file_in(stage.shown()[1]))
        stage.assert_clean()


@pytest.mark.parametrize("slash", [False, True])
async def test_an_error_is_said_with_the_file(slash: bool) -> None:
    text = text_of(9_000)
    async with on_stage(writing(text, error=CutOff("reset")), most_messages=3) as stage:
        await (stage.slash() if slash else stage.ask())
        await stage.until_over()
        marker = DIALECT.marker(english(words.failed(CutOff("reset"), after_text=True)))
        assert_joined(stage.shown(), text, f"{SAID}\n{marker}")


async def test_the_button_stays_while_the_model_goes_on_and_stops_it() -> None:
    async with on_stage(writing(text_of(20_000), 60), most_messages=3) as stage:
        await stage.ask()
        answer = await stage.until(
            lambda: next(
                (each for each in stage.answering.registry.running() if each.draft.length > 8_000), None
            )
        )
        await stage.settle()
        edits = stage.discord.calls.count(*EDIT)
        await stage.settle()
        assert stage.discord.calls.count(*EDIT) == edits, "nothing on screen changes"
        first, last = stage.shown()
        assert (bool(first.buttons), bool(last.buttons)) == (False, True)
        await stage.discord.react(last, stage.discord.alice, "🛑")
        await stage.until_over()
        assert_joined(stage.shown(), answer.draft.text, f"{SAID}\n{DIALECT.marker(english(words.STOPPED))}")
        stage.assert_clean()


@pytest.mark.parametrize("drop", list(Drop))
@pytest.mark.parametrize("slash", [False, True])
async def test_a_file_whose_connection_broke_is_there_once(drop: Drop, slash: bool) -> None:
    text = text_of(5_000)
    async with on_stage(writing(text), most_messages=2) as stage:
        await (stage.slash() if slash else stage.ask())
        await stage.until_running(200)
        stage.discord.drop_next(*(FOLLOW_UP if slash else CREATE), drop)
        await stage.until_over()
        assert len(stage.shown()) == 2
        assert_joined(stage.shown(), text)


async def test_a_429_on_the_file_is_waited_out() -> None:
    text = text_of(5_000)
    async with on_stage(writing(text), most_messages=2) as stage:
        await stage.ask()
        await stage.until_running(200)
        stage.discord.fail_next(*CREATE, 429, retry_after=4.0)
        await stage.until_over()
        assert_joined(stage.shown(), text)
        first, second = stage.discord.calls.select(*CREATE)[-2:]
        assert second.at - first.at >= 4.0


@pytest.mark.parametrize("slash", [False, True])
async def test_where_files_are_forbidden_all_text_comes_in_messages(slash: bool) -> None:
    text = text_of(9_000)
    async with on_stage(writing(text), most_messages=3) as stage:
        discord = stage.discord
        denied = Overwrite(discord.bot_user.id, deny=Permission.ATTACH_FILES, member=True)
        discord.set_overwrites(discord.general, denied)
        await stage.settle()
        await (stage.slash() if slash else stage.ask())
        await stage.until_over()
        assert_answer(stage.shown(), text)
        assert len(stage.shown()) == 5
        stage.assert_clean()


async def test_a_permission_taken_away_in_mid_stream_turns_the_file_into_messages() -> None:
    text = text_of(9_000)
    async with on_stage(writing(text), most_messages=3) as stage:
        discord = stage.discord
        await stage.ask()
        await stage.until_running(200)
        denied = Overwrite(discord.bot_user.id, deny=Permission.ATTACH_FILES, member=True)
        discord.set_overwrites(discord.general, denied)
        await stage.until_over()
        assert_answer(stage.shown(), text)


@pytest.mark.parametrize("size", [13_000, 60_000])
async def test_where_the_user_alone_installed_the_app_the_rest_comes_as_a_file(size: int) -> None:
    text = text_of(size)
    async with on_stage(writing(text, 60)) as stage:
        discord = stage.discord
        interaction = await stage.slash(channel=discord.elsewhere, user=discord.bob)
        await stage.until_over()
        assert len(interaction.messages) == USER_MESSAGES
        assert_joined(interaction.messages, text)
        stage.assert_clean()


async def test_where_the_user_alone_installed_the_app_six_messages_need_no_file() -> None:
    text = text_of(11_000)
    async with on_stage(writing(text, 60)) as stage:
        interaction = await stage.slash(channel=stage.discord.elsewhere, user=stage.discord.bob)
        await stage.until_over()
        assert_answer(interaction.messages, text)
        assert len(interaction.messages) == USER_MESSAGES


async def test_a_follow_up_too_many_does_not_cost_the_rest() -> None:
    """Where nobody can look for a follow-up whose connection broke, it may be there twice, in the file's place."""
    text = "\n\n".join(f"Paragraph {number}. " + "word " * 60 + "end." for number in range(190))
    async with on_stage(writing(text, 60)) as stage:
        interaction = await stage.slash(channel=stage.discord.elsewhere, user=stage.discord.bob)
        await stage.until_running(200)
        stage.discord.drop_next(*FOLLOW_UP, Drop.AFTER)
        await stage.until_over()
        *_, last = interaction.messages
        assert text.endswith(file_in(last))
        shown = [each.content for each in interaction.messages]
        once = [before for before, after in pairwise(shown) if after[:100] != before[:100]] + shown[-1:]
        assert len(once) == USER_MESSAGES - 1
        assert_shows(once, text.removesuffix(file_in(last)), DIALECT, marker="")


@pytest.mark.parametrize(("excess", "status"), [(0, 200), (1, 413)])
async def test_the_most_bytes_of_a_file_are_what_discord_takes(excess: int, status: int) -> None:
    async with rest_on_stand_in() as (sandbox, _, rest):
        request = Request("POST", f"/channels/{sandbox.general.id}/messages")
        answer = await rest.call(request, {"content": "See."}, File("answer.md", "x" * (MAX_FILE + excess)))
        assert isinstance(answer, Response)
        assert answer.status == status
