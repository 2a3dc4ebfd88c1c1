"""The whole service on a real store: in memory, or in a file on which another process can go on after this one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tickertape.durable.store import DatabaseSettings, Store
from tickertape.memory.models import ModelInfo, Models
from tickertape.memory.personas import Persona, Personas
from tickertape.model.api import Model
from tickertape.service import Everyday, Service, build

EPOCH = 1_800_000_000.0
"""Unix time at the virtual clock's zero."""


def clock() -> float:
    """Return Unix time, which goes with the loop's clock."""
    return EPOCH + asyncio.get_running_loop().time()


@dataclass(frozen=True)
class Setup:
    """What a service is made of. `models` are named; the first one is the default."""

    models: Mapping[str, Model]
    infos: Sequence[ModelInfo] = ()
    personas: Sequence[Persona] = (Persona("standard", ""),)
    everyday: Everyday = field(default_factory=Everyday)


def service_of(setup: Setup, store: Store) -> Service:
    """Put the parts together."""
    infos = {info.name: info for info in setup.infos}
    models = Models(
        [(infos.get(name, ModelInfo(name)), model) for name, model in setup.models.items()],
        next(iter(setup.models)),
    )
    personas = Personas(setup.personas, setup.personas[0].name)
    return build(models, personas, store, setup.everyday, clock)


@asynccontextmanager
async def service_on(file: Path, setup: Setup) -> AsyncIterator[Service]:
    """Yield a service on a database file; at the end it is shut down as a process is."""
    async with _on(await Store.open(DatabaseSettings(f"sqlite:///{file}")), setup) as service:
        yield service


@asynccontextmanager
async def service_in_memory(setup: Setup) -> AsyncIterator[Service]:
    """Yield a service on a new store in memory; at the end it is shut down as a process is."""
    async with _on(await Store.in_memory(), setup) as service:
        yield service


@asynccontextmanager
async def _on(opened: Store, setup: Setup) -> AsyncIterator[Service]:
    async with opened as store:
        service = service_of(setup, store)
        try:
            yield service
        finally:
            await service.answering.close(grace=0, drain=10)


class Compose(Protocol):
    """The fixture `compose`: puts a service together on a store in memory, which ends with the test."""

    async def __call__(self, model: Model, everyday: Everyday = ...) -> Service:
        """Return a service with one model."""
        ...
