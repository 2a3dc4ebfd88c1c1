"""Mentions, pure: which text pings whom under which `allowed_mentions` (API documentation, allowed mentions)."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_USER = re.compile(r"<@!?(\d+)>")
_ROLE = re.compile(r"<@&(\d+)>")


class PingKind(enum.Enum):
    """Whom a ping reaches."""

    USER = "user"
    ROLE = "role"
    EVERYONE = "everyone"
    HERE = "here"
    REPLY = "reply"


@dataclass(frozen=True, slots=True)
class Ping:
    """One notification that a message causes; `target` is a user's or role's id, None for @everyone and @here."""

    kind: PingKind
    target: int | None = None


@dataclass(frozen=True, slots=True)
class AllowedMentions:
    """What may ping; None in `users` or `roles` means all of them."""

    users: frozenset[int] | None = None
    roles: frozenset[int] | None = None
    everyone: bool = True
    replied_user: bool = True


def parse_allowed(raw: Mapping[str, Any] | None) -> AllowedMentions:
    """Return the meaning of a body's `allowed_mentions`; None, when it is absent, allows everything."""
    if raw is None:
        return AllowedMentions()
    kinds = raw.get("parse") or []
    return AllowedMentions(
        users=None if "users" in kinds else _ids(raw.get("users")),
        roles=None if "roles" in kinds else _ids(raw.get("roles")),
        everyone="everyone" in kinds,
        replied_user=bool(raw.get("replied_user", False)),
    )


def _ids(raw: list[Any] | None) -> frozenset[int]:
    return frozenset(int(item) for item in raw or ())


def find_pings(text: str, allowed: AllowedMentions, replied_to: int | None = None) -> list[Ping]:
    """Return what `text` pings, each once, were its author permitted to ping everything.

    `replied_to` is the author of the message replied to. Mentions inside code or behind a backslash count here too,
    though Discord's apps may not show them as mentions: a bot that passes this is on the safe side.
    """
    pings: dict[Ping, None] = {}
    for kind, pattern, permitted in (
        (PingKind.USER, _USER, allowed.users),
        (PingKind.ROLE, _ROLE, allowed.roles),
    ):
        for match in pattern.finditer(text):
            target = int(match[1])
            if permitted is None or target in permitted:
                pings[Ping(kind, target)] = None
    for kind, word in ((PingKind.EVERYONE, "@everyone"), (PingKind.HERE, "@here")):
        if allowed.everyone and word in text:
            pings[Ping(kind)] = None
    if replied_to is not None and allowed.replied_user:
        pings[Ping(PingKind.REPLY, replied_to)] = None
    return list(pings)
