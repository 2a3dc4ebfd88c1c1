"""Reads and checks what a message is to hold, for every method that writes one."""

from __future__ import annotations

from tickertape.sandbox.slack.blocks import blocks
from tickertape.sandbox.slack.web_api.arguments import Arguments
from tickertape.sandbox.slack.web_api.errors import ApiError
from tickertape.sandbox.slack.world.models import Content, Json


def read_blocks(args: Arguments, name: str = "blocks") -> list[Json]:
    """Return validated blocks with their ids, or raise what Slack raises."""
    given = args.json(name, blocks.FORMAT) or []
    problem = blocks.problem(given)
    if problem is not None or not isinstance(given, list):
        raise ApiError(problem.code if problem else blocks.FORMAT, problem.detail if problem else None)
    return blocks.with_ids(given)


def read(args: Arguments) -> Content:
    """Return the content of chat.postMessage and its relatives.

    Raises `no_text`, `markdown_text_conflict`, `msg_too_long` and the errors of blocks. `markdown_text` is kept as
    one markdown block, with the same words as `text` for those who read that (assumed).
    """
    text, written = args.text("text"), args.text("markdown_text")
    held = read_blocks(args)
    attachments = _attachments(args)
    if written:
        if text or held:
            raise ApiError("markdown_text_conflict")
        text, held = written, [markdown_block(written)]
    if not (text.strip() or held or attachments):
        raise ApiError("no_text")
    return Content(
        text=text,
        blocks=held,
        attachments=attachments,
        metadata=read_metadata(args),
        link_names=bool(args.flag("link_names")) or args.text("parse") == "full",
        unfurl_links=args.flag("unfurl_links"),
        unfurl_media=args.flag("unfurl_media"),
    )


def markdown_block(text: str) -> Json:
    """Return `markdown_text` as the block that shows it, or raise `msg_too_long` (the code is assumed)."""
    if len(text) > blocks.MAX_MARKDOWN:
        raise ApiError(
            "msg_too_long", f"must be less than {blocks.MAX_MARKDOWN + 1} characters: markdown_text"
        )
    return {"type": "markdown", "text": text, "block_id": "b0"}


def _attachments(args: Arguments) -> list[Json]:
    given = args.json("attachments") or []
    if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
        raise ApiError("invalid_attachments")
    return given


def read_metadata(args: Arguments) -> Json | None:
    """Return the message metadata that a call gives, None without any, or raise what Slack raises."""
    given = args.json("metadata", "invalid_metadata_format")
    if given is None:
        return None
    if not isinstance(given, dict) or not {"event_type", "event_payload"} <= given.keys():
        raise ApiError("invalid_metadata_schema")
    return given
