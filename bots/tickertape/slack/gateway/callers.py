"""Who did something and where, as rules and models are told: ids of the platform, names, languages, usergroups."""

from __future__ import annotations

import asyncio

from tickertape.inbound.facts import Caller
from tickertape.prompts.asker import Asker, direct_messages
from tickertape.prompts.prompt import Origin
from tickertape.rules.access import Access
from tickertape.slack.gateway.channels import Channels
from tickertape.slack.gateway.people import UNKNOWN, Person
from tickertape.slack.gateway.usergroups import Usergroups
from tickertape.slack.keys import PLATFORM, is_direct, person_key, rule_id
from tickertape.slack.workspace import Workspace

_PATIENCE = 3.0
"""Seconds that a question waits for its asker's name and usergroups."""

_CHANNEL_PATIENCE = 1.0
"""Seconds that a question waits for its channel's name, if a persona wants it: later ones find it known."""


Known = tuple[str, frozenset[str] | None]
"""What people call somebody, and their usergroups; None where Slack does not tell those."""


class Callers:
    """Finds out who did something."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._groups = Usergroups(workspace)
        self._channels = Channels(workspace)
        self._access = workspace.service.settings.rules.access

    async def of(self, user: str, channel: str) -> Caller:
        """Return what is known of `user`, who did something in `channel`."""
        person, asker, name = await asyncio.gather(
            self._person(user), self._asker(user, channel), self._channel(channel)
        )
        return Caller(Origin(asker, person.name, name, person.locale), person.moderates, person.is_app)

    @property
    def unknown(self) -> Known:
        """What is known of somebody of whom Slack tells nothing: their usergroups only if no rule names any."""
        return "", None if names_usergroups(self._access) else frozenset()

    async def known(self, user: str) -> Known:
        """Return the name and the usergroups of `user`, as far as Slack tells them in time."""
        person, roles = await asyncio.gather(self._person(user), self._roles(user))
        return person.name, roles

    async def _roles(self, user: str) -> frozenset[str] | None:
        """Return the usergroups of `user`, none if no rule names any, None if Slack does not tell."""
        if not names_usergroups(self._access):
            return frozenset()
        try:
            groups = await asyncio.wait_for(self._groups.of(user), _PATIENCE)
        except TimeoutError:
            return None
        return None if groups is None else frozenset(map(rule_id, groups))

    async def _asker(self, user: str, channel: str) -> Asker:
        """Return `user` in `channel` as rules see them."""
        channels = {rule_id(channel)}
        if is_direct(channel):
            channels.add(direct_messages(PLATFORM))
        roles = await self._roles(user)
        return Asker(person_key(user), frozenset(channels), roles, rule_id(self._workspace.team))

    async def _person(self, user: str) -> Person:
        try:
            return await asyncio.wait_for(self._workspace.people.find(user), _PATIENCE)
        except TimeoutError:
            return UNKNOWN

    async def _channel(self, channel: str) -> str:
        """Return what people call a channel, empty if no persona is told."""
        personas = self._workspace.service.assistant.choices.personas
        if not any(persona.holds("channel") for persona in personas):
            return ""
        try:
            return await asyncio.wait_for(self._channels.name(channel), _CHANNEL_PATIENCE)
        except TimeoutError:
            return ""


def names_usergroups(access: Access) -> bool:
    """Whether a rule is about usergroups: only then is Slack asked for them."""
    lists = (access.allow, access.deny, access.admins, *access.models.values())
    return any(role.startswith(f"{PLATFORM}:") for each in lists for role in each.roles)
