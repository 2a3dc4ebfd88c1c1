"""What Discord's own app checks before it lets people do anything; each check raises CannotDo."""

from __future__ import annotations

from collections.abc import Sequence

from tickertape.sandbox.discord.errors import CannotDo
from tickertape.sandbox.discord.world.attachments import MAX_ATTACHMENTS, File
from tickertape.sandbox.discord.world.entities import Channel, Message
from tickertape.sandbox.discord.world.people import User
from tickertape.sandbox.discord.world.permissions import Permission
from tickertape.sandbox.discord.world.world import World


def check_may(world: World, user: User, channel: Channel, *needed: Permission) -> None:
    """Refuse what a permission forbids; sending in a thread has its own."""
    bits = world.permissions(user, channel)
    for permission in needed:
        wanted = permission
        if channel.is_thread and permission is Permission.SEND_MESSAGES:
            wanted = Permission.SEND_MESSAGES_IN_THREADS
        if not bits & wanted:
            raise CannotDo(f"{user.name} lacks {wanted.name} here")


def check_there(message: Message) -> None:
    """Refuse to do anything with a deleted message."""
    if message.deleted:
        raise CannotDo("the message is gone")


def check_sees(world: World, user: User, message: Message) -> None:
    """Refuse what is done with a message that the user does not see."""
    asked = message.interaction
    if message.ephemeral and (asked is None or asked.user is not user):
        raise CannotDo("only the asker sees an ephemeral message")
    check_may(world, user, message.channel, Permission.VIEW_CHANNEL)


def check_open(world: World, user: User, channel: Channel) -> None:
    """Refuse a change in an archived thread, and in a locked one except by those who moderate threads."""
    if channel.archived:
        raise CannotDo("the thread is archived")
    check_unlocked(world, user, channel)


def check_unlocked(world: World, user: User, channel: Channel) -> None:
    """Refuse to write in a locked thread, except by those who moderate threads."""
    if channel.locked and not world.permissions(user, channel) & Permission.MANAGE_THREADS:
        raise CannotDo("the thread is locked")


def check_text(user: User, text: str) -> None:
    """Refuse a text that the app would turn into a file."""
    if len(text) > user.longest_message:
        raise CannotDo(
            f"{user.name} can write up to {user.longest_message} characters; paste makes a file of more"
        )


def check_files(user: User, files: Sequence[File]) -> None:
    """Refuse too many or too large files."""
    if len(files) > MAX_ATTACHMENTS:
        raise CannotDo(f"a message takes up to {MAX_ATTACHMENTS} files")
    for file in files:
        if file.length > user.largest_file:
            raise CannotDo(f"{user.name} can send up to {user.largest_file} bytes")


def check_reply(channel: Channel, target: Message) -> None:
    """Refuse a reply to what is gone, elsewhere, ephemeral, still loading, or Discord's own."""
    check_there(target)
    if target.channel is not channel:
        raise CannotDo("replies stay in their channel")
    if target.ephemeral or target.loading or target.is_system:
        raise CannotDo("this message takes no reply")
