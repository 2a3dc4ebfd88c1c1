"""Logging in: what auth.test says of the bot token, and whether it may do what the bot promises."""

from __future__ import annotations

from slack_sdk.web.async_client import AsyncWebClient

from tickertape.slack import scopes
from tickertape.slack.http.web import CallFailed, CallRefused, reply
from tickertape.slack.settings import BOT_FIX, SlackSetupError
from tickertape.slack.workspace import Identity

UNREACHABLE_FIX = "Check the network, a proxy, and SLACK_API_URL."


async def identify(client: AsyncWebClient) -> Identity:
    """Return who the bot token belongs to; raises `SlackSetupError` if Slack does not accept it."""
    try:
        response = await reply(client.auth_test())
    except CallRefused as refused:
        raise SlackSetupError(
            f"Slack does not accept SLACK_BOT_TOKEN ({refused.code}).", BOT_FIX
        ) from refused
    except CallFailed as failed:
        raise SlackSetupError(
            f"Slack cannot be reached ({failed}).", UNREACHABLE_FIX, may_pass=True
        ) from failed
    if not response.get("bot_id"):
        raise SlackSetupError("SLACK_BOT_TOKEN belongs to a person, not to a bot.", BOT_FIX)
    granted = response.headers.get("x-oauth-scopes")
    return Identity(
        team=response["team_id"],
        bot_user=response["user_id"],
        bot_id=response["bot_id"],
        name=response.get("user") or "",
        scopes=None if granted is None else frozenset(filter(None, map(str.strip, granted.split(",")))),
    )


def require_scopes(identity: Identity) -> None:
    """Raise `SlackSetupError` if the token lacks a scope; a server that tells no scopes is believed."""
    lacking = scopes.missing(identity.scopes) if identity.scopes is not None else ()
    if lacking:
        raise SlackSetupError(f"The bot token lacks scopes: {', '.join(lacking)}.", scope_fix(lacking))


def scope_fix(lacking: tuple[str, ...]) -> str:
    """Return how an owner grants scopes."""
    them = "it" if len(lacking) == 1 else "them"
    return (
        f"Add {them} under OAuth & Permissions > Bot Token Scopes of your Slack app, then reinstall the app "
        "to the workspace."
    )
