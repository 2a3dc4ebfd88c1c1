"""The states of an answer and its legal moves: `waiting -> streaming -> (complete | stopped | failed | interrupted)`. Pure."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from tickertape.languages import Sentence


class State(enum.Enum):
    """Where an answer is in its life."""

    WAITING = "waiting"
    STREAMING = "streaming"
    COMPLETE = "complete"
    STOPPED = "stopped"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


ENDED = frozenset({State.COMPLETE, State.STOPPED, State.FAILED, State.INTERRUPTED})
"""The states in which no more text comes."""

MOVES: dict[State, frozenset[State]] = {
    State.WAITING: ENDED | {State.STREAMING},
    State.STREAMING: ENDED,
}
"""Where an answer may go from each state; from those that are not here, nowhere."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How an answer ended: its last state, the line that says so in chat if there is one, the detail for the log.

    `continues` says that the model had more to say, and stopped at its length limit; `repeatable` is false where there
    is no question any more that could be asked again, `remembered` where another answer takes this one's place in the
    conversation.
    """

    state: State
    sentence: Sentence | None = None
    detail: str = ""
    continues: bool = False
    repeatable: bool = True
    remembered: bool = True
