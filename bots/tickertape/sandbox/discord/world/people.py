"""Who there is: users, and the guilds that they are members of. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from tickertape.sandbox.discord.world.permissions import EVERYONE

DEFAULT_LOCALE = "en-US"
"""The language of an app, and of a guild, that has chosen none."""


@dataclass(slots=True, eq=False)
class User:
    """A person or a bot.

    `global_name` is what apps show, `locale` the language of their app. `installed`: has the app installed for
    themselves (user install). `longest_message` (characters) and `largest_file` (bytes) are what their app lets them
    send: Nitro makes that 4000 and 500 MiB.
    """

    id: int
    name: str
    bot: bool = False
    installed: bool = False
    dms_open: bool = True
    global_name: str | None = None
    locale: str = DEFAULT_LOCALE
    longest_message: int = 2000
    largest_file: int = 10 * 1024 * 1024


@dataclass(slots=True, eq=False)
class Role:
    """A guild's role. `bot` is the bot that it belongs to, if it came with one."""

    id: int
    name: str
    permissions: int
    mentionable: bool = False
    bot: User | None = None


@dataclass(slots=True, eq=False)
class Member:
    """A user in a guild, with the ids of their roles (@everyone left out)."""

    user: User
    roles: list[int] = field(default_factory=list)
    nick: str | None = None


@dataclass(slots=True, eq=False)
class Guild:
    """A guild. The bot is in it if it is among `members`; its own id is the id of its @everyone role.

    `locale` is its preferred language, which only a guild with the feature `COMMUNITY` can choose.
    """

    id: int
    name: str
    owner: User
    everyone: int = EVERYONE
    locale: str = DEFAULT_LOCALE
    features: tuple[str, ...] = ()
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
