"""Posts a file into a conversation: Slack's three steps, of which only the last one shows anything.

files.getUploadURLExternal names a place, the bytes are sent there, and files.completeUploadExternal shares the file.
The last step is not idempotent. After one of which nobody knows whether it took effect, the conversation is searched
for the file; if it is not there, the same file is shared, never a second one.
"""

from __future__ import annotations

import io

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from tickertape.screen.body import File
from tickertape.screen.budget import Budget
from tickertape.slack.http import lookup
from tickertape.slack.http.budgets import SlackLimits
from tickertape.slack.http.web import TIMEOUT, CallFailed, CallRefused, CallUnclear, reply

MAX_FILE = 1024**3
"""Bytes of one file (Slack's help centre, "Add files to Slack")."""

MAX_UPLOADS = 3
"""Tries to send a file of which nothing certain is heard, before it is taken for refused."""

SLOWEST = 125_000
"""Bytes a second (1 Mbit/s) at which an upload is still waited for, besides a call's usual time."""

_PASSING = frozenset({408, 429})
"""Statuses of 4xx that say nothing against the file."""


class FileSharer:
    """Shares the files of one answer in one place. All methods raise `CallFailed`."""

    def __init__(self, client: AsyncWebClient, limits: SlackLimits, where: lookup.SearchRange) -> None:
        self._client = client
        self._limits = limits
        self._where = where
        self._finder = lookup.Finder(client, limits, where)
        self._uploaded: dict[int, str] = {}
        """The file of each page whose bytes Slack has, by its id."""
        self._failed_uploads = 0
        self._in_doubt: set[int] = set()
        """Pages whose file may have been shared."""
        self._adrift: set[int] = set()
        """Pages whose file an earlier process may have shared."""

    def resume(self, page: int) -> None:
        """Take note that an earlier process may have shared a file as page `page`, of which the id is not known."""
        self._adrift.add(page)

    @property
    def budgets(self) -> tuple[Budget, ...]:
        """What the next `share` draws on."""
        files = self._limits.files
        return (files, self._finder.budget) if self._in_doubt | self._adrift else (files,)

    async def share(self, file: File, comment: str, page: int) -> str:
        """Share `file` as page `page` of the answer, below `comment` in mrkdwn, and return its id."""
        if page in self._adrift:
            found = await self._finder.find_file(file.name, len(file.data))
            self._adrift.discard(page)
            if found is not None:
                return found
        if page not in self._uploaded:
            self._uploaded[page] = await self._try_upload(file)
        file_id = self._uploaded[page]
        if page not in self._in_doubt or not await self._is_shared(file_id):
            await self._complete(file_id, file.name, comment, page)
        self._in_doubt.discard(page)
        return file_id

    async def _try_upload(self, file: File) -> str:
        """Upload `file`; after so many tries of which nobody knows what became, it counts as refused."""
        try:
            return await self._upload(file)
        except CallUnclear as failed:
            self._failed_uploads += 1
            if self._failed_uploads < MAX_UPLOADS:
                raise
            raise CallRefused(str(failed)) from failed

    async def _upload(self, file: File) -> str:
        """Send the bytes to the place that Slack names, and return the file's id."""
        data = file.data
        place = await reply(self._client.files_getUploadURLExternal(filename=file.name, length=len(data)))
        await self._send(str(place["upload_url"]), data)
        return str(place["file_id"])

    async def _send(self, url: str, data: bytes) -> None:
        session = self._client.session
        if session is None:
            raise RuntimeError("the client has no session")
        timeout = aiohttp.ClientTimeout(total=TIMEOUT + len(data) / SLOWEST)
        body = io.BytesIO(data)
        try:
            async with session.post(url, data=body, proxy=self._client.proxy, timeout=timeout) as response:
                _check(response.status)
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise CallUnclear(f"upload: {type(error).__name__}: {error}") from error

    async def _complete(self, file_id: str, title: str, comment: str, page: int) -> None:
        try:
            await reply(
                self._client.files_completeUploadExternal(
                    files=[{"id": file_id, "title": title}],
                    channel_id=self._where.channel,
                    thread_ts=self._where.thread_ts,
                    initial_comment=comment,
                )
            )
        except CallFailed as failed:
            if isinstance(failed, CallUnclear):
                self._in_doubt.add(page)
            raise

    async def _is_shared(self, file_id: str) -> bool:
        return await self._finder.find(lookup.shares(file_id)) is not None


def _check(status: int) -> None:
    """Raise what the upload URL's HTTP status means, unless the bytes have arrived."""
    if status < 400:
        return
    reason = f"upload: HTTP status {status}"
    raise CallUnclear(reason) if status >= 500 or status in _PASSING else CallRefused(reason)
