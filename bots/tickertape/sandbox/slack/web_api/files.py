"""files.getUploadURLExternal, files.completeUploadExternal, files.info."""

from __future__ import annotations

from tickertape.sandbox.slack.changes import messages
from tickertape.sandbox.slack.payloads import file_payloads
from tickertape.sandbox.slack.web_api.chat import writable_channel
from tickertape.sandbox.slack.web_api.errors import ApiError
from tickertape.sandbox.slack.web_api.method import Context, method
from tickertape.sandbox.slack.world.models import Content, File, FileState, Json


@method("files.getUploadURLExternal", "files:write")
def get_upload_url(ctx: Context) -> Json:
    """Announce a file and return where to send its bytes."""
    length = ctx.args.number("length", 0)
    if length <= 0:
        raise ApiError("invalid_arguments", "length must be positive")
    held = File(
        id=ctx.world.new_id("F"),
        name=ctx.args.required("filename"),
        length=length,
        user=ctx.world.bot.id,
        created=int(ctx.world.clock.wall()),
    )
    ctx.world.files[held.id] = held
    return {"upload_url": f"{ctx.world.base_url}/upload/v1/{held.id}", "file_id": held.id}


def _uploaded(ctx: Context, item: object) -> File:
    if not isinstance(item, dict):
        raise ApiError("invalid_arguments", "malformed files")
    held = ctx.world.files.get(str(item.get("id")))
    if held is None:
        raise ApiError("file_not_found")
    if not held.uploaded:
        raise ApiError("file_update_failed")
    held.title, held.shared = str(item.get("title") or held.name), True
    return held


@method("files.completeUploadExternal", "files:write")
def complete_upload(ctx: Context) -> Json:
    """Finish uploads, and share them in a channel if one is named."""
    given = ctx.args.json("files")
    if not isinstance(given, list) or not given:
        raise ApiError("invalid_arguments", "missing required field: files")
    ctx.args.values.setdefault(
        "channel", ctx.args.text("channel_id") or ctx.args.text("channels").split(",")[0]
    )
    place = writable_channel(ctx) if ctx.args.text("channel") else None
    root = ctx.thread(place) if place else None
    shown = [file_payloads.file(ctx.world, _uploaded(ctx, item)) for item in given]
    if place is not None:
        held = Content(text=ctx.args.text("initial_comment"), files=shown)
        messages.post(ctx.world, place, ctx.world.bot, held, thread_ts=root, subtype="file_share")
    return {"files": shown}


@method("files.info", "files:read")
def info(ctx: Context) -> Json:
    """Return a file that the bot uploaded or that was shared where it is."""
    held = ctx.world.files.get(ctx.args.required("file"))
    if held is None:
        raise ApiError("file_not_found")
    if held.state is FileState.DELETED:
        raise ApiError("file_deleted")
    if not ctx.world.bot_sees(held):
        raise ApiError("not_visible")
    return {"file": file_payloads.file(ctx.world, held)}
