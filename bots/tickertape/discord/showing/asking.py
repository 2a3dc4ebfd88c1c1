"""Has prompts answered: makes the surface, asks, and does what goes with an answer while it runs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import discord

from tickertape.answer.answer import Answer
from tickertape.answer.answering import Answering
from tickertape.answer.preparation import PromptRefused
from tickertape.answer.running import Moved, Opened
from tickertape.discord import words
from tickertape.discord.commands import thread_starts
from tickertape.discord.commands.responses import defer, respond_late
from tickertape.discord.gateway import permissions
from tickertape.discord.http.notices import Notices, Person
from tickertape.discord.http.rest import Rest
from tickertape.discord.keys import message_key
from tickertape.discord.restart.places import ChannelPlace, InteractionPlace, ThreadPlace
from tickertape.discord.showing.buttons import AnswerButtons
from tickertape.discord.showing.channel_surface import ChannelSurface
from tickertape.discord.showing.interaction_surface import TOKEN_LIFE, InteractionSurface, InteractionToken
from tickertape.discord.showing.typing_indicator import show_typing
from tickertape.discord.tasks import Tasks
from tickertape.prompts.prompt import Prompt
from tickertape.screen.streamer import Placeholder

PLACEHOLDER = Placeholder(after=3.0)
"""Shown after so many seconds without text: it carries a Stop button, and holds the answer's place in the channel."""

_LAST_MOMENT = 20.0
"""Seconds before its token expires at which an answer is ended that has no other way to its place."""

Interaction = discord.Interaction[Any]


class Asking:
    """One for all answers of a bot. `clock` tells Unix time in seconds, by which a place is written down."""

    def __init__(
        self,
        answering: Answering,
        rest: Rest,
        notices: Notices,
        tasks: Tasks,
        clock: Callable[[], float],
    ) -> None:
        self._answering = answering
        self._rest = rest
        self._notices = notices
        self._tasks = tasks
        self._clock = clock

    def in_channel(
        self, prompt: Prompt, place: ChannelPlace, channel: discord.abc.Messageable, person: Person | None
    ) -> Answer | None:
        """Begin an answer in messages of a channel; None if the prompt was taken before.

        `person` is told where a permission is missing. Raises `PromptRefused`.
        """
        surface = self.channel_surface(place, channel, prompt)
        answer = self._answering.ask(prompt, surface, PLACEHOLDER, place=place.to_json(prompt))
        if answer is not None:
            surface.bind(answer.id)
            self.watch_in_channel(answer, channel, person)
        return answer

    async def in_response(
        self, interaction: Interaction, prompt: Prompt, *, private: bool = False
    ) -> Answer | None:
        """Begin an answer in the response to an interaction, which is deferred for that; None if the prompt was taken before.

        Raises `PromptRefused`. It is written down first: a process that was killed in between would leave a response that seems to be thought about.
        """
        place = self._place(interaction, private=private)
        surface = self.interaction_surface(place, interaction.channel, prompt)

        async def respond(answer: Answer) -> Opened | None:
            surface.bind(answer.id)
            deferral = await defer(interaction, thinking=True, private=private)
            if deferral is None:
                return None
            if deferral.message_id is not None:
                self._answering.registry.link(answer, message_key(place.channel_id, deferral.message_id))
            self.watch_response(answer, place)
            refusal = self._notices.tell_when_refused(answer, interaction.user, interaction.channel)
            self._tasks.watch(refusal, f"refusal {answer.id}")
            return Opened()

        stored = place.to_json(prompt)
        return await self._answering.ask_and_open(prompt, surface, PLACEHOLDER, respond, place=stored)

    async def in_thread(self, interaction: Interaction, prompt: Prompt) -> None:
        """Begin an answer in a thread of its own, which starts from the response: the question, for everybody to see.

        The answer is written down before that, so that another process can go on from there. Raises `PromptRefused`.
        """
        if not thread_starts.can_start(interaction):
            raise PromptRefused(words.NO_THREAD)
        place = self._thread_place(interaction)
        surface = self.channel_surface(ChannelPlace(place.channel_id), interaction.channel, prompt)

        async def start(answer: Answer) -> Opened | None:
            surface.bind(answer.id)
            thread = await thread_starts.start(interaction, prompt.text)
            if thread is None:
                await respond_late(interaction, words.NO_THREAD)
                return None
            needed = permissions.send_permission(thread)
            surface.move(thread.id, send_permission=needed, files=permissions.may_attach(thread))
            self.watch_in_channel(answer, thread, interaction.user)
            return Opened(_moved(prompt, thread.id))

        stored = place.to_json(prompt)
        await self._answering.ask_and_open(prompt, surface, PLACEHOLDER, start, place=stored)

    def channel_surface(
        self, place: ChannelPlace, channel: object, prompt: Prompt, answer_id: str = ""
    ) -> ChannelSurface:
        """Return the surface of an answer in a channel."""
        return ChannelSurface(
            self._rest,
            place.channel_id,
            self._buttons(prompt, answer_id),
            reply_to=place.reply_to if permissions.may_reply(channel) else None,
            send_permission=permissions.send_permission(channel),
            files=permissions.may_attach(channel),
        )

    def interaction_surface(
        self, place: InteractionPlace, channel: object, prompt: Prompt, answer_id: str = ""
    ) -> InteractionSurface:
        """Return the surface of an answer in the response to an interaction."""
        buttons = self._buttons(prompt, answer_id)
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

    def _buttons(self, prompt: Prompt, answer_id: str) -> AnswerButtons:
        return AnswerButtons(answer_id, self._answering.languages.of(prompt.locale))

    def watch_in_channel(
        self, answer: Answer, channel: discord.abc.Messageable, person: Person | None
    ) -> None:
        """Show that the bot is typing, and tell `person` if the answer cannot be shown."""
        self._tasks.watch(show_typing(answer, channel, self._tasks, self._rest.limit), f"typing {answer.id}")
        if person is not None:
            refusal = self._notices.tell_when_refused(answer, person, channel)
            self._tasks.watch(refusal, f"refusal {answer.id}")

    def watch_response(self, answer: Answer, place: InteractionPlace) -> None:
        """End the answer in time if its token is its only way."""
        if not place.present:
            ends_at = self.loop_time(place.expires) - _LAST_MOMENT
            self._tasks.watch(self._end_in_time(answer, ends_at), f"time limit {answer.id}")

    def loop_time(self, at: float) -> float:
        """Return a time of a place in seconds of the loop's clock."""
        return at - self._clock() + _now()

    def _thread_place(self, interaction: Interaction) -> ThreadPlace:
        return ThreadPlace(
            interaction_id=interaction.id,
            application_id=interaction.application_id,
            channel_id=interaction.channel_id or 0,
            expires=self._clock() + TOKEN_LIFE,
            token=interaction.token,
        )

    def _place(self, interaction: Interaction, *, private: bool) -> InteractionPlace:
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

    async def _end_in_time(self, answer: Answer, ends_at: float) -> None:
        """End an answer while its last text can still be shown."""
        try:
            async with asyncio.timeout_at(ends_at):
                await answer.done.wait()
        except TimeoutError:
            self._answering.stop(answer, saying=words.TIME_LIMIT)


def _moved(prompt: Prompt, thread_id: int) -> Moved:
    """Return what is to be known of an answer in a thread that was started for it."""
    place = ChannelPlace(thread_id).to_json(thread_starts.moved(prompt, thread_id))
    return Moved(place, lambda resolved: thread_starts.moved(resolved, thread_id))


def _is_present(interaction: Interaction) -> bool:
    """Whether the bot itself can write in the interaction's channel, not only its commands by a user's installation."""
    if interaction.guild_id is None:
        return interaction.context.dm_channel is True
    if interaction.client.get_guild(interaction.guild_id) is None:
        return False
    return permissions.missing_to_answer(interaction.channel, interaction.app_permissions) is None


def _now() -> float:
    return asyncio.get_running_loop().time()
