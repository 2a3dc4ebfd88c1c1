"""The Bolt app: what Slack sends is handed to whoever it concerns, and acknowledged when it is safe.

Slack delivers an event again that is not acknowledged, and never one that is. So a question is acknowledged when it is
written down, or after 2 s if the database takes longer: a process that is killed before that is asked again. Commands
and buttons are not delivered again; but if they are not acknowledged, Slack tells whoever used them that they failed.

What Bolt 1.30 does by default and must not here:
- an event without a listener is not acknowledged, so that Slack delivers it again: one listener takes every event, and
  whatever else arrives unasked (shortcuts, menus) is acknowledged as well;
- events about the bot's own messages are dropped, the deletion of an answer's message among them: the handlers know
  themselves what to ignore;
- an event is acknowledged before its listener runs: with `process_before_response` the listener comes first;
- SLACK_CLIENT_ID and SLACK_CLIENT_SECRET in the environment silently turn OAuth on, which asks an installation store
  who is calling: with an `authorize` of our own it never gets to decide, and the install pages are not served.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from tickertape.screen.body import Offer
from tickertape.slack.gateway.changes import deleted_in
from tickertape.slack.gateway.handlers import Handlers
from tickertape.slack.gateway.seen import Seen
from tickertape.slack.gateway.stops import Stops
from tickertape.slack.keys import message_key
from tickertape.slack.settings import SlackSettings
from tickertape.slack.showing.surface import OFFER_ACTION, STOP_ACTION
from tickertape.slack.tasks import safe
from tickertape.slack.workspace import Identity

_log = structlog.get_logger(__name__)

Event = Mapping[str, Any]
Handler = Callable[[Event], asyncio.Task[None] | None]
"""Takes an event; the task, if there is one, ends when what it asks is safe."""

_EVERYTHING = re.compile("")

_OFFERS = re.compile(f"^{OFFER_ACTION}({'|'.join(offer.value for offer in Offer)})$")


class Events:
    """Hands what Slack sends to the handlers, each event once. `removed` is called when the app is uninstalled."""

    def __init__(self, team: str, handlers: Handlers, removed: Callable[[], None]) -> None:
        self._team = team
        self.handlers = handlers
        self._removed = removed
        self._seen = Seen()
        self._by_type: dict[str, Handler] = {
            "app_mention": handlers.prompts.take,
            "message": self._on_message,
            "reaction_added": self._on_reaction,
            "agent_session_stopped": handlers.stops.on_session_stopped,
            "app_home_opened": handlers.home.on_opened,
            "app_uninstalled": self._on_uninstalled,
            "tokens_revoked": self._on_revoked,
        }

    async def on_event(self, body: Event, event: Event) -> None:
        """Take an Events API event, which Bolt acknowledges then; a retry of one that was taken is dropped."""
        handler = self._by_type.get(str(event.get("type", "")))
        event_id = body.get("event_id")
        if handler is not None and (not event_id or self._seen.first(event_id)):
            work = handler(event)
            if work is not None:
                await safe(work)

    async def on_command(self, ack: AsyncAck, command: Event) -> None:
        """Take the slash command."""
        await self.handlers.commands.take(ack, command)

    async def on_button(self, ack: AsyncAck, body: Event, action: Event) -> None:
        """Take a press of the Stop button."""
        await ack()
        self.handlers.stops.on_button(body, str(action.get("value", "")))

    async def on_offer(self, ack: AsyncAck, body: Event, action: Event) -> None:
        """Take a press of a button below an answer that is over."""
        await safe(self.handlers.offers.on_button(body, action))
        await ack()

    def _on_uninstalled(self, _: Event) -> None:
        self._removed()

    def _on_revoked(self, event: Event) -> None:
        if (event.get("tokens") or {}).get("bot"):
            self._removed()

    def _on_reaction(self, event: Event) -> asyncio.Task[None] | None:
        self.handlers.stops.on_reaction(event)
        return self.handlers.offers.on_reaction(event)

    def _on_message(self, event: Event) -> asyncio.Task[None] | None:
        gone = deleted_in(event)
        if gone is not None:
            key = message_key(self._team, str(event.get("channel", "")), gone)
            self.handlers.stops.on_deleted(key)
            return self.handlers.changes.on_deleted(key)
        if event.get("subtype") == "message_changed":
            return self.handlers.changes.on_changed(event)
        return self.handlers.prompts.take(event)


async def on_error(error: Exception) -> BoltResponse | None:
    """Acknowledge what nobody listens for; log what went wrong in a listener."""
    if isinstance(error, BoltUnhandledRequestError):
        return BoltResponse(status=200, body="")
    _log.error("listener_crashed", exc_info=error)
    return None


def build_app(
    settings: SlackSettings, identity: Identity, client: AsyncWebClient, events: Events
) -> AsyncApp:
    """Return the Bolt app that serves `events` for the workspace of `identity`."""

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=identity.team, bot_id=identity.bot_id,
                               bot_user_id=identity.bot_user, bot_token=settings.bot_token)  # fmt: skip

    logger = logging.getLogger("slack_bolt.tickertape")
    logger.setLevel(logging.ERROR)  # Bolt warns of the environment's token, which is the one it was given
    app = AsyncApp(
        name="tickertape",
        logger=logger,
        client=client,
        authorize=authorize,
        signing_secret=settings.signing_secret or "",
        request_verification_enabled=settings.app_token is None,
        ignoring_self_events_enabled=False,
        process_before_response=True,
        raise_error_for_unhandled_request=True,
    )
    logger.setLevel(logging.WARNING)
    app.event(_EVERYTHING)(events.on_event)
    app.command(settings.command)(events.on_command)
    app.action(STOP_ACTION)(events.on_button)
    app.action(_OFFERS)(events.on_offer)
    events.handlers.register(app)
    app.error(on_error)
    return app
