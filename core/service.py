"""Everything of the core that platforms need, put together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from core.answering import Answering
from core.assistant import Assistant
from core.choices import Choices
from core.files import FileLimits
from core.languages import Languages
from core.logbook import Logbook
from core.memory import Memory, MemorySettings
from core.models import Models
from core.personas import Personas
from core.repair import Repairer, RepairSettings
from core.rules import Rulebook, Rules
from core.running import SecondPrompt
from core.store import Store
from core.streamer import Streamer


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
