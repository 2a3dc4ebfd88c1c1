"""Slack's three calls of a native stream in one place, the look for a stream, and what errors say of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from tickertape.slack.http import lookup
from tickertape.slack.http.budgets import SlackLimits
from tickertape.slack.http.web import reply
from tickertape.slack.restart.places import SlackPlace

ACTIVE, PROCESSING = "active", "processing"
"""What a session is while nothing is written in its thread, and while something is."""

STOPPED_BY_USER = "stopped_by_user"
CONFLICT = "streaming_state_conflict"
"""chat.update on a stream that is still live."""

ENDED = frozenset({STOPPED_BY_USER, "message_not_in_streaming_state"})
"""Errors that say that the message is no live stream any more: chat.update may change it."""

UNAVAILABLE = frozenset(
    {
        "access_denied",
        "feature_not_enabled",
        "method_deprecated",
        "missing_scope",
        "not_allowed_token_type",
        "team_access_not_granted",
        "unknown_method",
    }
)
"""Errors of chat.startStream that hold for the whole workspace."""

MAX_AGE = 240.0
"""Seconds after which a stream is ended by us. Slack ends it at about 300 [I] (python-slack-sdk issue 1859)."""


@dataclass(slots=True)
class NativeStream:
    """A message that is a live stream, as far as is known. Times are seconds of the loop's clock."""

    ts: str
    page: int
    started_at: float
    sent: str
    """The text that Slack confirmed."""
    certain: bool = True
    """Whether `sent` is all of its text. Otherwise a call got lost, or text has to go: it must be replaced."""


class NativeCalls:
    """The calls of one place. All raise `CallFailed`.

    `recipient` is the user who sees it live in a channel. `status` tells the status that the thread's session is to have:
    without it, the end of a stream makes the session `active`, and Slack's stop button disappears from the thread,
    whatever else is being written there (reference of chat.stopStream, `session_status`).
    """

    def __init__(
        self,
        client: AsyncWebClient,
        place: SlackPlace,
        recipient: str | None,
        status: Callable[[], str] = lambda: ACTIVE,
    ) -> None:
        self._status = status
        self._client = client
        self._place = place
        self._finder: lookup.Finder | None = None
        self._recipient: dict[str, Any] = (
            {} if recipient is None else {"recipient_user_id": recipient, "recipient_team_id": place.team}
        )

    async def start(self, text: str) -> str:
        """Open a stream with its first text, and return its ts."""
        thread_ts = self._place.thread_ts or self._place.asked_ts
        response = await reply(
            self._client.chat_startStream(
                channel=self._place.channel, thread_ts=thread_ts, markdown_text=text, **self._recipient
            )
        )
        return str(response["ts"])

    async def append(self, ts: str, text: str) -> None:
        """Add text, at most 12,000 characters."""
        await reply(self._client.chat_appendStream(channel=self._place.channel, ts=ts, markdown_text=text))

    async def stop(
        self,
        ts: str,
        text: str = "",
        metadata: Mapping[str, Any] | None = None,
        blocks: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        """Add the last text and blocks below it, if there are any, and end the stream."""
        await reply(
            self._client.chat_stopStream(
                channel=self._place.channel,
                ts=ts,
                markdown_text=text or None,
                metadata=dict(metadata) if metadata else None,
                blocks=list(map(dict, blocks)) or None,
                session_status=self._status(),
            )
        )

    async def find(
        self, text: str, limits: SlackLimits, is_free: Callable[[str], bool], *, partly: bool = False
    ) -> str | None:
        """Return the ts of the bot's message after the question that shows `text` and `is_free`; None if there is none.

        A stream carries no metadata until it ends, unlike every other message of an answer. `partly` lets it show more or
        less of the same text; an empty one goes with every message.
        """
        wanted = _letters(text)

        def is_it(message: Mapping[str, Any]) -> bool:
            if not message.get("bot_id") or message.get("metadata"):
                return False
            shown = _letters(str(message.get("text", "")))
            is_part = bool(shown) and (wanted.startswith(shown) or shown.startswith(wanted))
            is_same = is_part if partly else shown == wanted
            return is_same and is_free(str(message.get("ts", "")))

        place = self._place
        where = lookup.SearchRange(place.channel, place.thread_ts or place.asked_ts, place.asked_ts)
        self._finder = self._finder or lookup.Finder(self._client, limits, where)
        return await self._finder.find(is_it)


def _letters(text: str) -> str:
    """Return the letters and digits of `text`: the rest may look different in what Slack makes of Markdown."""
    return "".join(filter(str.isalnum, text))
