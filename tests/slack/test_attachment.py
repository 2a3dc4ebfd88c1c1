"""Very long answers in Slack: the rest comes as a file, where the app may send files."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from tests.render.joined import assert_shows
from tests.slack.stage import SENTENCE, Stage, assert_answer, files_of, has_button, on_stage, text_of
from tests.support.english import english
from tests.support.scripted_model import Script, ScriptedModel, pieces_of
from tickertape.languages import words
from tickertape.model.api import CutOff
from tickertape.sandbox.slack import Message
from tickertape.screen.body import Body, File
from tickertape.screen.outcome import Unconfirmed
from tickertape.slack.http.budgets import SlackLimits
from tickertape.slack.http.files import MAX_UPLOADS
from tickertape.slack.http.web import make_client, make_session
from tickertape.slack.restart.places import SlackPlace
from tickertape.slack.showing.dialect import DIALECT
from tickertape.slack.showing.surface import SlackSurface

SAID = f"_{english(words.REST_IN_FILE)}_"
GET_URL, COMPLETE = "files.getUploadURLExternal", "files.completeUploadExternal"


def of_length(length: int) -> str:
    return (SENTENCE * (length // len(SENTENCE) + 1))[: length - 1] + "."


def writing(text: str, seconds: float = 20, **script: object) -> ScriptedModel:
    pieces = pieces_of(text, 100)
    return ScriptedModel([Script(pieces, pause=seconds / len(pieces), **script)])  # type: ignore[arg-type]  # fields of Script


def assert_joined(stage: Stage, messages: list[Message], text: str, said: str = SAID) -> None:
    """Fail unless the messages and the file in the last one give back `text`, and no button is left."""
    *shown, last = messages
    (rest,) = files_of(stage.slack, messages)
    assert (last.text, last.subtype, last.content.files[0]["name"]) == (said, "file_share", "answer.md")
    assert text.endswith(rest)
    assert_shows([text_of(each) for each in shown], text.removesuffix(rest), DIALECT, marker="")
    assert not any(map(has_button, messages))


async def ask(stage: Stage) -> Message:
    return await stage.slack.say("general", "alice", "Why?", mention_bot=True)


async def test_what_has_no_room_comes_as_a_file_into_the_thread() -> None:
    text = of_length(60_000)
    async with on_stage(writing(text), most_messages=3) as stage:
        asked = await ask(stage)
        await stage.until_over()
        assert len(stage.thread(asked)) == 3
        assert_joined(stage, stage.thread(asked), text)
        stage.assert_clean()


async def test_a_direct_message_gets_its_file_as_well() -> None:
    text = of_length(30_000)
    async with on_stage(writing(text), most_messages=2) as stage:
        direct = await stage.slack.open_dm("alice")
        await stage.slack.say(direct, "alice", "Why?")
        await stage.until_over()
        assert_joined(stage, stage.shown(), text)
        stage.assert_clean()


async def test_the_files_message_pings_nobody_and_is_no_question() -> None:
    async with on_stage(most_messages=2) as stage:
        text = f"<!channel> <@{stage.slack.bot_user_id}> ünïcode 👩‍👩‍👧\n```py\nx = 1\n" * 500
        stage.model.scripts = [Script(pieces_of(text, 100))]
        asked = await ask(stage)
        await stage.until_over()
        assert text.endswith(files_of(stage.slack, stage.thread(asked))[0])
        assert len(stage.model.asked) == 1
        stage.assert_clean()


async def test_an_error_is_said_with_the_file() -> None:
    text = of_length(30_000)
    async with on_stage(writing(text, error=CutOff("reset")), most_messages=2) as stage:
        asked = await ask(stage)
        await stage.until_over()
        sentence = english(words.failed(CutOff("reset"), after_text=True))
        assert_joined(stage, stage.thread(asked), text, f"{SAID}\n_{sentence}_")


async def test_the_button_stays_while_the_model_goes_on_and_stops_it() -> None:
    async with on_stage(writing(of_length(60_000), 60), most_messages=2) as stage:
        asked = await ask(stage)
        registry = stage.answering.registry
        answer = await stage.until(
            lambda: next((each for each in registry.running() if each.draft.length > 30_000), None)
        )
        (shown,) = stage.thread(asked)
        await stage.slack.press(shown, "alice", "tickertape_stop")
        await stage.until_over()
        assert_joined(stage, stage.thread(asked), answer.draft.text, f"{SAID}\n_{english(words.STOPPED)}_")
        stage.assert_clean()


@pytest.mark.parametrize("method", [GET_URL, COMPLETE])
@pytest.mark.parametrize("drop", ["before", "after"])
async def test_a_file_whose_connection_broke_is_there_once(method: str, drop: str) -> None:
    text = of_length(30_000)
    async with on_stage(writing(text), most_messages=2) as stage:
        asked = await ask(stage)
        await stage.until_running()
        stage.slack.fail_next(method, drop=drop)
        await stage.until_over()
        assert len(stage.thread(asked)) == 2
        assert_joined(stage, stage.thread(asked), text)
        looked = len(stage.slack.calls_of("conversations.replies"))
        assert looked == (1 if method == COMPLETE else 0)


@pytest.mark.parametrize("method", [GET_URL, COMPLETE])
async def test_a_429_on_a_file_is_waited_out(method: str) -> None:
    text = of_length(30_000)
    async with on_stage(writing(text), most_messages=2) as stage:
        asked = await ask(stage)
        await stage.until_running()
        stage.slack.fail_next(method, error="ratelimited", retry_after=5)
        await stage.until_over()
        assert_joined(stage, stage.thread(asked), text)
        first, second = stage.slack.calls_of(method)
        assert second.at - first.at >= 5
        assert len(stage.slack.calls_of(GET_URL)) == (2 if method == GET_URL else 1), "bytes are sent once"


async def test_without_the_scope_all_text_comes_in_messages() -> None:
    text = of_length(60_000)
    async with on_stage(writing(text), most_messages=2, without_scopes=frozenset({"files:write"})) as stage:
        asked = await ask(stage)
        await stage.until_over()
        assert_answer(stage.thread(asked), text)
        assert len(stage.thread(asked)) == 6
        assert stage.slack.calls_of(GET_URL) == []
        stage.assert_clean()


@pytest.mark.parametrize("error", ["missing_scope", "file_update_failed", "posting_to_channel_denied"])
async def test_a_refused_file_becomes_messages(error: str) -> None:
    text = of_length(30_000)
    async with on_stage(writing(text), most_messages=2) as stage:
        asked = await ask(stage)
        await stage.until_running()
        stage.slack.fail_next(COMPLETE, error=error)
        await stage.until_over()
        assert_answer(stage.thread(asked), text)


@asynccontextmanager
async def uploading(status: int, uploads: list[int]) -> AsyncIterator[SlackSurface]:
    """Yield a surface of a Slack whose upload URL answers with `status` and counts its calls."""

    async def name_place(request: web.Request) -> web.Response:
        return web.json_response(
            {"ok": True, "upload_url": str(request.url.with_path("/up")), "file_id": "F1"}
        )

    async def upload(_: web.Request) -> web.Response:
        uploads.append(status)
        return web.Response(status=status)

    app = web.Application()
    app.router.add_route("*", f"/api/{GET_URL}", name_place)
    app.router.add_post("/up", upload)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with make_session() as session:
        client = make_client("xoxb-1", f"http://127.0.0.1:{runner.addresses[0][1]}/api/", session)
        yield SlackSurface(client, SlackLimits("T1"), SlackPlace("T1", "C1", "1.0", "1.0"))
    await runner.cleanup()


@pytest.mark.parametrize(
    ("status", "tries"), [(403, 1), (413, 1), (408, MAX_UPLOADS), (429, MAX_UPLOADS), (500, MAX_UPLOADS)]
)
async def test_a_file_that_can_not_be_uploaded_leaves_room_for_messages_only(status: int, tries: int) -> None:
    uploads = list[int]()
    async with uploading(status, uploads) as surface:
        for _ in range(tries):
            assert surface.room.file
            outcome = await surface.post(Body("The rest:", file=File("answer.md", "Text.")), 1)
            assert isinstance(outcome, Unconfirmed)
        assert not surface.room.file
        assert uploads == [status] * tries
