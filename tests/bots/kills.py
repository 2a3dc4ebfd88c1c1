"""Kills the real process again and again while it answers on both platforms, and looks at what people see in the end.

    python -m tests.bots.kills --rounds 200

Each round starts `tickertape run` on the same database, asks in new channels by a mention and by /ask, and in direct
messages, and ends the process by SIGKILL at a random moment: while it starts, repairs, hears, thinks or streams. After
the last round one more process is left alone.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.bots.process import run_bot, variables_for
from tests.support.english import english
from tickertape.languages import words
from tickertape.sandbox.discord import Channel, DiscordSandbox
from tickertape.sandbox.gateway import GatewaySandbox, Script
from tickertape.sandbox.slack import SlackSandbox
from tickertape.sandbox.slack.models import StreamState

TEXT = "".join(f"Sentence number {n} of an answer that is killed. " for n in range(30)).strip()
INTERRUPTED = english(words.INTERRUPTED)
STARTING = 0.2
"""How often a process is killed while it starts."""
HEARD = 0.8
"""How often a process lives until the model is asked for at least one of the new answers."""
SETTLED = 180.0
"""Seconds after which everything must have come to its end."""


@dataclass(frozen=True)
class View:
    """What people see of one answer: the texts of its messages, and whether anything there seems to be at work.

    That is a Stop button, a stream that has not ended, or that the bot is thinking. `acknowledged` says that the platform
    was told of the question's safe arrival.
    """

    texts: list[str]
    live: bool
    acknowledged: bool = False

    @property
    def text(self) -> str:
        """The model's text, in one line, without what else stands there."""
        shown = " ".join(self.texts)
        for said in (english(words.THINKING), english(words.WAITING_TURN), INTERRUPTED):
            shown = shown.replace(said, "")
        return " ".join(shown.replace("-#", "").replace("_", "").split())

    @property
    def ended(self) -> bool:
        """Whether it is whole or says that it was interrupted, and nothing seems to be at work; or was never begun.

        A question that the process had not written down when it was killed is unheard of. Discord does not tell again;
        Slack does while it was not acknowledged, and what was acknowledged is answered.
        """
        if self.live:
            return False
        if not self.texts:
            return not self.acknowledged
        return self.text == TEXT or INTERRUPTED in self.texts[-1]


@dataclass
class Asked:
    """A question: how to look at its answer, and the most text that was ever seen of it."""

    name: str
    look: Callable[[], View]
    seen: str = ""

    def complaint(self) -> str | None:
        """Return what is wrong with how it ended, None if all is well."""
        view = self.look()
        if not view.ended:
            return f"{self.name}: left as {view.texts!r}, live: {view.live}"
        if not TEXT.startswith(view.text):
            return f"{self.name}: shows what is no beginning of the answer: {view.texts!r}"
        if len(view.text) < len(self.seen):
            return f"{self.name}: people had seen {len(self.seen)} characters, {len(view.text)} are left"
        return None


@dataclass
class Report:
    """What came of all rounds."""

    asked: list[Asked] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    whole: int = 0
    interrupted: int = 0
    unheard: int = 0
    seconds: float = 0.0


async def play(rounds: int, seed: int, folder: Path) -> Report:
    """Kill `rounds` times and return what people see in the end."""
    began = time.monotonic()
    async with DiscordSandbox() as discord, SlackSandbox() as slack, GatewaySandbox() as gateway:
        world = _World(discord, slack, gateway, random.Random(seed), folder)
        for number in range(rounds):
            await world.round(number)
        return await world.finish(time.monotonic() - began)


@dataclass
class _World:
    discord: DiscordSandbox
    slack: SlackSandbox
    gateway: GatewaySandbox
    chance: random.Random
    folder: Path
    report: Report = field(default_factory=Report)

    async def round(self, number: int) -> None:
        """Let one process live for a while."""
        self.gateway.default = Script(
            text=TEXT,
            tokens_per_second=self.chance.choice([30.0, 150.0, 1000.0]),
            first_token=self.chance.choice([0.0, 0.3, 2.5]),
        )
        async with run_bot(self.folder, **self._variables()) as bot:
            if self.chance.random() < STARTING:
                await bot.ready("starting")  # which is before the libraries are imported
                await asyncio.sleep(3.0 * self.chance.random())
            else:
                await bot.ready("discord_ready", "slack_ready")
                await self._ask(number)
                await self._sleep()
            for asked in self.report.asked:
                asked.seen = max(asked.seen, asked.look().text, key=len)
            bot.process.send_signal(signal.SIGKILL)
            await bot.ended()

    async def _sleep(self) -> None:
        """Let some time pass: a moment, in which the questions are heard, or until as many as that are asked of the model."""
        if self.chance.random() < HEARD:
            wanted = len(self.gateway.requests) + self.chance.randint(1, 4)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(5.0):
                    await self.gateway.wait_for(lambda: len(self.gateway.requests) >= wanted)
        await asyncio.sleep(self.chance.choice([0.0, 0.05, 0.3, 1.0, 3.0]) * self.chance.random())

    async def finish(self, seconds: float) -> Report:
        """Leave the last process alone until everything has ended."""
        report = self.report
        async with run_bot(self.folder, **self._variables()) as bot:
            await bot.ready("discord_ready", "slack_ready")
            until = time.monotonic() + SETTLED
            await asyncio.sleep(2.0)
            while time.monotonic() < until and any(not asked.look().ended for asked in report.asked):  # noqa: ASYNC110 - looks at what people see
                await asyncio.sleep(0.25)
            bot.process.send_signal(signal.SIGTERM)
            await bot.ended()
        report.complaints = [said for asked in report.asked if (said := asked.complaint()) is not None]
        report.whole = sum(asked.look().text == TEXT for asked in report.asked)
        report.unheard = sum(not asked.look().texts for asked in report.asked)
        report.interrupted = len(report.asked) - report.whole - report.unheard
        report.seconds = seconds
        return report

    async def _ask(self, number: int) -> None:
        """Ask in a new channel of each platform by a mention, in Discord by /ask as well, and in Slack directly, too."""
        discord, slack = self.discord, self.slack
        channel = discord.world.add_channel(discord.guild, f"round-{number}")
        question = await discord.say(channel, discord.alice, "Why?", mention_bot=True)
        self.report.asked.append(Asked(f"discord {number} {question.id}", lambda: self._in_channel(channel)))
        commanded = discord.world.add_channel(discord.guild, f"command-{number}")
        used = await discord.slash(commanded, discord.bob, "ask", {"prompt": "Why?"})
        self.report.asked.append(
            Asked(f"discord {number} /ask {used.id}", lambda: self._in_channel(commanded))
        )
        place = (await slack.add_channel(f"round-{number}", "alice")).id
        for where in (place, (await slack.open_dm("alice")).id):
            said = await slack.say(where, "alice", "Why?", mention_bot=where == place)
            self.report.asked.append(Asked(f"slack {number} {said.ts}", self._thread(where, said.ts)))

    def _in_channel(self, channel: Channel) -> View:
        """Return what a channel of Discord shows that has one question; a deferred response is no text."""
        mine = [
            one
            for one in channel.messages.values()
            if one.author is self.discord.bot_user and not one.deleted
        ]
        texts = [one.content for one in mine if not one.loading]
        return View(texts, any(one.loading or _stops(one.components) for one in mine))

    def _thread(self, channel: str, root: str) -> Callable[[], View]:
        def look() -> View:
            mine = [
                one
                for one in self.slack.bot_messages
                if one.channel == channel
                and one.thread_ts == root
                and not one.deleted
                and one.ephemeral_to is None
            ]
            live = any(
                _stops(one.blocks) or (one.stream is not None and one.stream.state is StreamState.LIVE)
                for one in mine
            )
            thinks = self.slack.world.status(channel, root) != ""
            return View([one.visible for one in mine], live or thinks, self._acknowledged(channel, root))

        return look

    def _acknowledged(self, channel: str, ts: str) -> bool:
        """Whether every event was acknowledged that told of a message: a mention is told of by two."""
        told = [
            one
            for one in self.slack.deliveries
            if (one.event.get("channel"), one.event.get("ts")) == (channel, ts)
        ]
        return bool(told) and all(one.acked for one in told)

    def _variables(self) -> dict[str, str]:
        return variables_for(self.discord, self.slack, self.gateway) | {
            "TICKERTAPE_STORE_URL": f"sqlite:///{self.folder / 'store.db'}",
            "TICKERTAPE_REPAIR_ANSWER_AGAIN_WITHIN": "86400",
        }


def _stops(components: object) -> bool:
    """Whether a Stop button is among a message's components or blocks."""
    return f'"{english(words.STOP_LABEL)}"' in json.dumps(components)


def main() -> None:
    """Run what the command line asks for; ends with 1 if anything was wrong."""
    parser = argparse.ArgumentParser("python -m tests.bots.kills", description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = asyncio.run(play(arguments.rounds, arguments.seed, Path(folder)))
    for complaint in report.complaints:
        print(complaint)  # noqa: T201 - a command
    print(  # noqa: T201
        f"{arguments.rounds} kills, {len(report.asked)} answers: {report.whole} whole, {report.interrupted} interrupted, "
        f"{report.unheard} unheard, {len(report.complaints)} complaints, {report.seconds:.0f} s"
    )
    sys.exit(1 if report.complaints else 0)


if __name__ == "__main__":
    main()
