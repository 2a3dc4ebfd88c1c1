"""What people do with messages and threads: they write, attach files, edit, delete, react, and start threads."""

from __future__ import annotations

from collections.abc import Sequence

from tickertape.sandbox.discord.changes import messages, thread_starts, threads
from tickertape.sandbox.discord.changes.body import Body, Upload
from tickertape.sandbox.discord.changes.validation import MAX_REACTIONS
from tickertape.sandbox.discord.errors import ApiError, CannotDo
from tickertape.sandbox.discord.people.checks import (
    check_files,
    check_may,
    check_open,
    check_reply,
    check_sees,
    check_text,
    check_there,
    check_unlocked,
)
from tickertape.sandbox.discord.world.attachments import File, text_file
from tickertape.sandbox.discord.world.emojis import is_emoji
from tickertape.sandbox.discord.world.entities import Channel, Json, Message
from tickertape.sandbox.discord.world.kinds import ChannelType, MessageFlag, MessageType
from tickertape.sandbox.discord.world.mentions import PingKind
from tickertape.sandbox.discord.world.people import User
from tickertape.sandbox.discord.world.permissions import Permission
from tickertape.sandbox.discord.world.world import World

_NO_REPLY_PING = {"parse": ["users", "roles", "everyone"], "replied_user": False}


class Writing:
    """The people's side of messages. Every method takes effect at once; the bot hears of it by the gateway.

    Each raises CannotDo for what Discord's own app does not let anybody do.
    """

    world: World

    async def say(
        self,
        channel: Channel,
        user: User,
        text: str,
        *,
        mention_bot: bool = False,
        reply_to: Message | None = None,
        ping: bool = True,
        files: Sequence[File] = (),
    ) -> Message:
        """Post a message, with `mention_bot` behind a mention of the bot, with `files` beside or instead of a text.

        A reply pings whom it answers, unless `ping` is turned off. An archived thread is opened again.
        """
        check_may(self.world, user, channel, Permission.SEND_MESSAGES)
        check_unlocked(self.world, user, channel)
        if mention_bot:
            text = f"<@{self.world.bot.id}> {text}"
        check_text(user, text.strip())
        self._check_files(channel, user, files)
        fields: Json = {"content": text}
        if reply_to is not None:
            check_may(self.world, user, channel, Permission.READ_MESSAGE_HISTORY)
            check_reply(channel, reply_to)
            fields |= {} if ping else {"allowed_mentions": _NO_REPLY_PING}
        kind = MessageType.REPLY if reply_to else MessageType.DEFAULT
        uploads = tuple(Upload(number, file) for number, file in enumerate(files))
        return messages.write(self.world, channel, user, Body(fields, uploads), kind=kind, reply_to=reply_to)

    async def paste(
        self,
        channel: Channel,
        user: User,
        text: str,
        *,
        mention_bot: bool = False,
        reply_to: Message | None = None,
    ) -> Message:
        """Post a text of any length: of one that is too long the app makes the file `message.txt`."""
        mention = f"<@{self.world.bot.id}> " if mention_bot else ""
        if len(mention + text) <= user.longest_message:
            return await self.say(channel, user, mention + text, reply_to=reply_to)
        return await self.say(channel, user, mention, reply_to=reply_to, files=[text_file(text)])

    def _check_files(self, channel: Channel, user: User, files: Sequence[File]) -> None:
        if files:
            check_may(self.world, user, channel, Permission.ATTACH_FILES)
        check_files(user, files)

    async def edit(self, message: Message, text: str) -> None:
        """Let a message's author change its text; an equal text changes nothing, and a silent reply stays silent."""
        check_there(message)
        author = message.author
        if author.bot or message.is_system:
            raise CannotDo("people edit what people wrote")
        check_open(self.world, author, message.channel)
        check_text(author, text.strip())
        if text.strip() == message.content:
            return
        silent = not any(ping.kind is PingKind.REPLY for ping in message.mentions)
        quietly = {"allowed_mentions": _NO_REPLY_PING} if silent else {}
        messages.edit(self.world, message, Body({"content": text} | quietly))

    async def delete(self, message: Message, user: User | None = None) -> None:
        """Let `user` remove a message: its author, who is meant by None, or a moderator."""
        check_there(message)
        if user is not None and user is not message.author:
            check_may(self.world, user, message.channel, Permission.MANAGE_MESSAGES)
        messages.delete(self.world, message)

    async def delete_together(self, *removed: Message) -> None:
        """Let a moderation bot remove messages of one channel at once."""
        for message in removed:
            check_there(message)
        messages.delete_together(self.world, removed[0].channel, list(removed))

    async def unfurl(self, message: Message, title: str = "A page", **embed: object) -> None:
        """Let Discord show a link's preview: the message is updated, though nobody has edited it."""
        check_there(message)
        if MessageFlag.SUPPRESS_EMBEDS not in message.flags:
            messages.unfurl(self.world, message, {"type": "link", "title": title} | embed)

    async def react(self, message: Message, user: User, emoji: str) -> None:
        """Add a reaction; ephemeral messages take none."""
        check_there(message)
        if message.ephemeral:
            raise CannotDo("ephemeral messages take no reactions")
        if not is_emoji(emoji):
            raise CannotDo(f"{emoji!r} is no emoji")
        check_open(self.world, user, message.channel)
        check_may(self.world, user, message.channel, Permission.READ_MESSAGE_HISTORY)
        if emoji not in message.reactions:
            check_may(self.world, user, message.channel, Permission.ADD_REACTIONS)
            if len(message.reactions) >= MAX_REACTIONS:
                raise CannotDo(f"a message takes up to {MAX_REACTIONS} emoji")
        messages.add_reaction(self.world, message, user, emoji)

    async def unreact(self, message: Message, user: User, emoji: str) -> None:
        """Take a reaction back."""
        check_there(message)
        check_open(self.world, user, message.channel)
        messages.remove_reaction(self.world, message, user, emoji)

    async def clear_reactions(self, message: Message, emoji: str | None = None) -> None:
        """Let a moderator take everybody's reactions away, of one emoji or of all."""
        check_there(message)
        messages.clear_reactions(self.world, message, emoji)

    async def type_in(self, channel: Channel, user: User) -> None:
        """Show that someone is typing."""
        messages.type_in(self.world, channel, user)

    async def start_thread(
        self,
        channel: Channel,
        user: User,
        name: str,
        *,
        message: Message | None = None,
        private: bool = False,
        auto_archive: int = 1440,
    ) -> Channel:
        """Start a thread, with `message` from it; after `auto_archive` minutes of silence it is archived."""
        try:
            thread_starts.check_place(channel)
            thread_starts.check_count(self.world, channel)
            if message is not None:
                thread_starts.check_message(message)
        except ApiError as error:
            raise CannotDo(str(error)) from error
        needed = Permission.CREATE_PRIVATE_THREADS if private else Permission.CREATE_PUBLIC_THREADS
        check_may(self.world, user, channel, needed)
        if message is not None:
            check_there(message)
            check_sees(self.world, user, message)
        if message is not None and (message.ephemeral or private):
            raise CannotDo("a thread of a message is public, and so must the message be")
        kind = ChannelType.PRIVATE_THREAD if private else ChannelType.PUBLIC_THREAD
        return thread_starts.start(
            self.world, channel, name, user, message=message, kind=kind, auto_archive=auto_archive
        )

    async def join_thread(self, thread: Channel, user: User) -> None:
        """Let somebody in a thread add a user to it: themselves, another, or the bot."""
        if thread.archived:
            raise CannotDo("the thread is archived")
        threads.join(self.world, thread, user)

    async def leave_thread(self, thread: Channel, user: User) -> None:
        """Let a user leave a thread, or a moderator take them out."""
        threads.leave(self.world, thread, user)

    async def archive_thread(self, thread: Channel, *, locked: bool = False) -> None:
        """Let a moderator archive a thread; a locked one can be opened and written in by moderators alone."""
        threads.set_archived(self.world, thread, archived=True, locked=locked)
