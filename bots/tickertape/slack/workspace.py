"""The workspace in which the bot is installed: who the bot is there, and everything that its handlers share."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from tickertape.answer.answering import Answering
from tickertape.languages import Language, Languages
from tickertape.service import Service
from tickertape.slack.gateway.people import UNKNOWN, People, Person
from tickertape.slack.http.budgets import SlackLimits
from tickertape.tasks import Tasks

_PATIENCE = 1.5
"""Seconds that a reply waits for its reader's name and language: Slack wants an acknowledgement, or a form, within 3 s."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What auth.test says of a bot token. `scopes` is None if the server does not tell them."""

    team: str
    bot_user: str
    bot_id: str
    name: str
    scopes: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Workspace:
    """One workspace. Slack Connect lets strangers in, so keys are made of the bot's own team, never of an event's."""

    identity: Identity
    client: AsyncWebClient
    limits: SlackLimits
    people: People
    tasks: Tasks
    service: Service

    @property
    def answering(self) -> Answering:
        """The service that answers."""
        return self.service.answering

    async def person(self, user: str) -> Person:
        """Return who `user` is; somebody unknown if Slack does not tell it at once."""
        try:
            return await asyncio.wait_for(self.people.find(user), _PATIENCE)
        except TimeoutError:
            return UNKNOWN

    async def language_of(self, user: str) -> Language:
        """Return the language of `user`; the owner's if Slack does not tell it at once."""
        return self.languages.of((await self.person(user)).locale)

    @property
    def languages(self) -> Languages:
        """The languages in which people are told things."""
        return self.answering.languages

    @property
    def team(self) -> str:
        """The workspace's id."""
        return self.identity.team
