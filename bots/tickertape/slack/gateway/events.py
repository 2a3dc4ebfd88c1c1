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
from tickertape.slack.commands.ask import Commands
from tickertape.slack.commands.remembering import Remembering
from tickertape.slack.gateway.changes import deleted_in
from tickertape.slack.gateway.prompts import Prompts
from tickertape.slack.gateway.seen import Seen
from tickertape.slack.gateway.stops import Stops
from tickertape.slack.settings import SlackSettings
from tickertape.slack.showing.surface import OFFER_ACTION, STOP_ACTION, message_key
from tickertape.slack.tasks import safe
from tickertape.slack.workspace import Identity

_log = structlog.get_logger(__name__)

Event = Mapping[str, Any]
Handler = Callable[[Event], asyncio.Task[None] | None]
"""Takes an event; the task, if there is one, ends when what it asks is safe."""

_EVERYTHING = re.compile("")

_OFFERS = re.compile(f"^{OFFER_ACTION}({'|'.join(offer.value for offer in Offer)})$")


class Events:
    """Hands what Slack sends to the handlers, each event once. `removed` is called when the app is uninstalled.

    `memory` is there where there is something to remember.
    """

    def __init__(
        self,
        team: str,
        prompts: Prompts,
        commands: Commands,
        stops: Stops,
        removed: Callable[[], None],
        memory: Remembering | None = None,
    ) -> None:
        self._team = team
        self._prompts = prompts
        self._commands = commands
        self._stops = stops
        self._removed = removed
        self.memory = memory
        self._seen = Seen()
        self._handlers: dict[str, Handler] = {
            "app_mention": prompts.take,
            "message": self._on_message,
            "reaction_added": self._on_reaction,
            "agent_session_stopped": stops.on_session_stopped,
            "app_uninstalled": self._on_uninstalled,
            "tokens_revoked": self._on_revoked,
            **(memory.handlers() if memory is not None else {}),
        }

    async def on_event(self, body: Event, event: Event) -> None:
        """Take an Events API event, which Bolt acknowledges then; a retry of one that was taken is dropped."""
        handler = self._handlers.get(str(event.get("type", "")))
        event_id = body.get("event_id")
        if handler is not None and (not event_id or self._seen.first(event_id)):
            work = handler(event)
            if work is not None:
                await safe(work)

    async def on_command(self, ack: AsyncAck, command: Event) -> None:
        """Take the slash command."""
        await self._commands.take(ack, command)

    async def on_button(self, ack: AsyncAck, body: Event, action: Event) -> None:
        """Take a press of the Stop button."""
        await ack()
        self._stops.on_button(body, str(action.get("value", "")))

    async def on_offer(self, ack: AsyncAck, body: Event, action: Event) -> None:
        """Take a press of a button below an answer that is over."""
        if self.memory is not None:
            await safe(self.memory.offers.on_button(body, action))
        await ack()

    def _on_uninstalled(self, _: Event) -> None:
        self._removed()

    def _on_revoked(self, event: Event) -> None:
        if (event.get("tokens") or {}).get("bot"):
            self._removed()

    def _on_reaction(self, event: Event) -> asyncio.Task[None] | None:
        self._stops.on_reaction(event)
        return None if self.memory is None else self.memory.offers.on_reaction(event)

    def _on_message(self, event: Event) -> asyncio.Task[None] | None:
        memory, gone = self.memory, deleted_in(event)
        if gone is not None:
            key = message_key(self._team, str(event.get("channel", "")), gone)
            self._stops.on_deleted(key)
            return None if memory is None else memory.changes.on_deleted(key)
        if event.get("subtype") == "message_changed":
            return None if memory is None else memory.changes.on_changed(event)
        return self._prompts.take(event)


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
        name=logger.name,  # Bolt sets the level of the logger of this name: "tickertape" is the parent of all of ours
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
    if events.memory is not None:
        events.memory.register(app)
    app.error(on_error)
    return app
