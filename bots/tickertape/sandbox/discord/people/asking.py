"""What people do that the bot gets as interactions: commands, suggestions, buttons, menus, forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tickertape.sandbox.discord.changes import interactions
from tickertape.sandbox.discord.commands import forms as command_forms
from tickertape.sandbox.discord.commands.modals import Values, checked_choice, fill_modal
from tickertape.sandbox.discord.commands.options import fill_options, type_option
from tickertape.sandbox.discord.errors import CannotDo
from tickertape.sandbox.discord.payloads import interaction_payloads, message_payloads
from tickertape.sandbox.discord.people.checks import check_files, check_may, check_sees, check_there
from tickertape.sandbox.discord.world.attachments import File, attach
from tickertape.sandbox.discord.world.components import ComponentType
from tickertape.sandbox.discord.world.entities import Channel, Interaction, Json, Message
from tickertape.sandbox.discord.world.kinds import Context, InteractionKind
from tickertape.sandbox.discord.world.people import User
from tickertape.sandbox.discord.world.permissions import Permission
from tickertape.sandbox.discord.world.world import World


class Asking:
    """The people's side of interactions. The bot hears of each at once, and the interaction shows what it made of it.

    Each method raises CannotDo where the app would not offer or send it: a command that is unregistered, not meant
    for this place or person, not installed here, or given options that do not fit.
    """

    world: World

    async def slash(
        self, channel: Channel, user: User, name: str, options: Mapping[str, Any] | None = None
    ) -> Interaction:
        """Run a slash command, written with its subcommands: "ask", or "config set".

        Options are given by name: texts, numbers and truth values as they are, users, channels and roles as the
        stand-in has them, attachments as a `File`.
        """
        first, *words = name.split()
        command, owners = self._offered(channel, user, first, command_forms.CHAT_INPUT)
        check_files(user, [value for value in (options or {}).values() if isinstance(value, File)])
        values = {key: self._uploaded(value) for key, value in (options or {}).items()}
        filled = fill_options(command, words, values)
        found = interaction_payloads.resolved(self.world, channel, user, list(values.values()))
        data = _command_data(command) | ({"options": filled} if filled else {})
        data |= {"resolved": found} if found else {}
        return interactions.begin(self.world, InteractionKind.COMMAND, user, channel, data, owners)

    def _uploaded(self, value: object) -> object:
        """Return the attachment that a file becomes, and anything else as it is."""
        if not isinstance(value, File):
            return value
        item = attach(self.world.clock.snowflake(), value, ephemeral=True)
        self.world.command_files.append(item)
        return item

    async def message_command(self, message: Message, user: User, name: str) -> Interaction:
        """Run a command from a message's menu; the bot sees the message's content whatever its intents."""
        check_there(message)
        check_sees(self.world, user, message)
        command, owners = self._offered(message.channel, user, name, command_forms.MESSAGE_COMMAND)
        shown = message_payloads.message_in_interaction(self.world, message)
        data = _command_data(command) | {
            "target_id": str(message.id),
            "resolved": {"messages": {str(message.id): shown}},
        }
        return interactions.begin(
            self.world, InteractionKind.COMMAND, user, message.channel, data, owners, target=message
        )

    async def suggest(
        self,
        channel: Channel,
        user: User,
        name: str,
        option: str,
        text: str,
        options: Mapping[str, Any] | None = None,
    ) -> Interaction:
        """Ask for suggestions while an option is being typed, after other `options`; they come in `choices`."""
        first, *words = name.split()
        command, owners = self._offered(channel, user, first, command_forms.CHAT_INPUT)
        typed = type_option(command, words, option, text, dict(options or {}))
        data = _command_data(command) | {"options": typed}
        return interactions.begin(self.world, InteractionKind.AUTOCOMPLETE, user, channel, data, owners)

    async def press(self, message: Message, user: User, custom_id: str | None = None) -> Interaction:
        """Press a message's button, the first one if none is named."""
        button = self._used(message, user, message.buttons, custom_id)
        return self._use(message, user, button, {"component_type": int(ComponentType.BUTTON)})

    async def choose(
        self, message: Message, user: User, values: Sequence[str], custom_id: str | None = None
    ) -> Interaction:
        """Choose values in a message's select menu, the first one if none is named."""
        menu = self._used(message, user, message.menus, custom_id)
        chosen = checked_choice(menu, list(values))
        return self._use(message, user, menu, {"component_type": menu["type"], "values": chosen})

    async def submit(self, interaction: Interaction, values: Values | None = None) -> Interaction:
        """Send the form that an interaction's response has opened, with what is entered by custom id."""
        modal = interaction.modal
        if modal is None:
            raise CannotDo("no form is open")
        filled = fill_modal(modal["components"], values or {})
        data: Json = {"custom_id": modal["custom_id"], "components": filled}
        interaction.modal = None
        return interactions.begin(
            self.world,
            InteractionKind.MODAL_SUBMIT,
            interaction.user,
            interaction.channel,
            data,
            interaction.owners,
            source=interaction.source,
            opener=interaction,
        )

    def _used(self, message: Message, user: User, parts: list[Json], custom_id: str | None) -> Json:
        """Return the component that somebody uses; raise CannotDo if there is none such."""
        check_there(message)
        check_sees(self.world, user, message)
        named = [each for each in parts if custom_id in {None, each["custom_id"]}]
        if not named:
            raise CannotDo("the message has no such button or menu")
        return named[0]

    def _use(self, message: Message, user: User, part: Json, data: Json) -> Interaction:
        asked, channel = message.interaction, message.channel
        owners = asked.owners if asked else interactions.owners_of(self.world, user, channel, [0, 1])
        data |= {"custom_id": part["custom_id"], "id": part["id"]}
        return interactions.begin(
            self.world, InteractionKind.COMPONENT, user, channel, data, owners, source=message
        )

    def _offered(self, channel: Channel, user: User, name: str, kind: int) -> tuple[Json, dict[str, str]]:
        """Return a command that the app offers in this place, and the installations that bring it here."""
        check_may(self.world, user, channel, Permission.USE_APPLICATION_COMMANDS)
        if channel.archived:
            raise CannotDo("an archived thread takes no commands")
        command = self.world.commands.find(name, kind, channel.guild.id if channel.guild else None)
        if command is None:
            raise CannotDo(f"no command {name!r} is registered")
        self._check_place(command, channel)
        self._check_person(command, channel, user)
        owners = interactions.owners_of(self.world, user, channel, command["integration_types"])
        if not owners:
            raise CannotDo(f"{name!r} is installed neither here nor for {user.name}")
        return command, owners

    def _check_place(self, command: Json, channel: Channel) -> None:
        """Refuse a command that is not for this kind of place, or for adults where they are not among themselves."""
        context, contexts = interactions.context_of(self.world, channel), command["contexts"]
        if contexts is not None and context not in contexts:
            raise CannotDo(f"{command['name']!r} is not for this kind of place ({Context(context).name})")
        adult = (channel.parent or channel).nsfw
        if command["nsfw"] and not adult:
            raise CannotDo(f"{command['name']!r} is for age-restricted channels")

    def _check_person(self, command: Json, channel: Channel, user: User) -> None:
        """Refuse a command that needs permissions which the person lacks in the guild; "0" leaves it to admins."""
        needed = command["default_member_permissions"]
        if needed is None or channel.guild is None:
            return
        bits, wanted = self.world.permissions(user, channel), int(needed) or Permission.ADMINISTRATOR
        if bits & wanted != wanted:
            raise CannotDo(f"{command['name']!r} is not for {user.name}")


def _command_data(command: Json) -> Json:
    """Return the part of a command's interaction data that every kind of command has."""
    data: Json = {"id": command["id"], "name": command["name"], "type": command["type"]}
    return data | ({"guild_id": command["guild_id"]} if "guild_id" in command else {})
