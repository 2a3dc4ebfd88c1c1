"""What became of an answer's text when nothing more is sent, and what the store holds of it then."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from tests.support.fake_platform import FakeChannel, FakeSurface
from tests.support.prompts import prompt
from tests.support.scripted_model import model_of
from tests.support.services import Compose
from tickertape.answer.opening import Opening
from tickertape.answer.states import Delivery
from tickertape.screen.body import Body
from tickertape.screen.outcome import Outcome, Refused

TEXT = "The quick brown fox jumps over the lazy dog. " * 20


class OneMessage(FakeSurface):
    """A place that takes one message of each answer."""

    async def post(self, body: Body, page: int) -> Outcome:
        return await super().post(body, page) if page == 0 else Refused("no more")


def delete_message(surface: FakeSurface) -> None:
    surface.messages[0].deleted = True


def cut_off(surface: FakeSurface) -> None:
    surface.channel.broken = True


def nothing(_: FakeSurface) -> None:
    """Let the answer go on."""


@pytest.mark.parametrize(
    ("surface", "happens", "delivery"),
    [
        (FakeSurface, nothing, Delivery.WHOLE),
        (OneMessage, nothing, Delivery.PART),
        (FakeSurface, delete_message, Delivery.PART),
        (FakeSurface, cut_off, Delivery.REPAIR),
    ],
    ids=["shown", "further message refused", "message deleted", "platform away at the shutdown"],
)
async def test_only_an_answer_that_is_left_to_repair_stays_unfinished_in_the_store(
    compose: Compose,
    surface: Callable[[FakeChannel, int], FakeSurface],
    happens: Callable[[FakeSurface], None],
    delivery: Delivery,
) -> None:
    service, place = await compose(model_of(TEXT)), surface(FakeChannel(), 500)
    answer = service.answering.ask(prompt(), Opening(place, {"channel": "general"}))
    assert answer is not None
    await answer.shown.wait()
    on_the_way = answer.delivery
    happens(place)
    await asyncio.sleep(60)
    await service.answering.close(grace=0, drain=1)
    assert answer.done.is_set()
    assert (on_the_way, answer.delivery) == (None, delivery)
    assert await service.store.answer_writes.flush()
    left = [each.record.id for each in await service.store.answers.unfinished("fake")]
    assert left == [answer.id] * delivery.needs_repair


async def test_an_answer_that_nobody_may_show_is_no_ones_to_repair(compose: Compose) -> None:
    service, place = await compose(model_of(TEXT)), FakeSurface(FakeChannel())

    async def opens_nothing(_: object) -> None:
        """Have no place to show it in."""

    answer = service.answering.ask(prompt(), Opening(place, opener=opens_nothing))
    assert answer is not None
    await service.answering.open(answer, opens_nothing)
    assert answer.delivery is Delivery.PART
    assert await service.store.answer_writes.flush()
    assert await service.store.answers.unfinished("fake") == []
