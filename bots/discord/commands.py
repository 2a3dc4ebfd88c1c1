"""The slash commands: /ask, which answers through the interaction, and /stop."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import discord
import structlog
from discord import app_commands

from bots.discord import permissions, words
from bots.discord.channel_surface import ChannelSurface
from bots.discord.errors import CALL_ERRORS, CONNECTION_ERRORS
from bots.discord.interaction_surface import TOKEN_LIFE, InteractionSurface, InteractionToken
from bots.discord.keys import interaction_key, message_key, place_of
from bots.discord.notices import Notices
from bots.discord.outcomes import UNKNOWN_INTERACTION
from bots.discord.rest import Rest
from bots.discord.stop_button import StopButtons
from bots.discord.stops import Stops
from bots.discord.tasks import Tasks
from core.answer import Answer
from core.answering import Answering
from core.preparation import PromptRefused
from core.prompt import MAX_PROMPT, Prompt
from core.streamer import Placeholder

_log = structlog.get_logger(__name__)

PLACEHOLDER_AFTER = 3.0
"""Seconds without text after which the deferred response is filled, so that it carries a Stop button."""

_LAST_MOMENT = 20.0
"""Seconds before its token expires at which an answer is ended that has no other way to its place."""

_DEFERRALS = 2
"""Times that a deferral is tried if its connection breaks."""

Interaction = discord.Interaction[Any]


@dataclass(frozen=True, slots=True)
class Deferral:
    """A deferred response, as far as is known; `message_id` is None where its reply was lost."""

    message_id: int | None


class Commands:
    """What the commands do."""

    def __init__(
        self, answering: Answering, rest: Rest, notices: Notices, stops: Stops, tasks: Tasks
    ) -> None:
        self._answering = answering
        self._rest = rest
        self._notices = notices
        self._stops = stops
        self._tasks = tasks

    async def ask(self, interaction: Interaction, text: str) -> None:
        """Answer a question: refuse it in private, or defer the response within 3 s and stream into it."""
        expires = _now() + TOKEN_LIFE
        try:
            self._answering.check(text)
        except PromptRefused as refusal:
            await self.reply(interaction, refusal.sentence)
            return
        if (deferral := await self._defer(interaction)) is not None:
            await self._begin(interaction, text, deferral.message_id, expires)

    async def stop(self, interaction: Interaction) -> None:
        """Stop answers in this channel."""
        await self.reply(interaction, self._stops.commanded(interaction))

    async def press(self, interaction: Interaction, answer_id: str) -> None:
        """Take in a press of an answer's Stop button. If it worked, the answer itself shows it."""
        moderates = interaction.permissions.manage_messages
        sentence = self._stops.pressed(answer_id, interaction.user, moderates=moderates)
        if sentence is not None:
            await self.reply(interaction, sentence)
        else:
            await self._defer(interaction)

    async def reply(self, interaction: Interaction, sentence: str) -> None:
        """Respond with a sentence that only the person sees."""
        try:
            await interaction.response.send_message(sentence, ephemeral=True)
        except CALL_ERRORS as error:
            _log.warning("reply_failed", interaction=interaction.id, error=str(error))

    async def _defer(self, interaction: Interaction) -> Deferral | None:
        """Acknowledge the interaction for everybody to see; None if Discord does not know it any more (after 3 s).

        A broken connection is tried again once. Whatever else fails may have taken effect all the same, or fail because
        it has (40060, after a repetition); if not, that shows when the response is to be filled.
        """
        for _ in range(_DEFERRALS):
            try:
                callback = await interaction.response.defer()
                return Deferral(callback.message_id if callback is not None else None)
            except discord.HTTPException as error:
                _log.warning("defer_failed", interaction=interaction.id, error=str(error))
                return None if error.code == UNKNOWN_INTERACTION else Deferral(None)
            except CONNECTION_ERRORS as error:
                _log.warning("defer_broke", interaction=interaction.id, error=str(error))
        return Deferral(None)

    async def _begin(
        self, interaction: Interaction, text: str, message_id: int | None, expires: float
    ) -> None:
        channel_id = interaction.channel_id or 0
        surface, ends_with_token = self._surface(interaction, channel_id, expires)
        prompt = Prompt(interaction_key(interaction.id), text, str(interaction.user.id), place_of(channel_id))
        try:
            answer = self._answering.ask(prompt, surface, Placeholder(after=PLACEHOLDER_AFTER))
        except PromptRefused as refusal:  # the bot began to shut down while the response was deferred
            await self._fill(interaction, refusal.sentence)
            return
        if answer is None:
            return
        surface.bind(answer.id)
        if message_id is not None:
            self._answering.registry.link(answer, message_key(channel_id, message_id))
        self._watch(interaction, answer, expires - _LAST_MOMENT if ends_with_token else None)

    def _surface(
        self, interaction: Interaction, channel_id: int, expires: float
    ) -> tuple[InteractionSurface, bool]:
        """Return the surface, and whether the token is its only way."""
        buttons = StopButtons()
        channel = None
        if _is_present(interaction):
            needed = permissions.send_permission(interaction.channel)
            files = interaction.app_permissions.attach_files
            channel = ChannelSurface(self._rest, channel_id, buttons, send_permission=needed, files=files)
        token = InteractionToken(
            interaction.id, interaction.application_id, channel_id, expires, interaction.token
        )
        user_only = interaction.is_user_integration() and not interaction.is_guild_integration()
        surface = InteractionSurface(
            self._rest, token, buttons, channel, user_only=user_only and channel is None
        )
        return surface, channel is None

    def _watch(self, interaction: Interaction, answer: Answer, ends_at: float | None) -> None:
        refusal = self._notices.tell_when_refused(answer, interaction.user, interaction.channel)
        self._tasks.watch(refusal, f"refusal {answer.id}")
        if ends_at is not None:
            self._tasks.watch(self._end_in_time(answer, ends_at), f"time limit {answer.id}")

    async def _end_in_time(self, answer: Answer, ends_at: float) -> None:
        """End an answer while its last text can still be shown."""
        try:
            async with asyncio.timeout_at(ends_at):
                await answer.done.wait()
        except TimeoutError:
            self._answering.stop(answer, by=words.TIME_LIMIT)

    async def _fill(self, interaction: Interaction, sentence: str) -> None:
        try:
            await interaction.edit_original_response(content=sentence)
        except CALL_ERRORS as error:
            _log.warning("reply_failed", interaction=interaction.id, error=str(error))


def add_commands(tree: app_commands.CommandTree[Any], commands: Commands, tasks: Tasks) -> None:
    """Register the commands; both can be installed for a guild or a user, and used in every kind of place."""

    @app_commands.command(name="ask", description=words.ASK_DESCRIPTION)
    @app_commands.describe(prompt=words.PROMPT_DESCRIPTION)
    async def ask(interaction: Interaction, prompt: app_commands.Range[str, 1, MAX_PROMPT]) -> None:
        await tasks.protect(commands.ask(interaction, prompt), f"ask {interaction.id}")

    @app_commands.command(name="stop", description=words.STOP_DESCRIPTION)
    async def stop(interaction: Interaction) -> None:
        await tasks.protect(commands.stop(interaction), f"stop {interaction.id}")

    command: app_commands.Command[Any, ..., None]
    for command in (ask, stop):
        command.allowed_installs = app_commands.AppInstallationType(guild=True, user=True)
        command.allowed_contexts = app_commands.AppCommandContext(
            guild=True, dm_channel=True, private_channel=True
        )
        tree.add_command(command)


def _is_present(interaction: Interaction) -> bool:
    """Whether the bot itself can write in the interaction's channel, not only its commands by a user's installation."""
    if interaction.guild_id is None:
        return interaction.context.dm_channel is True
    if interaction.client.get_guild(interaction.guild_id) is None:
        return False
    return permissions.missing_to_answer(interaction.channel, interaction.app_permissions) is None


def _now() -> float:
    return asyncio.get_running_loop().time()
