"""The contract's rig of Slack messages: the surface on slack-sdk's client against the stand-in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.slack.stage import files_of, has_button, text_of
from tickertape.sandbox.slack import Drop, Message, SlackSandbox
from tickertape.slack.http.budgets import SlackLimits
from tickertape.slack.http.web import make_client, make_session
from tickertape.slack.restart.places import SlackPlace
from tickertape.slack.showing.native_calls import NativeCalls
from tickertape.slack.showing.native_surface import NativeSurface
from tickertape.slack.showing.surface import SlackSurface
from tickertape.tasks import Tasks


class MessageRig:
    """A surface in the thread of a question."""

    def __init__(self, slack: SlackSandbox, surface: SlackSurface | NativeSurface) -> None:
        self.slack = slack
        self.surface = surface

    def _messages(self) -> list[Message]:
        return [message for message in self.slack.bot_messages if not message.deleted]

    def texts(self) -> list[str]:
        return [text_of(message) for message in self._messages()]

    def files(self) -> list[str]:
        return files_of(self.slack, self._messages())

    def stoppable(self) -> list[bool]:
        return [has_button(message) for message in self._messages()]

    def pings(self) -> int:
        return sum(len(message.mentions) for message in self.slack.bot_messages)

    def rate_limited_calls(self) -> int:
        return len(self.slack.rate_limited)

    async def delete(self, page: int) -> None:
        await self.slack.delete(self._messages()[page])

    def limit_next(self, seconds: float) -> None:
        self.slack.fail_next("*", error="ratelimited", retry_after=round(seconds))

    def forbid(self) -> None:
        self.slack.scopes -= {"chat:write"}

    def drop_next(self, *, after_effect: bool) -> None:
        self.slack.fail_next("*", drop=Drop.AFTER if after_effect else Drop.BEFORE)

    def drop_next_file(self, *, after_effect: bool) -> None:
        drop = Drop.AFTER if after_effect else Drop.BEFORE
        self.slack.fail_next("files.completeUploadExternal", drop=drop)

    def forbid_files(self) -> None:
        self.slack.scopes -= {"files:write"}


@asynccontextmanager
async def message_rig() -> AsyncIterator[MessageRig]:
    """Yield a fresh rig."""
    async with SlackSandbox(latency=0.1) as slack, make_session() as session:
        asked = await slack.say("general", "alice", "Why?")
        client = make_client(slack.bot_token, slack.api_url, session)
        surface = SlackSurface(
            client, SlackLimits(slack.team_id), SlackPlace(slack.team_id, asked.channel, asked.ts, asked.ts)
        )
        surface.bind("contract")
        yield MessageRig(slack, surface)


@asynccontextmanager
async def native_rig(limits: SlackLimits | None = None) -> AsyncIterator[MessageRig]:
    """Yield a fresh rig of native streams, in a direct message."""
    async with SlackSandbox(latency=0.1) as slack, make_session() as session:
        asked = await slack.say(await slack.open_dm("alice"), "alice", "Why?")
        client = make_client(slack.bot_token, slack.api_url, session)
        limits, tasks = limits or SlackLimits(slack.team_id), Tasks()
        place = SlackPlace(slack.team_id, asked.channel, asked.ts, asked.ts)
        plain = SlackSurface(client, limits, place)
        surface = NativeSurface(plain, NativeCalls(client, place, None), place, limits, tasks)
        surface.bind("contract")
        yield MessageRig(slack, surface)
        await tasks.close()
