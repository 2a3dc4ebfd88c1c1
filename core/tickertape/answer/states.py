"""The states of an answer's life, every legal move from one to the next, and the rules on top. Pure.

    waiting ─ask─▶ opening ─text─▶ streaming ─end─▶ ending ─show, give up, leave─▶ complete
       │              │            ▲  └text┘          ▲                            stopped
       │              └───────end──┼──────────────────┤                            failed
       ├──restore──────────────────┘                  │                            interrupted
       └──end─────────────────────────────────────────┘

How an answer ended is known as soon as it is *ending*: complete, stopped, failed or interrupted. It *is* that once nothing
more will be sent; then its delivery says what became of its text on the screen. An ended answer never moves again. One
that is repaired after a crash is a new life of the same answer: it begins anew, with the text that was stored.

The rules:

- The end comes once. Who ends an answer that is ending already is told so, and changes nothing.
- No text comes after the end: its marker is already due.
- A prompt can be put in other words only while its answer is waiting: what the model was asked is what is answered.
- Whatever state it is in, an answer can be left to repair: that is what a crash does, and a shutdown that runs out of time.
- The journal is told that an answer is delivered only where nothing is left to repair (`Delivery.needs_repair`).
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from types import MappingProxyType


class State(enum.Enum):
    """Where an answer is in its life. The values are stored."""

    WAITING = "waiting"
    """For being written down, for its place to be opened, for its turn in the conversation."""
    OPENING = "opening"
    """Its prompt is on its way to the model, of which no text has come."""
    STREAMING = "streaming"
    ENDING = "ending"
    """No more text comes; the last of it, and how it ended, is still to be shown."""
    COMPLETE = "complete"
    STOPPED = "stopped"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


class Delivery(enum.Enum):
    """What became of the text of an answer to which nothing more will be sent."""

    WHOLE = "whole"
    """The platform has confirmed all of it, with its ending."""
    PART = "part"
    """Part of it is shown, or nothing: the rest was refused, or somebody deleted it. It stays so."""
    REPAIR = "repair"
    """Part of it is shown, or nothing: the next process, or another one, shows the rest."""

    @property
    def needs_repair(self) -> bool:
        """Whether the journal still has to hold the answer for one that was cut off."""
        return self is Delivery.REPAIR


class Move(enum.Enum):
    """What can happen to an answer."""

    REWORD = "reword"
    """Its prompt is put in other words."""
    ASK = "ask"
    """Its prompt goes to the model."""
    RESTORE = "restore"
    """The text that an earlier process has stored of it is taken over."""
    TEXT = "text"
    """Text of the model comes."""
    END = "end"
    """It is known how it ends."""
    SHOW = "show"
    """All that was to be shown is confirmed."""
    GIVE_UP = "give up"
    """Nothing more can be shown."""
    LEAVE = "leave"
    """The process shows no more of it."""


ENDED = frozenset({State.COMPLETE, State.STOPPED, State.FAILED, State.INTERRUPTED})
"""The states without any further move."""

OVER = ENDED | {State.ENDING}
"""The states in which no more text comes."""

_CRASH = frozenset({State.INTERRUPTED})

MOVES: Mapping[State, Mapping[Move, frozenset[State]]] = MappingProxyType({
    State.WAITING: {
        Move.REWORD: frozenset({State.WAITING}),
        Move.ASK: frozenset({State.OPENING}),
        Move.RESTORE: frozenset({State.STREAMING}),
        Move.END: frozenset({State.ENDING}),
        Move.LEAVE: _CRASH,
    },
    State.OPENING: {
        Move.TEXT: frozenset({State.STREAMING}),
        Move.END: frozenset({State.ENDING}),
        Move.LEAVE: _CRASH,
    },
    State.STREAMING: {
        Move.TEXT: frozenset({State.STREAMING}),
        Move.END: frozenset({State.ENDING}),
        Move.LEAVE: _CRASH,
    },
    State.ENDING: {Move.SHOW: ENDED, Move.GIVE_UP: ENDED, Move.LEAVE: ENDED},
    **{ended: {} for ended in ENDED},
})  # fmt: skip
"""Where each move leads from each state. From `ENDING` it leads to how the answer ended; what is not here is illegal."""

_DELIVERS: Mapping[Delivery, Move] = {
    Delivery.WHOLE: Move.SHOW,
    Delivery.PART: Move.GIVE_UP,
    Delivery.REPAIR: Move.LEAVE,
}


class IllegalMove(Exception):
    """Something happened to an answer that cannot happen in its state: a defect of the caller's."""

    def __init__(self, state: State, move: Move) -> None:
        super().__init__(f"an answer that is {state.value} cannot {move.value}")
        self.state = state
        self.move = move


class Life:
    """The state of one answer, which changes by its moves alone."""

    __slots__ = ("_ends_as", "delivery", "over", "state")

    def __init__(self) -> None:
        self.state = State.WAITING
        self.over = False
        """Whether no more text comes."""
        self._ends_as = State.INTERRUPTED
        self.delivery: Delivery | None = None
        """None until nothing more will be sent."""

    def can(self, move: Move) -> bool:
        """Whether `move` is legal now."""
        return move in MOVES[self.state]

    def reword(self) -> None:
        """The prompt is put in other words. This and the other moves raise `IllegalMove` where they are none."""
        self._move(Move.REWORD)

    def ask(self) -> None:
        """The prompt goes to the model."""
        self._move(Move.ASK)

    def restore(self) -> None:
        """Text of an earlier process is taken over."""
        self._move(Move.RESTORE)

    def text(self) -> None:
        """Text of the model comes."""
        if self.state is not State.STREAMING:  # where that is no news, a thousand times an answer
            self._move(Move.TEXT)

    def end(self, ends_as: State) -> None:
        """The answer ends as one of `ENDED`; raises ValueError for another state."""
        if ends_as not in ENDED:
            raise ValueError(f"{ends_as.value} is no end")
        self._move(Move.END)
        self._ends_as = ends_as

    def settle(self, delivery: Delivery) -> None:
        """Nothing more will be sent: what became of the text is known."""
        self._move(_DELIVERS[delivery])
        self.delivery = delivery

    def _move(self, move: Move) -> None:
        if not self.can(move):
            raise IllegalMove(self.state, move)
        leads_to = MOVES[self.state][move]
        (self.state,) = leads_to if len(leads_to) == 1 else (self._ends_as,)
        self.over = self.state in OVER
