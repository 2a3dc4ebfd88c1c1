"""chat.postMessage, chat.update, chat.delete, chat.postEphemeral, chat.getPermalink."""

from __future__ import annotations

from tickertape.sandbox.slack.changes import messages
from tickertape.sandbox.slack.payloads import payloads
from tickertape.sandbox.slack.web_api import content
from tickertape.sandbox.slack.web_api.errors import ApiError
from tickertape.sandbox.slack.web_api.method import Context, method
from tickertape.sandbox.slack.web_api.streams import is_live
from tickertape.sandbox.slack.world.models import Channel, ChannelKind, Content, Json, Message, StreamState

MAX_UPDATE = 4000
"""Characters of `text` in chat.update (Slack's reference of the method)."""


def writable_channel(ctx: Context) -> Channel:
    """Return the channel to post into, a user's id opening their direct messages; raise what forbids it."""
    person = ctx.world.users.get(ctx.args.required("channel"))
    channel = ctx.world.open_direct(person) if person else ctx.channel()
    if channel.archived:
        raise ApiError("is_archived")
    if ctx.world.bot.id not in channel.members:
        _need_public(ctx, channel)
    if channel.admins_only:
        raise ApiError("restricted_action")
    if channel.is_direct and not ctx.world.settings.messages_tab:
        raise ApiError("messages_tab_disabled")
    return channel


def _need_public(ctx: Context, channel: Channel) -> None:
    """Let `chat:write.public` post into public channels that the bot has not joined."""
    if channel.kind is not ChannelKind.PUBLIC or "chat:write.public" not in ctx.world.scopes:
        raise ApiError("not_in_channel")


@method("chat.postMessage", "chat:write")
def post_message(ctx: Context) -> Json:
    """Post a message of the bot."""
    channel = writable_channel(ctx)
    held, root = content.read(ctx.args), ctx.thread(channel)
    broadcast = root is not None and ctx.args.flag("reply_broadcast")
    sent = messages.post(
        ctx.world,
        channel,
        ctx.world.bot,
        held,
        thread_ts=root,
        subtype="thread_broadcast" if broadcast else None,
    )
    return {"channel": channel.id, "ts": sent.ts, "message": payloads.message(ctx.world, sent)}


def own_message(ctx: Context, channel: Channel, error: str) -> Message:
    """Return the message that `ts` names, or raise `error` if it is not the bot's."""
    sent = ctx.message(channel)
    if sent.user != ctx.world.bot.id:
        raise ApiError(error)
    return sent


@method("chat.update", "chat:write")
def update(ctx: Context) -> Json:
    """Replace a message of the bot."""
    channel = ctx.channel()
    if channel.archived:
        raise ApiError("is_archived")
    sent = own_message(ctx, channel, "cant_update_message")
    if is_live(ctx.world, sent):
        raise ApiError("streaming_state_conflict")
    if len(ctx.args.text("text")) > MAX_UPDATE:
        raise ApiError("msg_too_long")
    held = content.read(ctx.args)
    messages.edit(ctx.world, sent, _with_old(sent, held), marked=not held.blocks)
    shown = payloads.message(ctx.world, sent)
    return {"channel": channel.id, "ts": sent.ts, "text": sent.text, "message": shown}


def _with_old(sent: Message, held: Content) -> Content:
    """Keep what an update leaves alone: files, and metadata that it does not mention."""
    old = sent.content
    return Content(
        text=held.text,
        blocks=held.blocks,
        attachments=held.attachments,
        files=old.files,
        metadata=held.metadata if held.metadata is not None else old.metadata,
        link_names=held.link_names,
        unfurl_links=held.unfurl_links if held.unfurl_links is not None else old.unfurl_links,
        unfurl_media=held.unfurl_media if held.unfurl_media is not None else old.unfurl_media,
    )


@method("chat.delete", "chat:write")
def delete(ctx: Context) -> Json:
    """Delete a message of the bot; a stream that still ran ends with it (assumed)."""
    channel = ctx.channel()
    sent = own_message(ctx, channel, "cant_delete_message")
    if sent.stream is not None:
        sent.stream.state = StreamState.ENDED
    messages.delete(ctx.world, sent)
    return {"channel": channel.id, "ts": sent.ts}


@method("chat.postEphemeral", "chat:write")
def post_ephemeral(ctx: Context) -> Json:
    """Show a message to one member of the channel."""
    channel = writable_channel(ctx)
    user = ctx.world.users.get(ctx.args.required("user"))
    if user is None or user.id not in channel.members:
        raise ApiError("user_not_in_channel")
    held = content.read(ctx.args)
    sent = messages.post_ephemeral(ctx.world, channel, user, held, ctx.thread(channel))
    return {"message_ts": sent.ts}


@method("chat.getPermalink")
def get_permalink(ctx: Context) -> Json:
    """Return the address of a message."""
    channel, world = ctx.joined_channel(), ctx.world
    sent = ctx.message(channel, "message_ts")
    link = f"https://{world.team_domain}.slack.com/archives/{channel.id}/p{sent.ts.replace('.', '')}"
    if sent.root != sent.ts:
        link += f"?thread_ts={sent.root}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}
