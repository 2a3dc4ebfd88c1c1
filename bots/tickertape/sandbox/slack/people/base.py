"""What all that people do needs: the world, the ways to the app, and how what they name is found."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from tickertape.sandbox.slack.delivery.delivery import Ack, Deliveries, Delivery, Failure, Kind
from tickertape.sandbox.slack.delivery.response_urls import ResponseUrls
from tickertape.sandbox.slack.world.invocations import Invocation
from tickertape.sandbox.slack.world.models import Channel, Json, Trigger, User
from tickertape.sandbox.slack.world.visible import escape
from tickertape.sandbox.slack.world.world import World

T = TypeVar("T")
Who = User | str
Where = Channel | str

_TYPED_FORM = re.compile(r"(<(?:[@#!]|https?:)[^<>\s]+>)")
_SHOWN_ERRORS = {
    "timeout": "operation_timeout",
    "http_timeout": "operation_timeout",
    "http_error": "http_service_error",
}
"""What Slack shows to the person when the app did not take a command."""


def typed(text: str) -> str:
    """Return what Slack stores of typed text: `&`, `<` and `>` are escaped, except in forms like `<@U1>`."""
    parts = _TYPED_FORM.split(text)
    return "".join(part if index % 2 else escape(part) for index, part in enumerate(parts))


class Workplace:
    """The workspace as its people use it. `response_urls` has the addresses that were given out."""

    def __init__(self, world: World, deliveries: Deliveries, response_urls: ResponseUrls) -> None:
        self.world = world
        self._deliveries = deliveries
        self._response_urls = response_urls

    def redeliver(self, event: Delivery, reason: str = "http_timeout") -> None:
        """Send a delivered event once more, as Slack's retries do."""
        self._deliveries.redeliver(event, reason)

    async def wait_for(self, predicate: Callable[[], T | None], timeout: float = 30.0) -> T:  # noqa: ASYNC109 - it is the feature
        """Return the first true value of `predicate`, which is asked whenever something changes here.

        Raises TimeoutError after `timeout` seconds.
        """
        return await self.world.wait_for(predicate, timeout)

    def _invocation(self, user: Who) -> Json:
        """Return what every new invocation by `user` has."""
        world, person = self.world, self.world.user(user)
        trigger, now = world.new_id("trigger.").lower(), world.clock.now()
        world.triggers[trigger] = Trigger(person.id, now)
        return {"user": person, "trigger_id": trigger, "sent_at": now}

    def _channel_invocation(self, user: Who, channel: Channel) -> Json:
        """Return the same for one in a conversation."""
        return {
            **self._invocation(user),
            "channel": channel,
            "response_url": self._response_urls.new(),
        }

    async def _invoke(self, used: Invocation, kind: Kind, payload: Json) -> Ack | Failure:
        """Deliver what was invoked, and return once the app has acknowledged it or Slack has given up (3 s)."""
        result = await self._deliveries.ask(kind, payload)
        if isinstance(result, Ack):
            used.acked_at = self.world.clock.now()
        else:
            used.error = _SHOWN_ERRORS.get(result.error, "dispatch_failed")
        self.world.changed()
        return result
