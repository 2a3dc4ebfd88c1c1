"""What every call passes: token, routes, rate limits with their headers, ban, latency, faults, the log."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from tests.sandbox.discord.clients import Rest
from tickertape.sandbox.discord import Budget, DiscordSandbox, Drop, Limits

POST = "/channels/{channel_id}/messages"


async def test_wrong_token_and_wrong_routes(rest: Rest) -> None:
    refused = await rest.call("GET", "/users/@me", headers={"Authorization": "Bot wrong"})
    assert (refused.status, refused.body) == (401, {"message": "401: Unauthorized", "code": 0})
    assert (await rest.call("GET", "/nowhere")).body == {"message": "404: Not Found", "code": 0}
    assert (await rest.call("DELETE", "/users/@me")).body == {"message": "405: Method Not Allowed", "code": 0}
    assert (await rest.call("GET", "/gateway", headers={"Authorization": ""})).status == 200
    assert (await rest.call("GET", "/channels/word")).code == 50035
    assert (await rest.call("GET", "/channels/1")).code == 10003


async def test_body_that_is_no_json(rest: Rest) -> None:
    path = f"/channels/{rest.sandbox.general.id}/messages"
    assert (
        await rest.call("POST", path, data=b"{", headers={"Content-Type": "application/json"})
    ).code == 50109
    assert (await rest.call("POST", path, [1])).code == 50035


async def test_headers_count_down_and_429_tells_when(rest: Rest) -> None:
    answers = [await rest.post(rest.sandbox.general) for _ in range(6)]
    remaining = [answer.headers["X-RateLimit-Remaining"] for answer in answers]
    assert remaining == ["4", "3", "2", "1", "0", "0"]
    refused = answers[-1]
    assert refused.status == 429
    assert refused.headers["Content-Type"] == "application/json"
    assert refused.headers["X-RateLimit-Scope"] == "user"
    assert refused.headers["Via"]
    assert refused.body["global"] is False
    assert 4.9 < refused.body["retry_after"] <= 5
    assert refused.headers["Retry-After"] == "5"
    await asyncio.sleep(refused.body["retry_after"])
    assert (await rest.post(rest.sandbox.general)).status == 200
    assert rest.sandbox.calls.count("POST", POST, 429) == 1


async def test_counters_are_per_method_and_channel(rest: Rest) -> None:
    sandbox = rest.sandbox
    other = sandbox.add_channel(sandbox.guild, "other")
    messages = [await rest.posted(sandbox.general) for _ in range(5)]
    edited = await rest.edit(messages[0], "edited")
    assert (edited.status, edited.headers["X-RateLimit-Remaining"]) == (200, "4")
    posted = await rest.post(other)
    assert (posted.status, posted.headers["X-RateLimit-Remaining"]) == (200, "4")
    assert posted.headers["X-RateLimit-Bucket"] == edited.headers["X-RateLimit-Bucket"]
    assert (await rest.post(sandbox.general)).status == 429


async def test_global_limit_spares_interaction_endpoints(session: aiohttp.ClientSession) -> None:
    async with DiscordSandbox(limits=Limits(everything=Budget(3, 1.0))) as sandbox:
        rest = Rest(sandbox, session)
        answers = [await rest.call("GET", "/users/@me") for _ in range(4)]
        refused = answers[-1]
        assert [answer.status for answer in answers] == [200, 200, 200, 429]
        assert refused.headers["X-RateLimit-Global"] == "true"
        assert refused.headers["X-RateLimit-Scope"] == "global"
        assert refused.body["global"] is True
        assert (await rest.call("POST", "/interactions/1/x/callback", {"type": 5})).code == 10062


async def test_too_many_invalid_answers_bring_a_ban(session: aiohttp.ClientSession) -> None:
    async with DiscordSandbox(limits=Limits(invalid_answers=Budget(3, 600.0), ban=60.0)) as sandbox:
        rest = Rest(sandbox, session)
        for _ in range(3):
            await rest.call("GET", "/users/@me", headers={"Authorization": "Bot wrong"})
        banned = await rest.call("GET", "/users/@me")
        assert banned.status == 429
        assert "Via" not in banned.headers
        assert banned.headers["Content-Type"].startswith("text/html")
        await asyncio.sleep(60)
        assert (await rest.call("GET", "/users/@me")).status == 200


async def test_shared_429s_do_not_count_as_invalid(session: aiohttp.ClientSession) -> None:
    async with DiscordSandbox(limits=Limits(invalid_answers=Budget(1, 600.0))) as sandbox:
        rest = Rest(sandbox, session)
        sandbox.fail_next("GET", "/users/@me", 429, scope="shared", retry_after=0.5)
        assert (await rest.call("GET", "/users/@me")).headers["X-RateLimit-Scope"] == "shared"
        await asyncio.sleep(1)
        assert (await rest.call("GET", "/users/@me")).status == 200


async def test_latency_is_a_round_trip(session: aiohttp.ClientSession) -> None:
    async with DiscordSandbox(latency=0.2) as sandbox:
        rest = Rest(sandbox, session)
        began = asyncio.get_running_loop().time()
        message = await rest.posted(sandbox.general)
        assert message.versions[0].at - began == pytest.approx(0.1, abs=1e-6)
        assert asyncio.get_running_loop().time() - began == pytest.approx(0.2, abs=1e-6)
        (call,) = sandbox.calls
        assert call.answered_at - call.at == pytest.approx(0.2, abs=1e-6)


async def test_injected_faults_happen_once_per_call(rest: Rest) -> None:
    sandbox = rest.sandbox
    sandbox.fail_next("POST", POST, 503, code=0, message="upstream", times=2)
    assert [(await rest.post(sandbox.general)).status for _ in range(3)] == [503, 503, 200]
    assert len(sandbox.general.messages) == 1


async def test_injected_429_closes_its_budget(rest: Rest) -> None:
    sandbox = rest.sandbox
    sandbox.fail_next("POST", POST, 429, retry_after=2.0)
    assert (await rest.post(sandbox.general)).body["retry_after"] == 2.0
    assert (await rest.post(sandbox.general)).status == 429
    await asyncio.sleep(2)
    assert (await rest.post(sandbox.general)).status == 200
    sandbox.fail_next("POST", POST, 429, retry_after=3.0, scope="global")
    assert (await rest.post(sandbox.general)).body["global"] is True
    assert (await rest.call("GET", "/users/@me")).status == 429


@pytest.mark.parametrize(("drop", "messages"), [(Drop.BEFORE, 0), (Drop.AFTER, 1)])
async def test_cut_connections(rest: Rest, drop: Drop, messages: int) -> None:
    rest.sandbox.drop_next("POST", POST, drop)
    with pytest.raises(aiohttp.ClientConnectionError):
        await rest.post(rest.sandbox.general)
    await rest.sandbox.wait_for(lambda: rest.sandbox.calls.count(status=0) == 1)
    assert len(rest.sandbox.general.messages) == messages


async def test_delayed_call(rest: Rest) -> None:
    rest.sandbox.delay_next("POST", POST, 7.0)
    message = await rest.posted(rest.sandbox.general)
    (call,) = rest.sandbox.calls.select("POST")
    assert message.created_at - call.at == pytest.approx(7.0, abs=1e-6)
    assert call.resource == str(rest.sandbox.general.id)


async def test_waiting_for_a_change(rest: Rest) -> None:
    waiting = asyncio.create_task(rest.sandbox.wait_for(lambda: rest.sandbox.general.messages))
    await asyncio.sleep(1)
    assert not waiting.done()
    await rest.post(rest.sandbox.general)
    assert len(await waiting) == 1
    with pytest.raises(TimeoutError):
        await rest.sandbox.wait_for(lambda: False, timeout=5)
