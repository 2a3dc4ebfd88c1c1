"""What a reader sees of a message, without formatting. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Json = dict[str, Any]


def visible_text(text: str, blocks: Sequence[Json]) -> str:
    """Return what a reader sees, without formatting: the blocks if there are any, else `text`. No button labels.

    Markup is kept, except that Slack's own forms are resolved: `<url|label>` is its label, `<@U1>` is `@U1`, and
    `&lt; &gt; &amp;` are what they stand for.
    """
    if not blocks:
        return plain(text)
    return "\n".join(plain(part) for block in blocks for part in texts(block) if part)


def texts(block: Mapping[str, Any]) -> Iterator[str]:
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
        case "channel":
            return f"#{element.get('channel_id', '')}"
        case "usergroup":
            return f"@{element.get('usergroup_id', '')}"
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


def escape(text: str) -> str:
    """Escape the three characters that mean something to Slack."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """Resolve the three entities that Slack knows."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
