"""The files of a message, and how their bytes are fetched: from Slack's file host, with the bot's token for it alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from tickertape.downloads import HttpDownload
from tickertape.files.attachment import Attachment
from tickertape.files.problems import DownloadFailed, FileGone, MayNotRead
from tickertape.slack.http.budgets import SlackLimits
from tickertape.slack.http.web import CallFailed, CallRefused, reply

_BY_ID = "slack-file:"
"""Begins the address of a file of which Slack told no more than its id."""


def read_attachments(message: Mapping[str, Any]) -> tuple[Attachment, ...]:
    """Return the files that Slack announces with a message."""
    return tuple(_attachment(file) for file in message.get("files") or ())


def _attachment(file: Mapping[str, Any]) -> Attachment:
    """Read a file object. In channels of Slack Connect an event has its id only (`file_access: check_file_info`)."""
    url = file.get("url_private_download") or file.get("url_private") or f"{_BY_ID}{file.get('id', '')}"
    size = file.get("size")
    return Attachment(
        str(file.get("name") or file.get("title") or ""),
        file.get("mimetype") or None,
        size if isinstance(size, int) else None,
        str(url),
    )


class SlackDownload:
    """Fetches files of a workspace; implements `tickertape.files.Download`."""

    def __init__(self, download: HttpDownload, client: AsyncWebClient, limits: SlackLimits) -> None:
        self._download = download
        self._client = client
        self._limits = limits

    async def fetch(self, attachment: Attachment, most: int) -> bytes:
        """Return the file's bytes; see `tickertape.files.Download.fetch`."""
        if attachment.url.startswith(_BY_ID):
            attachment = await self._described(attachment)
        return await self._download.fetch(attachment, most)

    async def _described(self, attachment: Attachment) -> Attachment:
        file_id = attachment.url.removeprefix(_BY_ID)
        try:
            async with self._limits.guard("files.info"):
                response = await reply(self._client.files_info(file=file_id))
        except CallRefused as refused:
            gone = refused.code in {"file_not_found", "file_deleted"}
            raise (FileGone if gone else MayNotRead)(f"files.info: {refused}") from refused
        except CallFailed as failed:
            raise DownloadFailed(f"files.info: {failed}") from failed
        described = _attachment(response.get("file") or {})
        if described.url.startswith(_BY_ID):
            raise FileGone(f"files.info: nothing is known of {file_id}")
        return replace(described, name=described.name or attachment.name)
