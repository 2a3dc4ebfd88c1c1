"""The Bolt app: everything that Slack sends is acknowledged first, then handed to whoever it concerns.

What Bolt 1.30 does by default and must not here:
- an event without a listener is not acknowledged, so that Slack delivers it again: one listener takes every event, and
  whatever else arrives unasked (shortcuts, menus) is acknowledged as well;
- events about the bot's own messages are dropped, the deletion of an answer's message among them: the handlers know
  themselves what to ignore;
- SLACK_CLIENT_ID and SLACK_CLIENT_SECRET in the environment silently turn OAuth on, which asks an installation store
  who is calling: with an `authorize` of our own it never gets to decide, and the install pages are not served.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bots.slack.changes import Changes
from bots.slack.commands import Commands
from bots.slack.offers import Offers
from bots.slack.prompts import Prompts
from bots.slack.seen import Seen
from bots.slack.settings import SlackSettings
from bots.slack.stops import Stops
from bots.slack.surface import OFFER_ACTION, STOP_ACTION
from bots.slack.workspace import Identity
from core.surface import Offer

_log = structlog.get_logger(__name__)

Event = Mapping[str, Any]
_EVERYTHING = re.compile("")


_OFFERS = re.compile(f"^{OFFER_ACTION}({'|'.join(offer.value for offer in Offer)})$")


@dataclass(frozen=True, slots=True)
class Remembering:
    """What a bot with a memory does beyond answering."""

    changes: Changes
    offers: Offers


class Events:
    """Hands what Slack sends to the handlers, each event once. `removed` is called when the app is uninstalled.

    `memory` is there where there is something to remember.
    """

    def __init__(
        self,
        prompts: Prompts,
        commands: Commands,
        stops: Stops,
        removed: Callable[[], None],
        memory: Remembering | None = None,
    ) -> None:
        self._prompts = prompts
        self._commands = commands
        self._stops = stops
        self._memory = memory
        self._seen = Seen()
        self._handlers: dict[str, Callable[[Event], object]] = {
            "app_mention": prompts.take,
            "message": self._on_message,
            "reaction_added": self._on_reaction,
            "agent_session_stopped": stops.on_session_stopped,
            "app_uninstalled": lambda _: removed(),
            "tokens_revoked": lambda event: removed() if (event.get("tokens") or {}).get("bot") else None,
        }

    async def on_event(self, body: Event, event: Event) -> None:
        """Take an Events API event, which Bolt has acknowledged; a retry of one that was taken is dropped."""
        handler = self._handlers.get(str(event.get("type", "")))
        event_id = body.get("event_id")
        if handler is not None and (not event_id or self._seen.first(event_id)):
            handler(event)

    async def on_command(self, ack: AsyncAck, command: Event) -> None:
        """Take the slash command."""
        await self._commands.take(ack, command)

    async def on_button(self, ack: AsyncAck, body: Event, action: Event) -> None:
        """Take a press of the Stop button."""
        await ack()
        self._stops.on_button(body, str(action.get("value", "")))

    async def on_offer(self, ack: AsyncAck, body: Event, action: Event) -> None:
        """Take a press of a button below an answer that is over."""
        await ack()
        if self._memory is not None:
            self._memory.offers.on_button(body, action)

    def _on_reaction(self, event: Event) -> None:
        self._stops.on_reaction(event)
        if self._memory is not None:
            self._memory.offers.on_reaction(event)

    def _on_message(self, event: Event) -> None:
        subtype, memory = event.get("subtype"), self._memory
        if subtype == "message_deleted":
            self._stops.on_deleted(event)
            if memory is not None:
                memory.changes.on_deleted(event)
        elif subtype == "message_changed":
            if memory is not None:
                memory.changes.on_changed(event)
        else:
            self._prompts.take(event)


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
        raise_error_for_unhandled_request=True,
    )
    logger.setLevel(logging.WARNING)
    app.event(_EVERYTHING)(events.on_event)
    app.command(settings.command)(events.on_command)
    app.action(STOP_ACTION)(events.on_button)
    app.action(_OFFERS)(events.on_offer)
    app.error(on_error)
    return app
