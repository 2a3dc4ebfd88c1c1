"""Everything of the core that platforms need, put together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tickertape.answer.answering import Answering
from tickertape.answer.assistant import Assistant
from tickertape.answer.registry import Registry
from tickertape.answer.running import SecondPrompt
from tickertape.durable.repair import Repairer, RepairSettings
from tickertape.durable.store import Store
from tickertape.durable.store_journal import StoreJournal
from tickertape.files.limits import FileLimits
from tickertape.inbound.asking import Asking
from tickertape.inbound.changes import Changes
from tickertape.inbound.commands import Commands
from tickertape.inbound.histories import Histories
from tickertape.inbound.history import Witness
from tickertape.inbound.inbox import Inbox
from tickertape.inbound.offers import Offers
from tickertape.inbound.participation import Participation
from tickertape.inbound.reply_chains import ReplyChains
from tickertape.inbound.stopping import Stopping
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
    """What platforms are given: where events go, who answers, what is stored, how earlier answers are repaired.

    `clock` tells Unix time in seconds.
    """

    inbox: Inbox
    histories: Histories
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
    journal = StoreJournal(store, models, clock)
    streamer = Streamer(journal, registry, languages, settings.most_messages)
    assistant = Assistant(
        Choices(models, personas, store.preferences),
        Rulebook(settings.rules, registry, store.usage, clock),
        Memory(store.conversations, settings.memory, clock),
        clock,
    )
    answering = Answering(assistant, streamer, journal, registry, languages, settings.second_prompt)
    witness = Witness(assistant.rules)
    chains = ReplyChains(store.conversations, witness, reads_history=settings.memory.read_history)
    asking = Asking(answering, assistant, chains)
    inbox = Inbox(
        asking,
        Stopping(answering, assistant.rules),
        Offers(asking, assistant, store, clock),
        Changes(answering, asking, store),
        Commands(store, assistant, clock, settings.currency),
        Participation(store.conversations, assistant.rules, follow_ups=settings.follow_ups),
    )
    repairer = Repairer(store, answering, assistant.choices, journal, settings.repair, clock)
    histories = Histories(assistant.memory, chains, witness)
    return Service(inbox, histories, answering, assistant, store, repairer, settings, clock)
