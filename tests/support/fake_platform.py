"""A chat platform in memory: channels with enforced limits, a round trip, and messages that keep their versions."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass, field

from tickertape.languages import Sentence
from tickertape.prompts.keys import BudgetKey, MessageKey, PlaceKey
from tickertape.screen.body import Body, Call, File, Room
from tickertape.screen.budget import Budget, Reading, SlidingBudget, WindowBudget
from tickertape.screen.outcome import Gone, Outcome, RateLimited, Refused, Shown, Unconfirmed

MISSING = Sentence("label-ask")
"""What the platform says that the bot lacks; any sentence does."""


class PlainDialect:
    """Text as it is, with the length of a Python string."""

    def __init__(self, page: int = 2000) -> None:
        self.page = page

    def size(self, shown: str) -> int:
        return len(shown)

    def show(self, text: str) -> str:
        return text

    def marker(self, sentence: str) -> str:
        return f"_{sentence}_"


@dataclass
class Version:
    """What a message showed from `at` (seconds, at the server) on."""

    at: float
    body: Body


@dataclass
class FakeMessage:
    """One message with its history."""

    key: MessageKey
    versions: list[Version]
    deleted: bool = False

    @property
    def text(self) -> str:
        return self.versions[-1].body.text


class Counter:
    """A server's counter, stricter than any client: it alone decides, at the moment a call arrives."""

    def __init__(self, limit: int, period: float, *, sliding: bool = False) -> None:
        self.limit, self.period, self.sliding = limit, period, sliding
        self.calls: list[float] = []
        self.rejected: list[float] = []
        self._opened = float("-inf")

    def arrive(self, now: float) -> float | None:
        """Count a call; return None, or the seconds to wait if there is no place for it."""
        inside = self._inside(now)
        if len(inside) >= self.limit:
            self.rejected.append(now)
            return inside[0] + self.period - now
        if not inside:
            self._opened = now
        self.calls.append(now)
        return None

    def reading(self, now: float) -> Reading:
        inside = self._inside(now)
        start = inside[0] if inside else now
        return Reading(self.limit, self.limit - len(inside), max(0.0, start + self.period - now))

    def _inside(self, now: float) -> list[float]:
        start = now - self.period if self.sliding else self._start(now)
        return [at for at in self.calls if at > start or (at == start and not self.sliding)]

    def _start(self, now: float) -> float:
        return self._opened if now < self._opened + self.period else now


@dataclass
class FakeChannel:
    """A channel whose posts and edits are counted separately, by fixed windows (the default) or sliding ones."""

    rtt: float = 0.08
    sliding: bool = False
    posts: Counter = field(default_factory=lambda: Counter(5, 5.0))
    edits: Counter = field(default_factory=lambda: Counter(5, 5.0))
    messages: dict[MessageKey, FakeMessage] = field(default_factory=dict)
    forbidden: bool = False
    files_forbidden: bool = False
    broken: bool = False
    """Every call ends without effect and without an answer."""
    limit_next: float | None = None
    drop_next: bool | None = None
    """Whether the next dropped call has taken effect; None drops nothing."""

    def __post_init__(self) -> None:
        self._keys = itertools.count(1)
        self._nonces: dict[str, MessageKey] = {}
        self._budgets: dict[Call, Budget] = {call: self._make_budget(call) for call in (Call.POST, Call.EDIT)}

    def budget(self, call: Call) -> Budget:
        return self._budgets[Call.EDIT if call is Call.EDIT else Call.POST]

    def counter(self, call: Call) -> Counter:
        return self.edits if call is Call.EDIT else self.posts

    async def call(self, call: Call, key: MessageKey | None, nonce: str, body: Body) -> Outcome:
        """Perform a call as a client would see it: half a round trip there, half a round trip back."""
        await asyncio.sleep(self.rtt / 2)
        now = asyncio.get_running_loop().time()
        outcome = self._arrive(call, key, nonce, body, now)
        reading = self.counter(call).reading(now)
        await asyncio.sleep(self.rtt / 2)
        budget = self._budgets[call]
        if isinstance(budget, WindowBudget):
            budget.learn(asyncio.get_running_loop().time(), reading)
        return outcome

    def _arrive(self, call: Call, key: MessageKey | None, nonce: str, body: Body, now: float) -> Outcome:
        wait = self.limit_next if self.limit_next is not None else self.counter(call).arrive(now)
        if wait is not None:
            if self.limit_next is not None:
                self.counter(call).rejected.append(now)
            self.limit_next = None
            return RateLimited(self._budgets[call], wait)
        if self.broken:
            return Unconfirmed("no answer")
        if self.forbidden or (self.files_forbidden and body.file is not None):
            return Refused("the channel forbids it", MISSING)
        if self.drop_next is not None:
            takes_effect, self.drop_next = self.drop_next, None
            if takes_effect:
                self._take_effect(key, nonce, body, now)
            return Unconfirmed("the connection was cut")
        return self._take_effect(key, nonce, body, now)

    def _take_effect(self, key: MessageKey | None, nonce: str, body: Body, now: float) -> Outcome:
        if key is None and nonce in self._nonces:
            return Shown(self._nonces[nonce], now, certain=False)
        if key is None:
            key = self._nonces[nonce] = MessageKey(PlaceKey("fake", nonce), str(next(self._keys)))
            self.messages[key] = FakeMessage(key, [])
        message = self.messages[key]
        if message.deleted:
            return Gone()
        message.versions.append(Version(now, body))
        return Shown(key, now)

    def _make_budget(self, call: Call) -> Budget:
        counter = self.counter(call)
        kind = SlidingBudget if self.sliding else WindowBudget
        counter.sliding = self.sliding
        return kind(BudgetKey("fake", call.value), counter.limit, counter.period)


class FakeSurface:
    """One answer's place in a fake channel."""

    def __init__(self, channel: FakeChannel, page: int = 2000) -> None:
        self.channel = channel
        self.dialect = PlainDialect(page)
        self.room = Room(None, 10_000_000)
        self.name = f"s{id(self)}"
        self.keys: list[MessageKey] = []

    def costs(self, call: Call) -> tuple[Budget, ...]:
        return (self.channel.budget(call),)

    async def post(self, body: Body, page: int) -> Outcome:
        outcome = await self.channel.call(Call.POST, None, f"{self.name}-{page}", body)
        if body.file is not None and isinstance(outcome, Refused):
            self.room = Room(self.room.messages)
            return Unconfirmed(outcome.reason)
        if isinstance(outcome, Shown):
            self.keys.append(outcome.message)
        return outcome

    async def edit(self, message: MessageKey, body: Body) -> Outcome:
        return await self.channel.call(Call.EDIT, message, "", body)

    @property
    def messages(self) -> list[FakeMessage]:
        """The messages of this surface, first page first, those that are not deleted."""
        mine = [m for m in self.channel.messages.values() if m.key.place.path.startswith(f"{self.name}-")]
        return [message for message in mine if not message.deleted]

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.messages]

    @property
    def files(self) -> list[File]:
        """The files of its messages, in their order."""
        bodies = [message.versions[-1].body for message in self.messages]
        return [body.file for body in bodies if body.file is not None]
