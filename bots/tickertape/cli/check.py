"""Asks the model's gateway and each platform whether they work as they are set up, and looks at the database."""

from __future__ import annotations

import asyncio

from tickertape.cli.catalogue import chat_settings_of, personas
from tickertape.cli.composition import (
    DISCORD,
    SLACK,
    database_settings,
    discord_settings,
    not_set,
    readiness,
    slack_settings,
)
from tickertape.durable.store import Inspection
from tickertape.finding import Finding
from tickertape.model.api import (
    BadCredentials,
    BadRequest,
    BalanceUsedUp,
    ModelError,
    ModelNotFound,
    NotAStream,
    ServerFailed,
    TimedOut,
    TooManyRequests,
    Unreachable,
)
from tickertape.settings import DiscordSection, ModelEntry, ModelSection, Settings

_SET_IT = "Set what is missing."

_FIXES: dict[type[ModelError], str] = {
    BadCredentials: "Set OPENAI_API_KEY to a valid key of this gateway.",
    BalanceUsedUp: "Top up the account behind OPENAI_API_KEY.",
    ModelNotFound: "Correct OPENAI_MODEL, or OPENAI_BASE_URL: it must end before /chat/completions.",
    TooManyRequests: "Wait a little, or ask the gateway for a higher limit.",
    BadRequest: "Look at the parameters in TICKERTAPE_MODEL_EXTRA, _TEMPERATURE and _MAX_TOKENS.",
    ServerFailed: "Nothing is wrong here: try again later, or ask the gateway's operator.",
    Unreachable: "Correct OPENAI_BASE_URL, or see whether the gateway runs and the network lets you reach it.",
    TimedOut: "See whether the gateway is overloaded, or raise TICKERTAPE_MODEL_FIRST_EVENT.",
    NotAStream: "Correct OPENAI_BASE_URL: what is there is no OpenAI-compatible gateway.",
}


async def check_all(settings: Settings) -> list[Finding]:
    """Return what all checks found, the model first; they run at the same time, and nothing is changed anywhere."""
    ready = {platform.name for platform in readiness(settings) if platform.ready}
    checks = [_check_models(settings), _check_database(settings)]
    checks += [_check_discord(settings.discord)] if DISCORD in ready else []
    checks += [_check_slack(settings)] if SLACK in ready else []
    found = await asyncio.gather(*checks)
    return [*(finding for findings in found for finding in findings), *_incomplete(settings)]


def _incomplete(settings: Settings) -> list[Finding]:
    """Return a finding for each platform of which only a part is set."""
    return [
        Finding(
            ok=False, subject=f"{platform.name} credentials", problem=not_set(platform.missing), fix=_SET_IT
        )
        for platform in readiness(settings)
        if platform.wanted and not platform.ready
    ]


async def _check_models(settings: Settings) -> list[Finding]:
    """Ask every model, all at the same time."""
    entries = settings.model_entries
    if not entries:
        return [Finding(ok=False, subject="Model", problem=not_set(settings.missing), fix=_SET_IT)]
    return list(await asyncio.gather(*(_check_model(entry, settings.model) for entry in entries)))


async def _check_model(entry: ModelEntry, section: ModelSection) -> Finding:
    subject = f"Model {entry.name} at {entry.base_url}"
    if entry.missing:
        return Finding(ok=False, subject=subject, problem=not_set(entry.missing), fix=_SET_IT)
    from tickertape.model.client import ChatModel

    model = ChatModel(chat_settings_of(entry, section))
    try:
        await model.check()
    except ModelError as error:
        return Finding(ok=False, subject=subject, problem=error.detail, fix=fix_of(error))
    finally:
        await model.close()
    return Finding(ok=True, subject=subject)


async def _check_database(settings: Settings) -> list[Finding]:
    from tickertape.durable.store import StoreError, inspect
    from tickertape.languages import ENGLISH

    try:
        found = await inspect(database_settings(settings))
    except StoreError as error:
        problem = ENGLISH.say(error.sentence)
        return [Finding(ok=False, subject="Database", problem=problem, fix=error.fix)]
    return [Finding(ok=True, subject=f"Database {found.place}: {_state_of(found)}")]


def _state_of(found: Inspection) -> str:
    """Return what becomes of a database at the start."""
    if not found.exists:
        return "will be created"
    if found.revision is None or found.revision.found is None:
        return "its tables will be created"
    if not found.revision.is_latest:
        return f"will be migrated from {found.revision.found} to {found.revision.latest}"
    if found.process is not None:
        return f"works, in use by process {found.process}" if found.process else "works, in use"
    return "works"


async def _check_discord(section: DiscordSection) -> list[Finding]:
    from tickertape.discord.check import check_discord

    return list(await check_discord(discord_settings(section)))


async def _check_slack(settings: Settings) -> list[Finding]:
    from tickertape.slack.check import check_slack

    names_channels = any(persona.holds("channel") for persona in personas(settings))
    return list(await check_slack(slack_settings(settings.slack), names_channels=names_channels))


def fix_of(error: ModelError) -> str:
    """Return what an owner can do about `error`."""
    return next((fix for kind, fix in _FIXES.items() if isinstance(error, kind)), "Try again.")
