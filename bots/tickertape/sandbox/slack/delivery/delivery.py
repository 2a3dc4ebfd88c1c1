"""How events, slash commands and interactions reach the app: envelopes, acknowledgements, retries.

Slack waits 3 s for the acknowledgement of anything. An event that is not acknowledged comes again, at once, after one
minute and after five; a slash command or an interaction never does (Slack's Events API and slash command pages).
"""

from __future__ import annotations

import asyncio
import enum
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Protocol

from tickertape.sandbox.slack.world.events import Event, is_sent
from tickertape.sandbox.slack.world.models import Json
from tickertape.sandbox.slack.world.world import World

ACK_DEADLINE = 3.0
RETRY_WAITS = (0.0, 60.0, 300.0)


class Kind(enum.Enum):
    """What is delivered, in the words of Socket Mode."""

    EVENT = "events_api"
    SLASH = "slash_commands"
    INTERACTIVE = "interactive"


@dataclass(slots=True, eq=False)
class Attempt:
    """One try to deliver; times are loop seconds.

    `number` is 0 for the first try. `error` says why it failed, in the words of `X-Slack-Retry-Reason`. An
    acknowledgement that came after the deadline has its time in `acked_at`, and counts as none.
    """

    number: int
    sent_at: float
    envelope_id: str
    reason: str = ""
    socket: int | None = None
    acked_at: float | None = None
    error: str | None = None

    @property
    def late(self) -> bool:
        """Whether an acknowledgement came, but too late."""
        return self.acked_at is not None and self.acked_at > self.sent_at + ACK_DEADLINE


@dataclass(slots=True, eq=False)
class Delivery:
    """One thing to deliver, with every attempt. `event_id` is empty for what is no event."""

    kind: Kind
    payload: Json
    event_id: str = ""
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def event(self) -> Json:
        """The inner event; empty for what is no event."""
        inner: Json = self.payload.get("event", {})
        return inner

    @property
    def acked(self) -> bool:
        """Whether the app acknowledged an attempt in time."""
        return any(attempt.acked_at is not None and not attempt.late for attempt in self.attempts)


@dataclass(frozen=True, slots=True)
class Ack:
    """The app took the delivery; `body` is its immediate response: a JSON object or plain text."""

    body: Json | str | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """The app did not take it. `retry` is False if it asked for no more (`X-Slack-No-Retry`)."""

    error: str
    retry: bool = True


class Transport(Protocol):
    """A way to the app: Socket Mode or HTTP."""

    async def deliver(self, delivery: Delivery, attempt: Attempt) -> Ack | Failure:
        """Send it and wait for the acknowledgement, at most `ACK_DEADLINE` seconds."""
        ...


class Deliveries:
    """Everything that was delivered or will be. `transport` is asked anew for each attempt."""

    def __init__(self, world: World, transport: Callable[[], Transport]) -> None:
        self._world = world
        self._transport = transport
        self._tasks: set[asyncio.Task[None]] = set()
        self.all: list[Delivery] = []

    def publish(self, event: Event) -> None:
        """Deliver an event in the background, if the app is subscribed to it and may see it."""
        world = self._world
        if is_sent(event, world.subscriptions, world.scopes):
            delivery = self._wrap(event)
            self.all.append(delivery)
            self._start(self._deliver_event(delivery))

    def _wrap(self, event: Event) -> Delivery:
        world = self._world
        event_id = world.new_id("Ev")
        authorization = {
            "enterprise_id": None,
            "team_id": world.team_id,
            "user_id": world.bot.id,
            "is_bot": True,
            "is_enterprise_install": False,
        }
        payload = {
            "token": "verification-token",
            "team_id": world.team_id,
            "api_app_id": world.app_id,
            "event": event.body,
            "type": "event_callback",
            "event_id": event_id,
            "event_time": int(world.clock.wall()),
            "authorizations": [authorization],
            "is_ext_shared_channel": self._is_shared(event),
        }
        return Delivery(Kind.EVENT, payload, event_id)

    def _is_shared(self, event: Event) -> bool:
        channel = event.body.get("channel")
        place = self._world.channels.get(channel) if isinstance(channel, str) else None
        return place is not None and place.is_shared

    async def _deliver_event(self, delivery: Delivery) -> None:
        result = await self.attempt(delivery)
        for wait in RETRY_WAITS:
            if isinstance(result, Ack) or not result.retry:
                return
            await asyncio.sleep(wait)
            result = await self.attempt(delivery, result.error)

    async def attempt(self, delivery: Delivery, reason: str = "") -> Ack | Failure:
        """Try once more; `reason` says why the try before failed."""
        attempt = Attempt(len(delivery.attempts), self._world.clock.now(), self._envelope_id(), reason)
        delivery.attempts.append(attempt)
        result = await self._transport().deliver(delivery, attempt)
        if isinstance(result, Failure):
            attempt.error = result.error
        elif attempt.acked_at is None:
            attempt.acked_at = self._world.clock.now()
        self._world.changed()
        return result

    async def ask(self, kind: Kind, payload: Json) -> Ack | Failure:
        """Deliver a slash command or an interaction: once."""
        delivery = Delivery(kind, payload)
        self.all.append(delivery)
        return await self.attempt(delivery)

    def redeliver(self, delivery: Delivery, reason: str = "http_timeout") -> None:
        """Send an event again as a retry, with its event id, acknowledged or not."""
        self._start(self._again(delivery, reason))

    async def _again(self, delivery: Delivery, reason: str) -> None:
        await self.attempt(delivery, reason)

    def _envelope_id(self) -> str:
        return self._world.new_id("env-").lower()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Forget what is still to be delivered."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
