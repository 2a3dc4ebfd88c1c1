"""Composition: makes the model, the answers' service and the platforms' bots from the settings.

The client libraries are imported only when their platform is wanted: together they cost more than a second.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tickertape.answer.running import SecondPrompt
from tickertape.cli import catalogue
from tickertape.cli.app import App, Platform
from tickertape.cli.retention import keep_pruned
from tickertape.durable.repair import RepairSettings
from tickertape.durable.store import DatabaseSettings, Store
from tickertape.files.limits import FileLimits
from tickertape.languages import Language, Languages
from tickertape.memory.memory import MemorySettings
from tickertape.model.settings import ChatSettings
from tickertape.rules.rulebook import Rules
from tickertape.service import Everyday, Service, build
from tickertape.settings import DiscordSection, Settings, SlackSection

if TYPE_CHECKING:
    from tickertape.discord.settings import DiscordSettings
    from tickertape.slack.settings import SlackSettings

DISCORD = "Discord"
SLACK = "Slack"


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether a platform can be used. `missing` names what has to be set first."""

    name: str
    missing: tuple[str, ...]
    wanted: bool
    """Whether something of it is set: then what is missing was forgotten, not left out."""

    @property
    def ready(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


def readiness(settings: Settings) -> list[Readiness]:
    """Return for each platform whether its credentials are complete."""
    return [
        Readiness(DISCORD, settings.discord.missing, settings.discord.wanted),
        Readiness(SLACK, settings.slack.missing, settings.slack.wanted),
    ]


def not_set(missing: Sequence[str]) -> str:
    """Return the sentence that these variables are not set."""
    return f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set."


async def compose(settings: Settings) -> App:
    """Make the app with every platform whose credentials are complete. Raises `tickertape.durable.store.StoreError`."""
    from tickertape.model.client import ChatModel

    made: list[ChatModel] = []

    def make(chat: ChatSettings) -> ChatModel:
        made.append(ChatModel(chat))
        return made[-1]

    models = catalogue.models(settings, make)
    store = await Store.open(database_settings(settings))
    service = build(models, catalogue.personas(settings), store, everyday(settings), time.time)

    retention = asyncio.create_task(keep_pruned(store, settings.conversations.retention_days, time.time))

    async def close() -> None:
        retention.cancel()
        await asyncio.gather(*(model.close() for model in made), return_exceptions=True)
        await store.close()

    shutdown = settings.shutdown
    return App(
        service.answering, _platforms(settings, service), close, grace=shutdown.grace, drain=shutdown.drain
    )


def database_settings(settings: Settings) -> DatabaseSettings:
    """Return where the database is, as `tickertape.durable.store` takes it."""
    return DatabaseSettings(settings.store.url.get_secret_value())


def everyday(settings: Settings) -> Everyday:
    """Return the settings of memory, rules and repair as `core` takes them."""
    conversations, repair, files = settings.conversations, settings.repair, settings.files
    tokens = conversations.history_tokens
    memory = MemorySettings(turns=conversations.history_turns, read_history=conversations.read_history)
    return Everyday(
        rules=Rules(catalogue.access(settings), catalogue.limits(settings.limits)),
        memory=memory if tokens is None else replace(memory, tokens=tokens, limited=True),
        repair=RepairSettings(repair.close_interrupted, repair.answer_again, repair.answer_again_within),
        second_prompt=SecondPrompt(conversations.second_prompt),
        follow_ups=conversations.follow_ups,
        files=FileLimits(
            files=files.files,
            file_bytes=files.file_bytes,
            characters=files.characters,
            images=files.images,
            image_bytes=files.image_bytes,
            pdf_pages=files.pdf_pages,
            seconds=files.seconds,
        ),
        most_messages=settings.answer.messages,
        currency=settings.prices.currency,
        languages=Languages(Language(settings.defaults.language)),
    )


def _platforms(settings: Settings, service: Service) -> list[Platform]:
    ready = {platform.name for platform in readiness(settings) if platform.ready}
    platforms = []
    if DISCORD in ready:
        platforms.append(_discord(settings.discord, service))
    if SLACK in ready:
        platforms.append(_slack(settings.slack, service))
    return platforms


def _discord(section: DiscordSection, service: Service) -> Platform:
    from tickertape.discord.bot import DiscordBot

    return Platform(DISCORD, DiscordBot(discord_settings(section), service))


def _slack(section: SlackSection, service: Service) -> Platform:
    from tickertape.slack.bot import SlackBot

    return Platform(SLACK, SlackBot(slack_settings(section), service))


def discord_settings(section: DiscordSection) -> DiscordSettings:
    """Return Discord's settings as its adapter takes them."""
    from tickertape.discord.settings import DISCORD_API, DiscordSettings

    return DiscordSettings(
        token=section.token.get_secret_value(),
        api_url=section.api_url or DISCORD_API,
        stop_emojis=section.stop_emojis,
        message_content=section.message_content,
        file_hosts=section.file_hosts,
    )


def slack_settings(section: SlackSection) -> SlackSettings:
    """Return Slack's settings as its adapter takes them."""
    from tickertape.slack.settings import SLACK_API, NativeStreams, SlackSettings

    return SlackSettings(
        bot_token=section.bot_token.get_secret_value(),
        app_token=section.app_token.get_secret_value() or None,
        signing_secret=section.signing_secret.get_secret_value() or None,
        api_url=f"{section.api_url}/" if section.api_url else SLACK_API,
        host=section.host,
        port=section.port,
        path=section.path,
        command=section.command,
        stop_reactions=section.stop_reactions,
        native_streams=NativeStreams(section.native_streams),
        file_hosts=section.file_hosts,
        explores=section.explore,
    )
