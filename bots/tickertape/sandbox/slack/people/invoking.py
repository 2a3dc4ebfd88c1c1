"""What people invoke in conversations: slash commands, buttons, menus and shortcuts.

Everything returns once the app has acknowledged it or Slack has given up (3 s), and raises LookupError where Slack would
not offer it.
"""

from __future__ import annotations

from tickertape.sandbox.slack.blocks import composition, elements, views
from tickertape.sandbox.slack.delivery.delivery import Ack, Kind
from tickertape.sandbox.slack.payloads import interaction_payloads
from tickertape.sandbox.slack.people.base import Where, Who, Workplace, typed
from tickertape.sandbox.slack.world.app_settings import ShortcutType
from tickertape.sandbox.slack.world.invocations import (
    ButtonPress,
    GlobalShortcut,
    MessageShortcut,
    SlashCommand,
    Suggestion,
)
from tickertape.sandbox.slack.world.models import Json, Message


class Invokers(Workplace):
    """People who use the app in conversations."""

    async def slash(self, channel: Where, user: Who, command: str, text: str = "") -> SlashCommand:
        """Use a slash command. Raises LookupError if the app lacks the scope `commands` or does not declare it."""
        world = self.world
        known = world.settings.commands
        if "commands" not in world.scopes or (known is not None and command not in known):
            raise LookupError(f"{command} is no command of this workspace")
        used = SlashCommand(
            command=command, text=typed(text), **self._channel_invocation(user, world.channel(channel))
        )
        self._response_urls.open(used)
        result = await self._invoke(used, Kind.SLASH, interaction_payloads.slash_command(world, used))
        if isinstance(result, Ack):
            self._response_urls.respond(used, result.body)
        return used

    async def press(
        self, message: Message, user: Who, action_id: str | None = None, *, positive: bool = True
    ) -> ButtonPress:
        """Press a button of a message, the first one if `action_id` is None.

        Of feedback buttons it presses the positive or the negative one. Raises LookupError if the message has no such
        button.
        """
        block_id, element = self._element(message.blocks, action_id)
        action = elements.pressed(element, positive=positive)
        return await self._use(message, user, block_id, action, action.get("value", ""))

    async def choose(self, message: Message, user: Who, action_id: str, value: str) -> ButtonPress:
        """Choose an option, by its value, in a menu of a message; if the app provides the options, it is asked first.

        Raises LookupError if there is no such menu or option.
        """
        block_id, element = self._element(message.blocks, action_id)
        if element["type"] == "external_select":
            suggested = await self.suggest(message, user, action_id, value)
            element = element | {"options": suggested.options}
        action = elements.chosen(element, views.option(element, value))
        return await self._use(message, user, block_id, action, value)

    async def _use(self, message: Message, user: Who, block_id: str, action: Json, value: str) -> ButtonPress:
        place = self.world.channels[message.channel]
        used = ButtonPress(
            message=message,
            action_id=action["action_id"],
            value=value,
            **self._channel_invocation(user, place),
        )
        self._response_urls.open(used, message)
        payload = interaction_payloads.block_actions(self.world, used, block_id, action)
        await self._invoke(used, Kind.INTERACTIVE, payload)
        return used

    async def suggest(self, message: Message, user: Who, action_id: str, typed: str = "") -> Suggestion:
        """Open a menu whose options the app provides, and type something into it; too little is not sent.

        Options that Slack would not take are none.
        """
        block_id, element = self._element(message.blocks, action_id)
        container = interaction_payloads.message_container(message, self.world.channels[message.channel])
        return await self._suggest(user, element, block_id, typed, container)

    async def _suggest(
        self, user: Who, element: Json, block_id: str, typed: str, container: Json
    ) -> Suggestion:
        used = Suggestion(action_id=element["action_id"], typed=typed, **self._invocation(user))
        if len(typed) < element.get("min_query_length", 3):
            return used
        payload = interaction_payloads.block_suggestion(self.world, used, container, block_id)
        result = await self._invoke(used, Kind.INTERACTIVE, payload)
        given = (
            result.body.get("options") if isinstance(result, Ack) and isinstance(result.body, dict) else None
        )
        if composition.options_problem(given) is None and given:
            used.options = given
        return used

    def _element(self, held: list[Json], action_id: str | None) -> tuple[str, Json]:
        """Return an element with the `block_id` that holds it, the first one if `action_id` is None."""
        if not self.world.settings.interactivity:
            raise LookupError("the app's interactivity is switched off")
        for block_id, element in elements.interactive(held):
            if action_id in {None, element["action_id"]}:
                return block_id, element
        raise LookupError(f"no element {action_id or ''} there")

    async def use_shortcut(self, message: Message, user: Who, callback_id: str) -> MessageShortcut:
        """Use a shortcut in a message's menu, in any conversation of the user, the app's or not.

        Raises LookupError if the app lacks the scope `commands` or does not declare the shortcut.
        """
        self._check_shortcut(callback_id, ShortcutType.MESSAGE)
        used = MessageShortcut(
            message=message,
            callback_id=callback_id,
            **self._channel_invocation(user, self.world.channels[message.channel]),
        )
        self._response_urls.open(used)
        await self._invoke(used, Kind.INTERACTIVE, interaction_payloads.message_action(self.world, used))
        return used

    async def use_global_shortcut(self, user: Who, callback_id: str) -> GlobalShortcut:
        """Use a shortcut in the search or the composer's menu. Raises LookupError like `use_shortcut`."""
        self._check_shortcut(callback_id, ShortcutType.GLOBAL)
        used = GlobalShortcut(callback_id=callback_id, **self._invocation(user))
        await self._invoke(used, Kind.INTERACTIVE, interaction_payloads.global_shortcut(self.world, used))
        return used

    def _check_shortcut(self, callback_id: str, kind: ShortcutType) -> None:
        settings = self.world.settings
        allowed = settings.interactivity and "commands" in self.world.scopes
        if not (allowed and settings.offers(callback_id, kind)):
            raise LookupError(f"{callback_id} is no {kind.value} shortcut of this workspace")
