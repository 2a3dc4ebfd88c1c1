"""Block Kit: what is valid, what a reader sees, and the ids that Slack adds. Pure.

Limits from Slack's Block Kit reference, except where a constant says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

MAX_BLOCKS = 50
MAX_VIEW_BLOCKS = 100
MAX_SECTION = 3000
MAX_FIELD = 2000
MAX_HEADER = 150
MAX_BUTTON = 75
MAX_ID = 255
MAX_MARKDOWN = 12_000
"""Characters of all markdown blocks of a message together, and of `markdown_text`."""
MAX_TOTAL = 13_200
"""Characters of all blocks of a message together: user-reported [I], not in Slack's reference."""

TOO_LONG = "msg_blocks_too_long"
INVALID = "invalid_blocks"
FORMAT = "invalid_blocks_format"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why Slack refuses blocks: its error code, and the sentence for `response_metadata.messages`."""

    code: str
    detail: str


def problem(blocks: object, most: int = MAX_BLOCKS) -> Problem | None:
    """Return what is wrong with `blocks`, or None. `most` is the number of blocks that the place takes."""
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        return Problem(FORMAT, "must be an array of blocks")
    if len(blocks) > most:
        return Problem(INVALID, f"no more than {most} items allowed [json-pointer:/blocks]")
    for index, block in enumerate(blocks):
        detail = _block_detail(block)
        if detail:
            return Problem(INVALID, f"{detail} [json-pointer:/blocks/{index}]")
    return _duplicate(blocks) or _too_long(blocks)


def _duplicate(blocks: Sequence[Json]) -> Problem | None:
    ids = [block["block_id"] for block in blocks if block.get("block_id")]
    if len(ids) != len(set(ids)):
        return Problem(INVALID, "block_id must be unique [json-pointer:/blocks]")
    return None


def _too_long(blocks: Sequence[Json]) -> Problem | None:
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if markdown > MAX_MARKDOWN:
        # The limit is documented, the code that its breach gets is assumed.
        return Problem(TOO_LONG, f"markdown blocks take {MAX_MARKDOWN} characters together")
    if sum(len(part) for block in blocks for part in _texts(block)) > MAX_TOTAL:
        return Problem(TOO_LONG, f"blocks take {MAX_TOTAL} characters together")
    return None


def _block_detail(block: Json) -> str | None:
    check = _CHECKS.get(str(block.get("type")))
    if check is None:
        return f"unsupported type: {block.get('type')}"
    if len(str(block.get("block_id") or "")) > MAX_ID:
        return f"block_id must be no more than {MAX_ID} characters"
    return check(block)


def _text_detail(text: object, most: int, *, plain: bool = False) -> str | None:
    """Check a text object of at most `most` characters."""
    kinds = {"plain_text"} if plain else {"plain_text", "mrkdwn"}
    if not isinstance(text, dict) or text.get("type") not in kinds or not isinstance(text.get("text"), str):
        return "missing or malformed text object"
    if not text["text"]:
        return "must be more than 0 characters"
    return f"must be less than {most + 1} characters" if len(text["text"]) > most else None


def _section(block: Json) -> str | None:
    fields = block.get("fields") or []
    if "text" not in block and not fields:
        return "missing required field: text"
    if len(fields) > 10:
        return "no more than 10 items allowed"
    detail = _text_detail(block["text"], MAX_SECTION) if "text" in block else None
    accessory = _element(block["accessory"]) if isinstance(block.get("accessory"), dict) else None
    return detail or next(filter(None, (_text_detail(field, MAX_FIELD) for field in fields)), accessory)


def _header(block: Json) -> str | None:
    return _text_detail(block.get("text"), MAX_HEADER, plain=True)


def _markdown(block: Json) -> str | None:
    text = block.get("text")
    if not isinstance(text, str):
        return "missing required field: text"
    return None if text else "must be more than 0 characters"


def _context(block: Json) -> str | None:
    elements = block.get("elements")
    if not isinstance(elements, list) or not elements:
        return "missing required field: elements"
    if len(elements) > 10:
        return "no more than 10 items allowed"
    texts = (item for item in elements if isinstance(item, dict) and item.get("type") != "image")
    return next(filter(None, (_text_detail(item, MAX_SECTION) for item in texts)), None)


def _actions(block: Json) -> str | None:
    elements = block.get("elements")
    if not isinstance(elements, list) or not elements or not all(isinstance(item, dict) for item in elements):
        return "missing required field: elements"
    if len(elements) > 25:
        return "no more than 25 items allowed"
    ids = [item["action_id"] for item in elements if item.get("action_id")]
    if len(ids) != len(set(ids)):
        return "action_id must be unique within its block"
    return next(filter(None, map(_element, elements)), None)


def _element(element: Json) -> str | None:
    if not isinstance(element.get("type"), str):
        return "missing required field: type"
    if len(str(element.get("action_id") or "")) > MAX_ID:
        return f"action_id must be no more than {MAX_ID} characters"
    if element["type"] != "button":
        return None
    if len(str(element.get("value") or "")) > 2000:
        return "value must be no more than 2000 characters"
    if element.get("style") not in {None, "primary", "danger"}:
        return "style must be primary or danger"
    return _text_detail(element.get("text"), MAX_BUTTON, plain=True)


def _rich_text(block: Json) -> str | None:
    return None if isinstance(block.get("elements"), list) else "missing required field: elements"


def _anything(_: Json) -> str | None:
    return None


_CHECKS: Mapping[str, Callable[[Json], str | None]] = {
    "section": _section,
    "header": _header,
    "markdown": _markdown,
    "context": _context,
    "actions": _actions,
    "rich_text": _rich_text,
    # Types that Tickertape does not send are let through unchecked.
    **dict.fromkeys(("divider", "image", "input", "context_actions", "video", "file", "table"), _anything),
}


def with_ids(blocks: Sequence[Json]) -> list[Json]:
    """Return `blocks` with the `block_id` and `action_id` that Slack makes up where they are missing."""
    return [_with_ids(block, index) for index, block in enumerate(blocks)]


def _with_ids(block: Json, index: int) -> Json:
    named = {**block, "block_id": block.get("block_id") or f"b{index}"}
    if block["type"] == "actions":
        named["elements"] = [
            {**element, "action_id": element.get("action_id") or f"a{index}.{number}"}
            for number, element in enumerate(block["elements"])
        ]
    accessory = block.get("accessory")
    if isinstance(accessory, dict):
        named["accessory"] = {**accessory, "action_id": accessory.get("action_id") or f"a{index}"}
    return named


def buttons(blocks: Sequence[Json]) -> list[tuple[str, Json]]:
    """Return every button of `blocks` with the `block_id` that holds it."""
    return [
        (block.get("block_id", ""), element)
        for block in blocks
        for element in (*block.get("elements", ()), block.get("accessory"))
        if isinstance(element, dict) and element.get("type") == "button"
    ]


def visible_text(text: str, blocks: Sequence[Json]) -> str:
    """Return what a reader sees, without formatting: the blocks if there are any, else `text`. No button labels.

    Markup is kept, except that Slack's own forms are resolved: `<url|label>` is its label, `<@U1>` is `@U1`, and
    `&lt; &gt; &amp;` are what they stand for.
    """
    if not blocks:
        return plain(text)
    return "\n".join(plain(part) for block in blocks for part in _texts(block) if part)


def _texts(block: Mapping[str, Any]) -> Iterator[str]:
    """Return the texts of one block in reading order."""
    match block.get("type"):
        case "markdown":
            yield block["text"]
        case "section" | "header":
            parts = [block.get("text"), *block.get("fields", ())]
            yield from (part["text"] for part in parts if isinstance(part, dict))
        case "context":
            yield from (item["text"] for item in block["elements"] if isinstance(item.get("text"), str))
        case "rich_text":
            yield "".join(map(_rich, block["elements"]))
        case "image":
            yield str(block.get("alt_text", ""))


def _rich(element: Mapping[str, Any]) -> str:
    """Return the text of one element of a rich_text block, with what it holds."""
    match element.get("type"):
        case "text":
            return str(element.get("text", ""))
        case "link":
            return str(element.get("text") or element.get("url", ""))
        case "emoji":
            return f":{element.get('name', '')}:"
        case "user":
            return f"@{element.get('user_id', '')}"
        case "broadcast":
            return f"@{element.get('range', '')}"
    children = "".join(map(_rich, element.get("elements", ())))
    return f"{children}\n" if str(element.get("type", "")).startswith("rich_text_list") else children


_MENTION = re.compile(r"<([@#!])([^<>|]+)(?:\|([^<>]*))?>")
_LINK = re.compile(r"<((?:https?|mailto):[^<>|\s]+)(?:\|([^<>]*))?>")


def plain(text: str) -> str:
    """Return mrkdwn `text` with Slack's `<…>` forms and entities resolved."""
    linked = _LINK.sub(lambda found: found[2] or found[1], text)
    return unescape(_MENTION.sub(_mention, linked))


def _mention(found: re.Match[str]) -> str:
    sign, target, label = found.groups()
    if target.startswith("date^"):
        return label or ""
    return ("#" if sign == "#" else "@") + (label or target).removeprefix("@")


def unescape(text: str) -> str:
    """Resolve the three entities that Slack knows."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
