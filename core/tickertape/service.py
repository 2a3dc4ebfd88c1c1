"""Everything of the core that platforms need, put together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tickertape.answer.answering import Answering
from tickertape.answer.assistant import Assistant
from tickertape.answer.running import SecondPrompt
from tickertape.durable.logbook import Logbook
from tickertape.durable.repair import Repairer, RepairSettings
from tickertape.durable.store import Store
from tickertape.files.limits import FileLimits
from tickertape.languages import Languages
from tickertape.memory.choices import Choices
from tickertape.memory.memory import Memory, MemorySettings
from tickertape.memory.models import Models
from tickertape.memory.personas import Personas
from tickertape.rules.rulebook import Rulebook, Rules
from tickertape.screen.streamer import Streamer


@dataclass(frozen=True, slots=True)
class Everyday:
    """What the owner has set for the assistant that a team keeps."""

    rules: Rules = field(default_factory=Rules)
    memory: MemorySettings = field(default_factory=MemorySettings)
    repair: RepairSettings = field(default_factory=RepairSettings)
    second_prompt: SecondPrompt = SecondPrompt.QUEUE
    follow_ups: bool = True
    """Whether messages in threads where the bot takes part are answered without a mention."""
    files: FileLimits = field(default_factory=FileLimits)
    most_messages: int | None = None
    currency: str = "USD"
    languages: Languages = field(default_factory=Languages)


@dataclass(frozen=True, slots=True)
class Assistance:
    """What there is beyond single prompts: memory and choices, what is stored, and repair.

    `clock` tells Unix time in seconds.
    """

    assistant: Assistant
    store: Store
    repairer: Repairer
    settings: Everyday
    clock: Callable[[], float]


@dataclass(frozen=True, slots=True)
class Service:
    """What platforms are given; `assistance` is None for a bot that answers single prompts and remembers nothing."""

    answering: Answering
    assistance: Assistance | None = None


def build(
    models: Models, personas: Personas, store: Store, settings: Everyday, clock: Callable[[], float]
) -> Service:
    """Put everything together on an open store."""
    logbook = Logbook(store, models, clock)
    streamer = Streamer(settings.most_messages, logbook, settings.languages)
    assistant = Assistant(
        Choices(models, personas, store.preferences),
        Rulebook(settings.rules, streamer.registry, store.usage, clock),
        Memory(store.conversations, settings.memory, clock),
        clock,
    )
    answering = Answering(assistant, streamer, settings.second_prompt, makes_offers=True)
    repairer = Repairer(store, answering, logbook, settings.repair, clock)
    return Service(answering, Assistance(assistant, store, repairer, settings, clock))
