"""The life of an interaction: begun by a person, answered within its deadlines, followed up while its token lives."""

from __future__ import annotations

import secrets

from tickertape.sandbox.discord.changes import messages
from tickertape.sandbox.discord.changes.body import Body
from tickertape.sandbox.discord.changes.validation import check_message
from tickertape.sandbox.discord.commands.modals import check_modal
from tickertape.sandbox.discord.commands.option_forms import check_choices
from tickertape.sandbox.discord.errors import ApiError, Code, FormErrors, invalid
from tickertape.sandbox.discord.payloads import announce
from tickertape.sandbox.discord.world.components import numbered
from tickertape.sandbox.discord.world.entities import Channel, Interaction, Json, Message
from tickertape.sandbox.discord.world.kinds import (
    NO_FLAGS,
    Context,
    InteractionKind,
    InteractionState,
    MessageFlag,
    MessageType,
)
from tickertape.sandbox.discord.world.people import User
from tickertape.sandbox.discord.world.permissions import Permission
from tickertape.sandbox.discord.world.world import World

NO_RESPONSE = "The application did not respond"
"""What the asker's app shows when a deadline passed."""

NO_SUGGESTIONS = "Loading options failed"
"""What the app shows below an option when no suggestions came in time, or ones that Discord did not take."""

MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
_ALLOWED_CALLBACKS = {
    InteractionKind.COMMAND: {MESSAGE, DEFERRED, MODAL},
    InteractionKind.COMPONENT: {MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, MODAL},
    InteractionKind.AUTOCOMPLETE: {CHOICES},
    InteractionKind.MODAL_SUBMIT: {MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE},
}


def context_of(world: World, channel: Channel) -> Context:
    """Return where an interaction in `channel` happens."""
    if channel.guild is not None:
        return Context.GUILD
    return Context.BOT_DM if world.bot in channel.recipients else Context.PRIVATE_CHANNEL


def owners_of(world: World, user: User, channel: Channel, integration_types: list[int]) -> dict[str, str]:
    """Return through which installations the app is here: `0` a guild's, `1` the user's own."""
    owners = {}
    if 0 in integration_types and (home := _guild_install(world, channel)):
        owners["0"] = home
    if 1 in integration_types and user.installed:
        owners["1"] = str(user.id)
    return owners


def _guild_install(world: World, channel: Channel) -> str | None:
    """Return the guild whose installation brings the app here; "0" stands for the bot's direct messages."""
    if channel.guild is not None:
        return str(channel.guild.id) if world.bot.id in channel.guild.members else None
    return "0" if world.bot in channel.recipients else None


def begin(
    world: World,
    kind: InteractionKind,
    user: User,
    channel: Channel,
    data: Json,
    owners: dict[str, str],
    *,
    source: Message | None = None,
    target: Message | None = None,
    opener: Interaction | None = None,
) -> Interaction:
    """Hand a new interaction to the bot and start its clocks."""
    interaction = Interaction(
        world.clock.snowflake(),
        secrets.token_urlsafe(48),
        kind,
        user,
        channel,
        data,
        world.clock.now(),
        context_of(world, channel),
        owners,
        source,
        target,
        opener,
    )
    world.interactions[interaction.id] = interaction
    world.tokens[interaction.token] = interaction
    world.later(world.limits.response, lambda: _miss_response(world, interaction))
    world.later(world.limits.token_life, lambda: _miss_text(world, interaction))
    world.publish(announce.interaction(world, interaction))
    return interaction


def _miss_response(world: World, interaction: Interaction) -> None:
    """Show the failure of a bot that did not respond in time."""
    if interaction.state is InteractionState.WAITING:
        interaction.state = InteractionState.FAILED
        suggesting = interaction.kind is InteractionKind.AUTOCOMPLETE
        interaction.error = NO_SUGGESTIONS if suggesting else NO_RESPONSE
        world.notify()


def _miss_text(world: World, interaction: Interaction) -> None:
    """Show the failure of a bot that deferred and never came back."""
    if interaction.original is not None and interaction.original.loading:
        interaction.state = InteractionState.FAILED
        interaction.error = NO_RESPONSE
        world.notify()


def respond(world: World, interaction: Interaction, callback: int, body: Body) -> None:
    """Take the first response; raises errors 10062, 40060, 50035, 50006, and 10008 for an update of what is gone."""
    if interaction.state is InteractionState.FAILED:
        raise ApiError(Code.UNKNOWN_INTERACTION)
    if interaction.state is not InteractionState.WAITING:
        raise ApiError(Code.ALREADY_ACKNOWLEDGED)
    if not _is_allowed(interaction, callback):
        raise invalid("type", "BASE_TYPE_CHOICES", "This callback type does not answer this interaction.")
    _ACTIONS[callback](world, interaction, body)
    interaction.callback = callback
    interaction.responded_at = world.clock.now()
    late = callback in {DEFERRED, DEFERRED_UPDATE}
    interaction.state = InteractionState.DEFERRED if late else InteractionState.ANSWERED
    world.notify()


def _is_allowed(interaction: Interaction, callback: int) -> bool:
    """Tell whether a callback answers this kind of interaction; only what came from a message can update one."""
    if callback in {DEFERRED_UPDATE, UPDATE} and interaction.source is None:
        return False
    return callback in _ALLOWED_CALLBACKS[interaction.kind]


def follow_up(world: World, interaction: Interaction, body: Body) -> Message:
    """Post a follow-up; the first one after a deferral fills the deferred message instead. Raises 40094."""
    check_message(body.fields)
    if interaction.original is not None and interaction.original.loading:
        return edit_response(world, interaction, interaction.original, body)
    if interaction.user_only and len(interaction.follow_ups) >= world.limits.user_follow_ups:
        raise ApiError(Code.TOO_MANY_FOLLOW_UPS)
    message = messages.write(
        world,
        interaction.channel,
        world.bot,
        body,
        kind=MessageType.REPLY if interaction.original else MessageType.DEFAULT,
        reply_to=interaction.original,
        interaction=interaction,
        flags=_wanted_visibility(world, interaction, body),
    )
    interaction.follow_ups.append(message)
    return message


def edit_response(world: World, interaction: Interaction, message: Message, body: Body) -> Message:
    """Change a response's message or a follow-up through the token."""
    check_message(body.fields, v2=MessageFlag.COMPONENTS_V2 in message.flags)
    messages.edit(world, message, body)
    interaction.state = InteractionState.ANSWERED
    return message


def by_token(world: World, token: str) -> Interaction:
    """Return the interaction of a token that lives (else 50027) and had its first response (else 10015)."""
    interaction = world.tokens.get(token)
    if interaction is None or world.clock.now() >= interaction.at + world.limits.token_life:
        raise ApiError(Code.INVALID_WEBHOOK_TOKEN)
    if interaction.responded_at is None:
        raise ApiError(Code.UNKNOWN_WEBHOOK)
    return interaction


def _wanted_visibility(world: World, interaction: Interaction, body: Body) -> MessageFlag:
    """Return EPHEMERAL if the body asks for it, or if the place forces it on apps that users brought along."""
    asked = MessageFlag(int(body.fields.get("flags") or 0)) & MessageFlag.EPHEMERAL
    if interaction.user_only and interaction.channel.guild is not None:
        may_show = world.permissions(interaction.user, interaction.channel) & Permission.USE_EXTERNAL_APPS
        return asked if may_show else MessageFlag.EPHEMERAL
    return asked


def _respond_with_message(world: World, interaction: Interaction, body: Body) -> None:
    check_message(body.fields)
    _post(world, interaction, body)


def _post(world: World, interaction: Interaction, body: Body, flags: MessageFlag = NO_FLAGS) -> None:
    """Post the response; it refers to the message that holds the component, or that the command was used on."""
    visibility = _wanted_visibility(world, interaction, body)
    interaction.original = messages.write(
        world,
        interaction.channel,
        world.bot,
        body,
        kind=_response_type(interaction),
        reply_to=interaction.source or interaction.target,
        interaction=interaction,
        flags=visibility | flags,
    )
    interaction.ephemeral = bool(visibility)


def _response_type(interaction: Interaction) -> MessageType:
    if interaction.source is not None:
        return MessageType.REPLY
    if interaction.kind is not InteractionKind.COMMAND:
        return MessageType.DEFAULT
    return MessageType.CONTEXT_MENU_RESPONSE if interaction.target else MessageType.COMMAND_RESPONSE


def _defer(world: World, interaction: Interaction, body: Body) -> None:
    """Show "thinking…"; of all that a deferral could say only EPHEMERAL counts."""
    flags = int(body.fields.get("flags") or 0) & MessageFlag.EPHEMERAL
    _post(world, interaction, Body({"flags": flags}), MessageFlag.LOADING)


def _defer_update(_: World, interaction: Interaction, __: Body) -> None:
    interaction.original = interaction.source


def _update(world: World, interaction: Interaction, body: Body) -> None:
    source = interaction.source
    if source is None or source.deleted:
        raise ApiError(Code.UNKNOWN_MESSAGE)
    check_message(body.fields, v2=MessageFlag.COMPONENTS_V2 in source.flags)
    messages.edit(world, source, body)
    interaction.original = source


def _suggest(_: World, interaction: Interaction, body: Body) -> None:
    """Take suggestions; what Discord refuses shows as a failure."""
    errors = FormErrors()
    choices = list(body.fields.get("choices") or [])
    check_choices(choices, _focused_type(interaction.data), "choices", errors)
    try:
        errors.check()
    except ApiError:
        interaction.error = NO_SUGGESTIONS
        raise
    interaction.choices = choices


def _focused_type(data: Json) -> int:
    """Return the type of the option that is being typed, on whatever level it stands."""
    for option in data.get("options") or []:
        if option.get("focused"):
            return int(option["type"])
        if "options" in option:
            return _focused_type(option)
    return 0


def _open_modal(_: World, interaction: Interaction, body: Body) -> None:
    errors = FormErrors()
    check_modal(body.fields, errors)
    errors.check()
    interaction.modal = body.fields | {"components": numbered(body.fields["components"])}


_ACTIONS = {
    MESSAGE: _respond_with_message,
    DEFERRED: _defer,
    DEFERRED_UPDATE: _defer_update,
    UPDATE: _update,
    CHOICES: _suggest,
    MODAL: _open_modal,
}
