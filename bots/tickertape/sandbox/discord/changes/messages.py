"""What becomes of messages: written, edited, deleted, reacted to. People, REST and interactions all come here."""

from __future__ import annotations

from tickertape.sandbox.discord.changes import threads
from tickertape.sandbox.discord.changes.body import Body
from tickertape.sandbox.discord.changes.validation import check_not_empty
from tickertape.sandbox.discord.errors import ApiError, Code
from tickertape.sandbox.discord.payloads import announce
from tickertape.sandbox.discord.payloads.interaction_payloads import app_permissions
from tickertape.sandbox.discord.world.attachments import MAX_ATTACHMENTS, attach
from tickertape.sandbox.discord.world.components import component_text, numbered
from tickertape.sandbox.discord.world.entities import Attachment, Channel, Interaction, Json, Message, Version
from tickertape.sandbox.discord.world.kinds import NO_FLAGS, MessageFlag, MessageType
from tickertape.sandbox.discord.world.mentions import Ping, PingKind, find_pings, parse_allowed
from tickertape.sandbox.discord.world.people import User
from tickertape.sandbox.discord.world.permissions import Permission
from tickertape.sandbox.discord.world.world import World

_SETTABLE = MessageFlag.SUPPRESS_EMBEDS | MessageFlag.SUPPRESS_NOTIFICATIONS | MessageFlag.COMPONENTS_V2


def write(
    world: World,
    channel: Channel,
    author: User,
    body: Body,
    *,
    kind: MessageType = MessageType.DEFAULT,
    reply_to: Message | None = None,
    interaction: Interaction | None = None,
    flags: MessageFlag = NO_FLAGS,
    about: Channel | None = None,
) -> Message:
    """Create a message of a body that was checked; raise error 50006 if it would be empty, 30015 for too many files.

    Blanks around the content are dropped, as Discord drops them. A message with the flag LOADING may be empty, and
    so may one of Discord's own, which can be `about` a thread.
    """
    message = Message(
        world.clock.snowflake(),
        channel,
        author,
        world.clock.now(),
        world.clock.wall(),
        kind,
        flags | (MessageFlag(int(body.fields.get("flags") or 0)) & _SETTABLE),
        reply_to=reply_to,
        interaction=interaction,
        nonce=body.fields.get("nonce"),
        about=about,
    )
    _publish_new(world, message, body)
    return message


def _publish_new(world: World, message: Message, body: Body) -> None:
    """Give a new message what its body shows, and put it into its channel."""
    message.attachments = _attachments(world, message, body)
    version = _version(world, body.fields)
    if not message.loading and not message.is_system:
        _check_shows(version, message)
    message.versions.append(version)
    _ping(world, message, body.fields)
    message.channel.messages[message.id] = message
    threads.welcome(world, message)
    world.publish(announce.message(world, "MESSAGE_CREATE", message))


def edit(world: World, message: Message, body: Body) -> None:
    """Change what a checked body names and keep the rest; mentions are parsed anew under the body's rules."""
    attachments = _attachments(world, message, body)
    version = _version(world, body.fields, message.versions[-1])
    _check_shows(version, message, len(attachments))
    message.attachments = attachments
    if (flags := body.fields.get("flags")) is not None:
        kept = message.flags & ~MessageFlag.SUPPRESS_EMBEDS
        message.flags = kept | (MessageFlag(int(flags)) & _SETTABLE)
    message.flags &= ~MessageFlag.LOADING
    message.versions.append(version)
    message.edited_wall = world.clock.wall()
    _ping(world, message, body.fields)
    world.publish(announce.message(world, "MESSAGE_UPDATE", message))


def unfurl(world: World, message: Message, embed: Json) -> None:
    """Let Discord add the preview of a link: an update, but no edit (`edited_timestamp` stays as it was)."""
    before = message.versions[-1]
    message.versions.append(
        Version(world.clock.now(), before.content, before.components, [*before.embeds, embed])
    )
    world.publish(announce.message(world, "MESSAGE_UPDATE", message))


def delete(world: World, message: Message) -> None:
    """Remove a message; it stays readable for tests with its history."""
    _remove(world, message)
    world.publish(announce.deleted(world, message))


def delete_together(world: World, channel: Channel, removed: list[Message]) -> None:
    """Remove messages of a channel at once."""
    for message in removed:
        _remove(world, message)
    world.publish(announce.deleted_together(world, channel, removed))


def _remove(world: World, message: Message) -> None:
    message.deleted_at = world.clock.now()
    message.channel.messages.pop(message.id, None)


def add_reaction(world: World, message: Message, person: User, emoji: str) -> None:
    """Add a reaction, once per person and emoji."""
    people = message.reactions.setdefault(emoji, [])
    if person not in people:
        people.append(person)
        world.publish(announce.reaction(world, "MESSAGE_REACTION_ADD", message, person, emoji))


def remove_reaction(world: World, message: Message, person: User, emoji: str) -> None:
    """Take a reaction back."""
    people = message.reactions.get(emoji, [])
    if person in people:
        people.remove(person)
        if not people:
            del message.reactions[emoji]
        world.publish(announce.reaction(world, "MESSAGE_REACTION_REMOVE", message, person, emoji))


def clear_reactions(world: World, message: Message, emoji: str | None = None) -> None:
    """Take everybody's reactions away, of one emoji or of all."""
    gone = list(message.reactions) if emoji is None else [emoji]
    for each in gone:
        message.reactions.pop(each, None)
    world.publish(announce.reactions_cleared(world, message, emoji))


def type_in(world: World, channel: Channel, person: User) -> None:
    """Show for some seconds that someone is typing."""
    channel.typings.append((world.clock.now(), person))
    world.publish(announce.typing(world, channel, person))


def _version(world: World, fields: Json, before: Version | None = None) -> Version:
    """Return what `fields` show; on an edit, what they do not name stays as it was."""
    old_content = before.content if before else ""
    content = (fields["content"] or "").strip() if "content" in fields else old_content
    old_components = before.components if before else []
    components = fields["components"] or [] if "components" in fields else old_components
    old_embeds = before.embeds if before else []
    embeds = fields["embeds"] or [] if "embeds" in fields else old_embeds
    return Version(world.clock.now(), content, numbered(components), embeds)


def _attachments(world: World, message: Message, body: Body) -> list[Attachment]:
    """Return the files of a message: those that the body keeps by id, and the new ones that it lists if it lists any.

    Raises error 30015 for more than Discord takes.
    """
    named = body.fields.get("attachments")
    listed = {str(item.get("id")): item.get("description") for item in named or []}
    old = [item for item in message.attachments if named is None or str(item.id) in listed]
    new = [
        attach(world.clock.snowflake(), upload.file, listed.get(str(upload.number)))
        for upload in body.files
        if not message.versions or named is None or str(upload.number) in listed
    ]
    if len(old) + len(new) > MAX_ATTACHMENTS:
        raise ApiError(Code.TOO_MANY_FILES)
    return old + new


def _check_shows(version: Version, message: Message, files: int | None = None) -> None:
    check_not_empty(
        content=version.content,
        embeds=version.embeds,
        components=version.components,
        files=len(message.attachments) if files is None else files,
    )


def _ping(world: World, message: Message, fields: Json) -> None:
    """Note whom the present version mentions, and ping each once per message."""
    text = f"{message.content}\n{component_text(message.components)}"
    allowed = parse_allowed(fields.get("allowed_mentions"))
    found = find_pings(text, allowed, _replied_to(message))
    message.mentions = [ping for ping in found if _reaches(world, message, ping)]
    for ping in message.mentions:
        if ping not in message.pings:
            message.pings.append(ping)
            world.pings.append((world.clock.now(), message, ping))


def _replied_to(message: Message) -> int | None:
    """Return whom a reply pings.

    Responses to interactions are sent through a webhook: they ping nobody by what they refer to, and a reply to one
    does not ping the app, so that it does not see the reply's content without the intent (discord-api-docs#5395).
    """
    target = message.reply_to
    if target is None or message.type is not MessageType.REPLY:
        return None
    return None if message.interaction or target.interaction else target.author.id


def _reaches(world: World, message: Message, ping: Ping) -> bool:
    """Tell whether a ping finds its target, and its author has the permission that it needs."""
    channel = message.channel
    if ping.kind in {PingKind.USER, PingKind.REPLY}:
        return ping.target in world.users
    if channel.guild is None:
        return False
    author = message.author
    bits = app_permissions(world, channel) if author is world.bot else world.permissions(author, channel)
    anyone = bool(bits & Permission.MENTION_EVERYONE)
    role = channel.guild.roles.get(ping.target or 0)
    if ping.kind is PingKind.ROLE:
        return role is not None and (role.mentionable or anyone)
    return anyone
