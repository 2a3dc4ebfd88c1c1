"""Looks whether Slack would work as it is set up, without leaving a trace there."""

from __future__ import annotations

from collections.abc import Mapping

from slack_sdk.web.async_client import AsyncWebClient

from tickertape.finding import Finding
from tickertape.slack import scopes
from tickertape.slack.gateway.socket_mode import open_url
from tickertape.slack.http.web import make_client, make_session
from tickertape.slack.login import identify, scope_fix
from tickertape.slack.settings import Mode, SlackSettings, SlackSetupError

BOT_TOKEN = "Slack bot token"  # noqa: S105 - a heading
SCOPES = "Slack scopes"
SOCKET = "Slack Socket Mode"
EVENTS_API = "Slack Events API"


async def check_slack(settings: SlackSettings, *, names_channels: bool = False) -> list[Finding]:
    """Return what is well and what is not: the credentials, the bot token's scopes, and the way events arrive.

    `names_channels` says that a persona is told the channel's name, for which further scopes are needed.
    """
    wanted = {**scopes.REQUIRED, **(scopes.CHANNEL_NAMES if names_channels else {})}
    try:
        settings.require_complete()
    except SlackSetupError as error:
        return [_bad("Slack settings", error)]
    async with make_session() as session:
        client = make_client(settings.bot_token, settings.api_url, session)
        return [*await _check_bot(client, wanted), await _check_events(client, settings)]


async def _check_bot(client: AsyncWebClient, wanted: Mapping[str, str]) -> list[Finding]:
    try:
        identity = await identify(client)
    except SlackSetupError as error:
        return [_bad(BOT_TOKEN, error)]
    return [Finding(ok=True, subject=BOT_TOKEN), _scopes(identity.scopes, wanted)]


def _scopes(granted: frozenset[str] | None, wanted: Mapping[str, str]) -> Finding:
    """Look for the scopes that are `wanted`, each of which is told with its purpose."""
    lacking = () if granted is None else tuple(sorted(wanted.keys() - granted))
    if not lacking:
        return Finding(ok=True, subject=SCOPES)
    purposes = "; ".join(f"{scope} (to {wanted[scope]})" for scope in lacking)
    return Finding(ok=False, subject=SCOPES, problem=f"Missing: {purposes}.", fix=scope_fix(lacking))


async def _check_events(client: AsyncWebClient, settings: SlackSettings) -> Finding:
    if settings.mode is Mode.HTTP:
        return Finding(ok=True, subject=EVENTS_API)
    try:
        await open_url(client, settings.app_token or "")
    except SlackSetupError as error:
        return _bad(SOCKET, error)
    return Finding(ok=True, subject=SOCKET)


def _bad(subject: str, error: SlackSetupError) -> Finding:
    return Finding(ok=False, subject=subject, problem=error.problem, fix=error.fix)
