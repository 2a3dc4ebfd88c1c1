"""Who people are: their names, and whether they may moderate. Asked of Slack once in a while and only when needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from tickertape.slack.http.budgets import SlackLimits
from tickertape.slack.http.cache import Cache
from tickertape.slack.http.web import CallFailed, CallRefused, reply

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Person:
    """A member's display name, as they wrote it, and whether they are an admin or owner of this workspace.

    `name` is empty if Slack does not tell it.
    `locale` is their language (`de-DE`), empty if Slack does not tell. `is_app` says that it is a bot's user.
    """

    name: str
    moderates: bool = False
    locale: str = ""
    is_app: bool = False


UNKNOWN = Person("")


class People:
    """The members of a workspace, cached."""

    def __init__(self, client: AsyncWebClient, limits: SlackLimits, team: str) -> None:
        self._client = client
        self._limits = limits
        self._team = team
        self._cache: Cache[Person] = Cache("users.info", self._ask)

    async def find(self, user: str) -> Person:
        """Return the person of this user id; somebody without rights if Slack does not say."""
        return await self._cache.find(user) or UNKNOWN

    async def _ask(self, user: str) -> Person | None:
        try:
            async with self._limits.guard("users.info"):
                response = await reply(self._client.users_info(user=user, include_locale=True))
        except CallFailed as failed:
            _log.warning("user_not_found", user=user, reason=str(failed))
            return UNKNOWN if isinstance(failed, CallRefused) else None  # refused once is refused again
        return _person(response.get("user") or {}, self._team)


def _person(user: dict[str, Any], team: str) -> Person:
    """Read a user object. A guest of another workspace (Slack Connect) may be an admin there, but not here."""
    profile = user.get("profile") or {}
    names = (profile.get("display_name"), profile.get("real_name"), user.get("real_name"), user.get("name"))
    name = next((name for name in names if name), "")
    is_ours = user.get("team_id") == team
    moderates = is_ours and any(user.get(role) for role in ("is_admin", "is_owner", "is_primary_owner"))
    return Person(name, moderates, user.get("locale") or "", bool(user.get("is_bot")))
