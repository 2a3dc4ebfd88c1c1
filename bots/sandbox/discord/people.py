"""What people do: they write, react, run commands and press buttons, as Discord's own app lets them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from bots.sandbox.discord import command_forms, interactions, message_payloads, messages
from bots.sandbox.discord.bodies import Body
from bots.sandbox.discord.entities import (
    Channel,
    Context,
    Interaction,
    InteractionKind,
    Json,
    Message,
    MessageType,
    User,
)
from bots.sandbox.discord.errors import CannotDo
from bots.sandbox.discord.permissions import Permission
from bots.sandbox.discord.world import World

T = TypeVar("T")


class People:
    """The people's side of a stand-in. Every method takes effect at once; the bot hears of it by the gateway."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def say(
        self,
        channel: Channel,
        user: User,
        text: str,
        *,
        mention_bot: bool = False,
        reply_to: Message | None = None,
    ) -> Message:
        """Post a message, with `mention_bot` behind a mention of the bot; raise CannotDo where nobody lets them."""
        self._check_may(user, channel, Permission.SEND_MESSAGES)
        if mention_bot:
            text = f"<@{self.world.bot.id}> {text}"
        kind = MessageType.REPLY if reply_to else MessageType.DEFAULT
        channel.archived = False
        return messages.write(
            self.world, channel, user, Body({"content": text}), kind=kind, reply_to=reply_to
        )

    async def edit(self, message: Message, text: str) -> None:
        """Let a message's author change its text."""
        _check_there(message)
        messages.edit(self.world, message, Body({"content": text}))

    async def delete(self, message: Message) -> None:
        """Let the author or a moderator remove a message."""
        _check_there(message)
        messages.delete(self.world, message)

    async def react(self, message: Message, user: User, emoji: str) -> None:
        """Add a reaction; ephemeral messages take none."""
        _check_there(message)
        if message.ephemeral:
            raise CannotDo("ephemeral messages take no reactions")
        permissions: tuple[Permission, ...] = (Permission.READ_MESSAGE_HISTORY,)
        if emoji not in message.reactions:
            permissions += (Permission.ADD_REACTIONS,)
        self._check_may(user, message.channel, *permissions)
        messages.add_reaction(self.world, message, user, emoji)

    async def unreact(self, message: Message, user: User, emoji: str) -> None:
        """Take a reaction back."""
        messages.remove_reaction(self.world, message, user, emoji)

    async def type_in(self, channel: Channel, user: User) -> None:
        """Show that someone is typing."""
        messages.type_in(self.world, channel, user)

    async def slash(
        self, channel: Channel, user: User, name: str, options: Mapping[str, Any] | None = None
    ) -> Interaction:
        """Run a slash command, written with its subcommands: "ask", or "config set".

        Raises CannotDo where the app would not offer or send it: unregistered, not meant for this place, not
        installed here, or with options that do not fit.
        """
        first, *words = name.split()
        command, owners = self._offered(channel, user, first, command_forms.CHAT_INPUT)
        filled = command_forms.fill_options(command, words, dict(options or {}))
        data = _command_data(command) | ({"options": filled} if filled else {})
        return self._begin(InteractionKind.COMMAND, user, channel, data, owners)

    async def message_command(self, message: Message, user: User, name: str) -> Interaction:
        """Run a command from a message's menu; the bot sees the message's content whatever its intents."""
        command, owners = self._offered(message.channel, user, name, command_forms.MESSAGE_COMMAND)
        shown = message_payloads.message(self.world, message)
        data = _command_data(command) | {
            "target_id": str(message.id),
            "resolved": {"messages": {str(message.id): shown}},
        }
        return self._begin(InteractionKind.COMMAND, user, message.channel, data, owners)

    async def suggest(self, channel: Channel, user: User, name: str, option: str, text: str) -> Interaction:
        """Ask for the suggestions of an option that is being typed; they come in `choices`."""
        command, owners = self._offered(channel, user, name, command_forms.CHAT_INPUT)
        typed = {"name": option, "type": 3, "value": text, "focused": True}
        data = _command_data(command) | {"options": [typed]}
        return self._begin(InteractionKind.AUTOCOMPLETE, user, channel, data, owners)

    async def press(self, message: Message, user: User, custom_id: str | None = None) -> Interaction:
        """Press a message's button, the first one if none is named; raise CannotDo if there is no such button."""
        _check_there(message)
        self._check_sees(user, message)
        buttons = [each for each in message.buttons if custom_id in {None, each["custom_id"]}]
        if not buttons:
            raise CannotDo("the message has no such button")
        button = buttons[0]
        data: Json = {"component_type": 2, "custom_id": button["custom_id"], "id": button["id"]}
        channel, asked = message.channel, message.interaction
        owners = asked.owners if asked else interactions.owners_of(self.world, user, channel, [0, 1])
        return self._begin(InteractionKind.COMPONENT, user, channel, data, owners, message)

    async def open_dm(self, user: User) -> Channel:
        """Return the direct message of a user and the bot."""
        return self.world.dm_with_bot(user)

    async def wait_for(self, predicate: Callable[[], T], timeout: float = 60.0) -> T:  # noqa: ASYNC109 - it becomes the asyncio.timeout inside
        """Return the first true result of `predicate`, asked whenever anything in the world changes.

        Raises TimeoutError after `timeout` seconds. Conditions that hold only for an instant can be missed.
        """
        return await self.world.wait_for(predicate, timeout)

    def _begin(
        self,
        kind: InteractionKind,
        user: User,
        channel: Channel,
        data: Json,
        owners: dict[str, str],
        source: Message | None = None,
    ) -> Interaction:
        return interactions.begin(self.world, kind, user, channel, data, owners, source)

    def _offered(self, channel: Channel, user: User, name: str, kind: int) -> tuple[Json, dict[str, str]]:
        """Return a command that the app offers in this place, and the installations that bring it here."""
        self._check_may(user, channel, Permission.USE_APPLICATION_COMMANDS)
        command = self.world.commands.find(name, kind, channel.guild.id if channel.guild else None)
        if command is None:
            raise CannotDo(f"no command {name!r} is registered")
        context = interactions.context_of(self.world, channel)
        contexts = command["contexts"]
        if contexts is not None and context not in contexts:
            raise CannotDo(f"{name!r} is not for this kind of place ({Context(context).name})")
        owners = interactions.owners_of(self.world, user, channel, command["integration_types"])
        if not owners:
            raise CannotDo(f"{name!r} is installed neither here nor for {user.name}")
        return command, owners

    def _check_may(self, user: User, channel: Channel, *needed: Permission) -> None:
        bits = self.world.permissions(user, channel)
        for permission in needed:
            wanted = permission
            if channel.is_thread and permission is Permission.SEND_MESSAGES:
                wanted = Permission.SEND_MESSAGES_IN_THREADS
            if not bits & wanted:
                raise CannotDo(f"{user.name} lacks {wanted.name} here")

    def _check_sees(self, user: User, message: Message) -> None:
        asked = message.interaction
        if message.ephemeral and (asked is None or asked.user is not user):
            raise CannotDo("only the asker sees an ephemeral message")
        self._check_may(user, message.channel, Permission.VIEW_CHANNEL)


def _check_there(message: Message) -> None:
    if message.deleted:
        raise CannotDo("the message is gone")


def _command_data(command: Json) -> Json:
    """Return the part of a command's interaction data that every kind of command has."""
    data: Json = {"id": command["id"], "name": command["name"], "type": command["type"]}
    return data | ({"guild_id": command["guild_id"]} if "guild_id" in command else {})
