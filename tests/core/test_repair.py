"""A process that is killed at any moment, and the next one that ends what it left."""

from __future__ import annotations

import asyncio
import random
import shutil
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.support.english import english
from tests.support.fake_platform import FakeChannel, FakeSurface
from tests.support.prompts import prompt
from tests.support.scripted_model import Script, ScriptedModel, pieces_of
from tests.support.services import Setup, service_of
from tickertape.answer.answer import Answer
from tickertape.answer.opening import Opening
from tickertape.durable.repair import RepairSettings, Restored
from tickertape.durable.store import DatabaseSettings, Store
from tickertape.durable.store.records import UnfinishedAnswer
from tickertape.languages import words
from tickertape.prompts.keys import MessageKey
from tickertape.screen.body import Body
from tickertape.screen.outcome import Outcome
from tickertape.screen.streamer import Placeholder
from tickertape.service import Everyday, Service

TEXT = "".join(f"Sentence number {n} of the answer. " for n in range(40)).strip()
INTERRUPTED = f"_{english(words.INTERRUPTED)}_"


@dataclass
class Process:
    """One life of the program; after its death its calls reach nobody and nobody hears of them."""

    service: Service
    alive: bool = True


class MortalSurface(FakeSurface):
    """A place that hears a process only while that lives."""

    def __init__(self, channel: FakeChannel, process: Process, name: str, page: int) -> None:
        super().__init__(channel, page)
        self.name = name
        self._process = process

    async def post(self, body: Body, page: int) -> Outcome:
        return await self._unless_dead(super().post(body, page))

    async def edit(self, message: MessageKey, body: Body) -> Outcome:
        return await self._unless_dead(super().edit(message, body))

    async def _unless_dead(self, call: object) -> Outcome:
        """Make the call in a task of its own: it may have left before the process died."""
        assert asyncio.iscoroutine(call)
        if not self._process.alive:
            call.close()
            await asyncio.Event().wait()
        outcome: Outcome = await asyncio.shield(asyncio.ensure_future(call))
        if not self._process.alive:
            await asyncio.Event().wait()
        return outcome


@dataclass
class World:
    """A platform that outlives processes, and the database file of each of them."""

    folder: Path
    model: ScriptedModel
    page: int = 2000
    repair: RepairSettings = field(default_factory=RepairSettings)
    channels: dict[str, FakeChannel] = field(default_factory=dict)
    process: Process | None = None
    lives: int = 0

    @property
    def file(self) -> Path:
        return self.folder / f"life-{self.lives}.db"

    async def begin(self, stack: AsyncExitStack, model: str = "small") -> Process:
        """Start a process, which repairs what it finds; its model goes by the name `model`."""
        store = await stack.enter_async_context(await Store.open(DatabaseSettings(f"sqlite:///{self.file}")))
        setup = Setup({model: self.model}, everyday=Everyday(repair=self.repair))
        self.process = Process(service_of(setup, store))
        await self.process.service.repairer.repair("fake", self)
        return self.process

    def kill(self) -> None:
        """End the process as SIGKILL does: what is in its file is all that is left of it."""
        assert self.process is not None
        self.process.alive = False
        before = self.file
        self.lives += 1
        for suffix in ("", "-wal"):
            if (old := Path(f"{before}{suffix}")).exists():
                shutil.copy(old, f"{self.file}{suffix}")

    def ask(self, number: int) -> Answer | None:
        """Deliver a prompt, as a platform does once or again."""
        assert self.process is not None
        key = f"fake:{number}"
        channel = self.channels.setdefault(key, FakeChannel())
        surface = MortalSurface(channel, self.process, key, self.page)
        asked = prompt(key=key, conversation=f"fake:thread/{number}")
        return self.process.service.answering.ask(
            asked, Opening(surface, {"key": key}, placeholder=Placeholder(after=1.0))
        )

    async def restore(self, unfinished: UnfinishedAnswer) -> Restored | None:
        assert self.process is not None
        record = unfinished.record
        key = record.surface["key"]
        surface = MortalSurface(self.channels[key], self.process, key, self.page)
        conversation = "" if record.conversation is None else str(record.conversation)
        asked = prompt(record.prompt or "", key=key, conversation=conversation)
        return Restored(surface, asked, Placeholder(after=1.0))

    def follow(self, answer: Answer, restored: Restored) -> None:
        """Have nothing more to do."""

    async def settle(self) -> None:
        """Wait until no answer is running."""
        assert self.process is not None
        registry = self.process.service.answering.registry
        while running := registry.running():
            await asyncio.gather(*(answer.done.wait() for answer in running))
        store = self.process.service.store
        await store.answer_writes.flush()
        assert await store.answers.unfinished("fake") == []

    def shown(self, number: int) -> list[str]:
        channel = self.channels[f"fake:{number}"]
        return [message.text for message in channel.messages.values()]

    def text_shown(self, number: int) -> str:
        """Return what people see of the model's text, in one line."""
        shown = " ".join(self.shown(number)).replace(english(words.THINKING), "").removesuffix(INTERRUPTED)
        return shown.replace("\n\n", " ").strip()

    def assert_ended_well(self, number: int, seen: str) -> None:
        """Fail if anything that people had seen is gone, doubled or left as it was in mid-stream."""
        messages = self.channels[f"fake:{number}"].messages.values()
        assert not any(message.versions[-1].body.stoppable for message in messages)
        text = self.text_shown(number)
        assert text == TEXT or self.shown(number)[-1].endswith(INTERRUPTED)
        assert TEXT.startswith(text)
        assert len(text) >= len(seen), "what people had seen stays"


@pytest.mark.parametrize("seed", range(200))
async def test_a_kill_at_any_moment_leaves_nothing_half_written_and_nothing_doubled(
    seed: int, tmp_path: Path
) -> None:
    chance = random.Random(seed)
    model = ScriptedModel([Script(pieces_of(TEXT, 12), pause=chance.choice([0.01, 0.05, 1.5]))])
    world = World(tmp_path, model, page=chance.choice([300, 2000]))
    numbers = range(chance.randint(1, 3))
    async with AsyncExitStack() as stack:
        await world.begin(stack)
        for number in numbers:
            world.ask(number)
        for _ in range(chance.randint(1, 2)):
            await asyncio.sleep(chance.choice([chance.uniform(0, 0.2), chance.uniform(0, 8)]))
            seen = {number: world.text_shown(number) for number in numbers}
            world.kill()
            await asyncio.sleep(chance.choice([0.05, 5.0]))
            await world.begin(stack)
            for number in numbers:
                world.ask(number)  # delivered again
        await world.settle()
        for number in numbers:
            world.assert_ended_well(number, seen[number])


async def test_a_recent_prompt_is_answered_in_the_message_that_held_its_place(tmp_path: Path) -> None:
    world = World(tmp_path, ScriptedModel([Script([], hold=True), Script([TEXT])]))
    async with AsyncExitStack() as stack:
        await world.begin(stack)
        world.ask(1)
        await asyncio.sleep(2)
        assert world.shown(1) == [english(words.THINKING)]
        world.kill()
        await asyncio.sleep(60)
        await world.begin(stack)
        await world.settle()
        assert world.shown(1) == [TEXT]


@pytest.mark.parametrize(
    ("repair", "away"),
    [(RepairSettings(answer_again=False), 10.0), (RepairSettings(answer_again_within=30.0), 60.0)],
)
async def test_an_old_prompt_is_told_that_it_was_interrupted(
    repair: RepairSettings, away: float, tmp_path: Path
) -> None:
    world = World(tmp_path, ScriptedModel([Script([], hold=True)]), repair=repair)
    async with AsyncExitStack() as stack:
        await world.begin(stack)
        world.ask(1)
        await asyncio.sleep(2)
        world.kill()
        await asyncio.sleep(away)
        await world.begin(stack)
        await world.settle()
        assert world.shown(1) == [INTERRUPTED]


async def test_an_answer_that_was_whole_ends_as_it_had_ended(tmp_path: Path) -> None:
    world = World(tmp_path, ScriptedModel([Script(pieces_of(TEXT, 200), pause=0.1)]))
    async with AsyncExitStack() as stack:
        process = await world.begin(stack)
        answer = world.ask(1)
        assert answer is not None
        await asyncio.sleep(0.1 * len(pieces_of(TEXT, 200)) + 0.01)
        assert answer.over
        await process.service.store.answer_writes.flush()
        assert world.shown(1) != [TEXT]
        world.kill()
        await world.begin(stack)
        await world.settle()
        assert world.shown(1) == [TEXT]


async def test_a_model_that_is_gone_keeps_no_answer_from_its_end(tmp_path: Path) -> None:
    world = World(tmp_path, ScriptedModel([Script(pieces_of(TEXT, 12), pause=0.5)]))
    async with AsyncExitStack() as stack:
        await world.begin(stack)
        world.ask(1)
        await asyncio.sleep(5)
        world.kill()
        await world.begin(stack, model="large")
        await world.settle()
        assert world.shown(1)[-1].endswith(INTERRUPTED)


async def test_what_a_shutdown_could_not_deliver_is_ended_by_the_next_process(tmp_path: Path) -> None:
    world = World(tmp_path, ScriptedModel([Script(pieces_of(TEXT, 12), pause=0.5)]))
    async with AsyncExitStack() as stack:
        process = await world.begin(stack)
        world.ask(1)
        await asyncio.sleep(5)
        seen = world.text_shown(1)
        world.channels["fake:1"].broken = True
        await process.service.answering.close(grace=0, drain=2)
        await process.service.store.answer_writes.flush()
        world.kill()
        world.channels["fake:1"].broken = False
        await world.begin(stack)
        await world.settle()
        world.assert_ended_well(1, seen)
        assert world.shown(1)[-1].endswith(INTERRUPTED)
