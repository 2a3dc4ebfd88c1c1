"""In which threads the bot takes part: there, a message needs no mention to be answered."""

from __future__ import annotations

import structlog

from tickertape.durable.store.errors import StoreError
from tickertape.slack.restart.places import SlackPlace
from tickertape.slack.workspace import Workspace

_log = structlog.get_logger(__name__)


class Participation:
    """Knows the threads of channels in which the bot has answered."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    @property
    def is_wanted(self) -> bool:
        """Whether the owner wants follow-ups to be answered without a mention."""
        assistance = self._workspace.assistance
        return assistance is not None and assistance.settings.follow_ups

    async def has_part_in(self, place: SlackPlace) -> bool:
        """Whether something was ever asked in the thread of `place`, even if that has been forgotten."""
        assistance = self._workspace.assistance
        if assistance is None:
            return False
        conversations, thread = assistance.store.conversations, place.conversation
        try:
            return bool(await conversations.newest(thread, 0, 1)) or await conversations.history_read(thread)
        except StoreError as error:
            _log.error("participation_not_known", channel=place.channel, error=error.detail)
            return False
