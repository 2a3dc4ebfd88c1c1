"""Feedback, menus and shortcuts, with Bolt over Socket Mode; and what a press looks like over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.slack.conftest import connected, error_of
from tests.sandbox.slack.test_elements import BUTTON, MENU, feedback, in_block, option, plain
from tests.sandbox.slack.test_events_api import bolt, serving
from tickertape.sandbox.slack import Channel, Message, SlackSandbox

Json = dict[str, Any]


async def posted(
    client: AsyncWebClient, slack: SlackSandbox, *held: Json, thread_ts: str | None = None
) -> Message:
    """Post blocks in #general and return the message."""
    blocks = [{"type": "markdown", "text": "An answer."}, *held]
    await client.chat_postMessage(channel="general", text="x", blocks=blocks, thread_ts=thread_ts)
    return slack.bot_messages[-1]


def record(app: AsyncApp, action_id: str) -> list[Json]:
    """Let the app acknowledge an action and collect the bodies."""
    got: list[Json] = []

    @app.action(action_id)
    async def act(ack: Any, body: Json) -> None:  # noqa: ANN401 - Bolt's own helper
        await ack()
        got.append(body)

    return got


async def test_a_press_says_who_pressed_what_where(
    slack: SlackSandbox, app: AsyncApp, client: AsyncWebClient
) -> None:
    got = record(app, "go")
    asked = await slack.say("general", "alice", "Why?")
    answer = await posted(client, slack, in_block("actions", BUTTON), thread_ts=asked.ts)
    async with connected(app, slack):
        used = await slack.press(answer, "bob")
    (body,) = got
    assert (body["user"]["id"], body["team"]["id"]) == (slack.world.user("bob").id, slack.team_id)
    assert body["container"] == {
        "type": "message",
        "message_ts": answer.ts,
        "channel_id": answer.channel,
        "is_ephemeral": False,
        "thread_ts": asked.ts,
    }
    assert (body["message"]["thread_ts"], len(body["message"]["blocks"])) == (asked.ts, 2)
    assert (body["trigger_id"], body["response_url"]) == (used.trigger_id, used.response_url)
    (action,) = body["actions"]
    assert (action["action_id"], action["value"], action["block_id"]) == ("go", "v", "b1")
    assert used.error is None


@pytest.mark.parametrize(("positive", "value"), [(True, "pos"), (False, "neg")])
async def test_feedback(
    slack: SlackSandbox, app: AsyncApp, client: AsyncWebClient, positive: bool, value: str
) -> None:
    got = record(app, "feedback")
    answer = await posted(client, slack, in_block("context_actions", feedback()))
    async with connected(app, slack):
        used = await slack.press(answer, "alice", "feedback", positive=positive)
    assert (used.value, used.error) == (value, None)
    (action,) = got[0]["actions"]
    assert (action["type"], action["value"]) == ("feedback_buttons", value)


async def test_feedback_at_the_end_of_a_stream(
    slack: SlackSandbox, app: AsyncApp, client: AsyncWebClient
) -> None:
    got = record(app, "feedback")
    asked = await slack.say(await slack.open_dm("alice"), "alice", "Why?")
    stream = await client.chat_stream(channel=asked.channel, thread_ts=asked.ts)
    await stream.append(markdown_text="Because.")
    await stream.stop(blocks=[in_block("context_actions", feedback())])
    async with connected(app, slack):
        await slack.press(slack.bot_messages[0], "alice", "feedback")
    assert got[0]["actions"][0]["value"] == "pos"


async def test_a_choice_in_a_menu(slack: SlackSandbox, app: AsyncApp, client: AsyncWebClient) -> None:
    got = record(app, "model")
    message = await posted(client, slack, in_block("actions", MENU))
    async with connected(app, slack):
        used = await slack.choose(message, "alice", "model", "large")
        with pytest.raises(LookupError, match="no option 'huge'"):
            await slack.choose(message, "alice", "model", "huge")
    assert used.value == "large"
    assert got[0]["actions"][0]["selected_option"] == option("large")
    assert got[0]["state"]["values"]["b1"]["model"]["selected_option"] == option("large")


async def test_a_menu_whose_options_the_app_provides(
    slack: SlackSandbox, app: AsyncApp, client: AsyncWebClient
) -> None:
    got, known = record(app, "search"), ["small", "smaller", "large"]

    @app.options("search")
    async def find(ack: Any, payload: Json) -> None:  # noqa: ANN401 - Bolt's own helper
        await ack(options=[option(name) for name in known if payload["value"] in name])

    menu = {"type": "external_select", "action_id": "search", "min_query_length": 2}
    message = await posted(client, slack, in_block("actions", menu))
    async with connected(app, slack):
        suggested = await slack.suggest(message, "alice", "search", "small")
        short = await slack.suggest(message, "alice", "search", "s")
        await slack.choose(message, "alice", "search", "smaller")
        with pytest.raises(LookupError, match="no option"):
            await slack.choose(message, "alice", "search", "unknown")
    assert [each["value"] for each in suggested.options] == ["small", "smaller"]
    assert (short.options, short.acked_at) == ([], None)
    assert got[0]["actions"][0]["selected_option"]["value"] == "smaller"


async def test_what_is_not_there_cannot_be_used(slack: SlackSandbox, client: AsyncWebClient) -> None:
    message = await posted(client, slack, in_block("actions", BUTTON))
    with pytest.raises(LookupError, match="no element other"):
        await slack.press(message, "alice", "other")
    await client.chat_update(channel=message.channel, ts=message.ts, text="done")
    with pytest.raises(LookupError, match="no element"):
        await slack.press(message, "alice", "go")


async def test_a_press_can_replace_or_delete_its_message(
    slack: SlackSandbox, app: AsyncApp, client: AsyncWebClient
) -> None:
    @app.action("go")
    async def go(ack: Any, respond: Any, action: Json) -> None:  # noqa: ANN401 - Bolt's own helpers
        await ack()
        if action["value"] == "replace":
            await respond("replaced", replace_original=True)
        else:
            await respond(delete_original=True)

    first = await posted(client, slack, in_block("actions", BUTTON | {"value": "replace"}))
    second = await posted(client, slack, in_block("actions", BUTTON))
    async with connected(app, slack):
        await slack.press(first, "alice")
        await slack.press(second, "alice")
        await slack.wait_for(lambda: second.deleted and first.visible == "replaced")
    assert first.blocks == []


async def test_a_message_shortcut(slack: SlackSandbox, app: AsyncApp) -> None:
    got: list[Json] = []

    @app.shortcut("ask_about")
    async def ask(ack: Any, shortcut: Json, respond: Any) -> None:  # noqa: ANN401 - Bolt's own helpers
        await ack()
        got.append(shortcut)
        await respond("only for you")

    said = await slack.say("random", "bob", "a fact & more")
    async with connected(app, slack):
        used = await slack.use_shortcut(said, "alice", "ask_about")
        await slack.wait_for(lambda: used.messages)
    (shortcut,) = got
    assert (shortcut["type"], shortcut["callback_id"]) == ("message_action", "ask_about")
    assert (shortcut["message"]["text"], shortcut["message"]["user"]) == ("a fact &amp; more", said.user)
    assert (shortcut["message_ts"], shortcut["channel"]["id"]) == (said.ts, said.channel)
    assert (shortcut["user"]["id"], shortcut["team"]["id"]) == (used.user.id, slack.team_id)
    assert used.messages == slack.world.ephemerals_of("alice")


async def test_a_global_shortcut_has_no_channel(slack: SlackSandbox, app: AsyncApp) -> None:
    got: list[Json] = []

    @app.global_shortcut("ask")
    async def ask(ack: Any, shortcut: Json) -> None:  # noqa: ANN401 - Bolt's own helper
        await ack()
        got.append(shortcut)

    async with connected(app, slack):
        used = await slack.use_global_shortcut("alice", "ask")
    assert (got[0]["type"], got[0]["trigger_id"]) == ("shortcut", used.trigger_id)
    assert not {"channel", "message", "response_url"} & got[0].keys()


async def test_without_the_scope_there_are_neither_commands_nor_shortcuts(slack: SlackSandbox) -> None:
    said = await slack.say("general", "alice", "hello")
    slack.scopes -= {"commands"}
    for use in (
        slack.slash("general", "alice", "/ask"),
        slack.use_shortcut(said, "alice", "ask"),
        slack.use_global_shortcut("alice", "ask"),
    ):
        with pytest.raises(LookupError, match="of this workspace"):
            await use


async def test_several_commands(slack: SlackSandbox, app: AsyncApp) -> None:
    for name in ("/ask", "/forget", "/model"):

        @app.command(name)
        async def run(ack: Any, command: Json) -> None:  # noqa: ANN401 - Bolt's own helper
            await ack(f"{command['command']}: {command['text']} in {command['channel_name']}")

    places: list[Channel | str] = [
        "general",
        await slack.open_dm("alice"),
        await slack.add_channel("hq", "alice", private=True),
    ]
    async with connected(app, slack):
        used = [
            await slack.slash(place, "alice", name, "a <@U1> & b")
            for place, name in zip(places, ("/ask", "/forget", "/model"), strict=True)
        ]
        unknown = await slack.slash("general", "alice", "/usage")
    assert [each.messages[0].visible for each in used] == [
        "/ask: a @U1 & b in general",
        "/forget: a @U1 & b in directmessage",
        "/model: a @U1 & b in privategroup",
    ]
    assert unknown.error == "operation_timeout"
    assert not {"thread_ts", "locale", "message_ts"} & slack.deliveries[0].payload.keys()


async def test_everything_comes_over_http_too(
    slack: SlackSandbox, app: AsyncApp, client: AsyncWebClient
) -> None:
    got = record(app, "feedback")

    @app.shortcut("ask_about")
    async def ask(ack: Any) -> None:  # noqa: ANN401 - Bolt's own helper
        await ack()

    @app.options("search")
    async def find(ack: Any) -> None:  # noqa: ANN401 - Bolt's own helper
        await ack(options=[option("found")])

    menu = {"type": "external_select", "action_id": "search", "placeholder": plain("Model")}
    blocks = in_block("actions", menu), in_block("context_actions", feedback())
    message = await posted(client, slack, *blocks)
    async with serving(bolt(app), slack):
        await slack.press(message, "alice", "feedback", positive=False)
        used = await slack.use_shortcut(message, "alice", "ask_about")
        suggested = await slack.suggest(message, "alice", "search", "found")
    assert (got[0]["actions"][0]["value"], used.error) == ("neg", None)
    assert suggested.options == [option("found")]


async def test_slack_refuses_bad_elements(client: AsyncWebClient) -> None:
    for held in (in_block("actions", feedback()), in_block("context_actions", BUTTON)):
        call = client.chat_postMessage(channel="general", text="x", blocks=[held])
        assert await error_of(call) == "invalid_blocks"
