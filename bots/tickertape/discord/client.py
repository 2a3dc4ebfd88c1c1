"""discord.py's client, set up for this bot: what it asks of Discord, what it keeps, where its events go."""

from __future__ import annotations

import asyncio

import aiohttp
import discord
import structlog
from discord import app_commands
from yarl import URL

from tickertape.discord.commands.ask import Commands
from tickertape.discord.commands.desk_commands import DeskCommands
from tickertape.discord.commands.offers import Offers
from tickertape.discord.commands.sync import sync_commands
from tickertape.discord.commands.translations import CatalogueTranslator, texts_in
from tickertape.discord.commands.tree import add_commands
from tickertape.discord.gateway.follow_ups import FollowUps
from tickertape.discord.gateway.history import DiscordHistory, ReplyChains
from tickertape.discord.gateway.prompts import Prompts
from tickertape.discord.gateway.stops import Stops
from tickertape.discord.gateway.upkeep import Upkeep
from tickertape.discord.http.budgets import DiscordBudgets
from tickertape.discord.http.notices import Notices
from tickertape.discord.http.rest import Rest
from tickertape.discord.http.trace import HttpTrace
from tickertape.discord.restart.restorer import DiscordRestorer
from tickertape.discord.settings import DISCORD_API, DiscordSettings
from tickertape.discord.showing.asking import Asking
from tickertape.discord.showing.buttons import OfferButton, StopButton
from tickertape.discord.tasks import Tasks
from tickertape.discord.voice import use_no_voice
from tickertape.downloads import HttpDownload, download_session
from tickertape.files.reader import FileReader
from tickertape.inbound.desk import Desk
from tickertape.screen.body import Offer
from tickertape.service import Service

_log = structlog.get_logger(__name__)

_GUILD_TIMEOUT = 1.0
"""Seconds without a further guild after which the list of guilds counts as complete at the start."""


class TickertapeClient(discord.AutoShardedClient):
    """One connection to Discord, however many shards that takes.

    It keeps no members and no messages: what is needed of a person comes with each event. It never gives up on a
    rate limit by itself (`max_ratelimit_timeout` stays unset), because all it would do is to lose the call.
    """

    def __init__(self, settings: DiscordSettings, service: Service) -> None:
        answering = service.answering
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
        self._files: aiohttp.ClientSession | None = None
        """The connections over which attached files are fetched."""
        self.all_known = asyncio.Event()
        """Set when Discord has sent all guilds."""
        self.tasks = Tasks()
        self._rest = rest = Rest(self.http, budgets, self.tasks, trace.limit)
        self.languages = answering.languages
        notices = Notices(self.tasks, self.languages)
        self._stops = Stops(answering, settings.stop_emojis, self.tasks)
        self._service = service
        self._asking = Asking(answering, rest, notices, self.tasks, service.clock)
        self._commands = Commands(answering, self._asking, self._stops, service.assistant.choices.models)
        self._prompts = self._make_prompts(notices)
        self._tree = app_commands.CommandTree(self)
        desk = Desk(service)
        self._upkeep = Upkeep(desk, service.store.conversations, answering, self.tasks)
        self._offers = Offers(desk, answering, self._asking, self.tasks)
        text = texts_in(self.languages.default)
        add_commands(self._tree, self._commands, self.tasks, text, DeskCommands(desk))
        self.add_dynamic_items(StopButton, OfferButton)

    def _make_prompts(self, notices: Notices) -> Prompts:
        """Let memory read Discord's history, and return what turns messages into prompts of conversations."""
        service, conversations = self._service, self._service.store.conversations
        rules, memory = service.assistant.rules, service.assistant.memory
        history = memory.histories["discord"] = DiscordHistory(self, self._rest, rules)
        chains = ReplyChains(history, conversations, reads_history=memory.settings.read_history)
        follows = service.settings.follow_ups and self._settings.message_content
        follow_ups = FollowUps(conversations, rules) if follows else None
        return Prompts(service.answering, self._asking, notices, self.tasks, chains, follow_ups)

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
        await self.tasks.protect(self._commands.press(interaction, answer_id), f"press {interaction.id}")

    async def offer_pressed(
        self, interaction: discord.Interaction[TickertapeClient], offer: Offer, answer_id: str
    ) -> None:
        """Handle a press of a button below an answer that is over."""
        pressed = self._offers.pressed(interaction, offer, answer_id)
        await self.tasks.protect(pressed, f"press {interaction.id}")

    async def on_message(self, message: discord.Message) -> None:
        """Handle a message that the bot can see."""
        if self.user is not None:
            self._prompts.take(message, self.user)

    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        """Handle a reaction, on whatever message."""
        if self.user is not None and event.user_id != self.user.id:
            channel = self.get_channel(event.channel_id)
            self._stops.reacted(event, channel)
            self._offers.reacted(event, channel or self.get_partial_messageable(event.channel_id))

    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Handle a deletion."""
        self._deleted(event.channel_id, event.message_id)

    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Handle the deletion of many messages at once."""
        for message_id in event.message_ids:
            self._deleted(event.channel_id, message_id)

    def _deleted(self, channel_id: int, message_id: int) -> None:
        self._stops.deleted(channel_id, message_id)
        self._upkeep.deleted(channel_id, message_id)

    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Handle an edit."""
        if self.user is not None:
            self._upkeep.edited(event.message, self.user)

    async def on_ready(self) -> None:
        """Take note that everything is there, and once in a process take up what the one before left."""
        if not self.all_known.is_set():
            restorer = DiscordRestorer(self, self._asking, self._rest)
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
