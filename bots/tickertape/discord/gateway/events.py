"""Events of Discord's gateway, each handed to the inbox as what it is."""

from __future__ import annotations

import discord
import structlog

from tickertape.discord.gateway import permissions
from tickertape.discord.gateway.messages import Messages, text_of
from tickertape.discord.gateway.senders import ReactionSender
from tickertape.discord.http.errors import CALL_ERRORS
from tickertape.discord.http.notices import Notices
from tickertape.discord.keys import is_interaction, message_key, snowflake_of
from tickertape.discord.restart.places import ChannelPlace
from tickertape.discord.showing.spots import Spots
from tickertape.durable.store.records import AnswerRecord
from tickertape.inbound.facts import Edited, Gesture, Reacted
from tickertape.inbound.inbox import Inbox
from tickertape.inbound.spot import Spot
from tickertape.tasks import Tasks

_log = structlog.get_logger(__name__)

AGAIN = "\N{CLOCKWISE RIGHTWARDS AND LEFTWARDS OPEN CIRCLE ARROWS}"
"""The reaction that has a prompt answered once more."""

_VARIATION_SELECTOR = "\ufe0f"
"""Says that an emoji is to be drawn in colour. Clients send some emojis with it, some without."""


class Events:
    """Takes events of which the bot is not the cause. `stop_emojis` are the reactions that stop an answer."""

    def __init__(
        self, inbox: Inbox, spots: Spots, notices: Notices, tasks: Tasks, stop_emojis: tuple[str, ...]
    ) -> None:
        self._inbox = inbox
        self._messages = Messages(spots, notices)
        self._spots = spots
        self._notices = notices
        self._tasks = tasks
        self._gestures = {_plain(AGAIN): Gesture.AGAIN} | dict.fromkeys(
            map(_plain, stop_emojis), Gesture.STOP
        )

    def written(self, message: discord.Message, me: discord.ClientUser) -> None:
        """Take a message that the bot `me` can see."""
        said = self._messages.said(message, me)
        if said is not None and self._inbox.may_concern(said):
            self._tasks.start(self._inbox.said(said), f"message {message.id}")

    def reacted(self, event: discord.RawReactionActionEvent, channel: object) -> None:
        """Take a reaction in `channel`, which may be known by no more than its id."""
        gesture = self._gestures.get(_plain(str(event.emoji)))
        if gesture is None:
            return

        def spot(record: AnswerRecord) -> Spot:
            return self._spots.in_channel(ChannelPlace(event.channel_id, _message_of(record)), channel)

        sender = ReactionSender(event, channel, self._notices)
        reacted = Reacted(message_key(event.channel_id, event.message_id), gesture, sender, spot)
        run = (
            self._tasks.watch if gesture is Gesture.STOP else self._tasks.start
        )  # a stop may wait for its message
        run(self._inbox.reacted(reacted), f"reaction on {event.message_id}")

    def edited(self, message: discord.Message, me: discord.ClientUser) -> None:
        """Take a message as it is now; Discord also sends those that only got a link's preview."""
        if message.edited_at is None or message.author.bot:
            return

        async def offer(_: str) -> None:
            await self._offer_anew(message)

        edited = Edited(message_key(message.channel.id, message.id), text_of(message, me), offer)
        self._tasks.start(self._inbox.edited(edited), f"edit of {message.id}")

    def deleted(self, channel_id: int, message_id: int) -> None:
        """Take note that a message is gone."""
        self._tasks.start(
            self._inbox.deleted(message_key(channel_id, message_id)), f"deletion of {message_id}"
        )

    async def _offer_anew(self, message: discord.Message) -> None:
        """Put the reaction below an edited question that has it answered once more, where the bot may."""
        if not permissions.may_react(message.channel):
            return
        try:
            await message.add_reaction(AGAIN)
        except CALL_ERRORS as error:
            _log.info("reaction_failed", message=message.id, error=str(error))


def _message_of(record: AnswerRecord) -> int | None:
    """Return the message that holds the question of an answer, None if it came as a command."""
    key = record.prompt_key
    return None if is_interaction(key) else snowflake_of(key)


def _plain(emoji: str) -> str:
    return emoji.replace(_VARIATION_SELECTOR, "")
