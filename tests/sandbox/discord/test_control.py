"""The control API and the page."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest

from tests.sandbox.discord.clients import Rest
from tickertape.sandbox.discord import CannotDo, DiscordSandbox, Interaction, Overwrite, Permission


async def test_driving_the_stand_in_by_http(rest: Rest, session: aiohttp.ClientSession) -> None:
    sandbox = rest.sandbox

    async def send(path: str, **fields: object) -> tuple[int, dict[str, object]]:
        async with session.post(f"{sandbox.url}/sandbox/{path}", json=fields) as response:
            good = response.status < 400
            return response.status, await response.json() if good else {"error": await response.text()}

    status, said = await send("say", channel="#general", user="bob", text="hi", mention=True)
    assert (status, said["author"]) == (201, "bob")
    assert (await send("say", channel="dm", user="bob", text="psst"))[0] == 201
    await rest.register()
    status, begun = await send("slash", options={"prompt": "why?"})
    assert (status, begun["state"]) == (201, "waiting")
    status, reacted = await send("react", message=said["id"], user="alice")
    assert reacted["reactions"] == {"🛑": ["alice"]}
    row = {"type": 1, "components": [{"type": 2, "style": 4, "label": "Stop", "custom_id": "s"}]}
    message = await rest.posted(sandbox.general, "answer", components=[row])
    assert (await send("press", message=str(message.id)))[0] == 201
    for path, fields in (
        ("say", {"channel": "nowhere"}),
        ("say", {"user": "nobody"}),
        ("say", {"text": ""}),
        ("slash", {"name": "unknown"}),
        ("react", {"message": "1"}),
        ("press", {"message": said["id"]}),
    ):
        assert (await send(path, **fields))[0] == 400
    async with session.get(f"{sandbox.url}/sandbox/state") as response:
        state = await response.json()
    assert state["users"][0] == "alice"
    assert [each["content"] for each in state["channels"][0]["messages"]][-1] == "answer"


async def test_a_day_by_http(rest: Rest, session: aiohttp.ClientSession) -> None:
    sandbox = rest.sandbox

    async def send(path: str, expected: int = 201, **fields: object) -> dict[str, Any]:
        async with session.post(f"{sandbox.url}/sandbox/{path}", json=fields) as response:
            assert response.status == expected, await response.text()
            good = response.status < 400
            return dict(await response.json()) if good else {}

    file = {"filename": "a.txt", "content_type": "text/plain", "base64": "aGk="}
    said = await send("say", text="one", user="alice", files=[file])
    async with session.get(said["files"][0]) as response:
        assert await response.text() == "hi"
    replied = await send("say", text="two", user="bob", reply_to=said["id"])
    assert replied["reply_to"] == said["id"]
    edited = await send("edit", 200, message=said["id"], text="three")
    assert (edited["content"], edited["edited"]) == ("three", True)
    await send("react", 200, message=said["id"], user="alice", emoji="🔁")
    assert (await send("unreact", 200, message=said["id"], user="alice", emoji="🔁"))["reactions"] == {}
    thread = await send("thread", message=said["id"], user="alice", name="more")
    assert (thread["id"], thread["parent"]) == (said["id"], str(sandbox.general.id))
    assert (await send("thread", user="alice"))["name"] == "Thread"
    await send("delete", 400, message=said["id"], user="bob")
    await send("delete", 200, message=said["id"], user="moderator")
    await send("say", 400, files=[{"base64": "?"}])


async def test_asking_by_http(rest: Rest, session: aiohttp.ClientSession) -> None:
    sandbox = rest.sandbox
    options = [
        {"type": 3, "name": "model", "description": "d", "autocomplete": True},
        {"type": 11, "name": "file", "description": "d"},
    ]
    await rest.register("model", options=options)
    path = f"/applications/{sandbox.application_id}/commands"
    await rest.call("POST", path, {"type": 3, "name": "About this"})

    async def send(path: str, **fields: object) -> dict[str, Any]:
        async with session.post(f"{sandbox.url}/sandbox/{path}", json=fields) as response:
            assert response.status == 201, await response.text()
            return dict(await response.json())

    def newest() -> Interaction:
        return list(sandbox.world.interactions.values())[-1]

    typing = asyncio.create_task(send("suggest", name="model", option="model", text="l"))
    await sandbox.wait_for(lambda: sandbox.world.interactions)
    await rest.respond(newest(), 8, choices=[{"name": "Large", "value": "large"}])
    assert (await typing)["choices"] == [{"name": "Large", "value": "large"}]
    await send("slash", name="model", options={"file": {"filename": "a.txt", "base64": "aGk="}})
    assert [each.data for each in sandbox.world.command_files] == [b"hi"]
    menu = {"type": 3, "custom_id": "m", "options": [{"label": "a", "value": "a"}]}
    message = await rest.posted(sandbox.general, "x", components=[{"type": 1, "components": [menu]}])
    about = await send("message_command", message=str(message.id), name="About this")
    assert about["state"] == "waiting"
    chosen = await send("choose", message=str(message.id), values=["a"])
    text = {"type": 4, "custom_id": "t", "style": 1, "label": "Text"}
    await rest.respond(
        newest(), 9, custom_id="f", title="Form", components=[{"type": 1, "components": [text]}]
    )
    await send("submit", interaction=chosen["id"], values={"t": "hello"})
    await rest.respond(newest(), 7, content="changed")
    assert message.content == "changed"
    async with session.post(f"{sandbox.url}/sandbox/submit", json={"interaction": "x"}) as response:
        assert response.status == 400


@pytest.mark.parametrize(("body", "kind"), [("{}", "text/plain"), ("{", "application/json")])
async def test_only_json_is_taken(
    sandbox: DiscordSandbox, session: aiohttp.ClientSession, body: str, kind: str
) -> None:
    headers = {"Content-Type": kind}
    async with session.post(f"{sandbox.url}/sandbox/say", data=body, headers=headers) as response:
        assert response.status == 400


async def test_page_escapes_what_it_shows(rest: Rest, session: aiohttp.ClientSession) -> None:
    sandbox = rest.sandbox
    evil = "<script>alert(1)</script>"
    row = {"type": 1, "components": [{"type": 2, "style": 4, "label": evil, "custom_id": f'"{evil}'}]}
    await rest.posted(sandbox.general, evil, components=[row])
    sandbox.world.add_user(evil)
    sandbox.add_channel(sandbox.guild, evil)
    async with session.get(sandbox.url + "/") as response:
        shown = await response.text()
    assert evil not in shown
    assert shown.count("<script>") == 1
    assert "&lt;script&gt;" in shown


async def test_page_shows_thinking_and_failures(rest: Rest, session: aiohttp.ClientSession) -> None:
    sandbox = rest.sandbox
    await rest.register()
    await sandbox.say(sandbox.general, sandbox.bob, f"<@1> <@{sandbox.alice.id}>")
    late = await sandbox.slash(sandbox.general, sandbox.alice, "ask", {"prompt": "a"})
    await asyncio.sleep(4)
    good = await sandbox.slash(sandbox.general, sandbox.alice, "ask", {"prompt": "b"})
    await rest.respond(good, 5, flags=64)
    async with session.get(f"{sandbox.url}/sandbox/channels") as response:
        shown = await response.text()
    assert late.error is not None
    assert late.error in shown
    assert "thinking…" in shown
    assert "&lt;@1&gt; @alice" in shown
    assert "only the asker sees this" in shown
    assert "/ask prompt: b" in shown


async def test_page_shows_what_a_response_answers(rest: Rest, session: aiohttp.ClientSession) -> None:
    sandbox = rest.sandbox
    button = {"type": 2, "style": 1, "label": "Go", "custom_id": "go"}
    message = await rest.posted(sandbox.general, "x", components=[{"type": 1, "components": [button]}])
    pressed = [await sandbox.press(message, sandbox.alice) for _ in range(2)]
    await rest.respond(pressed[0], 4, content="at once")
    text = {"type": 18, "label": "l", "component": {"type": 4, "custom_id": "t", "style": 1}}
    await rest.respond(pressed[1], 9, custom_id="f", title="t", components=[text])
    sent = await sandbox.submit(pressed[1], {"t": "hello"})
    await rest.respond(sent, 4, content="at last")
    async with session.get(f"{sandbox.url}/sandbox/channels") as response:
        shown = await response.text()
    assert "alice used a button" in shown
    assert "alice used a form" in shown


async def test_page_hears_of_changes(rest: Rest, session: aiohttp.ClientSession) -> None:
    async with session.get(f"{rest.sandbox.url}/sandbox/events") as response:
        first = await response.content.readuntil(b"\n\n")
        await rest.post(rest.sandbox.general)
        assert await response.content.readuntil(b"\n\n") != first


async def test_what_people_cannot_do(rest: Rest) -> None:
    sandbox = rest.sandbox
    message = await rest.posted(sandbox.general)
    with pytest.raises(CannotDo):
        await sandbox.say(sandbox.elsewhere, sandbox.alice, "I am not here")
    sandbox.set_overwrites(
        sandbox.general,
        Overwrite(sandbox.guild.id, deny=Permission.ADD_REACTIONS | Permission.SEND_MESSAGES),
    )
    with pytest.raises(CannotDo):
        await sandbox.say(sandbox.general, sandbox.alice, "I may not")
    with pytest.raises(CannotDo):
        await sandbox.react(message, sandbox.alice, "🛑")
    await sandbox.say(sandbox.general, sandbox.owner, "I may")
    await sandbox.delete(message)
    with pytest.raises(CannotDo):
        await sandbox.edit(message, "gone")
