"""What a setting's value must look like. Pure; every complaint says what is wrong and never shows the value."""

from __future__ import annotations

import json
from urllib.parse import SplitResult, urlsplit

_QUOTES = "\"'`“”‘’"
_KINDS = {
    "xoxb-": "a Slack bot token",
    "xoxe.xoxb-": "a Slack bot token",
    "xapp-": "a Slack app-level token",
    "xoxp-": "a Slack user token",
    "xoxe.xoxp-": "a Slack user token",
    "sk-": "a key of a model gateway",
}
"""What a secret is by how it begins (https://docs.slack.dev/authentication/tokens)."""


def secret(value: str) -> str:
    """Return `value` if it can be a token or key as it stands; raise ValueError if it was pasted with something else."""
    if value != value.strip():
        raise ValueError("begins or ends with white space; remove it")
    if value and (value[0] in _QUOTES or value[-1] in _QUOTES):
        raise ValueError("stands in quotation marks that became part of it; remove them")
    if any(character.isspace() for character in value):
        raise ValueError("holds white space in the middle; copy it again")
    if not value.isascii() or not value.isprintable():
        raise ValueError("holds characters that no token has; copy it again")
    return value


def slack_token(value: str, *, prefixes: tuple[str, ...]) -> str:
    """Return `value` if it begins with one of `prefixes`; raise ValueError that says what it looks like instead."""
    secret(value)
    if value.startswith(prefixes):
        return value
    seems = _seems(value)
    raise ValueError(f"must begin with {prefixes[0]}" + (f", but this looks like {seems}" if seems else ""))


def discord_token(value: str) -> str:
    """Return `value` if it can be a Discord bot token; its inside is not specified, so that little can be checked."""
    if value.strip().lower().startswith("bot "):
        raise ValueError('holds the word "Bot " before the token; give the token alone')
    seems = _seems(secret(value))
    if seems:
        raise ValueError(f"looks like {seems}, not like a Discord bot token")
    return value


def url(value: str) -> str:
    """Return `value` without a slash at its end if it is an HTTP address without credentials, or raise ValueError."""
    parts = _parts(secret(value))
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be an address that begins with http:// or https://")
    if parts.username or parts.password:
        raise ValueError("must not hold a user name or password")
    if parts.query or parts.fragment:
        raise ValueError("must not hold a query or fragment (? or #)")
    return value.rstrip("/")


def base_url(value: str) -> str:
    """Return `value` if it can be the base URL of an OpenAI-compatible gateway, or raise ValueError."""
    address = url(value)
    if address.endswith("/completions"):
        raise ValueError("must end before /chat/completions, mostly with /v1")
    return address


def names(value: object) -> object:
    """Return a list of names from `a, b, c`; anything but text is left to the type's own check."""
    if not isinstance(value, str):
        return value
    return tuple(name.strip() for name in value.split(",") if name.strip())


def json_object(value: object) -> object:
    """Return the JSON object that a text holds, or raise ValueError; anything but text is left as it is."""
    if not isinstance(value, str):
        return value
    try:
        parsed = json.loads(value)
    except json.JSONDecodeError as error:
        raise ValueError(f"must be a JSON object; {error.msg} at character {error.pos + 1}") from None
    if not isinstance(parsed, dict):
        raise ValueError('must be a JSON object, e.g. {"reasoning_effort": "low"}')  # noqa: TRY004 - pydantic's way
    return parsed


def lower(value: object) -> object:
    """Return text in lower case, so that `INFO` and `info` are the same."""
    return value.strip().lower() if isinstance(value, str) else value


def _parts(address: str) -> SplitResult | None:
    """Return the parts of an address, None if it is none; the library's own errors would show it."""
    try:
        parts = urlsplit(address)
        _ = parts.port  # raises for what is no port
    except ValueError:
        return None
    return parts


def _seems(value: str) -> str | None:
    return next((kind for start, kind in _KINDS.items() if value.startswith(start)), None)
