"""Checks the bodies of messages, pure: every length and shape that ends in error 50035 (API documentation)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tickertape.sandbox.discord.commands.components import check_components
from tickertape.sandbox.discord.errors import ApiError, Code, FormErrors
from tickertape.sandbox.discord.world.entities import Json
from tickertape.sandbox.discord.world.kinds import MessageFlag

MAX_CONTENT = 2000
"""Characters of `content`.

Discord does not say in which unit it counts; the stand-in counts Unicode code points, which is an assumption. A bot
that also stays under it in UTF-16 units is safe either way.
"""

MAX_EMBED_TEXT = 6000
"""Characters of all embeds of a message."""

MAX_NONCE = 25
"""Characters of a nonce."""

MAX_REACTIONS = 20
"""Different emoji on one message (error 30010)."""

_EMBED_LENGTHS = (("title", 256), ("description", 4096), ("footer.text", 2048), ("author.name", 256))
_FIELD_LENGTHS = (("name", 256), ("value", 1024))
_SHAPES: dict[str, type] = {
    "content": str,
    "flags": int,
    "embeds": list,
    "components": list,
    "attachments": list,
    "allowed_mentions": dict,
    "message_reference": dict,
}


def check_message(fields: Json, *, v2: bool = False) -> None:
    """Raise error 50035, with all faults, for a body that Discord would not take.

    `v2` tells that the message that is edited already has the flag for components V2.
    """
    _check_shapes(fields)
    errors = FormErrors()
    v2 = v2 or bool((fields.get("flags") or 0) & MessageFlag.COMPONENTS_V2)
    _check_content(fields, errors)
    _check_nonce(fields.get("nonce"), errors)
    _check_embeds(fields.get("embeds") or [], errors)
    check_components(fields.get("components") or [], errors, v2=v2)
    _check_mentions(fields.get("allowed_mentions") or {}, errors)
    if v2 and (fields.get("content") or fields.get("embeds")):
        name = "content" if fields.get("content") else "embeds"
        errors.add(
            name,
            "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
            f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
        )
    errors.check()


def check_not_empty(*, content: str, embeds: list[Json], components: list[Json], files: int) -> None:
    """Raise error 50006 for a message that would show nothing."""
    if not (content or embeds or components or files):
        raise ApiError(Code.EMPTY_MESSAGE)


def _check_shapes(fields: Json) -> None:
    """Raise error 50035 for fields of a wrong type, before anything looks inside them."""
    errors = FormErrors()
    for name, kind in _SHAPES.items():
        value = fields.get(name)
        if value is not None and not isinstance(value, kind):
            errors.add(name, "TYPE_CONVERT", f"Could not interpret as {kind.__name__}.")
        elif isinstance(value, list) and not all(isinstance(each, dict) for each in value):
            errors.add(name, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
    errors.check()


def _check_content(fields: Json, errors: FormErrors) -> None:
    if len(fields.get("content") or "") > MAX_CONTENT:
        errors.too_long("content", MAX_CONTENT)


def _check_nonce(nonce: object, errors: FormErrors) -> None:
    if nonce is not None and len(str(nonce)) > MAX_NONCE:
        errors.too_long("nonce", MAX_NONCE)


def _check_embeds(embeds: list[Json], errors: FormErrors) -> None:
    if len(embeds) > 10:
        errors.add("embeds", "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")
    for index, embed in enumerate(embeds):
        for path, most in _EMBED_LENGTHS:
            _check_length(embed, f"embeds.{index}", path, most, errors)
        if len(embed.get("fields") or []) > 25:
            errors.too_long(f"embeds.{index}.fields", 25)
        for number, item in enumerate(embed.get("fields") or []):
            for path, most in _FIELD_LENGTHS:
                _check_length(item, f"embeds.{index}.fields.{number}", path, most, errors)
    if sum(len(text) for embed in embeds for text in _embed_texts(embed)) > MAX_EMBED_TEXT:
        errors.add(
            "embeds", "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {MAX_EMBED_TEXT}"
        )


def _check_length(item: Json, prefix: str, path: str, most: int, errors: FormErrors) -> None:
    if len(_text_at(item, path)) > most:
        errors.too_long(f"{prefix}.{path}", most)


def _text_at(item: Json, path: str) -> str:
    """Return the text at a dotted path, empty if there is none."""
    value: Any = item
    for key in path.split("."):
        value = (value or {}).get(key)
    return value if isinstance(value, str) else ""


def _embed_texts(embed: Json) -> Iterator[str]:
    """Yield the texts that count for the limit of all embeds."""
    yield from (_text_at(embed, path) for path, _ in _EMBED_LENGTHS)
    for item in embed.get("fields") or []:
        yield from (_text_at(item, path) for path, _ in _FIELD_LENGTHS)


def _check_mentions(raw: Json, errors: FormErrors) -> None:
    kinds = raw.get("parse") or []
    for index, kind in enumerate(kinds):
        if kind not in {"users", "roles", "everyone"}:
            errors.add(f"allowed_mentions.parse.{index}", "BASE_TYPE_CHOICES", "Unknown kind of mention.")
    for kind in ("users", "roles"):
        named = raw.get(kind) or []
        if len(named) > 100:
            errors.too_long(f"allowed_mentions.{kind}", 100)
        if named and kind in kinds:
            errors.add(
                "allowed_mentions",
                "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.',
            )
