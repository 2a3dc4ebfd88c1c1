"""Block Kit's blocks: what is valid where, and the ids that Slack adds. Pure.

Limits from Slack's Block Kit reference, except where a constant says otherwise.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tickertape.sandbox.slack.blocks import elements
from tickertape.sandbox.slack.blocks.composition import first, length_problem, text_problem
from tickertape.sandbox.slack.blocks.elements import MAX_ID
from tickertape.sandbox.slack.world.visible import texts

Json = dict[str, Any]

MAX_SECTION = 3000
MAX_FIELD = 2000
MAX_HEADER = 150
MAX_LABEL = 2000
MAX_MARKDOWN = 12_000
"""Characters of all markdown blocks of a message together, and of `markdown_text`."""
MAX_TOTAL = 13_200
"""Characters of all blocks of a message together: user-reported [I], not in Slack's reference."""

TOO_LONG = "msg_blocks_too_long"
INVALID = "invalid_blocks"
FORMAT = "invalid_blocks_format"


class Surface(enum.Enum):
    """Where blocks are shown, with the most that the place takes."""

    MESSAGE = 50
    VIEW = 100


_MESSAGE_ONLY = frozenset({"context_actions", "markdown", "table"})
"""Blocks that views do not take: assumed for all but `context_actions`, whose page names messages only."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why Slack refuses blocks: its error code, and the sentence for `response_metadata.messages`."""

    code: str
    detail: str


def problem(blocks: object, surface: Surface = Surface.MESSAGE) -> Problem | None:
    """Return what is wrong with `blocks` on a surface, or None."""
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        return Problem(FORMAT, "must be an array of blocks")
    if len(blocks) > surface.value:
        return Problem(INVALID, f"no more than {surface.value} items allowed [json-pointer:/blocks]")
    for index, block in enumerate(blocks):
        detail = _block_problem(block, surface)
        if detail:
            return Problem(INVALID, f"{detail} [json-pointer:/blocks/{index}]")
    return _duplicate(blocks) or (_too_long(blocks) if surface is Surface.MESSAGE else None)


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
    if sum(len(part) for block in blocks for part in texts(block)) > MAX_TOTAL:
        return Problem(TOO_LONG, f"blocks take {MAX_TOTAL} characters together")
    return None


def _block_problem(block: Json, surface: Surface) -> str | None:
    kind = str(block.get("type"))
    check = _CHECKS.get(kind)
    if check is None or (surface is Surface.VIEW and kind in _MESSAGE_ONLY):
        return f"unsupported type: {kind}"
    return length_problem(block, "block_id", MAX_ID) or check(block)


def _section(block: Json) -> str | None:
    fields = block.get("fields") or []
    if "text" not in block and not fields:
        return "missing required field: text"
    if len(fields) > 10:
        return "no more than 10 items allowed"
    detail = text_problem(block["text"], MAX_SECTION) if "text" in block else None
    accessory = (
        elements.element_problem(block["accessory"]) if isinstance(block.get("accessory"), dict) else None
    )
    return detail or first(text_problem(field, MAX_FIELD) for field in fields) or accessory


def _header(block: Json) -> str | None:
    return text_problem(block.get("text"), MAX_HEADER, plain=True)


def _markdown(block: Json) -> str | None:
    text = block.get("text")
    if not isinstance(text, str):
        return "missing required field: text"
    return None if text else "must be more than 0 characters"


def _list_problem(block: Json, most: int) -> str | None:
    """Check that `elements` is a list of 1 to `most` objects."""
    held = block.get("elements")
    if not isinstance(held, list) or not held or not all(isinstance(item, dict) for item in held):
        return "missing required field: elements"
    return f"no more than {most} items allowed" if len(held) > most else None


def _context(block: Json) -> str | None:
    problem = _list_problem(block, 10)
    if problem:
        return problem
    return first(text_problem(item, MAX_SECTION) for item in block["elements"] if item.get("type") != "image")


def _actions(block: Json) -> str | None:
    return (
        _list_problem(block, 25)
        or _twice(block["elements"])
        or first(map(elements.element_problem, block["elements"]))
    )


def _context_actions(block: Json) -> str | None:
    return (
        _list_problem(block, 5)
        or _twice(block["elements"])
        or first(map(elements.context_element_problem, block["elements"]))
    )


def _twice(held: Sequence[Json]) -> str | None:
    ids = [item["action_id"] for item in held if item.get("action_id")]
    return None if len(ids) == len(set(ids)) else "action_id must be unique within its block"


def _input(block: Json) -> str | None:
    return text_problem(block.get("label"), MAX_LABEL, plain=True) or elements.input_element_problem(
        block.get("element")
    )


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
    "context_actions": _context_actions,
    "input": _input,
    "rich_text": _rich_text,
    # Types that Tickertape does not send are let through unchecked.
    **dict.fromkeys(("divider", "image", "video", "file", "table"), _anything),
}


def with_ids(blocks: Sequence[Json]) -> list[Json]:
    """Return `blocks` with the `block_id` and `action_id` that Slack makes up where they are missing."""
    return [_with_ids(block, index) for index, block in enumerate(blocks)]


def _with_ids(block: Json, index: int) -> Json:
    named = {**block, "block_id": block.get("block_id") or f"b{index}"}
    if block["type"] in {"actions", "context_actions"}:
        named["elements"] = [
            _named(element, f"a{index}.{number}") for number, element in enumerate(block["elements"])
        ]
    for place in ("accessory", "element"):
        if isinstance(block.get(place), dict):
            named[place] = _named(block[place], f"a{index}")
    return named


def _named(element: Json, action_id: str) -> Json:
    if element.get("type") == "image":
        return element
    return {**element, "action_id": element.get("action_id") or action_id}
