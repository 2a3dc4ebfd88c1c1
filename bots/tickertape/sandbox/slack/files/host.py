"""The host of files, Slack's files.slack.com: an address of its own that gives files to the bot, and to nobody else.

Whoever has no right to a file gets a login page, with status 200 or by a redirect to it; so does a bot without the scope
`files:read`. Both are user-reported [I] (vercel/eve pull request 1531, OpenRouterLabs/spawn pull request 2316).
"""

from __future__ import annotations

import asyncio
import enum
from dataclasses import dataclass

from aiohttp import web

from tickertape.sandbox.serving import listen
from tickertape.sandbox.slack.files.types import mimetype_of
from tickertape.sandbox.slack.web_api.dispatch import bearer, cut
from tickertape.sandbox.slack.world.models import File, FileState
from tickertape.sandbox.slack.world.world import World

_LOGIN = "<!DOCTYPE html><html><head><title>Slack</title></head><body><p>Sign in to see this file.</p></body></html>"
_CHUNK = 64 * 1024


class Login(enum.Enum):
    """How somebody without the right to a file is sent to log in."""

    PAGE = "page"
    REDIRECT = "redirect"


@dataclass(frozen=True, slots=True)
class FileRequest:
    """One request for a file. `headers` have lower-case names; `at` is in loop seconds.

    `status` is what it was answered; a file that was refused has `granted` False, whatever the status.
    """

    path: str
    headers: dict[str, str]
    at: float
    status: int
    granted: bool

    @property
    def authorization(self) -> str:
        """The Authorization header, empty without one."""
        return self.headers.get("authorization", "")


@dataclass(slots=True)
class Behaviour:
    """How the host gives files, to be changed at any time.

    `delay` is before the first byte, `pause` between pieces of 64 KiB, both in seconds. `redirect_to` is the address of
    another server to which every request is sent on. `surplus` bytes follow beyond what the file object announced, and
    `announces_length` is False to leave out Content-Length. `drop_after` bytes the connection breaks. `status` answers
    that HTTP status and nothing else.
    """

    delay: float = 0.0
    pause: float = 0.0
    redirect_to: str = ""
    surplus: int = 0
    announces_length: bool = True
    drop_after: int | None = None
    status: int | None = None
    login: Login = Login.PAGE


class FileHost:
    """The server. `url` is its address with a slash at the end, empty while it does not listen."""

    def __init__(self, world: World, token: str) -> None:
        self._world = world
        self._token = token
        self._runner: web.AppRunner | None = None
        self.behaviour = Behaviour()
        self.requests: list[FileRequest] = []

    async def start(self, host: str) -> None:
        """Listen on a free port of `host`."""
        app = web.Application()
        app.router.add_get("/files-pri/{place}/{name:.+}", self._give)
        app.router.add_get("/login", self._show_login)
        self._runner, port = await listen(app, host, 0)
        self._world.files_url = f"http://{host}:{port}/"

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _give(self, request: web.Request) -> web.StreamResponse:
        """Give a file to the bot, at its address for viewing or for download."""
        await asyncio.sleep(self.behaviour.delay)
        held = self._world.files.get(request.match_info["place"].rpartition("-")[2])
        if self.behaviour.status is not None:
            return self._note(request, web.Response(status=self.behaviour.status))
        if held is None or held.state is not FileState.SHOWN:
            return self._note(
                request, web.Response(status=404, text="File not found", content_type="text/html")
            )
        if not self._may_have(request, held):
            return self._note(request, self._ask_to_log_in())
        if self.behaviour.redirect_to:
            return self._note(request, _redirect(self.behaviour.redirect_to), granted=True)
        return await self._send(request, held)

    def _may_have(self, request: web.Request, held: File) -> bool:
        world = self._world
        is_app = bearer(request) == self._token and world.installed and "files:read" in world.scopes
        return is_app and world.bot_sees(held)

    def _ask_to_log_in(self) -> web.Response:
        if self.behaviour.login is Login.REDIRECT:
            return _redirect(f"{self._world.files_url}login")
        return _login_page()

    async def _show_login(self, request: web.Request) -> web.StreamResponse:
        return self._note(request, _login_page())

    async def _send(self, request: web.Request, held: File) -> web.StreamResponse:
        behaviour = self.behaviour
        data = held.content + bytes(behaviour.surplus)
        response = web.StreamResponse(headers={"Content-Disposition": "attachment"})
        response.content_type = held.mimetype or mimetype_of(held.name)
        if behaviour.announces_length:
            response.content_length = len(data)
        self._note(request, response, granted=True)
        await response.prepare(request)
        end = len(data) if behaviour.drop_after is None else behaviour.drop_after
        try:
            for start in range(0, end, _CHUNK):
                await response.write(data[start : min(start + _CHUNK, end)])
                await asyncio.sleep(behaviour.pause)
        except ConnectionError:
            return response
        return response if behaviour.drop_after is None else cut(request)

    def _note(
        self, request: web.Request, response: web.StreamResponse, *, granted: bool = False
    ) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        now = self._world.clock.now()
        self.requests.append(FileRequest(request.path, headers, now, response.status, granted))
        self._world.changed()
        return response


def _redirect(address: str) -> web.Response:
    return web.Response(status=302, headers={"Location": address})


def _login_page() -> web.Response:
    return web.Response(text=_LOGIN, content_type="text/html")
