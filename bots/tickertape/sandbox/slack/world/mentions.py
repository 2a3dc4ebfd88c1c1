"""What a message would ping: the `<…>` forms in its text and blocks, and what `link_names` adds. Pure.

Slack documents the forms for mrkdwn (reference "Formatting text for app surfaces"). That they work alike in `markdown`
blocks and `markdown_text`, behind a backslash, inside code, and in a text that only backs up blocks, is assumed: a
stand-in that is stricter than Slack finds every slip.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

Json = dict[str, Any]

_FORM = re.compile(r"<(?:!(?:channel|here|everyone)|!subteam\^[A-Z0-9]+|@[UW][A-Z0-9]+)(?:\|[^<>]*)?>")
_NAME = re.compile(r"(?<![\w<@!/.])@([a-z0-9][a-z0-9._-]*)", re.IGNORECASE)
_BROADCASTS = frozenset({"channel", "here", "everyone"})


def in_text(text: str) -> tuple[str, ...]:
    """Return the unescaped mention forms in `text`, as written, in order."""
    return tuple(_FORM.findall(text))


def in_names(text: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return what `link_names` or `parse=full` turns into mentions: `@channel` and `@` before one of `names`."""
    known = _BROADCASTS | {name.lower() for name in names}
    return tuple(f"@{name}" for name in _NAME.findall(text) if name.lower().rstrip(".-_") in known)


def in_blocks(blocks: Sequence[Json]) -> tuple[str, ...]:
    """Return the mentions in all parts of `blocks` where Slack parses them: plain_text objects don't ping."""
    return tuple(found for block in blocks for found in _walk(block))


def _walk(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield from _in_object(value)
        return
    for item in value if isinstance(value, list) else ():
        yield from _walk(item)


def _in_object(item: Mapping[str, Any]) -> Iterator[str]:
    match item.get("type"):
        case "mrkdwn" | "markdown":
            yield from in_text(str(item.get("text", "")))
        case "user":
            yield f"<@{item.get('user_id', '')}>"
        case "usergroup":
            yield f"<!subteam^{item.get('usergroup_id', '')}>"
        case "broadcast":
            yield f"<!{item.get('range', 'channel')}>"
        case "plain_text":
            return
        case _:
            for child in item.values():
                yield from _walk(child)


def in_message(
    text: str, blocks: Sequence[Json], *, names: Iterable[str] = (), link_names: bool = False
) -> tuple[str, ...]:
    """Return every mention of a message, each form once. `names` are those that `link_names` may link."""
    linked = in_names(text, names) if link_names else ()
    return tuple(dict.fromkeys(in_text(text) + linked + in_blocks(blocks)))
