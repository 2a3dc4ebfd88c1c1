"""Who asks, and where, as rules see it."""

from __future__ import annotations

from dataclasses import dataclass

from tickertape.prompts.keys import PersonKey


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and where. All ids but the person's are text as an owner writes it into lists: `discord:42`, `slack:C1`.

    `roles` are the asker's roles (Discord; a server's @everyone role has the server's id) or usergroups (Slack). None
    means that they could not be found out; a list of denied roles of that platform then refuses, and one of allowed
    roles does not help.
    `channels` are the channel and, for a thread, the channel that it is in; in a direct message also
    `direct_messages(platform)`, which lists can name because every direct message has an id of its own.
    `workspace` is the Discord server or Slack workspace, None in a direct message on Discord.
    """

    user: PersonKey
    channels: frozenset[str]
    roles: frozenset[str] | None = frozenset()
    workspace: str | None = None

    @property
    def platform(self) -> str:
        """The platform's name in keys and ids: `discord`, `slack`."""
        return self.user.platform


def direct_messages(platform: str) -> str:
    """Return what stands for all direct messages of a platform in lists of channels: `discord:direct`."""
    return f"{platform}:direct"
