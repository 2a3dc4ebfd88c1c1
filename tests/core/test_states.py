"""An answer's life: every move from every state, and the rules on top."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.keys import key
from tests.support.prompts import prompt
from tickertape.answer.answer import Answer, Ending
from tickertape.answer.states import ENDED, MOVES, OVER, Delivery, IllegalMove, Life, Move, State
from tickertape.languages import words
from tickertape.screen.body import Offer

LEGAL = {
    (State.WAITING, Move.REWORD): State.WAITING,
    (State.WAITING, Move.ASK): State.OPENING,
    (State.WAITING, Move.RESTORE): State.STREAMING,
    (State.WAITING, Move.END): State.ENDING,
    (State.WAITING, Move.LEAVE): State.INTERRUPTED,
    (State.OPENING, Move.TEXT): State.STREAMING,
    (State.OPENING, Move.END): State.ENDING,
    (State.OPENING, Move.LEAVE): State.INTERRUPTED,
    (State.STREAMING, Move.TEXT): State.STREAMING,
    (State.STREAMING, Move.END): State.ENDING,
    (State.STREAMING, Move.LEAVE): State.INTERRUPTED,
    (State.ENDING, Move.SHOW): State.STOPPED,
    (State.ENDING, Move.GIVE_UP): State.STOPPED,
    (State.ENDING, Move.LEAVE): State.STOPPED,
}
"""Where each legal move leads; what is ending has been stopped."""

MAKE: dict[Move, Callable[[Life], None]] = {
    Move.REWORD: Life.reword,
    Move.ASK: Life.ask,
    Move.RESTORE: Life.restore,
    Move.TEXT: Life.text,
    Move.END: lambda life: life.end(State.STOPPED),
    Move.SHOW: lambda life: life.settle(Delivery.WHOLE),
    Move.GIVE_UP: lambda life: life.settle(Delivery.PART),
    Move.LEAVE: lambda life: life.settle(Delivery.REPAIR),
}

DELIVERED = {Move.SHOW: Delivery.WHOLE, Move.GIVE_UP: Delivery.PART, Move.LEAVE: Delivery.REPAIR}

UNTIL: dict[State, tuple[Move, ...]] = {
    State.WAITING: (),
    State.OPENING: (Move.ASK,),
    State.STREAMING: (Move.ASK, Move.TEXT),
    State.ENDING: (Move.ASK, Move.TEXT, Move.END),
}
"""The moves that lead to each state before the end."""


def in_state(state: State) -> Life:
    """Return a life that has come to `state`."""
    life = Life()
    if state in ENDED:
        life.end(state)
        life.settle(Delivery.WHOLE)
    for move in UNTIL.get(state, ()):
        MAKE[move](life)
    assert life.state is state
    return life


@pytest.mark.parametrize("move", Move, ids=lambda move: move.name)
@pytest.mark.parametrize("state", State, ids=lambda state: state.name)
def test_exactly_the_legal_moves_are_possible(state: State, move: Move) -> None:
    life = in_state(state)
    before = life.delivery
    legal = (state, move) in LEGAL
    assert life.can(move) is legal
    if legal:
        MAKE[move](life)
        assert life.state is LEGAL[state, move]
        assert life.delivery is DELIVERED.get(move)
        return
    with pytest.raises(IllegalMove) as illegal:
        MAKE[move](life)
    assert (illegal.value.state, illegal.value.move) == (state, move)
    assert (life.state, life.delivery) == (state, before)


def test_the_table_has_every_state_and_leads_nowhere_else() -> None:
    assert set(MOVES) == set(State)
    found = {(state, move) for state, moves in MOVES.items() for move in moves}
    assert found == set(LEGAL)
    assert {state for moves in MOVES.values() for leads_to in moves.values() for state in leads_to} | {
        State.WAITING
    } == set(State)


@pytest.mark.parametrize("ends_as", State, ids=lambda state: state.name)
@pytest.mark.parametrize("delivery", Delivery, ids=lambda delivery: delivery.name)
def test_an_answer_is_in_the_end_what_it_ended_as(ends_as: State, delivery: Delivery) -> None:
    life = in_state(State.STREAMING)
    if ends_as not in ENDED:
        with pytest.raises(ValueError, match="no end"):
            life.end(ends_as)
        assert life.state is State.STREAMING
        return
    life.end(ends_as)
    assert life.over
    life.settle(delivery)
    assert life.delivery is delivery
    assert life.state is ends_as


def test_only_what_is_left_to_repair_is_kept_from_the_journal() -> None:
    assert [each for each in Delivery if each.needs_repair] == [Delivery.REPAIR]


@pytest.mark.parametrize("state", State, ids=lambda state: state.name)
def test_what_is_over_gets_no_more_text(state: State) -> None:
    life = in_state(state)
    assert life.over is (state in OVER)
    assert not (life.over and life.can(Move.TEXT))


async def test_an_answer_keeps_the_rules() -> None:
    answer = Answer(prompt(), 1.0)
    answer.reword("How?")
    assert answer.prompt.text == "How?"
    answer.ask()
    with pytest.raises(IllegalMove, match="an answer that is opening cannot reword"):
        answer.reword("When?")
    answer.append("", 2.0)
    assert answer.state is State.OPENING
    answer.append("Because.", 2.0)
    assert answer.end(Ending(State.COMPLETE), 3.0)
    assert not answer.end(Ending(State.STOPPED, words.STOPPED), 4.0), "the end comes once"
    answer.append(" And more.", 4.0)
    assert (answer.text, answer.ended_at, answer.state) == ("Because.", 3.0, State.ENDING)
    assert not answer.done.is_set()
    answer.settle(Delivery.WHOLE)
    assert answer.done.is_set()
    assert (answer.state, answer.delivery) == (State.COMPLETE, Delivery.WHOLE)
    with pytest.raises(IllegalMove, match="an answer that is complete cannot leave"):
        answer.settle(Delivery.REPAIR)


async def test_what_was_stored_of_an_answer_is_all_there_will_be() -> None:
    answer = Answer(prompt(), 1.0)
    answer.take_over([key("fake:1")])
    answer.restore("Because.", (words.BUG,), 1.0)
    assert (answer.state, answer.text, answer.notes) == (State.STREAMING, "Because.", (words.BUG,))
    with pytest.raises(IllegalMove):
        answer.ask()


@pytest.mark.parametrize(
    ("ending", "offers"),
    [
        (Ending(State.COMPLETE), (Offer.AGAIN, Offer.GOOD, Offer.BAD)),
        (Ending(State.COMPLETE, continues=True), (Offer.CONTINUE, Offer.AGAIN, Offer.GOOD, Offer.BAD)),
        (Ending(State.STOPPED), (Offer.AGAIN,)),
        (Ending(State.FAILED), (Offer.AGAIN,)),
        (Ending(State.STOPPED, repeatable=False), ()),
    ],
)
def test_what_an_answer_offers_when_it_is_over(ending: Ending, offers: tuple[Offer, ...]) -> None:
    assert ending.offers == offers
