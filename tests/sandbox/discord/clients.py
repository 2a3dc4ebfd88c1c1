"""Clients of the stand-in for its tests: plain HTTP, a plain gateway client, and a bot on discord.py."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord
from discord import app_commands

from tickertape.sandbox.discord import Channel, DiscordSandbox, Interaction, Message


@dataclass(frozen=True, slots=True)
class Answer:
    """What the API answered."""

    status: int
    headers: dict[str, str]
    body: Any

    @property
    def code(self) -> int:
        """The code of a refusal."""
        return int(self.body["code"])


class Rest:
    """Calls the API with the bot's token and returns every answer, refusals too."""

    def __init__(self, sandbox: DiscordSandbox, session: aiohttp.ClientSession) -> None:
        self.sandbox = sandbox
        self._session = session

    async def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        data: bytes | io.BytesIO | aiohttp.FormData | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Make one call with a JSON `body` or with raw `data`."""
        sent = {"Authorization": f"Bot {self.sandbox.token}"} | (headers or {})
        url = self.sandbox.api_url + path
        async with self._session.request(method, url, headers=sent, json=body, data=data) as response:
            raw = await response.read()
            is_json = response.headers.get("Content-Type") == "application/json"
            return Answer(
                response.status, dict(response.headers), json.loads(raw) if is_json else raw.decode()
            )

    async def post(self, channel: Channel, content: str = "hello", /, **fields: object) -> Answer:
        """Create a message."""
        return await self.call("POST", f"/channels/{channel.id}/messages", {"content": content} | fields)

    async def edit(self, message: Message, content: str, /, **fields: object) -> Answer:
        """Edit a message."""
        path = f"/channels/{message.channel.id}/messages/{message.id}"
        return await self.call("PATCH", path, {"content": content} | fields)

    async def posted(self, channel: Channel, content: str = "hello", /, **fields: object) -> Message:
        """Create a message and return it as the stand-in has it."""
        answer = await self.post(channel, content, **fields)
        assert answer.status == 200, answer.body
        return channel.messages[int(answer.body["id"])]

    async def respond(self, interaction: Interaction, kind: int, **data: object) -> Answer:
        """Give an interaction its first response."""
        path = f"/interactions/{interaction.id}/{interaction.token}/callback"
        return await self.call("POST", path, {"type": kind, "data": data})

    async def webhook(
        self, method: str, interaction: Interaction, message: str = "", body: object = None
    ) -> Answer:
        """Use an interaction's token: a follow-up, or with `message` one of its messages."""
        path = f"/webhooks/{self.sandbox.application_id}/{interaction.token}"
        return await self.call(method, path + (f"/messages/{message}" if message else ""), body)

    async def register(self, name: str = "ask", /, **fields: object) -> Answer:
        """Register a global slash command with one text option."""
        option = {"type": 3, "name": "prompt", "description": "What to ask", "required": True}
        command = {"name": name, "description": "Ask something", "options": [option]} | fields
        path = f"/applications/{self.sandbox.application_id}/commands"
        return await self.call("POST", path, command)


class GatewayClient:
    """A gateway client that does what a test tells it, rule or no rule."""

    def __init__(self, sandbox: DiscordSandbox, session: aiohttp.ClientSession) -> None:
        self.sandbox = sandbox
        self._session = session
        self.socket: aiohttp.ClientWebSocketResponse
        self.seq = 0
        self.session_id = ""

    async def connect(self) -> None:
        """Open a socket and read HELLO."""
        self.socket = await self._session.ws_connect(self.sandbox.gateway_url + "?v=10&encoding=json")
        hello = await self.receive()
        assert hello["op"] == 10

    async def close(self) -> None:
        """Close the socket, without giving the session up."""
        await self.socket.close(code=4000)

    async def send(self, op: int, data: object) -> None:
        """Send a payload."""
        await self.socket.send_str(json.dumps({"op": op, "d": data}))

    async def receive(self) -> dict[str, Any]:
        """Return the next payload."""
        payload: dict[str, Any] = json.loads(await self.socket.receive_str())
        if payload.get("s") is not None:
            self.seq = payload["s"]
        return payload

    async def event(self, name: str) -> dict[str, Any]:
        """Return the data of the next event, which must have this name."""
        payload = await self.receive()
        assert payload["t"] == name, payload
        data: dict[str, Any] = payload["d"]
        return data

    async def identify(self, intents: int, **fields: object) -> dict[str, Any]:
        """Begin a session and return READY's data, past the guilds if the intents bring them."""
        await self.send(2, {"token": self.sandbox.token, "intents": intents, "properties": {}} | fields)
        ready = await self.event("READY")
        self.session_id = ready["session_id"]
        if intents & 1 and ready["guilds"]:
            await self.event("GUILD_CREATE")
        return ready

    async def resume(self, seq: int | None = None) -> None:
        """Ask for the missed events on a new socket."""
        await self.connect()
        data = {"token": self.sandbox.token, "session_id": self.session_id}
        await self.send(6, data | {"seq": self.seq if seq is None else seq})

    async def close_code(self) -> int | None:
        """Wait until the server closes, and return its code."""
        while not self.socket.closed:
            message = await self.socket.receive()
            if message.type in {aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR}:
                break
        return self.socket.close_code


class Bot(discord.AutoShardedClient):
    """A bot that notes what it hears; `/ask` is answered by `answer`."""

    def __init__(self, token: str, *, message_content: bool = False) -> None:
        super().__init__(intents=_INTENTS | discord.Intents(message_content=message_content))
        self.tree = app_commands.CommandTree(self)
        self.heard: list[discord.Message] = []
        self.reactions: list[discord.RawReactionActionEvent] = []
        self.edits: list[discord.RawMessageUpdateEvent] = []
        self.deleted: list[int] = []
        self.threads: list[discord.Thread] = []
        self.asked: asyncio.Queue[discord.Interaction] = asyncio.Queue()
        self.resumes = 0
        self._news = asyncio.Event()
        self._token = token
        self._running: asyncio.Task[None] | None = None
        self.tree.command(name="ask", description="Ask something")(self._ask)

    async def _ask(self, interaction: discord.Interaction, prompt: str) -> None:
        interaction.extras["prompt"] = prompt
        self.asked.put_nowait(interaction)

    async def begin(self) -> None:
        """Log in and wait until ready."""
        self._running = asyncio.create_task(self.start(self._token))
        ready = asyncio.create_task(self.wait_until_ready())
        await asyncio.sleep(0)
        done, _ = await asyncio.wait({self._running, ready}, return_when=asyncio.FIRST_COMPLETED)
        if self._running in done:
            ready.cancel()
            await self._running

    async def vanish(self, sandbox: DiscordSandbox) -> None:
        """End as a killed process does: the connection is cut, and no close frame gives the session up."""
        sandbox.drop_gateway()
        await self.end()

    async def end(self) -> None:
        """Log out."""
        await self.close()
        if self._running is not None:
            await self._running

    async def on_message(self, message: discord.Message) -> None:
        """Note every message but the bot's own."""
        if message.author != self.user:
            self.heard.append(message)
            self._note()

    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        """Note every reaction."""
        self.reactions.append(event)
        self._note()

    async def on_raw_reaction_remove(self, event: discord.RawReactionActionEvent) -> None:
        """Note that a reaction was taken back."""
        self.reactions.append(event)
        self._note()

    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Note every update of somebody else's message."""
        if event.message.author != self.user:
            self.edits.append(event)
            self._note()

    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Note which message is gone."""
        self.deleted.append(event.message_id)
        self._note()

    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Note which messages are gone."""
        self.deleted.extend(sorted(event.message_ids))
        self._note()

    async def on_thread_create(self, thread: discord.Thread) -> None:
        """Note a new thread."""
        self.threads.append(thread)
        self._note()

    async def on_thread_join(self, thread: discord.Thread) -> None:
        """Note a thread that the bot was added to."""
        self.threads.append(thread)
        self._note()

    async def on_shard_resumed(self, _: int) -> None:
        """Count resumes."""
        self.resumes += 1
        self._note()

    async def until(self, predicate: Callable[[], bool]) -> None:
        """Wait until what the bot has heard makes `predicate` true."""
        async with asyncio.timeout(60):
            while not predicate():
                self._news.clear()
                await self._news.wait()

    def _note(self) -> None:
        self._news.set()


_INTENTS = discord.Intents(
    guilds=True, guild_messages=True, dm_messages=True, guild_reactions=True, dm_reactions=True
)
