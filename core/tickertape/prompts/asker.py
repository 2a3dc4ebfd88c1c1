"""Who asks, and where, as rules see it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and where.

    `roles` are the asker's roles (Discord; a server's @everyone role has the server's id) or usergroups (Slack). None
    means that they could not be found out; a list of denied roles of that platform then refuses, and one of allowed
    roles does not help.
    `channels` are the channel and, for a thread, the channel that it is in; in a direct message also
    `direct_messages(platform)`, which lists can name because every direct message has an id of its own.
    `workspace` is the Discord server or Slack workspace, None in a direct message on Discord.
    """

    user: str
    channels: frozenset[str]
    roles: frozenset[str] | None = frozenset()
    workspace: str | None = None

    @property
    def platform(self) -> str:
        """The part of the ids before the colon."""
        return self.user.partition(":")[0]


def direct_messages(platform: str) -> str:
    """Return what stands for all direct messages of a platform in lists of channels: `discord:direct`."""
    return f"{platform}:direct"
