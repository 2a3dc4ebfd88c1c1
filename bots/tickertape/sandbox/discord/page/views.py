"""What the control API tells of the stand-in: channels, messages and interactions as plain JSON."""

from __future__ import annotations

from tickertape.sandbox.discord.page import page
from tickertape.sandbox.discord.payloads import message_payloads
from tickertape.sandbox.discord.world.entities import Channel, Interaction, Json, Message
from tickertape.sandbox.discord.world.world import World


def channel_state(world: World, channel: Channel) -> Json:
    """Return a channel with its messages."""
    return {
        "id": str(channel.id),
        "name": page.channel_name(channel),
        "type": channel.type.name.lower(),
        "parent": str(channel.parent.id) if channel.parent else None,
        "archived": channel.archived,
        "messages": [message_state(world, message) for message in channel.messages.values()],
    }


def message_state(world: World, message: Message) -> Json:
    """Return a message as it is shown now."""
    return {
        "id": str(message.id),
        "channel": str(message.channel.id),
        "author": message.author.name,
        "content": message.content,
        "versions": len(message.versions),
        "edited": message.edited_wall is not None,
        "reply_to": str(message.reply_to.id) if message.reply_to else None,
        "loading": message.loading,
        "ephemeral": message.ephemeral,
        "buttons": [button["custom_id"] for button in message.buttons],
        "menus": [menu["custom_id"] for menu in message.menus],
        "files": [
            message_payloads.attachment(world, message.channel, each)["url"] for each in message.attachments
        ],
        "reactions": {emoji: [user.name for user in users] for emoji, users in message.reactions.items()},
    }


def interaction_state(world: World, interaction: Interaction) -> Json:
    """Return what the bot has made of an interaction."""
    return {
        "id": str(interaction.id),
        "state": interaction.state.value,
        "error": interaction.error,
        "choices": interaction.choices,
        "modal": interaction.modal,
        "messages": [message_state(world, message) for message in interaction.messages],
    }
