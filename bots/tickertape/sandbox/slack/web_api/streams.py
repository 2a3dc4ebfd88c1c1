"""Native streams: chat.startStream, chat.appendStream, chat.stopStream."""

from __future__ import annotations

from dataclasses import replace

from tickertape.sandbox.slack.blocks import blocks as block_kit
from tickertape.sandbox.slack.changes import messages
from tickertape.sandbox.slack.payloads import payloads
from tickertape.sandbox.slack.web_api import content
from tickertape.sandbox.slack.web_api.agents import STATUSES, set_session
from tickertape.sandbox.slack.web_api.errors import ApiError
from tickertape.sandbox.slack.web_api.method import Context, method
from tickertape.sandbox.slack.world.models import Channel, Content, Json, Message, NativeStream, StreamState
from tickertape.sandbox.slack.world.world import World

MAX_AGE = 300.0
"""Seconds after which a stream takes no more: user-reported [I] (python-slack-sdk issue 1859)."""
MAX_STREAM = 40_000
"""Characters of a whole stream: user-reported [I]."""

_CHUNKS = frozenset({"markdown_text", "task_update", "plan_update", "blocks"})


def is_live(world: World, sent: Message) -> bool:
    """Tell whether a message is a stream that still takes text."""
    stream = sent.stream
    if stream is None or stream.state is not StreamState.LIVE:
        return False
    return world.clock.now() - stream.started_at < MAX_AGE


def added(ctx: Context) -> list[Json]:
    """Return what a call adds, as blocks: `markdown_text` or the chunks."""
    text, chunks = ctx.args.text("markdown_text"), _chunks(ctx)
    given = [{"type": "markdown_text", "text": text}] if text else []
    parts = [block for chunk in (*given, *chunks) for block in _from_chunk(chunk)]
    if len(_markdown(parts)) > block_kit.MAX_MARKDOWN:
        raise ApiError("msg_too_long")
    return parts


def _chunks(ctx: Context) -> list[Json]:
    chunks = ctx.args.json("chunks", "invalid_chunks") or []
    if not isinstance(chunks, list) or not all(isinstance(chunk, dict) for chunk in chunks):
        raise ApiError("invalid_chunks")
    return chunks


def _keep_mode(ctx: Context, stream: NativeStream) -> None:
    """Let a stream be fed one way only, `markdown_text` or `chunks`, as Slack's references of the methods say."""
    held = {"markdown_text": ctx.args.text("markdown_text"), "chunks": _chunks(ctx)}
    given = [name for name, value in held.items() if value]
    if len(given) > 1:
        raise ApiError("cannot_provide_both_markdown_text_and_chunks")
    if given and stream.mode not in {"", given[0]}:
        raise ApiError("streaming_mode_mismatch")
    stream.mode = given[0] if given else stream.mode


def _from_chunk(chunk: Json) -> list[Json]:
    if chunk.get("type") not in _CHUNKS:
        raise ApiError("invalid_chunks", f"unsupported type: {chunk.get('type')}")
    if chunk["type"] == "markdown_text":
        return [{"type": "markdown", "text": str(chunk.get("text", ""))}]
    if chunk["type"] == "blocks":
        problem = block_kit.problem(chunk.get("blocks"))
        if problem is not None:
            raise ApiError(problem.code, problem.detail)
        return block_kit.with_ids(chunk["blocks"])
    # Tasks and plans are shown beside the text; only their title is kept here.
    return [{"type": "context", "elements": [{"type": "plain_text", "text": str(chunk.get("title") or "…")}]}]


def joined(blocks: list[Json]) -> list[Json]:
    """Return `blocks` with neighbouring markdown put together, as a stream shows it."""
    whole: list[Json] = []
    for block in blocks:
        if whole and block["type"] == whole[-1]["type"] == "markdown":
            whole[-1] = {"type": "markdown", "text": whole[-1]["text"] + block["text"]}
        else:
            whole.append(block)
    return whole


@method("chat.startStream", "chat:write")
def start_stream(ctx: Context) -> Json:
    """Open a stream as a reply in a thread. In a channel it needs a recipient."""
    channel = ctx.joined_channel()
    if channel.archived:
        raise ApiError("is_archived")
    ctx.args.required("thread_ts")
    root, recipient = ctx.thread(channel), _recipient(ctx, channel)
    parts = joined(added(ctx))
    stream = NativeStream(ctx.world.clock.now(), recipient)
    _keep_mode(ctx, stream)
    sent = messages.post(
        ctx.world,
        channel,
        ctx.world.bot,
        Content(text=_markdown(parts), blocks=parts),
        thread_ts=root,
        stream=stream,
    )
    stream.first = sent.visible
    return {"channel": channel.id, "ts": sent.ts}


def _recipient(ctx: Context, channel: Channel) -> str | None:
    if channel.is_direct:
        return None
    for name in ("recipient_user_id", "recipient_team_id"):
        if not ctx.args.text(name):
            raise ApiError(f"missing_{name}")
    if ctx.args.text("recipient_team_id") != ctx.world.team_id:
        raise ApiError("team_not_found")
    if ctx.args.text("recipient_user_id") not in channel.members:
        raise ApiError("user_not_in_channel")
    return ctx.args.text("recipient_user_id")


def _live(ctx: Context) -> tuple[Channel, Message]:
    """Return the stream that a call names, or raise why it does not take what the call adds."""
    channel = ctx.channel()
    sent = ctx.message(channel)
    if sent.user != ctx.world.bot.id:
        raise ApiError("message_not_owned_by_app")
    if sent.stream is not None and sent.stream.state is StreamState.STOPPED_BY_USER:
        raise ApiError("stopped_by_user")
    if sent.stream is None or not is_live(ctx.world, sent):
        raise ApiError("message_not_in_streaming_state")
    _keep_mode(ctx, sent.stream)
    return channel, sent


def _extend(sent: Message, parts: list[Json]) -> Content:
    """Return the stream's content with `parts` at its end, or raise `msg_too_long`."""
    whole = joined([*sent.blocks, *parts])
    text = _markdown(whole)
    if len(text) > MAX_STREAM:
        raise ApiError("msg_too_long")
    return replace(sent.content, text=text, blocks=whole)


def _markdown(parts: list[Json]) -> str:
    return "".join(block["text"] for block in parts if block["type"] == "markdown")


@method("chat.appendStream", "chat:write")
def append_stream(ctx: Context) -> Json:
    """Add text to a stream."""
    channel, sent = _live(ctx)
    parts = added(ctx)
    if not parts:
        raise ApiError("no_text")
    messages.extend(ctx.world, sent, _extend(sent, parts))
    return {"channel": channel.id, "ts": sent.ts}


@method("chat.stopStream", "chat:write")
def stop_stream(ctx: Context) -> Json:
    """Add the last text and blocks, and end the stream."""
    channel, sent = _live(ctx)
    ends = ctx.world.stop_ends_session and (channel.id, sent.root) in ctx.world.sessions
    status = ctx.args.text("session_status", "active" if ends else "")
    if status and status not in STATUSES:
        raise ApiError("invalid_arguments", "unknown session_status")
    closing, metadata = content.read_blocks(ctx.args), content.read_metadata(ctx.args)
    held = replace(_extend(sent, [*added(ctx), *closing]), metadata=metadata)
    messages.edit(ctx.world, sent, replace(held, blocks=block_kit.with_ids(held.blocks)), marked=False)
    if status:
        set_session(ctx.world, channel, sent.root, status)
    return {"channel": channel.id, "ts": sent.ts, "message": payloads.message(ctx.world, sent)}
