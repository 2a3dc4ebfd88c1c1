"""What people do in the workspace: they write, react, use slash commands and press buttons."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from bots.sandbox.slack import blocks, messages, payloads
from bots.sandbox.slack.delivery import Ack, Deliveries, Delivery, Failure, Kind
from bots.sandbox.slack.events import Event
from bots.sandbox.slack.models import (
    ButtonPress,
    Channel,
    ChannelKind,
    Content,
    File,
    Invocation,
    Json,
    Message,
    SlashCommand,
    StreamState,
    User,
)
from bots.sandbox.slack.response_urls import ResponseUrls
from bots.sandbox.slack.web_api.streams import is_live
from bots.sandbox.slack.world import World

T = TypeVar("T")
Who = User | str
Where = Channel | str

_TYPED_FORM = re.compile(r"(<(?:[@#!]|https?:)[^<>\s]+>)")


def typed(text: str) -> str:
    """Return what Slack stores of typed text: `&`, `<` and `>` are escaped, except in forms like `<@U1>`."""
    parts = _TYPED_FORM.split(text)
    return "".join(part if index % 2 else _escape(part) for index, part in enumerate(parts))


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class People:
    """The people of a workspace. Users and channels are given as objects, ids, or names such as `alice`, `general`."""

    def __init__(self, world: World, deliveries: Deliveries, response_urls: ResponseUrls) -> None:
        self.world = world
        self._deliveries = deliveries
        self._response_urls = response_urls

    async def say(
        self,
        channel: Where,
        user: Who,
        text: str,
        thread_ts: str | None = None,
        mention_bot: bool = False,
    ) -> Message:
        """Write a message; `mention_bot` puts a mention of the app before it."""
        world = self.world
        place, author = world.channel(channel), world.user(user)
        place.members.add(author.id)
        written = f"<@{world.bot.id}> {typed(text)}" if mention_bot else typed(text)
        return messages.post(world, place, author, Content(text=written), thread_ts=_root(place, thread_ts))

    async def say_as_bot(self, channel: Where, text: str, thread_ts: str | None = None) -> Message:
        """Write as an integration that is not the app: subtype `bot_message`."""
        world = self.world
        author = User(world.new_id("U"), "robot", "Robot", is_bot=True)
        bot_id = world.new_id("B")
        return messages.post(
            world,
            world.channel(channel),
            author,
            Content(text=text),
            thread_ts=thread_ts,
            bot_id=bot_id,
            subtype="bot_message",
        )

    async def share_file(
        self,
        channel: Where,
        user: Who,
        name: str,
        data: bytes,
        text: str = "",
        *,
        thread_ts: str | None = None,
    ) -> Message:
        """Share a file with a comment: subtype `file_share`."""
        world, author = self.world, self.world.user(user)
        held = File(
            id=world.new_id("F"), name=name, length=len(data), user=author.id, content=data, uploaded=True
        )
        held.shared = True
        world.files[held.id] = held
        content = Content(text=typed(text), files=[payloads.file(world, held)])
        return messages.post(
            world, world.channel(channel), author, content, thread_ts=thread_ts, subtype="file_share"
        )

    async def edit(self, message: Message, text: str) -> None:
        """Edit a message as its author."""
        messages.edit(self.world, message, Content(text=typed(text)), marked=True)

    async def delete(self, message: Message) -> None:
        """Delete a message as its author or an admin."""
        if message.stream is not None:
            message.stream.state = StreamState.ENDED
        messages.delete(self.world, message)

    async def react(self, message: Message, user: Who, name: str) -> bool:
        """Add a reaction, named without colons; False if it was there already."""
        return messages.react(self.world, message, self.world.user(user), name, on=True)

    async def unreact(self, message: Message, user: Who, name: str) -> bool:
        """Take a reaction away; False if there was none."""
        return messages.react(self.world, message, self.world.user(user), name, on=False)

    async def open_dm(self, user: Who) -> Channel:
        """Return the direct messages of a user and the app, opened if need be."""
        return self.world.open_direct(self.world.user(user))

    async def add_channel(self, name: str, *members: Who, private: bool = False, bot: bool = True) -> Channel:
        """Make a channel with some members, and the app unless `bot` is False."""
        people = [self.world.user(member) for member in members] + ([self.world.bot] if bot else [])
        kind = ChannelKind.PRIVATE if private else ChannelKind.PUBLIC
        return self.world.add_channel(name, people, kind)

    async def invite_bot(self, channel: Where, user: Who = "admin") -> None:
        """Make the app a member of a channel."""
        world, place = self.world, self.world.channel(channel)
        place.members.add(world.bot.id)
        body = {
            "type": "member_joined_channel",
            "user": world.bot.id,
            "channel": place.id,
            "channel_type": "C",
            "team": world.team_id,
            "inviter": world.user(user).id,
            "event_ts": world.clock.ts(),
        }
        world.publish(Event("member_joined_channel", body))
        world.changed()

    async def remove_bot(self, channel: Where) -> None:
        """Throw the app out of a channel."""
        self.world.channel(channel).members.discard(self.world.bot.id)
        self.world.changed()

    async def open_home(self, user: Who) -> None:
        """Open the app's home."""
        world, person = self.world, self.world.user(user)
        body = {
            "type": "app_home_opened",
            "user": person.id,
            "channel": world.open_direct(person).id,
            "tab": "home",
            "event_ts": world.clock.ts(),
        }
        world.publish(Event("app_home_opened", body))

    async def uninstall(self) -> None:
        """Remove the app from the workspace: its tokens stop working, and it is told so."""
        world = self.world
        world.publish(Event("tokens_revoked", {"type": "tokens_revoked", "tokens": {"bot": [world.bot.id]}}))
        world.publish(Event("app_uninstalled", {"type": "app_uninstalled"}))
        world.installed = False
        world.changed()

    async def stop_session(self, channel: Where, user: Who, thread_ts: str = "") -> list[Message]:
        """Press Slack's own stop button: live streams of the thread stop, and the app is told.

        Returns those streams. Raises LookupError if the button is not there: no session is processing.
        """
        world, place = self.world, self.world.channel(channel)
        session = world.sessions.get((place.id, thread_ts))
        if session is None or session.status != "processing":
            raise LookupError("no session is processing there")
        streams = [sent for sent in world.thread(place, thread_ts) if is_live(world, sent)]
        for sent in streams:
            if sent.stream is not None:
                sent.stream.state = StreamState.STOPPED_BY_USER
        body = {
            "type": "agent_session_stopped",
            "channel": place.id,
            "thread_ts": thread_ts,
            "user": world.user(user).id,
            "streaming_message_ts": [sent.ts for sent in streams],
            "event_ts": world.clock.ts(),
        }
        world.publish(Event("agent_session_stopped", body))
        world.changed()
        return streams

    async def slash(self, channel: Where, user: Who, command: str, text: str = "") -> SlashCommand:
        """Use a slash command, and return once the app has acknowledged it or Slack has given up (3 s).

        Raises LookupError if the app lacks the scope `commands`, so that Slack does not offer any.
        """
        world = self.world
        if "commands" not in world.scopes:
            raise LookupError(f"{command} is no command of this workspace")
        place, person = world.channel(channel), world.user(user)
        used = SlashCommand(
            user=person, channel=place, command=command, text=typed(text), **self._invocation()
        )
        self._response_urls.open(used)
        result = await self._invoke(used, Kind.SLASH, payloads.slash_command(world, used))
        if isinstance(result, Ack):
            self._response_urls.respond(used, result.body)
        return used

    async def press(self, message: Message, user: Who, action_id: str | None = None) -> ButtonPress:
        """Press a button of a message, the first one if `action_id` is None; returns like `slash`.

        Raises LookupError if the message has no such button.
        """
        block_id, button = _button(message, action_id)
        pressed = ButtonPress(
            user=self.world.user(user),
            channel=self.world.channels[message.channel],
            message=message,
            action_id=button["action_id"],
            value=button.get("value", ""),
            **self._invocation(),
        )
        self._response_urls.open(pressed, message)
        payload = payloads.block_actions(self.world, pressed, block_id, button)
        await self._invoke(pressed, Kind.INTERACTIVE, payload)
        return pressed

    def _invocation(self) -> Json:
        """Return what every new invocation has."""
        world, now = self.world, self.world.clock.now()
        trigger = world.new_id("trigger.").lower()
        world.triggers[trigger] = now
        return {"trigger_id": trigger, "response_url": self._response_urls.new(), "sent_at": now}

    async def _invoke(self, used: Invocation, kind: Kind, payload: Json) -> Ack | Failure:
        result = await self._deliveries.ask(kind, payload)
        if isinstance(result, Ack):
            used.acked_at = self.world.clock.now()
        else:
            used.error = _SHOWN_ERRORS.get(result.error, "dispatch_failed")
        self.world.changed()
        return result

    def redeliver(self, event: Delivery, reason: str = "http_timeout") -> None:
        """Send a delivered event once more, as Slack's retries do."""
        self._deliveries.redeliver(event, reason)

    async def wait_for(self, predicate: Callable[[], T], timeout: float = 30.0) -> T:  # noqa: ASYNC109 - it is the feature
        """Return the first true value of `predicate`, which is asked whenever something changes here.

        Raises TimeoutError after `timeout` seconds.
        """
        return await self.world.wait_for(predicate, timeout)


_SHOWN_ERRORS = {
    "timeout": "operation_timeout",
    "http_timeout": "operation_timeout",
    "http_error": "http_service_error",
}
"""What Slack shows to the person when the app did not take a command."""


def _root(channel: Channel, thread_ts: str | None) -> str | None:
    """Return the thread that a ts stands for: a reply's is that of its thread."""
    sent = channel.messages.get(thread_ts or "")
    return sent.root if sent else thread_ts


def _button(message: Message, action_id: str | None) -> tuple[str, Json]:
    for block_id, button in blocks.buttons(message.blocks):
        if action_id in {None, button.get("action_id")}:
            return block_id, button
    raise LookupError(f"no button {action_id or ''} on message {message.ts}")
