"""What people write: messages, replies, edits, deletions and reactions."""

from __future__ import annotations

from collections.abc import Sequence

from tickertape.sandbox.slack.changes import messages
from tickertape.sandbox.slack.people.base import Where, Who, Workplace, typed
from tickertape.sandbox.slack.world.models import Channel, Content, Json, Message, StreamState, User


class Writers(Workplace):
    """People who write."""

    async def say(
        self,
        channel: Where,
        user: Who,
        text: str,
        thread_ts: str | None = None,
        mention_bot: bool = False,
        *,
        mentions: Sequence[Who] = (),
        broadcast: bool = False,
    ) -> Message:
        """Write a message; `mention_bot` puts a mention of the app before it, `mentions` those of other people.

        `broadcast` shows a reply in the channel as well: subtype `thread_broadcast`.
        """
        world = self.world
        place, author = world.channel(channel), world.user(user)
        place.members.add(author.id)
        return messages.post(
            world,
            place,
            author,
            Content(text=self._written(text, mention_bot=mention_bot, mentions=mentions)),
            thread_ts=root(place, thread_ts),
            subtype="thread_broadcast" if broadcast and thread_ts else None,
        )

    def _written(self, text: str, *, mention_bot: bool, mentions: Sequence[Who] = ()) -> str:
        named = [self.world.bot] * mention_bot + [self.world.user(each) for each in mentions]
        return " ".join([*(f"<@{each.id}>" for each in named), typed(text)])

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

    async def edit(self, message: Message, text: str, *, mention_bot: bool = False) -> None:
        """Edit a message as its author. Its files stay."""
        written = self._written(text, mention_bot=mention_bot)
        content = Content(text=written, files=message.content.files)
        messages.edit(self.world, message, content, marked=True)

    async def unfurl(self, message: Message, url: str = "https://example.com/") -> None:
        """Let Slack add the preview of a link: `message_changed`, though nobody has edited anything."""
        preview: Json = {"id": 1, "from_url": url, "original_url": url, "title": "Example", "text": "A page."}
        messages.unfurl(self.world, message, [preview])

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


def root(channel: Channel, thread_ts: str | None) -> str | None:
    """Return the thread that a ts stands for: a reply's is that of its thread."""
    sent = channel.messages.get(thread_ts or "")
    return sent.root if sent else thread_ts
