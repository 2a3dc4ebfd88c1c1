"""The host of attachments: who may read what, how it can misbehave, and what it remembers of each request."""

from __future__ import annotations

import asyncio
import string

import aiohttp
import pytest
import yarl
from hypothesis import given
from hypothesis import strategies as st

from tests.sandbox.discord.clients import Rest
from tickertape.sandbox.discord import Delivery, DiscordSandbox, File, Limits
from tickertape.sandbox.discord.payloads.signed_links import is_valid, signed
from tickertape.sandbox.discord.world.attachments import safe_name

NOTES = File("notes.txt", b"some notes", "text/plain; charset=utf-8")


async def link(rest: Rest, file: File = NOTES) -> str:
    """Send a file in a direct message and return its address as the bot reads it."""
    dm = await rest.sandbox.open_dm(rest.sandbox.alice)
    message = await rest.sandbox.say(dm, rest.sandbox.alice, "", files=[file])
    answer = await rest.call("GET", f"/channels/{dm.id}/messages/{message.id}")
    url: str = answer.body["attachments"][0]["url"]
    return url


async def test_files_come_from_a_host_of_their_own(rest: Rest, session: aiohttp.ClientSession) -> None:
    sandbox = rest.sandbox
    url = await link(rest)
    assert url.startswith(sandbox.cdn_url + "/attachments/")
    assert yarl.URL(url).port != yarl.URL(sandbox.url).port
    async with session.get(url, headers={"Authorization": "Bot x"}) as answer:
        assert (answer.status, await answer.read()) == (200, NOTES.data)
        assert answer.headers["Content-Type"] == NOTES.content_type
        assert answer.headers["Content-Length"] == "10"
    (download,) = sandbox.cdn.downloads
    assert download.headers["authorization"] == "Bot x"
    assert (download.method, download.status, download.sent) == ("GET", 200, 10)
    assert len(sandbox.calls) == 1


@pytest.mark.parametrize("method", ["HEAD", "POST", "DELETE", "OPTIONS"])
async def test_reading_is_all_that_can_be_done(
    rest: Rest, session: aiohttp.ClientSession, method: str
) -> None:
    async with session.request(method, await link(rest)) as answer:
        assert answer.status == 405
    assert [each.method for each in rest.sandbox.cdn.downloads] == [method]


async def test_what_is_not_found(rest: Rest, session: aiohttp.ClientSession) -> None:
    sandbox = rest.sandbox
    url = yarl.URL(await link(rest))
    message = next(iter((await sandbox.open_dm(sandbox.alice)).messages.values()))
    expires = f"{int(url.query['ex'], 16) + 1:x}"
    statuses = []
    for wrong in (
        url.with_query(None),
        url.update_query(ex=expires),
        url.update_query(hm="0" * 64),
        url.with_path("/attachments/1/2/notes.txt").with_query(url.query),
        url.with_path("/attachments/x/2/notes.txt").with_query(url.query),
        yarl.URL(sandbox.cdn_url) / "elsewhere",
    ):
        async with session.get(wrong) as answer:
            statuses.append(answer.status)
    await sandbox.delete(message)
    async with session.get(url) as answer:
        statuses.append(answer.status)
    assert statuses == [404] * 7
    assert [each.status for each in sandbox.cdn.downloads] == [404] * 7


async def test_links_expire_and_are_fresh_when_read_again(session: aiohttp.ClientSession) -> None:
    async with DiscordSandbox(limits=Limits(attachment_links=600.0)) as sandbox:
        rest = Rest(sandbox, session)
        url = await link(rest)
        await asyncio.sleep(601)
        async with session.get(url) as answer:
            assert answer.status == 404
        dm = await sandbox.open_dm(sandbox.alice)
        listed = await rest.call("GET", f"/channels/{dm.id}/messages")
        async with session.get(listed.body[0]["attachments"][0]["url"]) as answer:
            assert answer.status == 200


async def test_a_file_may_be_elsewhere_or_refused(rest: Rest, session: aiohttp.ClientSession) -> None:
    cdn, url = rest.sandbox.cdn, await link(rest)
    cdn.deliver(Delivery(redirect="http://127.0.0.1:1/private"))
    async with session.get(url, allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (302, "http://127.0.0.1:1/private")
    cdn.deliver(Delivery(status=503))
    async with session.get(url) as answer:
        assert answer.status == 503
    assert [each.status for each in cdn.downloads] == [302, 503]


async def test_a_slow_file(rest: Rest, session: aiohttp.ClientSession) -> None:
    rest.sandbox.cdn.deliver(Delivery(delay=2.0, pace=5.0), "notes.txt")
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with session.get(await link(rest)) as answer:
        begun = loop.time()
        await answer.read()
    assert begun - began == pytest.approx(2, abs=0.01)
    assert loop.time() - begun == pytest.approx(2, abs=0.3)  # 10 bytes of 5 a second, the last ones at once


async def test_more_bytes_than_announced(rest: Rest, session: aiohttp.ClientSession) -> None:
    rest.sandbox.cdn.deliver(Delivery(surplus=1_000_000))
    async with session.get(await link(rest)) as answer:
        assert "Content-Length" not in answer.headers
        assert len(await answer.read()) == 1_000_010


async def test_a_client_that_has_had_enough(rest: Rest, session: aiohttp.ClientSession) -> None:
    sandbox = rest.sandbox
    sandbox.alice.largest_file = 500 * 1024 * 1024
    url = await link(rest, File("huge.bin", b"start", size=100 * 1024 * 1024))
    async with session.get(url) as answer:
        assert answer.headers["Content-Length"] == str(100 * 1024 * 1024)
        assert (await answer.content.read(10)).startswith(b"start\0")
        answer.close()
    (download,) = await sandbox.wait_for(lambda: sandbox.cdn.downloads)
    assert download.sent < 100 * 1024 * 1024


async def test_a_connection_that_breaks(rest: Rest, session: aiohttp.ClientSession) -> None:
    rest.sandbox.cdn.deliver(Delivery(cut_after=4))
    async with session.get(await link(rest)) as answer:
        with pytest.raises(aiohttp.ClientPayloadError):
            await answer.read()
    assert [each.sent for each in rest.sandbox.cdn.downloads] == [4]


async def test_the_api_serves_no_files(rest: Rest, session: aiohttp.ClientSession) -> None:
    path = yarl.URL(await link(rest)).path_qs
    async with session.get(rest.sandbox.url + path) as answer:
        assert answer.status == 404


PATHS = st.text(string.ascii_letters + string.digits + "/._-", min_size=1)


@given(PATHS, st.binary(min_size=16), st.integers(1, 2**31), st.integers(1, 10**6), st.data())
def test_a_link_is_valid_for_its_path_and_its_time_alone(
    path: str, key: bytes, now: int, life: int, data: st.DataObject
) -> None:
    query = dict(yarl.URL("http://cdn" + signed("/" + path, key, now, life)).query)
    assert is_valid("/" + path, query, key, now + data.draw(st.integers(0, life - 1)))
    assert not is_valid("/" + path, query, key, now + life)
    assert not is_valid("/" + path + "x", query, key, now)
    assert not is_valid("/" + path, query, key + b"x", now)
    field = data.draw(st.sampled_from(["ex", "is", "hm"]))
    assert not is_valid("/" + path, query | {field: "0" + query[field]}, key, now)


@given(st.text())
def test_names_of_files_become_plain(name: str) -> None:
    safe = safe_name(name)
    assert safe
    assert safe.isascii()
    assert not set(safe) & set(" /\\?#%\n")
    assert safe_name(safe) == safe


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("report.pdf", "report.pdf"),
        ("my notes (1).md", "my_notes_1.md"),
        ("über.txt", "ber.txt"),
        ("報告", "unknown"),
    ],
)
def test_names_as_users_see_them(name: str, expected: str) -> None:
    assert safe_name(name) == expected
