"""Where answers are shown in Discord: in a channel, in the response to an interaction, in a thread of their own.

Implements `tickertape.inbound.spot.Spot`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import discord

from tickertape.answer.answer import Answer
from tickertape.answer.answering import Answering
from tickertape.answer.opening import Moved, Opened, Opening
from tickertape.answer.preparation import PromptRefused
from tickertape.discord import words
from tickertape.discord.commands import thread_starts
from tickertape.discord.commands.responses import defer, respond_late
from tickertape.discord.gateway import permissions
from tickertape.discord.http.rest import Rest
from tickertape.discord.keys import message_key
from tickertape.discord.restart.places import ChannelPlace, InteractionPlace, ThreadPlace
from tickertape.discord.showing.buttons import AnswerButtons
from tickertape.discord.showing.channel_surface import ChannelSurface
from tickertape.discord.showing.interaction_surface import TOKEN_LIFE, InteractionSurface, InteractionToken
from tickertape.discord.showing.typing_indicator import show_typing
from tickertape.languages import Language, Sentence
from tickertape.languages.words import answer_lost
from tickertape.prompts.prompt import Prompt
from tickertape.screen.outcome import Refused
from tickertape.screen.streamer import Placeholder
from tickertape.screen.surface import Surface
from tickertape.tasks import Tasks

PLACEHOLDER = Placeholder(after=3.0)
"""Shown after so many seconds without text: it carries a Stop button, and holds the answer's place in the channel."""

_LAST_MOMENT = 20.0
"""Seconds before its token expires at which an answer is ended that has no other way to its place."""

Interaction = discord.Interaction[Any]


class Spots:
    """Makes the spots of a bot, and their surfaces. `clock` tells Unix time in seconds."""

    def __init__(self, answering: Answering, rest: Rest, tasks: Tasks, clock: Callable[[], float]) -> None:
        self.answering = answering
        self._rest = rest
        self._tasks = tasks
        self._clock = clock

    def in_channel(self, place: ChannelPlace, channel: object) -> ChannelSpot:
        """Return a spot in messages of a channel."""
        return ChannelSpot(self, place, channel)

    def in_response(self, interaction: Interaction, *, private: bool = False) -> ResponseSpot:
        """Return a spot in the response to an interaction, which is deferred for that."""
        return ResponseSpot(self, interaction, self._response_place(interaction, private=private))

    def in_thread(self, interaction: Interaction) -> ThreadSpot:
        """Return a spot in a thread that starts from the response: the question, for everybody to see."""
        place = ThreadPlace(
            interaction_id=interaction.id,
            application_id=interaction.application_id,
            channel_id=interaction.channel_id or 0,
            expires=self._clock() + TOKEN_LIFE,
            token=interaction.token,
        )
        return ThreadSpot(self, interaction, place)

    def channel_surface(
        self, place: ChannelPlace, channel: object, prompt: Prompt, answer_id: str
    ) -> ChannelSurface:
        """Return the surface of an answer in a channel."""
        return ChannelSurface(
            self._rest,
            place.channel_id,
            AnswerButtons(answer_id, self._language(prompt)),
            reply_to=place.reply_to if permissions.may_reply(channel) else None,
            send_permission=permissions.send_permission(channel),
            files=permissions.may_attach(channel),
        )

    def interaction_surface(
        self, place: InteractionPlace, channel: object, prompt: Prompt, answer_id: str
    ) -> InteractionSurface:
        """Return the surface of an answer in the response to an interaction."""
        buttons = AnswerButtons(answer_id, self._language(prompt))
        way_on = None
        if place.present:
            needed = permissions.send_permission(channel)
            way_on = ChannelSurface(
                self._rest, place.channel_id, buttons, send_permission=needed, files=place.files
            )
        token = InteractionToken(
            place.interaction_id,
            place.application_id,
            place.channel_id,
            self.loop_time(place.expires),
            place.token,
        )
        return InteractionSurface(self._rest, token, buttons, way_on, user_only=place.user_only)

    def watch(self, waiting: Coroutine[Any, Any, None], name: str) -> None:
        """Run what waits, as long as the bot serves."""
        self._tasks.watch(waiting, name)

    def show_typing(self, answer: Answer, channel: object) -> None:
        """Show that the bot is typing, until there is text."""
        if isinstance(channel, discord.abc.Messageable):
            typing = show_typing(answer, channel, self._tasks, self._rest.limit)
            self._tasks.watch(typing, f"typing {answer.id}")

    def end_in_time(self, answer: Answer, place: InteractionPlace) -> None:
        """End an answer while its last text can still be shown, if its token is its only way."""
        if not place.present:
            ends_at = self.loop_time(place.expires) - _LAST_MOMENT
            self._tasks.watch(self._end_at(answer, ends_at), f"time limit {answer.id}")

    def loop_time(self, at: float) -> float:
        """Return a time of a place, which is Unix time, in seconds of the loop's clock."""
        return at - self._clock() + asyncio.get_running_loop().time()

    async def _end_at(self, answer: Answer, ends_at: float) -> None:
        try:
            async with asyncio.timeout_at(ends_at):
                await answer.done.wait()
        except TimeoutError:
            self.answering.stop(answer, saying=words.TIME_LIMIT)

    def _language(self, prompt: Prompt) -> Language:
        return self.answering.languages.of(prompt.locale)

    def _response_place(self, interaction: Interaction, *, private: bool) -> InteractionPlace:
        """Return where the response to an interaction is; what only its asker sees has no way but the token."""
        present = not private and _is_present(interaction)
        user_only = interaction.is_user_integration() and not interaction.is_guild_integration()
        return InteractionPlace(
            interaction_id=interaction.id,
            application_id=interaction.application_id,
            channel_id=interaction.channel_id or 0,
            expires=self._clock() + TOKEN_LIFE,
            token=interaction.token,
            present=present,
            user_only=user_only and not present,
            files=interaction.app_permissions.attach_files,
            private=private,
        )


class ChannelSpot:
    """Messages of a channel."""

    def __init__(self, spots: Spots, place: ChannelPlace, channel: object) -> None:
        self._spots = spots
        self._place = place
        self._channel = channel

    def prepare(self, prompt: Prompt, answer_id: str) -> Opening:
        """Return how the answer to `prompt` is shown there."""
        surface = self._spots.channel_surface(self._place, self._channel, prompt, answer_id)
        return Opening(surface, self._place.to_json(prompt), PLACEHOLDER)

    def follow(self, answer: Answer, surface: Surface) -> None:  # noqa: ARG002 - the seam's signature
        """Show that the bot is typing."""
        self._spots.show_typing(answer, self._channel)

    def watch(self, waiting: Coroutine[Any, Any, None], name: str) -> None:
        """Run what waits for the answer, as long as the bot serves."""
        self._spots.watch(waiting, name)

    def sorry(self, refused: Refused) -> Sentence:
        """Return what the asker is told where Discord did not take the answer."""
        return _sorry(self._channel, refused)


class ResponseSpot:
    """The response to an interaction.

    The answer is written down before the response is deferred: a process that was killed in between would leave one
    that seems to be thought about.
    """

    def __init__(self, spots: Spots, interaction: Interaction, place: InteractionPlace) -> None:
        self._spots = spots
        self._interaction = interaction
        self._place = place

    def prepare(self, prompt: Prompt, answer_id: str) -> Opening:
        """Return how the answer to `prompt` is shown there."""
        channel = self._interaction.channel
        surface = self._spots.interaction_surface(self._place, channel, prompt, answer_id)
        return Opening(surface, self._place.to_json(prompt), PLACEHOLDER, self._open)

    async def _open(self, answer: Answer) -> Opened | None:
        deferral = await defer(self._interaction, thinking=True, private=self._place.private)
        if deferral is None:
            return None
        if deferral.message_id is not None:
            key = message_key(self._place.channel_id, deferral.message_id)
            self._spots.answering.registry.link(answer, key)
        return Opened()

    def follow(self, answer: Answer, surface: Surface) -> None:  # noqa: ARG002 - the seam's signature
        """End the answer in time."""
        self._spots.end_in_time(answer, self._place)

    def watch(self, waiting: Coroutine[Any, Any, None], name: str) -> None:
        """Run what waits for the answer, as long as the bot serves."""
        self._spots.watch(waiting, name)

    def sorry(self, refused: Refused) -> Sentence:
        """Return what the asker is told where Discord did not take the answer."""
        return _sorry(self._interaction.channel, refused)


class ThreadSpot:
    """A thread of the answer's own, which starts from the response to an interaction.

    The answer is written down before that, so that another process can go on from there.
    """

    def __init__(self, spots: Spots, interaction: Interaction, place: ThreadPlace) -> None:
        self._spots = spots
        self._interaction = interaction
        self._place = place
        self._thread: discord.Thread | None = None

    def prepare(self, prompt: Prompt, answer_id: str) -> Opening:
        """Return how the answer to `prompt` is shown there; raises `PromptRefused` where no thread can start."""
        if not thread_starts.can_start(self._interaction):
            raise PromptRefused(words.NO_THREAD)
        parent = ChannelPlace(self._place.channel_id)
        surface = self._spots.channel_surface(parent, self._interaction.channel, prompt, answer_id)

        async def start(answer: Answer) -> Opened | None:
            return await self._start(answer.prompt, surface)

        return Opening(surface, self._place.to_json(prompt), PLACEHOLDER, start)

    async def _start(self, prompt: Prompt, surface: ChannelSurface) -> Opened | None:
        self._thread = thread = await thread_starts.start(self._interaction, prompt.text)
        if thread is None:
            await respond_late(self._interaction, words.NO_THREAD)
            return None
        needed, files = permissions.send_permission(thread), permissions.may_attach(thread)
        surface.move(thread.id, send_permission=needed, files=files)
        stored = ChannelPlace(thread.id).to_json(thread_starts.moved(prompt, thread.id))
        return Opened(Moved(stored, lambda resolved: thread_starts.moved(resolved, thread.id)))

    def follow(self, answer: Answer, surface: Surface) -> None:  # noqa: ARG002 - the seam's signature
        """Show that the bot is typing."""
        self._spots.show_typing(answer, self._thread)

    def watch(self, waiting: Coroutine[Any, Any, None], name: str) -> None:
        """Run what waits for the answer, as long as the bot serves."""
        self._spots.watch(waiting, name)

    def sorry(self, refused: Refused) -> Sentence:
        """Return what the asker is told where Discord did not take the answer."""
        return _sorry(self._thread, refused)


def _sorry(channel: object, refused: Refused) -> Sentence:
    if refused.permission is None:
        return answer_lost("Discord")
    return words.cannot_write(getattr(channel, "mention", None), refused.permission)


def _is_present(interaction: Interaction) -> bool:
    """Whether the bot itself can write in the interaction's channel, not only its commands by a user's installation."""
    if interaction.guild_id is None:
        return interaction.context.dm_channel is True
    if interaction.client.get_guild(interaction.guild_id) is None:
        return False
    return permissions.missing_to_answer(interaction.channel, interaction.app_permissions) is None
