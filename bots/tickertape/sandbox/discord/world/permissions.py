"""Permissions, pure: the bits and how roles and overwrites make them up (API documentation, permissions)."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass


class Permission(enum.IntFlag):
    """The permissions that the stand-in knows; further bits pass through unharmed."""

    ADMINISTRATOR = 1 << 3
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38
    USE_EXTERNAL_APPS = 1 << 50


NOTHING = Permission(0)

ALL = (1 << 53) - 1
"""What an administrator or an owner may do."""

DIRECT = (
    Permission.ADD_REACTIONS
    | Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.MENTION_EVERYONE
    | Permission.USE_EXTERNAL_EMOJIS
    | Permission.USE_APPLICATION_COMMANDS
)
"""What everybody may do in a direct message."""

EVERYONE = (
    DIRECT
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.CREATE_PRIVATE_THREADS
    | Permission.SEND_MESSAGES_IN_THREADS
    | Permission.USE_EXTERNAL_APPS
)
"""What the @everyone role of a new guild allows; people can mention everyone by default."""


@dataclass(frozen=True, slots=True)
class Overwrite:
    """What a channel changes for one role or one member; `target` is the id of either."""

    target: int
    allow: Permission = NOTHING
    deny: Permission = NOTHING
    member: bool = False


def resolve(
    *, everyone: int, roles: dict[int, int], member: int, base: int, overwrites: Iterable[Overwrite]
) -> int:
    """Return a member's permission bits in a channel.

    `everyone` is the id of the @everyone role, `roles` the member's further roles with their bits, `member` the
    user's id, `base` the bits of @everyone.
    """
    bits = base
    for role_bits in roles.values():
        bits |= role_bits
    if bits & Permission.ADMINISTRATOR:
        return ALL
    changes = list(overwrites)
    for group in (
        [o for o in changes if not o.member and o.target == everyone],
        [o for o in changes if not o.member and o.target in roles and o.target != everyone],
        [o for o in changes if o.member and o.target == member],
    ):
        bits = _apply(bits, group)
    return _implied(bits)


def _apply(bits: int, group: list[Overwrite]) -> int:
    """Return `bits` after a group of overwrites of equal rank: an allow in it beats a deny."""
    for overwrite in group:
        bits &= ~int(overwrite.deny)
    for overwrite in group:
        bits |= int(overwrite.allow)
    return bits


def _implied(bits: int) -> int:
    """Return `bits` without what a missing VIEW_CHANNEL or SEND_MESSAGES takes away."""
    if not bits & Permission.VIEW_CHANNEL:
        return 0
    if not bits & Permission.SEND_MESSAGES:
        writing = Permission.MENTION_EVERYONE | Permission.EMBED_LINKS | Permission.ATTACH_FILES
        bits &= ~int(writing)
    return bits
