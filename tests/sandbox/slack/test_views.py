"""The app's home and its modals, with Bolt over Socket Mode."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.slack.conftest import connected, error_of
from tests.sandbox.slack.test_elements import BUTTON, INPUT, MENU, as_input, in_block, option, plain
from tests.sandbox.slack.test_events_api import bolt, serving
from tickertape.sandbox.slack import AppSettings, SlackSandbox

Json = dict[str, Any]

SECTION: Json = {"type": "section", "text": {"type": "mrkdwn", "text": "Hello."}}
HOME: Json = {"type": "home", "blocks": [SECTION, in_block("actions", BUTTON)]}
MODAL: Json = {
    "type": "modal",
    "callback_id": "question",
    "title": plain("Ask about this"),
    "submit": plain("Ask"),
    "private_metadata": "C1/1.2",
    "blocks": [as_input(INPUT | {"multiline": True, "max_length": 10}, block_id="q")],
}


async def opened(
    slack: SlackSandbox, client: AsyncWebClient, view: Json = MODAL, user: str = "alice"
) -> Json:
    """Open a modal for a user and return it as Slack does."""
    used = await slack.slash("general", user, "/ask")
    answer: Json = (await client.views_open(trigger_id=used.trigger_id, view=view))["view"]
    return answer


async def test_a_home_is_published_when_it_is_opened(slack: SlackSandbox, app: AsyncApp) -> None:
    events: list[Json] = []

    @app.event("app_home_opened")
    async def show(event: Json, client: AsyncWebClient) -> None:
        events.append(event)
        await client.views_publish(user_id=event["user"], view=HOME)

    slack.subscriptions |= {"app_home_opened"}
    async with connected(app, slack):
        assert await slack.open_home("alice") is None
        shown = await slack.wait_for(lambda: slack.world.home_of("alice"))
        again = await slack.open_home("alice")
        await slack.wait_for(lambda: len(events) == 2)
        await slack.open_messages("alice")
        await slack.wait_for(lambda: len(events) == 3)
    assert [event["tab"] for event in events] == ["home", "home", "messages"]
    assert [event.get("view", {}).get("id") for event in events] == [None, shown["id"], None]
    assert again == shown
    assert events[0]["channel"] == (await slack.open_dm("alice")).id
    assert slack.world.home_of("bob") is None


async def test_a_press_in_the_home(slack: SlackSandbox, app: AsyncApp, client: AsyncWebClient) -> None:
    got: list[Json] = []

    @app.action("go")
    async def go(ack: Any, body: Json) -> None:  # noqa: ANN401 - Bolt's own helper
        await ack()
        got.append(body)

    alice = slack.world.user("alice").id
    await client.views_publish(user_id=alice, view=HOME)
    home = slack.world.home_of("alice")
    assert home is not None
    async with connected(app, slack):
        used = await slack.press_in_view(home, "alice", "go")
    assert (used.error, used.value) == (None, "v")
    assert got[0]["container"] == {"type": "view", "view_id": home["id"]}
    assert (got[0]["view"]["hash"], got[0]["user"]["id"]) == (home["hash"], alice)
    assert not {"channel", "message", "response_url"} & got[0].keys()


async def test_a_press_in_a_view_has_nothing_to_respond_to(
    slack: SlackSandbox, app: AsyncApp, client: AsyncWebClient
) -> None:
    """Bolt still hands out `respond`, which raises when it is called."""
    errors: list[str] = []

    @app.action("go")
    async def go(ack: Any, respond: Any) -> None:  # noqa: ANN401 - Bolt's own helpers
        await ack()
        try:
            await respond("done")
        except ValueError as error:
            errors.append(str(error))

    alice = slack.world.user("alice").id
    home = (await client.views_publish(user_id=alice, view=HOME))["view"]
    async with connected(app, slack):
        await slack.press_in_view(home, "alice")
        await slack.wait_for(lambda: errors)
    assert "there is no response_url" in errors[0]


async def test_menus_in_the_home(slack: SlackSandbox, app: AsyncApp, client: AsyncWebClient) -> None:
    got: list[Json] = []

    @app.action("model")
    async def model(ack: Any, action: Json) -> None:  # noqa: ANN401 - Bolt's own helper
        await ack()
        got.append(action)

    @app.action("search")
    async def search(ack: Any, action: Json) -> None:  # noqa: ANN401 - Bolt's own helper
        await ack()
        got.append(action)

    @app.options("search")
    async def find(ack: Any) -> None:  # noqa: ANN401 - Bolt's own helper
        await ack(options=[option("found")])

    menus = in_block("actions", MENU, {"type": "external_select", "action_id": "search"})
    view = {"type": "home", "blocks": [menus]}
    home = (await client.views_publish(user_id=slack.world.user("alice").id, view=view))["view"]
    async with connected(app, slack):
        await slack.choose_in_view(home, "alice", "model", "small")
        await slack.choose_in_view(home, "alice", "search", "found")
    assert [action["selected_option"]["value"] for action in got] == ["small", "found"]


async def test_a_home_needs_its_tab(slack: SlackSandbox, client: AsyncWebClient) -> None:
    slack.world.settings = AppSettings(home_tab=False, messages_tab=False)
    alice = slack.world.user("alice").id
    assert await error_of(client.views_publish(user_id=alice, view=HOME)) == "not_enabled"
    assert await error_of(client.chat_postMessage(channel=alice, text="x")) == "messages_tab_disabled"
    for visit in (slack.open_home("alice"), slack.open_messages("alice")):
        with pytest.raises(LookupError, match="has no"):
            await visit


async def test_a_home_that_changed_meanwhile(slack: SlackSandbox, client: AsyncWebClient) -> None:
    alice = slack.world.user("alice").id
    first = (await client.views_publish(user_id=alice, view=HOME))["view"]
    second = (await client.views_publish(user_id=alice, view=HOME, hash=first["hash"]))["view"]
    assert (second["id"], second["hash"] == first["hash"]) == (first["id"], False)
    stale = client.views_publish(user_id=alice, view=HOME, hash=first["hash"])
    assert await error_of(stale) == "hash_conflict"


@pytest.mark.parametrize(
    ("view", "error"),
    [
        (MODAL | {"title": plain("t" * 25)}, "invalid_arguments"),
        ({key: value for key, value in MODAL.items() if key != "title"}, "invalid_arguments"),
        ({key: value for key, value in MODAL.items() if key != "submit"}, "invalid_arguments"),
        (MODAL | {"submit": plain("s" * 25)}, "invalid_arguments"),
        (MODAL | {"private_metadata": "m" * 3001}, "invalid_arguments"),
        (MODAL | {"callback_id": "c" * 256}, "invalid_arguments"),
        (MODAL | {"blocks": []}, "invalid_arguments"),
        (MODAL | {"blocks": [SECTION] * 101}, "invalid_arguments"),
        (MODAL | {"blocks": [in_block("context_actions")]}, "invalid_arguments"),
        (
            MODAL
            | {"blocks": [{"type": "section", "fields": [SECTION["text"] | {"text": "x" * 2000}] * 10}] * 13},
            "view_too_large",
        ),
        (HOME, "invalid_arguments"),
    ],
)
async def test_refused_modals(slack: SlackSandbox, client: AsyncWebClient, view: Json, error: str) -> None:
    assert await error_of(opened(slack, client, view)) == error


async def test_a_modal_lives_three_seconds_after_its_trigger(
    slack: SlackSandbox, client: AsyncWebClient
) -> None:
    said = await slack.say("general", "alice", "hello")
    used = await slack.use_shortcut(said, "alice", "ask_about")
    await asyncio.sleep(2.9)
    await client.views_open(trigger_id=used.trigger_id, view=MODAL | {"private_metadata": "m" * 3000})
    late = await slack.use_global_shortcut("alice", "ask")
    await asyncio.sleep(3.1)
    assert await error_of(client.views_open(trigger_id=late.trigger_id, view=MODAL)) == "expired_trigger_id"


async def test_a_shortcut_opens_a_modal_that_is_submitted(slack: SlackSandbox, app: AsyncApp) -> None:
    got: list[Json] = []

    @app.shortcut("ask_about")
    async def ask(ack: Any, shortcut: Json, client: AsyncWebClient) -> None:  # noqa: ANN401 - Bolt's own helper
        await ack()
        await client.views_open(trigger_id=shortcut["trigger_id"], view=MODAL)

    @app.view("question")
    async def submitted(ack: Any, body: Json, view: Json) -> None:  # noqa: ANN401 - Bolt's own helper
        await ack()
        got.append(body)
        assert view == body["view"]

    said = await slack.say("general", "bob", "a fact")
    async with connected(app, slack):
        await slack.use_shortcut(said, "alice", "ask_about")
        await slack.wait_for(lambda: slack.world.modal_of("alice"))
        used = await slack.submit("alice", {"text": "Why?"})
    (body,) = got
    assert (body["type"], body["user"]["id"]) == ("view_submission", used.user.id)
    assert body["view"]["state"]["values"] == {"q": {"text": {"type": "plain_text_input", "value": "Why?"}}}
    assert (body["view"]["private_metadata"], body["view"]["callback_id"]) == ("C1/1.2", "question")
    assert slack.world.modal_of("alice") is None


async def test_errors_keep_a_modal_open(slack: SlackSandbox, app: AsyncApp, client: AsyncWebClient) -> None:
    @app.view("question")
    async def submitted(ack: Any, view: Json) -> None:  # noqa: ANN401 - Bolt's own helper
        if view["state"]["values"]["q"]["text"]["value"] == "bad":
            await ack(response_action="errors", errors={"q": "Not that."})
        elif view["state"]["values"]["q"]["text"]["value"] == "worse":
            await ack(response_action="errors", errors={"unknown": "Not that."})
        else:
            await ack(response_action="update", view=MODAL | {"title": plain("Thanks")})

    view = await opened(slack, client)
    async with connected(app, slack):
        bad = await slack.submit("alice", {"text": "bad"})
        worse = await slack.submit("alice", {"text": "worse"})
        assert slack.world.modal_of("alice") == view
        await slack.submit("alice", {"text": "good"})
    assert (bad.errors, worse.error) == ({"q": "Not that."}, "invalid_response")
    changed = slack.world.modal_of("alice")
    assert changed is not None
    assert (changed["title"]["text"], changed["id"]) == ("Thanks", view["id"])


async def test_a_modal_over_http(slack: SlackSandbox, app: AsyncApp, client: AsyncWebClient) -> None:
    @app.view("question")
    async def submitted(ack: Any) -> None:  # noqa: ANN401 - Bolt's own helper
        await ack(response_action="errors", errors={"q": "Not that."})

    await opened(slack, client)
    async with serving(bolt(app), slack):
        used = await slack.submit("alice", {"text": "x"})
    assert used.errors == {"q": "Not that."}


async def test_modals_stand_in_a_stack_of_three(
    slack: SlackSandbox, app: AsyncApp, client: AsyncWebClient
) -> None:
    @app.view("question")
    async def submitted(ack: Any, view: Json) -> None:  # noqa: ANN401 - Bolt's own helper
        if view["previous_view_id"] is None:
            await ack(response_action="push", view=MODAL)
        else:
            await ack(response_action="clear")

    @app.command("/ask")
    async def command(ack: Any) -> None:  # noqa: ANN401 - Bolt's own helper
        await ack()

    first = await opened(slack, client)
    async with connected(app, slack):
        await slack.submit("alice", {"text": "x"})
        second = slack.world.modal_of("alice")
        assert second is not None
        assert (second["previous_view_id"], second["root_view_id"]) == (first["id"], first["id"])
        trigger = (await slack.slash("general", "alice", "/ask")).trigger_id
        await client.views_push(trigger_id=trigger, view=MODAL)
        trigger = (await slack.slash("general", "alice", "/ask")).trigger_id
        assert await error_of(client.views_push(trigger_id=trigger, view=MODAL)) == "push_limit_reached"
        await slack.submit("alice", {"text": "x"})
    assert slack.world.modal_of("alice") is None


async def test_a_modal_whose_submission_nobody_takes_stays(
    slack: SlackSandbox, client: AsyncWebClient
) -> None:
    await opened(slack, client)
    used = await slack.submit("alice", {"text": "x"})
    assert used.error == "dispatch_failed"
    assert slack.world.modal_of("alice") is not None
    assert slack.world.modal_of("bob") is None


@pytest.mark.parametrize("values", [{}, {"text": ""}, {"text": "x" * 11}, {"text": "x", "more": "y"}])
async def test_slacks_client_checks_what_is_entered(
    slack: SlackSandbox, client: AsyncWebClient, values: dict[str, str]
) -> None:
    await opened(slack, client)
    with pytest.raises(LookupError):
        await slack.submit("alice", values)


async def test_menus_in_modals(slack: SlackSandbox, app: AsyncApp, client: AsyncWebClient) -> None:
    got: list[Json] = []

    @app.view("question")
    async def submitted(ack: Any, view: Json) -> None:  # noqa: ANN401 - Bolt's own helper
        await ack()
        got.append(view["state"]["values"])

    blocks = [as_input(MENU, block_id="m"), as_input(INPUT, block_id="q", optional=True)]
    await opened(slack, client, MODAL | {"blocks": blocks})
    async with connected(app, slack):
        await slack.submit("alice", {"model": "small"})
    assert got[0]["m"]["model"]["selected_option"] == option("small")
    assert got[0]["q"]["text"]["value"] is None


@pytest.mark.parametrize("notify", [True, False])
async def test_closing_a_modal(
    slack: SlackSandbox, app: AsyncApp, client: AsyncWebClient, notify: bool
) -> None:
    got: list[Json] = []

    @app.view_closed("question")
    async def closed(ack: Any, body: Json) -> None:  # noqa: ANN401 - Bolt's own helper
        await ack()
        got.append(body)

    await opened(slack, client, MODAL | {"notify_on_close": notify})
    async with connected(app, slack):
        await slack.close_modal("alice")
        with pytest.raises(LookupError, match="no modal is open"):
            await slack.close_modal("alice")
    assert [body["type"] for body in got] == ["view_closed"] * notify
    assert slack.world.modal_of("alice") is None


async def test_views_have_names_of_their_own(slack: SlackSandbox, client: AsyncWebClient) -> None:
    await opened(slack, client, MODAL | {"external_id": "mine"})
    twice = opened(slack, client, MODAL | {"external_id": "mine"}, "bob")
    assert await error_of(twice) == "duplicate_external_id"
    updated = await client.views_update(external_id="mine", view=MODAL | {"external_id": "mine"})
    assert updated["view"]["external_id"] == "mine"
    assert await error_of(client.views_push(trigger_id="t", view=MODAL)) == "invalid_trigger_id"
    carol = slack.world.add_user("carol", "Carol")
    used = await slack.slash("general", carol, "/ask")
    assert await error_of(client.views_push(trigger_id=used.trigger_id, view=MODAL)) == "invalid_trigger_id"
