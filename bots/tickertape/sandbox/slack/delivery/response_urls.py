"""The addresses that slash commands and interactions may answer to: five posts in thirty minutes.

Slack's guide "Handling user interaction" has the two figures; the error codes `used_url` and `expired_url` with HTTP
404 are user-reported.
"""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from tickertape.sandbox.slack.changes import messages
from tickertape.sandbox.slack.web_api import content
from tickertape.sandbox.slack.web_api.arguments import Arguments, read
from tickertape.sandbox.slack.web_api.errors import ApiError
from tickertape.sandbox.slack.world.invocations import ChannelInvocation
from tickertape.sandbox.slack.world.models import Content, Json, Message
from tickertape.sandbox.slack.world.world import World

MAX_POSTS = 5
LIFETIME = 1800.0


@dataclass(slots=True, eq=False)
class _Entry:
    invocation: ChannelInvocation
    original: Message | None
    posts: int = 0


class ResponseUrls:
    """Every response_url that was given out."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._entries: dict[str, _Entry] = {}

    def new(self) -> str:
        """Return a new address, not yet in use."""
        return f"{self._world.base_url}/actions/{self._world.team_id}/{self._world.new_id('r').lower()}"

    def open(self, invocation: ChannelInvocation, original: Message | None = None) -> None:
        """Let `invocation` be answered at its address; `original` is the message that held the button."""
        self._entries[_key(invocation.response_url)] = _Entry(invocation, original)

    async def handle(self, request: web.Request) -> web.Response:
        """Take one post."""
        entry = self._entries.get(request.match_info["key"])
        if entry is None:
            return _refuse(404, "invalid_url")
        if self._world.clock.now() - entry.invocation.sent_at > LIFETIME:
            return _refuse(404, "expired_url")
        if entry.posts >= MAX_POSTS:
            return _refuse(404, "used_url")
        entry.posts += 1
        try:
            self._take(entry, await read(request))
        except ApiError as error:
            return _refuse(400, error.code)
        return web.Response(text="ok")

    def _take(self, entry: _Entry, args: Arguments) -> None:
        if args.flag("delete_original"):
            self._delete(entry)
            return
        held = content.read(args)
        if args.flag("replace_original") and entry.original is not None and not entry.original.deleted:
            messages.edit(self._world, entry.original, held, marked=False)
            return
        in_channel = args.text("response_type") == "in_channel"
        self.show(entry.invocation, held, in_channel=in_channel, thread_ts=args.text("thread_ts") or None)

    def _delete(self, entry: _Entry) -> None:
        if entry.original is None or entry.original.deleted:
            raise ApiError("message_not_found")
        messages.delete(self._world, entry.original)

    def show(
        self, invocation: ChannelInvocation, held: Content, *, in_channel: bool, thread_ts: str | None = None
    ) -> None:
        """Show a response: to everyone, or to whom it answers. `replace_original` finds it again (assumed)."""
        world, channel = self._world, invocation.channel
        if in_channel:
            sent = messages.post(world, channel, world.bot, held, thread_ts=thread_ts)
        else:
            sent = messages.post_ephemeral(world, channel, invocation.user, held, thread_ts)
        invocation.messages.append(sent)
        entry = self._entries.get(_key(invocation.response_url))
        if entry is not None and entry.original is None:
            entry.original = sent

    def respond(self, invocation: ChannelInvocation, body: Json | str | None) -> None:
        """Show the immediate response of an acknowledgement, if it holds one.

        A response that Slack would not take is dropped silently, as Slack does.
        """
        args = Arguments(dict(body) if isinstance(body, dict) else {"text": body})
        try:
            self.show(invocation, content.read(args), in_channel=args.text("response_type") == "in_channel")
        except ApiError:
            return


def _key(url: str) -> str:
    return url.rpartition("/")[2]


def _refuse(status: int, code: str) -> web.Response:
    return web.json_response({"ok": False, "error": code}, status=status)
