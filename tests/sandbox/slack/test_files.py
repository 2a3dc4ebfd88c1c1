"""Files that people share, and the host that gives them to the bot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.slack.conftest import connected, error_of
from tickertape.sandbox.slack import Login, Message, SlackSandbox, Upload

Json = dict[str, Any]


@pytest.fixture
async def elsewhere(unused_tcp_port: int) -> AsyncIterator[tuple[str, list[dict[str, str]]]]:
    """Yield the address of a server that is none of Slack's, and the headers of the requests that it got."""
    got: list[dict[str, str]] = []

    async def give(request: web.Request) -> web.Response:
        got.append({name.lower(): value for name, value in request.headers.items()})
        return web.Response(body=b"from elsewhere")

    app = web.Application()
    app.router.add_get("/{path:.*}", give)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", unused_tcp_port).start()
    yield f"http://127.0.0.1:{unused_tcp_port}/", got
    await runner.cleanup()


def bearer(slack: SlackSandbox) -> dict[str, str]:
    return {"Authorization": f"Bearer {slack.bot_token}"}


def url_of(slack: SlackSandbox, message: Message) -> str:
    """Return the address that the last event gave for the first file of a message."""
    event = next(each.event for each in reversed(slack.deliveries) if each.event.get("ts") == message.ts)
    return str(event["files"][0]["url_private"])


async def fetch(http: aiohttp.ClientSession, url: str, **more: Any) -> tuple[int, str, bytes]:  # noqa: ANN401 - aiohttp's arguments
    """Return status, content type and body."""
    async with http.get(url, **more) as response:
        return response.status, response.content_type, await response.read()


async def test_files_come_with_the_message_and_the_mention(slack: SlackSandbox, app: AsyncApp) -> None:
    got: dict[str, Json] = {}

    @app.event("message")
    async def message(event: Json) -> None:
        got["message"] = event

    @app.event("app_mention")
    async def mention(event: Json) -> None:
        got["app_mention"] = event

    uploads = Upload("a.png", b"\x89PNG"), Upload("b.py", b"print()"), Upload("c", b"?")
    async with connected(app, slack):
        root = await slack.say("general", "bob", "look")
        await slack.share(
            "general", "alice", *uploads, text="see <this>", thread_ts=root.ts, mention_bot=True
        )
        await slack.wait_for(lambda: "files" in got.get("message", {}) and "app_mention" in got)
    assert (got["message"]["subtype"], "subtype" in got["app_mention"]) == ("file_share", False)
    assert got["message"]["files"] == got["app_mention"]["files"]
    assert got["message"]["text"].endswith("see &lt;this&gt;")
    assert [(each["mimetype"], each["filetype"], each["mode"]) for each in got["message"]["files"]] == [
        ("image/png", "png", "hosted"),
        ("text/x-python", "python", "snippet"),
        ("application/octet-stream", "binary", "hosted"),
    ]
    first = got["message"]["files"][0]
    assert (first["name"], first["size"], first["user"]) == ("a.png", 4, got["message"]["user"])
    assert got["message"]["thread_ts"] == root.ts


async def test_a_forwarded_file_mentions_nobody(slack: SlackSandbox) -> None:
    await slack.share(
        "general", "alice", Upload("a.txt", b"x"), text="look", mention_bot=True, forwarded=True
    )
    assert [each.event["type"] for each in slack.deliveries] == ["message"]


async def test_the_host_gives_files_to_the_bot_only(slack: SlackSandbox, http: aiohttp.ClientSession) -> None:
    said = await slack.share_file("general", "alice", "a.txt", b"secret", "look")
    held = said.content.files[0]
    assert held["url_private"].startswith(slack.files_url)
    assert not slack.files_url.startswith(slack.page_url)
    for url in (held["url_private"], held["url_private_download"]):
        assert await fetch(http, url, headers=bearer(slack)) == (200, "text/plain", b"secret")
        status, kind, body = await fetch(http, url)
        assert (status, kind, b"secret" in body) == (200, "text/html", False)
    wrong = await fetch(http, held["url_private"], headers={"Authorization": f"Bearer {slack.app_token}"})
    assert wrong[1] == "text/html"
    assert [(each.granted, each.status) for each in slack.file_requests] == [
        (True, 200),
        (False, 200),
        (True, 200),
        (False, 200),
        (False, 200),
    ]
    assert slack.file_requests[0].authorization == f"Bearer {slack.bot_token}"
    assert slack.file_requests[1].authorization == ""


async def test_the_login_page_may_be_a_redirect_away(
    slack: SlackSandbox, http: aiohttp.ClientSession
) -> None:
    said = await slack.share_file("general", "alice", "a.txt", b"secret")
    slack.file_behaviour.login = Login.REDIRECT
    status, kind, _ = await fetch(http, url_of(slack, said))
    assert (status, kind) == (200, "text/html")
    assert [each.status for each in slack.file_requests] == [302, 200]


async def test_without_the_scope_there_is_only_the_login_page(
    slack: SlackSandbox, client: AsyncWebClient, http: aiohttp.ClientSession
) -> None:
    slack.scopes -= {"files:read"}
    said = await slack.share_file("general", "alice", "a.txt", b"secret")
    assert (await fetch(http, url_of(slack, said), headers=bearer(slack)))[1] == "text/html"
    assert await error_of(client.files_info(file=said.content.files[0]["id"])) == "missing_scope"


async def test_the_bot_sees_only_files_of_its_conversations(
    slack: SlackSandbox, client: AsyncWebClient, http: aiohttp.ClientSession
) -> None:
    said = await slack.share_file("random", "alice", "a.txt", b"secret")
    held = said.content.files[0]
    assert slack.deliveries == []
    assert await error_of(client.files_info(file=held["id"])) == "not_visible"
    assert (await fetch(http, held["url_private"], headers=bearer(slack)))[1] == "text/html"
    await slack.invite_bot("random")
    assert (await client.files_info(file=held["id"]))["file"]["url_private"] == held["url_private"]


async def test_a_redirect_to_another_host_shows_whether_the_token_goes_along(
    slack: SlackSandbox, http: aiohttp.ClientSession, elsewhere: tuple[str, list[dict[str, str]]]
) -> None:
    address, got = elsewhere
    said = await slack.share_file("general", "alice", "a.txt", b"secret")
    slack.file_behaviour.redirect_to = f"{address}a.txt"
    url = url_of(slack, said)
    assert (await fetch(http, url, headers=bearer(slack)))[2] == b"from elsewhere"
    # aiohttp drops the header by itself when host or port change.
    assert "authorization" not in got[0]


async def test_a_slow_host(slack: SlackSandbox, http: aiohttp.ClientSession) -> None:
    said = await slack.share_file("general", "alice", "a.bin", b"x" * 200_000)
    slack.file_behaviour.delay, slack.file_behaviour.pause = 5.0, 2.0
    begun = asyncio.get_running_loop().time()
    _, _, body = await fetch(http, url_of(slack, said), headers=bearer(slack))
    assert len(body) == 200_000
    assert asyncio.get_running_loop().time() - begun == pytest.approx(11, abs=0.1)


@pytest.mark.parametrize("announced", [True, False])
async def test_more_bytes_than_the_file_object_said(
    slack: SlackSandbox, http: aiohttp.ClientSession, announced: bool
) -> None:
    said = await slack.share_file("general", "alice", "a.txt", b"secret")
    slack.file_behaviour.surplus, slack.file_behaviour.announces_length = 1000, announced
    async with http.get(url_of(slack, said), headers=bearer(slack)) as response:
        assert ("Content-Length" in response.headers) is announced
        assert len(await response.read()) == 1006


async def test_a_host_that_breaks(slack: SlackSandbox, http: aiohttp.ClientSession) -> None:
    said = await slack.share_file("general", "alice", "a.bin", b"x" * 200_000)
    url = url_of(slack, said)
    slack.file_behaviour.drop_after = 100_000
    with pytest.raises(aiohttp.ClientError):
        await fetch(http, url, headers=bearer(slack))
    slack.file_behaviour.status = 503
    assert (await fetch(http, url, headers=bearer(slack)))[0] == 503


async def test_slack_may_say_something_untrue_of_a_file(slack: SlackSandbox) -> None:
    upload = Upload("a.png", b"x" * 500, mimetype="image/png", size=3)
    said = await slack.share("general", "alice", upload)
    assert (said.content.files[0]["size"], said.content.files[0]["mimetype"]) == (3, "image/png")


async def test_a_file_kept_elsewhere(
    slack: SlackSandbox, elsewhere: tuple[str, list[dict[str, str]]]
) -> None:
    said = await slack.share("general", "alice", Upload("plan.pdf", url=f"{elsewhere[0]}plan.pdf"))
    held = said.content.files[0]
    assert (held["mode"], held["is_external"], held["url_private"]) == (
        "external",
        True,
        f"{elsewhere[0]}plan.pdf",
    )
    assert "url_private_download" not in held


async def test_files_of_slack_connect_must_be_asked_for(
    slack: SlackSandbox, client: AsyncWebClient, http: aiohttp.ClientSession
) -> None:
    channel = await slack.add_channel("partners", "alice", shared=True)
    said = await slack.share_file(channel, "alice", "a.txt", b"secret")
    (delivery,) = slack.deliveries
    (stub,) = delivery.event["files"]
    assert (stub["file_access"], "url_private" in stub) == ("check_file_info", False)
    assert delivery.payload["is_ext_shared_channel"] is True
    told = (await client.files_info(file=stub["id"]))["file"]
    assert (await fetch(http, told["url_private"], headers=bearer(slack)))[2] == b"secret"
    (shown,) = (await client.conversations_history(channel=channel.id))["messages"]
    assert shown["files"][0]["url_private"] == told["url_private"]
    assert said.ts == shown["ts"]


async def test_deleted_and_hidden_files(
    slack: SlackSandbox, client: AsyncWebClient, http: aiohttp.ClientSession, general: str
) -> None:
    said = await slack.share("general", "alice", Upload("a.txt", b"a"), Upload("b.txt", b"b"))
    first, second = (held["id"] for held in said.content.files)
    await slack.delete_file(first)
    await slack.hide_file(second)
    event = slack.deliveries[-1].event
    assert (event["subtype"], event["previous_message"]["files"][1]["name"]) == ("message_changed", "b.txt")
    (shown,) = (await client.conversations_history(channel=general))["messages"]
    assert shown["files"] == [
        {"id": first, "mode": "tombstone"},
        {"id": second, "mode": "hidden_by_limit"},
    ]
    assert await error_of(client.files_info(file=first)) == "file_deleted"
    assert (await fetch(http, said.content.files[0]["url_private"], headers=bearer(slack)))[0] == 404


async def test_an_edit_keeps_the_files(slack: SlackSandbox) -> None:
    said = await slack.share_file("general", "alice", "a.txt", b"a", "look")
    await slack.edit(said, "look here")
    assert slack.deliveries[-1].event["message"]["files"][0]["name"] == "a.txt"


async def test_an_uninstalled_app_gets_nothing(slack: SlackSandbox, http: aiohttp.ClientSession) -> None:
    said = await slack.share_file("general", "alice", "a.txt", b"secret")
    url = url_of(slack, said)
    await slack.uninstall()
    assert (await fetch(http, url, headers=bearer(slack)))[1] == "text/html"
