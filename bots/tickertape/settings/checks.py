"""What a setting's value must look like. Pure; every complaint says what is wrong and never shows the value."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from tickertape.languages import SUPPORTED, find
from tickertape.memory.personas import UnknownPlaceholder, check_placeholders

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

_USER = re.compile(r"discord:[0-9]+|slack:[UW][A-Z0-9]+")
_ROLE = re.compile(r"discord:[0-9]+|slack:S[A-Z0-9]+")
_CHANNEL = re.compile(r"discord:[0-9]+|slack:[CDG][A-Z0-9]+|(?:discord|slack):direct")
"""What ids look like: Discord's are snowflakes, Slack's say with a letter what they are of."""

_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*")
_HOST = re.compile(r"(?:[A-Za-z0-9-]+\.)*[A-Za-z0-9-]+(?::[0-9]{1,5})?")
_SQLITE = "sqlite:///"
_DATABASES = (_SQLITE, "postgresql://", "postgres://")


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


def language(value: str) -> str:
    """Return the tag of a language that there is a catalogue of; raise ValueError if there is none."""
    found = find(value.strip())
    if found is None:
        raise ValueError(f"is no language that Tickertape speaks; there are {', '.join(SUPPORTED)}")
    return found.tag


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


def hosts(values: tuple[str, ...]) -> tuple[str, ...]:
    """Return `values` in lower case if all are names of hosts, perhaps with a port, or raise ValueError."""
    for number, value in enumerate(values, start=1):
        if not _HOST.fullmatch(value):
            raise ValueError(
                f"must hold hosts such as files.example.org or 127.0.0.1:9005; number {number} is none"
            )
    return tuple(value.lower() for value in values)


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


def user_ids(values: tuple[str, ...]) -> tuple[str, ...]:
    """Return `values` if all are ids of users, or raise ValueError."""
    return _ids(values, _USER, "discord:1234567890 or slack:U0123ABCD")


def role_ids(values: tuple[str, ...]) -> tuple[str, ...]:
    """Return `values` if all are ids of Discord roles or Slack usergroups, or raise ValueError."""
    return _ids(values, _ROLE, "discord:1234567890 or slack:S0123ABCD")


def channel_ids(values: tuple[str, ...]) -> tuple[str, ...]:
    """Return `values` if all are ids of channels or stand for direct messages, or raise ValueError."""
    return _ids(values, _CHANNEL, "discord:1234567890, slack:C0123ABCD or discord:direct")


def variable(value: str) -> str:
    """Return `value` if it can be a variable's name; a key that was put there by mistake mostly cannot."""
    if not _VARIABLE.fullmatch(value):
        raise ValueError(
            "must be the name of a variable in capitals, such as GROQ_API_KEY, which holds the key"
        )
    return value


def prompt(value: str) -> str:
    """Return `value` if each word in braces is a placeholder, or raise ValueError."""
    try:
        check_placeholders(value)
    except UnknownPlaceholder as unknown:
        name = unknown.name
        hint = f" (did you mean {{{unknown.nearest}}}?)" if unknown.nearest else ""
        raise ValueError(
            f"holds {{{name}}}, which is no placeholder{hint}; written {{{{{name}}}}} it is text"
        ) from None
    return value


def database(value: str) -> str:
    """Return `value` if it can be the URL of a database that the bot works with, or raise ValueError."""
    if value != value.strip() or not value.startswith(_DATABASES) or value == _SQLITE:
        raise ValueError("must be sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME")
    if not value.startswith(_SQLITE) and _parts(value) is None:
        raise ValueError("is no address; special characters of a password are written as %40 and the like")
    return value


def beside(url: str, folder: Path) -> str:
    """Return the URL of a database with a relative SQLite file taken to be in `folder`."""
    path = url.removeprefix(_SQLITE)
    return url if path == url else f"{_SQLITE}{folder.absolute() / path}"


def password(url: str) -> str:
    """Return the password in the URL of a database as it stands there, empty if there is none."""
    return urlsplit(url).password or ""


def _ids(values: tuple[str, ...], form: re.Pattern[str], example: str) -> tuple[str, ...]:
    for number, value in enumerate(values, start=1):
        if not form.fullmatch(value):
            raise ValueError(
                f"must hold ids such as {example}, not names, which anybody can take; number {number} is none"
            )
    return values


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
