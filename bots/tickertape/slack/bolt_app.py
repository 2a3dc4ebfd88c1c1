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

import logging
import re
from collections.abc import Mapping
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from tickertape.screen.body import Offer
from tickertape.slack.acknowledging import safe
from tickertape.slack.commands.ask import AskCommand
from tickertape.slack.commands.presses import Presses
from tickertape.slack.gateway.events import Events
from tickertape.slack.settings import SlackSettings
from tickertape.slack.showing.surface import OFFER_ACTION, STOP_ACTION
from tickertape.slack.workspace import Identity

_log = structlog.get_logger(__name__)

Event = Mapping[str, Any]

_EVERYTHING = re.compile("")

_OFFERS = re.compile(f"^{OFFER_ACTION}({'|'.join(offer.value for offer in Offer)})$")


class Listeners:
    """What Bolt calls: for events, the command that asks, and presses of buttons."""

    def __init__(self, events: Events, ask: AskCommand, presses: Presses) -> None:
        self._events = events
        self._ask = ask
        self._presses = presses

    def register(self, app: AsyncApp, command: str) -> None:
        """Listen to `app`, and for the slash `command`."""
        app.event(_EVERYTHING)(self._events.on_event)
        app.command(command)(self._on_command)
        app.action(STOP_ACTION)(self._on_stop)
        app.action(_OFFERS)(self._on_offer)

    async def _on_command(self, ack: AsyncAck, command: Event) -> None:
        await self._ask.take(ack, command)

    async def _on_stop(self, ack: AsyncAck, body: Event, action: Event) -> None:
        await ack()
        self._presses.stop(body, action)

    async def _on_offer(self, ack: AsyncAck, body: Event, action: Event) -> None:
        await safe(self._presses.offer(body, action))
        await ack()


async def on_error(error: Exception) -> BoltResponse | None:
    """Acknowledge what nobody listens for; log what went wrong in a listener."""
    if isinstance(error, BoltUnhandledRequestError):
        return BoltResponse(status=200, body="")
    _log.error("listener_crashed", exc_info=error)
    return None


def build_app(settings: SlackSettings, identity: Identity, client: AsyncWebClient) -> AsyncApp:
    """Return the Bolt app of the workspace of `identity`, without listeners."""

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=identity.team, bot_id=identity.bot_id,
                               bot_user_id=identity.bot_user, bot_token=settings.bot_token)  # fmt: skip

    logger = logging.getLogger("slack_bolt.tickertape")
    logger.setLevel(logging.ERROR)  # Bolt warns of the environment's token, which is the one it was given
    app = AsyncApp(
        name=logger.name,  # Bolt sets the level of the logger of this name
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
    app.error(on_error)
    return app
