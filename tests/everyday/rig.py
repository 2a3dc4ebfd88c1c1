"""What the tests of everyday use need of a platform: the whole bot on a real store, and what people do and see there."""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from tests.support.scripted_model import ScriptedModel
from tests.support.services import Setup
from tickertape.rules.rulebook import Rules
from tickertape.screen.body import Offer
from tickertape.service import Everyday, Service


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that somebody sends. `announced` is the size that the platform says; `surplus` bytes come beyond it."""

    name: str
    data: bytes
    announced: int | None = None
    surplus: int = 0


@dataclass(frozen=True, slots=True)
class Shown:
    """A message of the bot's as people see it: its text, what its buttons offer, and what is in its files."""

    text: str
    offers: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


class Where(enum.Enum):
    """Where people ask, beside direct messages."""

    CHANNEL = "channel"
    THREAD = "thread"
    """In a thread of that channel."""
    ELSEWHERE = "elsewhere"
    """In another channel, where the bot is, too."""


class Stop(enum.Enum):
    """The ways to stop an answer."""

    REACTION = "reaction"
    BUTTON = "button"
    COMMAND = "command"


Question = Any
"""A message that asks; the platform's own."""


class Rig(Protocol):
    """One platform with one bot. People are `alice`, `bob` and `moderator`.

    Questions are asked by a mention in a channel, or `direct` in a direct message, which is one conversation.
    """

    platform: str

    @property
    def setup(self) -> Setup: ...

    @property
    def service(self) -> Service: ...

    @property
    def file(self) -> Path:
        """The database of the process that runs."""
        ...

    def person(self, name: str) -> str:
        """Return somebody's id as rules name it."""
        ...

    async def role_of(self, name: str) -> str:
        """Give somebody a role (a usergroup), and return its id as rules name it."""
        ...

    @property
    def channel(self) -> str:
        """The id of the channel as rules name it."""
        ...

    async def restart(self, setup: Setup | None = None) -> None:
        """Kill the process and begin another one, with other settings if any are given."""
        ...

    async def ask(
        self, text: str = "Why?", user: str = "alice", *, files: Sequence[Sent] = (), direct: bool = False
    ) -> Question: ...

    async def ask_in(self, where: Where, text: str = "Why?", user: str = "alice") -> Question:
        """Ask by a mention."""
        ...

    async def write(
        self, where: Where, text: str, user: str = "alice", *, mentions: str | None = None
    ) -> None:
        """Write something that does not mention the bot, but perhaps somebody else."""
        ...

    async def write_as_app(self, where: Where, text: str) -> None:
        """Let another app write something there."""
        ...

    async def ask_about_app(self, alert: str, text: str) -> None:
        """Let another app write an alert in the channel, and alice ask about it: by a reply to it, or in its thread."""
        ...

    def refuse_edits(self) -> None:
        """Let the platform refuse, for good, what the bot's messages in the channel are to become."""
        ...

    async def stop(self, way: Stop, user: str) -> None:
        """Stop the newest answer in the channel, or try to."""
        ...

    async def ask_by_command(
        self, text: str = "Why?", user: str = "alice", where: Where = Where.CHANNEL
    ) -> Callable[[], str]:
        """Use /ask; what is returned tells what only the asker sees of it. Slack has no commands in threads."""
        ...

    async def choose_for_channel(self, model: str, user: str, where: Where = Where.CHANNEL) -> str:
        """Use /model there for the whole channel, and return what is said in private."""
        ...

    def shown_in(self, where: Where) -> list[str]:
        """Return the texts of the bot's messages there, oldest first."""
        ...

    async def edit(self, question: Question, text: str) -> None: ...

    async def accept_edit(self, question: Question) -> None:
        """Take what is offered to alice, who edited a question that is being answered: to have it answered anew."""
        ...

    def is_offered_anew(self, question: Question) -> bool:
        """Whether alice is offered that."""
        ...

    async def delete(self, question: Question) -> None: ...

    async def press(self, offer: Offer, user: str = "alice") -> None:
        """Press that button of the newest answer in the channel."""
        ...

    async def command(
        self, name: str, argument: str = "", user: str = "alice", *, direct: bool = False
    ) -> Shown:
        """Use one of `model`, `persona`, `usage`, `forget`, `help`, and return what is said in private."""
        ...

    def answers(self, *, direct: bool = False) -> list[Shown]:
        """Return the bot's messages in the channel or in alice's direct message, oldest first."""
        ...

    def waiting(self) -> list[str]:
        """Return what stands in alice's direct message for answers that have no text yet."""
        ...

    def is_live(self) -> bool:
        """Whether an answer anywhere seems to be written still: a Stop button, a native stream, a deferred response."""
        ...

    def whispers(self, user: str = "alice") -> list[str]:
        """Return what only `user` was told because of questions and buttons in the channel."""
        ...

    async def until(self, predicate: Callable[[], object], seconds: float = 60.0) -> None: ...

    async def quiet(self) -> None:
        """Wait until no answer is running and nothing is on its way."""
        ...

    def assert_clean(self) -> None:
        """Fail if anything happened that must never happen: a 429, a ping."""
        ...


def model_in(rig: Rig, name: str = "small") -> ScriptedModel:
    """Return one of the rig's models."""
    model = rig.setup.models[name]
    assert isinstance(model, ScriptedModel)
    return model


def told(rig: Rig, number: int = -1) -> list[str]:
    """Return what the model was told when it was asked, turn by turn."""
    return [turn.text for turn in model_in(rig).asked[number]]


async def govern(rig: Rig, rules: Rules) -> None:
    """Begin a process with these rules."""
    await rig.restart(replace(rig.setup, everyday=replace(rig.setup.everyday, rules=rules)))


def everyday(setup: Setup, settings: Everyday) -> Setup:
    """Return `setup` with other settings."""
    return replace(setup, everyday=settings)
