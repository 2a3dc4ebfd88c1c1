"""Sends the owner's figures as a file, in a direct message."""

from __future__ import annotations

from collections.abc import Awaitable

import structlog

from tickertape.languages import Sentence
from tickertape.screen.body import File
from tickertape.slack import words
from tickertape.slack.http import lookup
from tickertape.slack.http.files import FileSharer
from tickertape.slack.http.web import CallFailed, CallRefused, reply
from tickertape.slack.scopes import can_send_files
from tickertape.slack.showing.surface import QUIET
from tickertape.slack.workspace import Workspace

_log = structlog.get_logger(__name__)


class Exporter:
    """Sends files to people."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    async def send(self, user: str, making: Awaitable[File]) -> Sentence:
        """Send the file that is being made, and return what to tell `user`; raises what making it raises."""
        file = await making
        if not can_send_files(self._workspace.identity.scopes):
            return words.NOT_EXPORTED
        try:
            await self._share(user, file)
        except CallFailed as failed:
            _log.warning("export_failed", user=user, reason=str(failed))
            lacks = isinstance(failed, CallRefused) and failed.code == "missing_scope"
            return words.NOT_EXPORTED if lacks else words.EXPORT_LOST
        return words.EXPORTED

    async def _share(self, user: str, file: File) -> None:
        """Write to `user`, which opens the conversation and tells its id, and share the file there."""
        client, limits = self._workspace.client, self._workspace.limits
        text = (await self._workspace.language_of(user)).say(words.FIGURES)
        await limits.post_turn(user)
        opened = await reply(client.chat_postMessage(channel=user, text=text, **QUIET))
        where = lookup.SearchRange(str(opened["channel"]), None, str(opened["ts"]))
        await limits.turn(limits.files)
        await FileSharer(client, limits, where).share(file, "", 0)
