"""Pacing: which message goes next, and when. Pure: `now` is passed in, in seconds of one clock.

Every running answer has a lane. A lane that has something to show waits in the queue of the budgets that its next
call draws on. When those budgets allow a call, the lane goes where the call removes most display lag (the sum of the
ages of the characters that wait); urgent lanes (an answer's first or last text) go first, in order of waiting, and a
lane that was passed over for three rounds goes before the greedy choice, so that nobody starves. A lane for which as much
text waits as a message takes need not wait for its turn where its budgets have places to spare.

Deltas come in steps, 20 ms apart at 50 tokens a second. A partial call that leaves at any moment between two of them
shows its text half a step later than one that leaves right after a delta, and a budget allows no more of the one than of
the other. So a lane whose turn has come is *held* for a moment until its next delta is there.

With one call per tau seconds for n lanes no schedule brings the mean lag below about n * tau / 2 plus the way to the
screen: each character waits for its lane's turn, which comes every n * tau, on average half of that.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterable
from typing import Generic, TypeVar

from tickertape.screen.budget import Budget, Urgency
from tickertape.screen.draft import Draft

Costs = tuple[Budget, ...]
L = TypeVar("L", bound="Lane")

_SHORTEST = 0.2
"""Seconds between two calls of a lane, ends aside: faster edits do not read as faster, and what came in the meantime of
a first post is hardly worth a call."""

_NEXT_DELTA = 0.025
"""Seconds after a delta in which the next one is waited for: 20 ms, and a few for a network that is uneven. A lane whose
last delta is older is not held."""

_FRESH = 0.002
"""Seconds after a delta in which a call leaves as good as with it."""

_PATIENCE = 3
"""Rounds (one call for each lane of a queue) that a lane may be passed over by others with more lag."""


class Lane:
    """One answer's place in the schedule: its draft, and how urgent its next call is."""

    __slots__ = (
        "claimed",
        "costs",
        "draft",
        "held",
        "queued",
        "rests_until",
        "ticket",
        "urgency",
        "waits_since",
    )

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.urgency = Urgency.PARTIAL
        self.claimed: Costs = ()
        self.costs: Costs = ()
        self.queued = False
        self.held = False
        """Its turn has come, and its next delta is waited for."""
        self.rests_until = float("-inf")
        self.ticket = 0
        self.waits_since = 0.0


class _Queue(Generic[L]):
    """The lanes whose next call draws on the same budgets."""

    __slots__ = ("calls", "costs", "held", "held_until", "lanes", "turn", "wakes_at")

    def __init__(self, costs: Costs, turn: int) -> None:
        self.costs = costs
        self.turn = turn
        """Of the queues that may go at the same time the one with the lowest does; a queue gets a new one with each call."""
        self.lanes: dict[L, None] = {}
        self.calls = 0
        """Calls that have left; a lane's ticket is this count at the time when it joined."""
        self.wakes_at = float("inf")
        self.held: L | None = None
        self.held_until = float("-inf")

    def ready(self, now: float, urgency: Urgency) -> float:
        return max((budget.ready(now, urgency) for budget in self.costs), default=now)

    def pick(self, now: float) -> L | None:
        """Return the lane that may go now and gains most by it."""
        ends = self._lanes(Urgency.NOW)
        if ends and self.ready(now, Urgency.NOW) <= now:
            return min(ends, key=lambda lane: lane.waits_since)
        rested = [lane for lane in self.lanes if lane.rests_until <= now]
        if rested and self.ready(now, Urgency.PARTIAL) <= now:
            lane = self.held or self._hold(self._choose(rested, now), now)
            return lane if self.held_until <= now else None
        self.release()
        ahead = [lane for lane in self._before_their_turn() if lane.rests_until <= now]
        return self._choose(ahead, now) if ahead and self.ready(now, Urgency.FULL) <= now else None

    def _lanes(self, urgency: Urgency) -> list[L]:
        return [lane for lane in self.lanes if lane.urgency is urgency]

    def _before_their_turn(self) -> list[L]:
        """Return the lanes that may go before their turn: whole messages wait, and nobody was passed over for long."""
        return (
            [] if self._is_passed_over(self._longest_passed_over(self.lanes)) else self._lanes(Urgency.FULL)
        )

    def _longest_passed_over(self, lanes: Iterable[L]) -> L:
        return min(lanes, key=lambda lane: lane.ticket)

    def _is_passed_over(self, lane: L) -> bool:
        return self.calls - lane.ticket >= _PATIENCE * len(self.lanes)

    def _choose(self, rested: list[L], now: float) -> L:
        passed_over = self._longest_passed_over(rested)
        if self._is_passed_over(passed_over):
            return passed_over
        return max(rested, key=lambda lane: lane.draft.lag(now))

    def _hold(self, lane: L, now: float) -> L:
        """Let `lane` go next: now, if a delta came just now or if none is to be expected, or else with the next one."""
        grew_at = lane.draft.grew_at
        gains = grew_at + _FRESH < now and lane.urgency is Urgency.PARTIAL
        self.held_until = grew_at + _NEXT_DELTA if gains else now
        lane.held = self.held_until > now
        self.held = lane
        return lane

    def release(self) -> None:
        """Hold no lane: the next turn is anybody's."""
        if self.held is not None:
            self.held.held = False
            self.held = None

    def next_time(self, now: float) -> float:
        """Return when a lane may go, at the earliest."""
        at = max(self.ready(now, Urgency.PARTIAL), _rested_at(self.lanes))
        if self.held is not None:
            at = max(at, self.held_until)
        if ahead := self._before_their_turn():
            at = min(at, max(self.ready(now, Urgency.FULL), _rested_at(ahead)))
        if self._lanes(Urgency.NOW):
            at = min(at, self.ready(now, Urgency.NOW))
        return at


def _rested_at(lanes: Iterable[Lane]) -> float:
    return min(lane.rests_until for lane in lanes)


class Pacer(Generic[L]):
    """The schedule of all lanes of a process, over all budgets they share."""

    def __init__(self) -> None:
        self._queues: dict[Costs, _Queue[L]] = {}
        self._drawing: dict[Budget, dict[_Queue[L], None]] = {}
        self._heap: list[tuple[float, int, int, _Queue[L]]] = []
        self._turns = itertools.count()
        self._entries = itertools.count()

    def open(self, lane: L, costs: Costs) -> None:
        """Take note of a new answer, whose end will draw on `costs`."""
        self.claim(lane, costs)

    def claim(self, lane: L, costs: Costs) -> None:
        """Take note that the end of an answer will draw on `costs`, whatever was thought before."""
        if costs == lane.claimed:
            return
        for budget in lane.claimed:
            budget.claim(-1)
        for budget in costs:
            budget.claim(1)
        lane.claimed = costs

    def close(self, lane: L) -> None:
        """Take note that an answer has been shown, or given up."""
        self.drop(lane)
        self.claim(lane, ())

    def want(self, lane: L, costs: Costs, now: float) -> None:
        """Queue `lane` for a call that draws on `costs`; a queued lane is queued anew if its costs differ."""
        if lane.queued and lane.costs == costs:
            self._wake(self._queues[costs], now)
            return
        waits_since = lane.waits_since if lane.queued else now
        self.drop(lane)
        lane.costs, lane.queued, lane.waits_since = costs, True, waits_since
        queue = self._queues.get(costs) or self._add_queue(costs)
        queue.lanes[lane] = None
        lane.ticket = queue.calls
        self._wake(queue, now)

    def grew(self, lane: L, now: float) -> None:
        """Take note that a lane that is held has got its next delta."""
        lane.held = False
        queue = self._queues[lane.costs]
        queue.held_until = now
        self._wake(queue, now)

    def drop(self, lane: L) -> None:
        """Take `lane` out of the schedule: it has nothing to show."""
        if not lane.queued:
            return
        lane.queued = False
        queue = self._queues[lane.costs]
        del queue.lanes[lane]
        if queue.held is lane:
            queue.release()
        if not queue.lanes:
            self._remove_queue(queue)

    def next(self, now: float) -> L | None:
        """Return a lane whose call may leave now; it stays queued until `begin` or `drop`."""
        while self._heap and self._heap[0][0] <= now:
            queue = heapq.heappop(self._heap)[-1]
            queue.wakes_at = float("inf")
            if not queue.lanes:
                continue
            lane = queue.pick(now)
            self._schedule(queue, now if lane is not None else queue.next_time(now))
            if lane is not None:
                return lane
        return None

    def wakes_at(self) -> float | None:
        """Return when `next` is worth asking again if nothing happens before; None if nothing waits for time."""
        while self._heap and not self._heap[0][-1].lanes:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap and self._heap[0][0] < float("inf") else None

    def begin(self, lane: L, now: float) -> None:
        """Take note that the call of `lane` leaves now: it draws on its budgets and waits no more."""
        for budget in lane.costs:
            budget.begin(now)
        lane.rests_until = now + _SHORTEST
        queue = self._queues[lane.costs]
        queue.calls += 1
        queue.turn = next(self._turns)
        queue.release()
        self.drop(lane)

    def settle(self, costs: Costs, now: float) -> None:
        """Take note that a call that drew on `costs` has come back, and look again at what may now go earlier.

        A budget that many queues share, such as a global one, moves on with time: only queues that wait for nothing
        but replies have to be looked at.
        """
        for budget in costs:
            budget.settle(now)
        for number, budget in enumerate(costs):
            for queue in self._drawing.get(budget, ()):
                if number == 0 or queue.wakes_at == float("inf"):
                    self._wake(queue, now)

    def _add_queue(self, costs: Costs) -> _Queue[L]:
        queue = self._queues[costs] = _Queue(costs, next(self._turns))
        for budget in costs:
            self._drawing.setdefault(budget, {})[queue] = None
        return queue

    def _remove_queue(self, queue: _Queue[L]) -> None:
        del self._queues[queue.costs]
        for budget in queue.costs:
            del self._drawing[budget][queue]
            if not self._drawing[budget]:
                del self._drawing[budget]

    def _wake(self, queue: _Queue[L], now: float) -> None:
        self._schedule(queue, queue.next_time(now))

    def _schedule(self, queue: _Queue[L], at: float) -> None:
        """Have `queue` looked at no later than `at`; an entry that comes too early only costs a look."""
        if at < queue.wakes_at:
            queue.wakes_at = at
            heapq.heappush(self._heap, (at, queue.turn, next(self._entries), queue))
