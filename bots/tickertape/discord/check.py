"""Asks Discord whether the credentials and the application are set up as the bot needs them; changes nothing."""

from __future__ import annotations

import asyncio

import aiohttp
import discord
from discord.http import Route
from yarl import URL

from tickertape.discord.http.errors import CALL_ERRORS
from tickertape.discord.settings import DiscordSettings
from tickertape.discord.setup_problems import INTENT_FIX, INTENT_PROBLEM, SETUP_ERRORS, setup_error
from tickertape.discord.voice import use_no_voice
from tickertape.finding import Finding

_TIMEOUT = 15.0
"""Seconds that the gateway has to say hello."""

PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    read_message_history=True,
    attach_files=True,
)
"""What the bot needs in a channel; it is part of the address with which it is invited. Files are for the rest of very
long answers, which comes in further messages where they are not allowed."""


async def check_discord(settings: DiscordSettings) -> list[Finding]:
    """Return what was found; the first finding that is not `ok` may keep later ones from being looked at."""
    Route.BASE = settings.api_url
    use_no_voice()
    async with discord.Client(intents=discord.Intents(guilds=True)) as client:  # without guilds it warns
        try:
            await client.login(settings.token)
        except SETUP_ERRORS as error:
            if (problem := setup_error(error, settings.api_url)) is None:
                raise
            return [Finding(ok=False, subject="Discord token", problem=problem.problem, fix=problem.fix)]
        return [await _token(client), *await _application(client, settings), await _gateway(client)]


async def _token(client: discord.Client) -> Finding:
    return Finding(ok=True, subject=f"Discord token of {client.user}")


async def _application(client: discord.Client, settings: DiscordSettings) -> list[Finding]:
    application = await client.application_info()
    return [
        _interactions(application),
        *([_message_content(application)] if settings.message_content else []),
        _installed(application),
        _installable(application),
    ]


def _interactions(application: discord.AppInfo) -> Finding:
    if application.interactions_endpoint_url is None:
        return Finding(ok=True, subject="Discord interactions")
    return Finding(
        ok=False,
        subject="Discord interactions",
        problem="An Interactions Endpoint URL is set, so slash commands and buttons do not reach the bot.",
        fix="Clear Interactions Endpoint URL on the General Information page of your application.",
    )


def _message_content(application: discord.AppInfo) -> Finding:
    flags = application.flags
    allowed = flags.gateway_message_content or flags.gateway_message_content_limited
    if allowed:
        return Finding(ok=True, subject="Discord intents")
    return Finding(ok=False, subject="Discord intents", problem=INTENT_PROBLEM, fix=INTENT_FIX)


def _installed(application: discord.AppInfo) -> Finding:
    count = application.approximate_guild_count + (application.approximate_user_install_count or 0)
    if count:
        return Finding(ok=True, subject="Discord installation")
    invitation = discord.utils.oauth_url(
        application.id, permissions=PERMISSIONS, scopes=("bot", "applications.commands")
    )
    return Finding(
        ok=False,
        subject="Discord installation",
        problem="The application is not installed anywhere.",
        fix=f"Open {invitation} and choose a server.",
    )


def _installable(application: discord.AppInfo) -> Finding:
    subject = "Discord installation contexts"
    missing = [
        name
        for name, config in (
            ("Guild Install", application.guild_integration_config),
            ("User Install", application.user_integration_config),
        )
        if config is None
    ]
    if not missing:
        return Finding(ok=True, subject=subject)
    return Finding(
        ok=False,
        subject=subject,
        problem=f"{' and '.join(missing)} is not enabled, and /ask is offered for both.",
        fix="Tick Guild Install and User Install on the Installation page of your application.",
    )


async def _gateway(client: discord.Client) -> Finding:
    """Connect to the gateway and wait for its hello; nothing is sent, so that no session begins."""
    subject = "Discord gateway"
    address = ""
    try:
        _, address, limits = await client.http.get_bot_gateway()
        async with asyncio.timeout(_TIMEOUT):
            await _hello(URL(address) % {"v": "10", "encoding": "json"})
    except (discord.GatewayNotFound, *CALL_ERRORS):
        fix = "See whether a firewall or proxy keeps WebSocket connections from leaving this machine."
        return Finding(
            ok=False, subject=subject, problem=f"It cannot be reached at {address or 'Discord'}.", fix=fix
        )
    if limits["remaining"] > 0:
        return Finding(ok=True, subject=subject)
    hours = limits["reset_after"] / 3_600_000
    return Finding(ok=False, subject=subject, problem="The token has begun too many sessions today.",
                   fix=f"Wait {hours:.1f} hours, and see why the bot was started so often.")  # fmt: skip


async def _hello(address: URL) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(address) as socket:
        await socket.receive()
