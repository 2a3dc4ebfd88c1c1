"""discord.py's client, set up for this bot: what it asks of Discord, what it keeps, where its events go."""

from __future__ import annotations

import asyncio

import aiohttp
import discord
import structlog
from discord import app_commands
from yarl import URL

from tickertape.discord.commands.ask import AskCommands
from tickertape.discord.commands.further import FurtherCommands
from tickertape.discord.commands.presses import Presses
from tickertape.discord.commands.sync import sync_commands
from tickertape.discord.commands.translations import CatalogueTranslator, texts_in
from tickertape.discord.commands.tree import add_commands
from tickertape.discord.gateway.events import Events
from tickertape.discord.gateway.history import DiscordHistory
from tickertape.discord.http.budgets import DiscordBudgets
from tickertape.discord.http.notices import Notices
from tickertape.discord.http.rest import Rest
from tickertape.discord.http.trace import HttpTrace
from tickertape.discord.restart.restorer import DiscordRestorer
from tickertape.discord.settings import DISCORD_API, DiscordSettings
from tickertape.discord.showing.buttons import OfferButton, StopButton
from tickertape.discord.showing.spots import Spots
from tickertape.discord.voice import use_no_voice
from tickertape.downloads import HttpDownload, download_session
from tickertape.files.reader import FileReader
from tickertape.screen.body import Offer
from tickertape.service import Service
from tickertape.tasks import Tasks

_log = structlog.get_logger(__name__)

_GUILD_TIMEOUT = 1.0
"""Seconds without a further guild after which the list of guilds counts as complete at the start."""


class TickertapeClient(discord.AutoShardedClient):
    """One connection to Discord, however many shards that takes.

    It keeps no members and no messages: what is needed of a person comes with each event. It never gives up on a
    rate limit by itself (`max_ratelimit_timeout` stays unset), because all it would do is to lose the call.
    """

    def __init__(self, settings: DiscordSettings, service: Service) -> None:
        budgets = DiscordBudgets()
        trace = HttpTrace(settings.api_url, budgets)
        use_no_voice()
        super().__init__(
            intents=intents(settings),
            allowed_mentions=discord.AllowedMentions.none(),
            http_trace=trace.config(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            guild_ready_timeout=_GUILD_TIMEOUT,
        )
        self._settings = settings
        self._service = service
        self._files: aiohttp.ClientSession | None = None
        """The connections over which attached files are fetched."""
        self.all_known = asyncio.Event()
        """Set when Discord has sent all guilds."""
        self.tasks = tasks = Tasks()
        self.languages = service.answering.languages
        self._rest = rest = Rest(self.http, budgets, tasks, trace.limit)
        self._spots = spots = Spots(service.answering, rest, tasks, service.clock)
        notices, inbox = Notices(self, tasks, self.languages), service.inbox
        self._notices = notices
        self._events = Events(inbox, spots, notices, tasks, settings.stop_emojis)
        self._presses = Presses(inbox, spots, notices)
        history = DiscordHistory(self, rest)
        service.histories.serve("discord", history, replies=history)
        self._tree = app_commands.CommandTree(self)
        asks, further = AskCommands(inbox, spots, notices), FurtherCommands(inbox.commands)
        add_commands(self._tree, asks, further, tasks, texts_in(self.languages.default))
        self.add_dynamic_items(StopButton, OfferButton)

    async def setup_hook(self) -> None:
        """Find the gateway of another server, if one is set, and register the commands."""
        if self._settings.api_url != DISCORD_API:
            await self._find_gateway()
        self._files = download_session()
        download = HttpDownload(self._files, self._settings.file_hosts, proxy=self.http.proxy)
        self._service.assistant.readers["discord"] = FileReader(download, self._service.settings.files)
        await self._tree.set_translator(CatalogueTranslator())
        await sync_commands(self._tree)

    async def close(self) -> None:
        """Close all connections."""
        await super().close()
        if self._files is not None:
            await self._files.close()

    async def stop_pressed(self, interaction: discord.Interaction[TickertapeClient], answer_id: str) -> None:
        """Handle a press of an answer's Stop button."""
        await self.tasks.protect(self._presses.stop(interaction, answer_id), f"press {interaction.id}")

    async def offer_pressed(
        self, interaction: discord.Interaction[TickertapeClient], offer: Offer, answer_id: str
    ) -> None:
        """Handle a press of a button below an answer that is over."""
        pressed = self._presses.offer(interaction, offer, answer_id)
        await self.tasks.protect(pressed, f"press {interaction.id}")

    async def on_message(self, message: discord.Message) -> None:
        """Handle a message that the bot can see."""
        if self.user is not None:
            self._events.written(message, self.user)

    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        """Handle a reaction, on whatever message."""
        if self.user is not None and event.user_id != self.user.id:
            channel = self.get_channel(event.channel_id)
            self._events.reacted(event, channel or self.get_partial_messageable(event.channel_id))

    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Handle a deletion."""
        self._events.deleted(event.channel_id, event.message_id)

    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Handle the deletion of many messages at once."""
        for message_id in event.message_ids:
            self._events.deleted(event.channel_id, message_id)

    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Handle an edit."""
        if self.user is not None:
            self._events.edited(event.message, self.user)

    async def on_ready(self) -> None:
        """Take note that everything is there, and once in a process take up what the one before left."""
        if not self.all_known.is_set():
            restorer = DiscordRestorer(self, self._spots, self._rest, self._notices)
            self.tasks.start(self._service.repairer.repair("discord", restorer), "repair")
        self.all_known.set()
        _log.info("discord_ready", user=str(self.user), guilds=len(self.guilds), shards=self.shard_count)

    async def _find_gateway(self) -> None:
        """Tell discord.py where a new session begins: it asks the API for that once, and then takes its default."""
        _, address, _ = await self.http.get_bot_gateway()
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = URL(address)


def intents(settings: DiscordSettings) -> discord.Intents:
    """Return the events to ask for; none is privileged unless message content is."""
    return discord.Intents(
        guilds=True,
        guild_messages=True,
        dm_messages=True,
        guild_reactions=True,
        dm_reactions=True,
        message_content=settings.message_content,
    )
