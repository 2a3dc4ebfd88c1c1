"""The control API and the page."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.slack.conftest import connected
from tests.sandbox.slack.test_elements import BUTTON, MENU, feedback, in_block
from tests.sandbox.slack.test_invocations import BLOCKS, STOP
from tests.sandbox.slack.test_views import MODAL
from tickertape.sandbox.slack import SlackSandbox


async def do(
    http: aiohttp.ClientSession, slack: SlackSandbox, action: str, **fields: object
) -> dict[str, Any]:
    """Post to the control API and return its answer."""
    async with http.post(f"{slack.page_url}sandbox/{action}", json=fields) as response:
        body: dict[str, Any] = await response.json()
        assert response.status == (200 if body["ok"] else 400)
        return body


async def test_a_person_can_drive_it(
    slack: SlackSandbox, http: aiohttp.ClientSession, app: AsyncApp, client: AsyncWebClient
) -> None:
    @app.action("stop")
    async def stop(ack: Any) -> None:  # noqa: ANN401 - Bolt's own helper
        await ack()

    async with connected(app, slack):
        said = (await do(http, slack, "say", channel="general", text="hi <b>", mention_bot=True))["message"]
        direct = (await do(http, slack, "dm", user="bob", text="hello"))["message"]
        target = {"channel": said["channel"], "ts": said["ts"]}
        assert (await do(http, slack, "react", **target, user="bob"))["changed"] is True
        assert (await do(http, slack, "unreact", **target, user="bob", name="octagonal_sign"))[
            "changed"
        ] is True
        await do(http, slack, "edit", **target, text="changed")
        await client.chat_postMessage(channel="general", text="x", blocks=BLOCKS)
        button = {"channel": "general", "ts": slack.bot_messages[0].ts}
        assert (await do(http, slack, "press", **button, action_id="stop"))["acked"] is True
        used = await do(http, slack, "slash", channel="general", text="x")
        assert used["shown_error"] == "operation_timeout"
        await do(http, slack, "delete", **target)
    async with http.get(f"{slack.page_url}sandbox/state") as response:
        state = await response.json()
    general = next(channel for channel in state["channels"] if channel["name"] == "general")
    assert (general["messages"][0]["text"], general["messages"][0]["deleted"]) == ("changed", True)
    assert direct["channel"] in [channel["id"] for channel in state["channels"]]


async def test_files_views_and_shortcuts_can_be_driven(
    slack: SlackSandbox, http: aiohttp.ClientSession, app: AsyncApp, client: AsyncWebClient
) -> None:
    @app.action("go")
    async def go(ack: Any) -> None:  # noqa: ANN401 - Bolt's own helper
        await ack()

    @app.action("model")
    async def model(ack: Any) -> None:  # noqa: ANN401 - Bolt's own helper
        await ack()

    @app.shortcut("ask_about")
    async def ask(ack: Any, shortcut: dict[str, str]) -> None:  # noqa: ANN401 - Bolt's own helper
        await ack()
        await client.views_open(trigger_id=shortcut["trigger_id"], view=MODAL)

    @app.view("question")
    async def submitted(ack: Any) -> None:  # noqa: ANN401 - Bolt's own helper
        await ack(response_action="errors", errors={"q": "Not that."})

    held = [in_block("actions", BUTTON, MENU)]
    await client.views_publish(user_id=slack.world.user("alice").id, view={"type": "home", "blocks": held})
    await client.chat_postMessage(channel="general", text="x", blocks=held)
    answer = {"channel": "general", "ts": slack.bot_messages[0].ts}
    async with connected(app, slack):
        shared = await do(http, slack, "share", channel="general", name="a.txt", content="a", text="look")
        target = {"channel": "general", "ts": shared["message"]["ts"]}
        assert (await do(http, slack, "home"))["view"]["type"] == "home"
        assert (await do(http, slack, "messages"))["prompts"] == []
        for place in ({}, answer):
            assert (await do(http, slack, "press", **place))["acked"] is True
            chosen = await do(http, slack, "choose", **place, action_id="model", value="small")
            assert chosen["acked"] is True
        assert (await do(http, slack, "shortcut", **target, callback_id="ask_about"))["acked"] is True
        await slack.wait_for(lambda: slack.world.modal_of("alice"))
        used = await do(http, slack, "submit", values={"text": "Why?"})
        assert used["errors"] == {"q": "Not that."}
        assert (await do(http, slack, "submit", values=[]))["ok"] is False
        assert (await do(http, slack, "shortcut", callback_id="none"))["acked"] is False
    assert (await do(http, slack, "press", user="bob"))["ok"] is False
    wrong = await do(http, slack, "share", channel="general", name="a.txt", base64="?")
    assert wrong["ok"] is False
    async with http.get(f"{slack.page_url}sandbox/state") as response:
        state = await response.json()
    alice = slack.world.user("alice").id
    assert (list(state["homes"]), list(state["modals"])) == ([alice], [alice])
    assert shared["message"]["files"][0]["name"] == "a.txt"


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("say", {"channel": "nowhere", "text": "x"}),
        ("say", {"channel": "general"}),
        ("say", {"channel": "general", "text": "x", "user": "nobody"}),
        ("react", {"channel": "general", "ts": "1.0"}),
        ("react", {"channel": "general", "ts": "1.0", "name": "stop_button"}),
    ],
)
async def test_mistakes_are_named(
    slack: SlackSandbox, http: aiohttp.ClientSession, action: str, fields: dict[str, str]
) -> None:
    assert (await do(http, slack, action, **fields))["ok"] is False


async def test_another_sites_page_is_refused(slack: SlackSandbox, http: aiohttp.ClientSession) -> None:
    url, fields = f"{slack.page_url}sandbox/say", {"channel": "general", "text": "x"}
    async with http.post(url, data=fields, headers={"Origin": "https://evil.example"}) as response:
        assert response.status == 403
    async with http.post(url, data=fields, headers={"Origin": slack.page_url.rstrip("/")}) as response:
        assert response.status == 200


async def test_the_page_shows_everything_escaped(
    slack: SlackSandbox, http: aiohttp.ClientSession, client: AsyncWebClient
) -> None:
    said = await slack.say("general", "alice", "<script>alert(1)</script>", mention_bot=True)
    await slack.react(said, "bob", "x")
    evil: dict[str, Any] = STOP | {"action_id": '"><script>'}
    blocks: list[dict[str, Any]] = [
        {"type": "markdown", "text": "<i>x</i>"},
        {"type": "actions", "elements": [evil]},
        in_block("context_actions", feedback()),
    ]
    await client.chat_postMessage(channel="general", text="x", blocks=blocks, thread_ts=said.ts)
    await client.chat_postEphemeral(channel=said.channel, user=said.user, text="psst")
    await slack.say_as_bot("general", "beep")
    await slack.say(await slack.open_dm("alice"), "alice", "between us")
    async with http.get(slack.page_url) as response:
        text = await response.text()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "@tickertape" in text
    assert text.count("<script>") == 1
    assert all(
        part in text
        for part in (
            "&lt;i&gt;x",
            "psst",
            "between us",
            "Robot",
            ":x: 1",
            'class="reply own"',
            'data-positive="0"',
        )
    )
    async with http.get(f"{slack.page_url}sandbox/view", params={"user": "bob"}) as response:
        theirs = await response.text()
    assert "psst" not in theirs
    assert "between us" not in theirs
    async with http.get(f"{slack.page_url}sandbox/view", params={"user": "nobody"}) as response:
        assert response.status == 400


async def test_changes_are_announced(slack: SlackSandbox, http: aiohttp.ClientSession) -> None:
    async with http.get(f"{slack.page_url}sandbox/changes") as response:
        first = await response.content.readuntil(b"\n\n")
        await slack.say("general", "alice", "x")
        second = await response.content.readuntil(b"\n\n")
        assert first != second
        await slack.stop()
        assert await response.content.read() == b""


async def test_a_taken_port_is_an_error(slack: SlackSandbox) -> None:
    port = int(slack.api_url.split(":")[2].split("/")[0])
    other = SlackSandbox()
    with pytest.raises(OSError, match="address already in use"):
        await other.start(port=port)
    await other.stop()
