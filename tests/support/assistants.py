"""The whole service on a real store: a process that can be ended at any moment, and begun again on the same file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from core.answering import Answering, SecondPrompt
from core.assistant import Assistant
from core.choices import Choices
from core.logbook import Logbook
from core.memory import Memory, MemorySettings
from core.model.api import Model
from core.models import ModelInfo, Models
from core.personas import Persona, Personas
from core.repair import Repairer, RepairSettings
from core.rules import Rulebook, Rules
from core.store import DatabaseSettings, Store
from core.streamer import Streamer

EPOCH = 1_800_000_000.0
"""Unix time at the virtual clock's zero."""


def clock() -> float:
    """Return Unix time, which goes with the loop's clock."""
    return EPOCH + asyncio.get_running_loop().time()


@dataclass(frozen=True)
class Service:
    """Everything of a process but the platforms."""

    store: Store
    answering: Answering
    assistant: Assistant
    repairer: Repairer


@dataclass(frozen=True)
class Setup:
    """What a service is made of. `models` are named; the first one is the default."""

    models: Mapping[str, Model]
    infos: Sequence[ModelInfo] = ()
    personas: Sequence[Persona] = (Persona("standard", ""),)
    rules: Rules = field(default_factory=Rules)
    memory: MemorySettings = field(default_factory=MemorySettings)
    repair: RepairSettings = field(default_factory=RepairSettings)
    second_prompt: SecondPrompt = SecondPrompt.QUEUE
    most_messages: int | None = None


def build(setup: Setup, store: Store) -> Service:
    """Put the parts together."""
    infos = {info.name: info for info in setup.infos}
    models = Models(
        [(infos.get(name, ModelInfo(name)), model) for name, model in setup.models.items()],
        next(iter(setup.models)),
    )
    personas = Personas(setup.personas, setup.personas[0].name)
    logbook = Logbook(store, models, clock)
    streamer = Streamer(setup.most_messages, logbook)
    assistant = Assistant(
        Choices(models, personas, store.preferences),
        Rulebook(setup.rules, streamer.registry, store.usage, clock),
        Memory(store.conversations, setup.memory, clock),
        clock,
    )
    answering = Answering(assistant, streamer, setup.second_prompt)
    return Service(store, answering, assistant, Repairer(store, answering, logbook, setup.repair, clock))


@asynccontextmanager
async def service_on(file: Path, setup: Setup) -> AsyncIterator[Service]:
    """Yield a service on a database file; at the end it is shut down as a process is."""
    async with await Store.open(DatabaseSettings(f"sqlite:///{file}")) as store:
        service = build(setup, store)
        try:
            yield service
        finally:
            await service.answering.close(grace=0, drain=10)
