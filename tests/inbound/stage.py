"""The whole service with an inbox on a store in memory, and the people who come to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from tests.support.inbound import FakeSender, FakeSpots
from tests.support.keys import conversation, person, place
from tests.support.scripted_model import ScriptedModel, model_of
from tests.support.services import Setup, service_in_memory, service_on
from tickertape.answer.answer import Answer
from tickertape.inbound.facts import Here, Pressed, Question
from tickertape.inbound.inbox import Inbox
from tickertape.memory.models import ModelInfo
from tickertape.memory.personas import Persona
from tickertape.rules.access import Access, Lists
from tickertape.rules.costs import Prices
from tickertape.rules.rulebook import Rules
from tickertape.screen.body import Offer
from tickertape.service import Everyday, Service

RULES = Rules(
    Access(
        admins=Lists(users=frozenset({person("fake:root")})),
        deny=Lists(users=frozenset({person("fake:mallory")})),
        models={"large": Lists(users=frozenset({person("fake:bob")}))},
    )
)
"""Root is an admin, Mallory is denied, and of those who are neither, Bob alone may use the large model."""

EVERYDAY = Everyday(RULES, currency="EUR")

_CHEAP = ModelInfo("small", "quick and cheap", prices=Prices(Decimal(1), Decimal(2)))


@dataclass(frozen=True)
class Stage:
    """A service, and the model that answers by default."""

    service: Service
    model: ScriptedModel

    @property
    def inbox(self) -> Inbox:
        return self.service.inbox

    async def ask(self, question: Question) -> Answer:
        """Have a question answered, and return when its answer is shown whole and stored."""
        return await self.over(await self.inbox.ask(question))

    async def press(
        self, offer: Offer, answer: str, sender: FakeSender, spots: FakeSpots | None = None
    ) -> Answer:
        """Press a button that has an answer written, and return when that is shown whole and stored."""
        found = await self.inbox.offers.pressed(pressed(offer, answer, sender, spots))
        assert isinstance(found, Answer)
        return await self.over(found)

    async def over(self, answer: Answer | None) -> Answer:
        """Return an answer, which there must be, when it is shown whole and stored."""
        assert answer is not None
        await answer.done.wait()
        await self.service.store.answer_writes.flush()
        return answer

    def told(self, call: int = -1) -> list[str]:
        """Return the texts that the model was given in a call."""
        return [turn.text for turn in self.model.asked[call]]


@asynccontextmanager
async def stage(
    model: ScriptedModel | None = None, everyday: Everyday = EVERYDAY, *, file: Path | None = None
) -> AsyncIterator[Stage]:
    """Yield a service with two models and two personas, on a store in memory if not in a `file`."""
    model = model or model_of("Because.")
    setup = Setup(
        {"small": model, "large": model_of("Indeed.")},
        infos=[_CHEAP],
        personas=[Persona("standard", ""), Persona("pirate", "Arr.", "talks like one")],
        everyday=everyday,
    )
    async with service_in_memory(setup) if file is None else service_on(file, setup) as service:
        yield Stage(service, model)


def here(sender: FakeSender, thread: str | None = "fake:general/1") -> Here:
    """Return where somebody uses a command: in a thread of the general channel, or in the channel itself."""
    return Here(sender.who, place("fake:general"), None if thread is None else conversation(thread))


def pressed(
    offer: Offer,
    answer: str,
    sender: FakeSender,
    spots: FakeSpots | None = None,
    patience: float | None = None,
) -> Pressed:
    """Return the press of a button below an answer."""
    return Pressed(offer=offer, answer=answer, sender=sender, spots=spots or FakeSpots(), patience=patience)
