"""Downloads over real HTTP: which hosts are asked, who gets the token, and what a server cannot do to us."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from tests.files.server import FileHost, hang
from tickertape.downloads import HttpDownload, download_session
from tickertape.files.attachment import Attachment
from tickertape.files.problems import (
    DownloadError,
    DownloadFailed,
    FileGone,
    FileTooBig,
    HostNotAllowed,
    MayNotRead,
    TooSlow,
)

MOST = 1000
LOGIN = b"\n<!DOCTYPE html><html><body>Sign in to your workspace</body></html>"


def attached(
    url: str, name: str = "a.bin", size: int | None = None, content_type: str | None = None
) -> Attachment:
    return Attachment(name, content_type, size, url)


@pytest.fixture
async def host() -> AsyncIterator[FileHost]:
    async with FileHost() as server:
        yield server


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with download_session() as session:
        yield session


@pytest.fixture
def download(host: FileHost, session: aiohttp.ClientSession) -> HttpDownload:
    return HttpDownload(session, [host.host], token="xoxb-token")


# Which addresses are asked.


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/a.png",
        "https://cdn.discordapp.com.evil.example/a.png",
        "https://evil.example/cdn.discordapp.com/a.png",
        "https://cdn.discordapp.com@evil.example/a.png",
        "https://cdn.discordapp.com:secret@cdn.discordapp.com/a.png",
        "https://user@cdn.discordapp.com/a.png",
        "https://cdn.discordapp.com:8443/a.png",
        "http://cdn.discordapp.com/a.png",
        "ftp://cdn.discordapp.com/a.png",
        "file:///etc/passwd",
        "//cdn.discordapp.com/a.png",
        "cdn.discordapp.com/a.png",
        "https://cdn.discordapp.com\\@evil.example/a.png",
        "https://127.0.0.1/latest/meta-data",
        "https://[::1]/",
        "http://169.254.169.254/latest/meta-data",
        "https://cdn.discordapp.com:port/a.png",
        "https://[cdn.discordapp.com/a.png",
        "",
    ],
)
async def test_addresses_that_are_not_asked(address: str, session: aiohttp.ClientSession) -> None:
    """The suite lets no connection leave this machine, so an address that were asked would fail otherwise."""
    download = HttpDownload(session, ["cdn.discordapp.com"], token="secret")
    with pytest.raises(HostNotAllowed) as raised:
        await download.fetch(attached(address), MOST)
    assert "secret" not in raised.value.detail


async def test_https_is_asked(host: FileHost, session: aiohttp.ClientSession) -> None:
    with pytest.raises(DownloadFailed) as raised:  # the host has no TLS
        await HttpDownload(session, [host.host]).fetch(attached(f"https://{host.host}/a"), MOST)
    assert "SSL" in raised.value.detail
    assert host.requests == []


async def test_hosts_are_compared_in_lower_case(host: FileHost, session: aiohttp.ClientSession) -> None:
    allowed = host.host.replace("127.0.0.1", "localhost")
    url = host.serve("/a", b"x").replace("127.0.0.1", "LocalHost")
    assert await HttpDownload(session, [allowed]).fetch(attached(url), MOST) == b"x"


async def test_plain_http_is_for_this_machine_only(session: aiohttp.ClientSession) -> None:
    with pytest.raises(HostNotAllowed):
        await HttpDownload(session, ["192.168.1.1"]).fetch(attached("http://192.168.1.1/"), MOST)


@given(st.text())
def test_no_address_is_asked_by_chance(address: str) -> None:
    async def go() -> None:
        async with download_session() as session:
            with pytest.raises(HostNotAllowed):
                await HttpDownload(session, ["files.slack.com"]).fetch(attached(address), MOST)

    asyncio.run(go())


# What comes.


async def test_a_file_comes_as_it_is(host: FileHost, download: HttpDownload) -> None:
    data = bytes(range(256)) * 3
    assert await download.fetch(attached(host.serve("/a.bin", data)), MOST) == data


async def test_the_token_goes_to_the_platform(host: FileHost, download: HttpDownload) -> None:
    await download.fetch(attached(host.serve("/a", b"x")), MOST)
    assert host.requests[0].headers["Authorization"] == "Bearer xoxb-token"
    assert host.requests[0].headers["Accept-Encoding"] == "identity"


async def test_without_a_token_there_is_no_header(host: FileHost, session: aiohttp.ClientSession) -> None:
    await HttpDownload(session, [host.host]).fetch(attached(host.serve("/a", b"x")), MOST)
    assert "Authorization" not in host.requests[0].headers


async def test_cookies_are_not_kept(host: FileHost, download: HttpDownload) -> None:
    url = host.serve("/a", b"x", Set_Cookie="id=1")
    for _ in range(2):
        await download.fetch(attached(url), MOST)
    assert ["Cookie" in request.headers for request in host.requests] == [False, False]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, MayNotRead),
        (403, MayNotRead),
        (404, FileGone),
        (410, FileGone),
        (204, DownloadFailed),
        (206, DownloadFailed),
        (304, DownloadFailed),
        (429, DownloadFailed),
        (500, DownloadFailed),
    ],
)
async def test_statuses(
    status: int, kind: type[DownloadError], host: FileHost, download: HttpDownload
) -> None:
    with pytest.raises(kind) as raised:
        await download.fetch(attached(f"{host.refuse('/a', status)}?hm=signature"), MOST)
    assert f"/a: status {status}" in raised.value.detail
    assert "signature" not in raised.value.detail


async def test_a_connection_that_breaks(host: FileHost, download: HttpDownload) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b"half")
        assert request.transport is not None
        request.transport.close()
        return response

    host.handlers["/a"] = answer
    with pytest.raises(DownloadFailed):
        await download.fetch(attached(host.url("/a")), MOST)


async def test_nobody_listens(session: aiohttp.ClientSession) -> None:
    async with FileHost() as gone:
        url, allowed = gone.url("/a"), gone.host
    with pytest.raises(DownloadFailed):
        await HttpDownload(session, [allowed]).fetch(attached(url), MOST)


async def test_a_server_that_falls_silent(host: FileHost, download: HttpDownload) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"half")
        await hang()
        return response

    host.handlers["/a"] = answer
    started = asyncio.get_running_loop().time()
    with pytest.raises(TooSlow):
        await download.fetch(attached(host.url("/a")), MOST)
    assert asyncio.get_running_loop().time() - started == pytest.approx(30.0, abs=1.0)


async def test_cancelling_closes_the_connection(host: FileHost, download: HttpDownload) -> None:
    asked, left = asyncio.Event(), asyncio.Event()

    async def answer(_: web.Request) -> web.StreamResponse:
        asked.set()
        try:
            await hang()
        finally:
            left.set()
        return web.Response()

    host.handlers["/a"] = answer
    task = asyncio.create_task(download.fetch(attached(host.url("/a")), MOST))
    await asked.wait()
    task.cancel()
    await left.wait()
    with pytest.raises(asyncio.CancelledError):
        await task


# Sizes.


async def test_as_many_bytes_as_may_be(host: FileHost, download: HttpDownload) -> None:
    assert len(await download.fetch(attached(host.serve("/a", bytes(MOST))), MOST)) == MOST


async def test_an_announced_length_is_believed_before_reading(host: FileHost, download: HttpDownload) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": str(MOST + 1)})
        await response.prepare(request)
        await hang()
        return response

    host.handlers["/a"] = answer
    with pytest.raises(FileTooBig) as raised:
        await download.fetch(attached(host.url("/a")), MOST)
    assert raised.value.figure == MOST


async def test_bytes_without_end_are_counted(host: FileHost, download: HttpDownload) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(bytes(500))

    host.handlers["/a"] = answer
    with pytest.raises(FileTooBig):
        await download.fetch(attached(host.url("/a"), size=10), MOST)


async def test_nothing_is_unpacked(host: FileHost, download: HttpDownload) -> None:
    """A hundred bytes that unfold to 100 kB are refused: compression was not asked for."""
    url = host.serve("/a", gzip.compress(bytes(100_000)), Content_Encoding="gzip")
    with pytest.raises(DownloadFailed):
        await download.fetch(attached(url), MOST)


# Redirects.


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_one_redirect_within_the_platform_is_followed(
    status: int, host: FileHost, download: HttpDownload
) -> None:
    host.serve("/b", b"the file")
    url = host.refuse("/a", status, Location="/b")
    assert await download.fetch(attached(url), MOST) == b"the file"
    assert [request.path for request in host.requests] == ["/a", "/b"]


async def test_a_second_redirect_is_not(host: FileHost, download: HttpDownload) -> None:
    url = host.refuse("/a", 302, Location="/a")
    with pytest.raises(MayNotRead):
        await download.fetch(attached(url), MOST)
    assert len(host.requests) == 2


@pytest.mark.parametrize(
    "location", ["https://acme.slack.com/?redir=%2Ffiles", "http://169.254.169.254/", "//[", "", "https://"]
)
async def test_a_redirect_elsewhere_is_not(location: str, host: FileHost, download: HttpDownload) -> None:
    url = host.refuse("/a", 302, Location=location)
    with pytest.raises(MayNotRead):
        await download.fetch(attached(url), MOST)


async def test_another_host_on_this_machine_gets_neither_request_nor_token(
    host: FileHost, download: HttpDownload
) -> None:
    async with FileHost() as other:
        url = host.refuse("/a", 302, Location=other.serve("/b", b"the file"))
        with pytest.raises(MayNotRead):
            await download.fetch(attached(url), MOST)
        assert other.requests == []


# A page instead of the file.


@pytest.mark.parametrize("content_type", ["text/html; charset=utf-8", "application/octet-stream"])
@pytest.mark.parametrize("size", [None, 500])
async def test_a_login_page_is_no_file(
    content_type: str, size: int | None, host: FileHost, download: HttpDownload
) -> None:
    url = host.serve("/a.png", LOGIN, content_type)
    with pytest.raises(MayNotRead):
        await download.fetch(attached(url, "a.png", size, "image/png"), MOST)


@pytest.mark.parametrize(
    ("name", "size", "content_type"),
    [
        ("index.html", None, None),
        ("index.HTM", None, None),
        ("page", None, "text/html"),
        ("index.html", len(LOGIN), "text/html"),
        ("template.txt", len(LOGIN), "text/plain"),
    ],
)
async def test_a_page_that_was_sent_as_a_file_is_one(
    name: str, size: int | None, content_type: str | None, host: FileHost, download: HttpDownload
) -> None:
    url = host.serve("/a", LOGIN, "text/html")
    assert await download.fetch(attached(url, name, size, content_type), MOST) == LOGIN


async def test_a_login_page_instead_of_a_page_is_found_by_its_size(
    host: FileHost, download: HttpDownload
) -> None:
    url = host.serve("/a", LOGIN, "text/html")
    with pytest.raises(MayNotRead):
        await download.fetch(attached(url, "index.html", 12, "text/html"), MOST)
