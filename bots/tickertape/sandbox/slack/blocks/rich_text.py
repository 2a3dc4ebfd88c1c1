"""The rich_text block that Slack makes of what a person typed. Pure.

Slack's reference of rich text blocks. Bold text, code, lists and quotes are left as one run of text here, where Slack
would make elements of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tickertape.sandbox.slack.world.visible import unescape

Json = dict[str, Any]

_FORM = re.compile(r"<([^<>]+)>")


def rich_text(text: str) -> Json:
    """Return the block of a message with this `text`, as Slack stores it: `&`, `<` and `>` escaped, forms not."""
    section = {"type": "rich_text_section", "elements": list(_elements(text))}
    return {"type": "rich_text", "block_id": "rich0", "elements": [section]}


def _elements(text: str) -> Iterator[Json]:
    for index, part in enumerate(_FORM.split(text)):
        if index % 2:
            yield _form(part)
        elif part:
            yield {"type": "text", "text": unescape(part)}


def _form(form: str) -> Json:
    """Return the element of what stood between `<` and `>`."""
    target, _, label = form.partition("|")
    match target[:1]:
        case "@":
            return {"type": "user", "user_id": target[1:]}
        case "#":
            return {"type": "channel", "channel_id": target[1:]}
        case "!" if target.startswith("!subteam^"):
            return {"type": "usergroup", "usergroup_id": target.removeprefix("!subteam^")}
        case "!":
            return {"type": "broadcast", "range": target[1:]}
    return {"type": "link", "url": unescape(target), **({"text": unescape(label)} if label else {})}
