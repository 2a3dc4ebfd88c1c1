"""Everything of the core that platforms need, put together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tickertape.answer.answering import Answering
from tickertape.answer.assistant import Assistant
from tickertape.answer.registry import Registry
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
class Service:
    """What platforms are given: who answers, what is stored, and how answers of an earlier process are repaired.

    `clock` tells Unix time in seconds.
    """

    answering: Answering
    assistant: Assistant
    store: Store
    repairer: Repairer
    settings: Everyday
    clock: Callable[[], float]


def build(
    models: Models, personas: Personas, store: Store, settings: Everyday, clock: Callable[[], float]
) -> Service:
    """Put everything together on an open store. This is the only composition there is."""
    registry, languages = Registry(), settings.languages
    logbook = Logbook(store, models, clock)
    streamer = Streamer(logbook, registry, languages, settings.most_messages)
    assistant = Assistant(
        Choices(models, personas, store.preferences),
        Rulebook(settings.rules, registry, store.usage, clock),
        Memory(store.conversations, settings.memory, clock),
        clock,
    )
    answering = Answering(assistant, streamer, logbook, registry, languages, settings.second_prompt)
    repairer = Repairer(store, answering, logbook, settings.repair, clock)
    return Service(answering, assistant, store, repairer, settings, clock)
