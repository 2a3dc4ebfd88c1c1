"""Who does something and where it is answered, on no platform: senders that hear what they are told, spots in fake channels."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from tests.support.english import english
from tests.support.fake_platform import FakeChannel, FakeSurface
from tests.support.keys import conversation, key, person, place
from tickertape.answer.answer import Answer
from tickertape.answer.opening import Opener, Opening
from tickertape.answer.preparation import PromptRefused
from tickertape.durable.store.records import AnswerRecord
from tickertape.files.attachment import Attachment
from tickertape.inbound.facts import Caller, Question
from tickertape.languages import Sentence
from tickertape.languages.words import answer_lost
from tickertape.prompts import stored
from tickertape.prompts.asker import Asker
from tickertape.prompts.keys import PersonKey
from tickertape.prompts.prompt import Origin, Prompt
from tickertape.screen.outcome import Refused
from tickertape.screen.surface import Surface

FILE = Attachment("notes.txt", "text/plain", 5, "https://files.example/notes.txt")


class FakeSender:
    """A person, or an app, whose messages from the bot are kept. The platform tells who it is when `known` is set."""

    def __init__(
        self,
        name: str,
        *,
        moderates: bool = False,
        is_app: bool = False,
        channels: frozenset[str] = frozenset({"fake:general"}),
        roles: frozenset[str] | None = frozenset(),
    ) -> None:
        origin = Origin(Asker(person(f"fake:{name}"), channels, roles), name.capitalize())
        self.who = Caller(origin, moderates=moderates, is_app=is_app)
        self.told: list[Sentence] = []
        self.looks = 0
        """How often the platform was asked who it is."""
        self.known = asyncio.Event()
        self.known.set()

    @property
    def key(self) -> PersonKey:
        return self.who.asker.user

    async def caller(self) -> Caller:
        self.looks += 1
        await self.known.wait()
        return self.who

    async def tell(self, sentence: Sentence) -> None:
        self.told.append(sentence)

    @property
    def heard(self) -> list[str]:
        """What the person was told, in English."""
        return [english(each) for each in self.told]


@dataclass
class FakeSpot:
    """A place in a fake channel, which is stored as the real ones are. `refusal` says that no answer has a place there."""

    channel: FakeChannel = field(default_factory=FakeChannel)
    opener: Opener | None = None
    refusal: Sentence | None = None
    prepared: list[Prompt] = field(default_factory=list)
    followed: list[Answer] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.surface = FakeSurface(self.channel)
        self._watching: list[asyncio.Task[None]] = []

    def prepare(self, prompt: Prompt, answer_id: str) -> Opening:  # noqa: ARG002 - the seam's signature
        self.prepared.append(prompt)
        if self.refusal is not None:
            raise PromptRefused(self.refusal)
        return Opening(self.surface, {stored.PROMPT: stored.to_json(prompt)}, opener=self.opener)

    def follow(self, answer: Answer, surface: Surface) -> None:
        assert surface is self.surface
        self.followed.append(answer)

    def watch(self, waiting: Coroutine[Any, Any, None], name: str) -> None:
        self._watching.append(asyncio.create_task(waiting, name=name))

    def sorry(self, refused: Refused) -> Sentence:
        return refused.permission or answer_lost("Fake")


class FakeSpots:
    """Finds a fresh spot for every earlier answer, or none at all."""

    def __init__(self, *, understood: bool = True, forbidden: bool = False) -> None:
        self._understood = understood
        self._forbidden = forbidden
        self.records: list[AnswerRecord] = []
        self.spots: list[FakeSpot] = []

    def __call__(self, record: AnswerRecord) -> FakeSpot | None:
        self.records.append(record)
        if not self._understood:
            return None
        self.spots.append(FakeSpot(FakeChannel(forbidden=self._forbidden)))
        return self.spots[-1]


def question(
    sender: FakeSender,
    text: str = "Why?",
    number: int = 1,
    *,
    spot: FakeSpot | None = None,
    thread: str | None = "fake:general/1",
    replies_to: int | None = None,
    attachments: tuple[Attachment, ...] = (),
    model: str = "",
    patience: float | None = None,
) -> Question:
    """Return a message of the general channel that asks something, in a thread if not told otherwise."""
    return Question(
        key=key(f"fake:general/{number}"),
        text=text,
        place=place("fake:general"),
        conversation=None if thread is None else conversation(thread),
        sender=sender,
        spot=spot or FakeSpot(),
        replies_to=None if replies_to is None else key(f"fake:general/{replies_to}"),
        attachments=attachments,
        model=model,
        patience=patience,
    )
