"""Who may ask, where, and how much."""

from __future__ import annotations

from pydantic import Field

from tickertape.settings.section import Section
from tickertape.settings.types import Channels, Count, Roles, Users


class AccessSection(Section):
    """Lists of ids. Names are no ids: anybody can take one."""

    table = "access"

    admins: Users = Field(
        (),
        description="Users who may do everything but what a deny list forbids, without limits: ids with commas, such as "
        "`discord:1234567890` or `slack:U0123ABCD`.",
    )
    admin_roles: Roles = Field(
        (), description="Roles (Discord) and usergroups (Slack, `slack:S0123ABCD`) whose members are admins."
    )
    allow_users: Users = Field(
        (), description="Users who may ask. With this or the next, nobody else may, on either platform."
    )
    allow_roles: Roles = Field(
        (),
        description="Roles and usergroups whose members may ask. A Discord server's id stands for all its members.",
    )
    allow_channels: Channels = Field(
        (),
        description="Channels where questions are answered, with their threads; nowhere else then. `discord:direct` and "
        "`slack:direct` stand for direct messages.",
    )
    deny_users: Users = Field((), description="Users who may not ask, whatever else is set.")
    deny_roles: Roles = Field(
        (), description="Roles and usergroups whose members may not ask, whatever else is set."
    )
    deny_channels: Channels = Field(
        (), description="Channels where nothing is answered, whatever else is set."
    )


class LimitsSection(Section):
    """The most that may be asked. Without a number there is no limit; admins have none."""

    table = "limits"

    user_at_once: Count | None = Field(
        None, description="Answers that one person may have written at a time."
    )
    user_per_hour: Count | None = Field(None, description="Answers for one person within an hour.")
    user_tokens_per_day: Count | None = Field(
        None, description="Tokens of prompts and answers that one person may use within 24 hours."
    )
    workspace_at_once: Count | None = Field(
        None, description="Answers that are written at a time in one Discord server or Slack workspace."
    )
    workspace_per_hour: Count | None = Field(
        None, description="Answers within an hour in one server or workspace."
    )
    workspace_tokens_per_day: Count | None = Field(
        None, description="Tokens of prompts and answers within 24 hours in one server or workspace."
    )
