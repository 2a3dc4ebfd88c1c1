"""Fetches attached files over HTTP, from the platforms' own file hosts only; implements `tickertape.files.reader.Download`.

The URL comes from a platform's event, but is trusted as little as the file: whoever could choose it would have this bot read
its owner's network, or send the platform's token elsewhere. Hence an allow list of exact hosts, TLS, at most one redirect, to
an allowed host again, no decompression, and the bytes are counted while they come.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection

import aiohttp
import yarl

from tickertape.files.attachment import Attachment
from tickertape.files.problems import (
    DownloadFailed,
    FileGone,
    FileTooBig,
    HostNotAllowed,
    MayNotRead,
    TooSlow,
)
from tickertape.model.redact import excerpt

_SECONDS = 30.0
"""Seconds for one file: 20 MiB arrive in time at 6 Mbit/s."""
_CHUNK = 64 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PAGE_BEGINS = (b"<!doctype html", b"<html")


def download_session() -> aiohttp.ClientSession:
    """Return a session for `HttpDownload`: it keeps no cookies and has no headers of its own. Close it at the end."""
    return aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())


class HttpDownload:
    """Fetches the files of one platform.

    `hosts` are exact, in lower case, with their port if it is not the scheme's (`127.0.0.1:8080`). `token` is sent to them as a
    bearer token, and to nobody else. Addresses are https, or http on this machine for a stand-in.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        hosts: Collection[str],
        *,
        token: str | None = None,
        proxy: str | None = None,
        seconds: float = _SECONDS,
    ) -> None:
        self._session = session
        self._hosts = frozenset(hosts)
        self._headers = {"Accept-Encoding": "identity"}
        if token is not None:
            self._headers["Authorization"] = f"Bearer {token}"
        self._proxy = proxy
        self._timeout = aiohttp.ClientTimeout(total=seconds)

    async def fetch(self, attachment: Attachment, most: int) -> bytes:
        """Return the file's bytes, at most `most`; see `tickertape.files.Download.fetch`."""
        url = self._allowed(attachment.url)
        try:
            body, media_type = await self._get(url, most, redirects=1)
        except TimeoutError:
            raise TooSlow(f"{_shown(url)}: not done after {self._timeout.total:g} s") from None
        except (aiohttp.ClientError, OSError) as error:
            raise DownloadFailed(excerpt(f"{_shown(url)}: {type(error).__name__}: {error}")) from error
        if _is_page_instead(attachment, body, media_type):
            raise MayNotRead(f"{_shown(url)}: a page came instead of the file")
        return body

    def _allowed(self, address: str) -> yarl.URL:
        """Return the parsed address, which is the one that will be asked; raise `HostNotAllowed`."""
        try:
            url = yarl.URL(address)
            allowed = url.host_port_subcomponent in self._hosts and _is_safe(url)
        except ValueError:
            raise HostNotAllowed("the address cannot be parsed") from None
        if not allowed:
            raise HostNotAllowed(_shown(url))
        return url

    async def _get(self, url: yarl.URL, most: int, *, redirects: int) -> tuple[bytes, str]:
        """Return a body of at most `most` bytes and its media type."""
        async with self._session.get(
            url,
            headers=self._headers,
            allow_redirects=False,
            auto_decompress=False,
            proxy=self._proxy,
            timeout=self._timeout,
        ) as response:
            if response.status not in _REDIRECTS:
                _check(response, most)
                return await _body(response, most), response.content_type
            target = self._redirected(response, redirects)
        return await self._get(target, most, redirects=redirects - 1)

    def _redirected(self, response: aiohttp.ClientResponse, redirects: int) -> yarl.URL:
        """Return where a redirect leads, if it may be followed: a platform sends those away who may not read a file."""
        location = response.headers.get("Location", "")
        try:
            target = self._allowed(str(response.url.join(yarl.URL(location))))
        except (ValueError, HostNotAllowed):
            raise MayNotRead(f"{_shown(response.url)}: redirects elsewhere") from None
        if not redirects:
            raise MayNotRead(f"{_shown(response.url)}: redirects again")
        return target


def _is_safe(url: yarl.URL) -> bool:
    if url.user is not None or url.password is not None:
        return False
    return url.scheme == "https" or (url.scheme == "http" and _is_loopback(url.host or ""))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _check(response: aiohttp.ClientResponse, most: int) -> None:
    """Raise what the response's beginning says against reading its body."""
    where = f"{_shown(response.url)}: status {response.status}"
    if response.status in {401, 403}:
        raise MayNotRead(where)
    if response.status in {404, 410}:
        raise FileGone(where)
    if response.status != 200:
        raise DownloadFailed(where)
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise DownloadFailed(f"{where}: compressed, though that was not asked for")
    if response.content_length is not None and response.content_length > most:
        raise FileTooBig(f"{where}: {response.content_length} bytes", most)


async def _body(response: aiohttp.ClientResponse, most: int) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        body += chunk
        if len(body) > most:
            raise FileTooBig(f"{_shown(response.url)}: more bytes than were announced", most)
    return bytes(body)


def _is_page_instead(attachment: Attachment, body: bytes, media_type: str) -> bool:
    """Whether this is no file but a page, e.g. the login page that Slack sends with status 200 to whom may not read.

    A file that is itself a page has the size that the platform announced.
    """
    if "html" not in media_type and not body[:_CHUNK].lstrip().lower().startswith(_PAGE_BEGINS):
        return False
    if attachment.size is not None:
        return len(body) != attachment.size
    return "html" not in (attachment.content_type or "") and not attachment.name.lower().endswith(
        (".html", ".htm")
    )


def _shown(url: yarl.URL) -> str:
    """Return the address for the log: without its query, which may be a signature, and without a password."""
    return str(url.with_user(None).with_query(None).with_fragment(None)) if url.host else "no host"
