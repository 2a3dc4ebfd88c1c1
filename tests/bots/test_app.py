"""The life of the process on virtual time, with bots that do as they are told."""

from __future__ import annotations

import asyncio
import signal
from dataclasses import dataclass, field

import pytest
from structlog.testing import capture_logs

from tests.support.english import english
from tests.support.fake_platform import FakeChannel, FakeSurface
from tests.support.prompts import prompt
from tests.support.scripted_model import Script, ScriptedModel, pieces_of
from tests.support.services import Compose
from tickertape.answer.answer import Answer
from tickertape.answer.answering import Answering
from tickertape.answer.opening import Opening
from tickertape.answer.preparation import PromptRefused
from tickertape.answer.states import State
from tickertape.cli.app import CLOSE_TIMEOUT, App, Platform, SetupProblem, run_until_signalled
from tickertape.cli.exit_code import ExitCode
from tickertape.finding import SetupError
from tickertape.languages import words

TEXT = "One word after the other. " * 20


@dataclass
class ObedientBot:
    """Runs until it is closed, or until it is told to fail."""

    error: Exception | None = None
    stubborn: bool = False
    """Never lets `run` end."""
    close_error: Exception | None = None
    deaf: bool = False
    """Never lets `close` end."""
    closed: bool = False
    running: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        self.running.set()
        await self.over.wait()
        if self.error is not None:
            raise self.error
        if self.stubborn:
            await asyncio.Event().wait()

    async def close(self) -> None:
        self.closed = True
        self.over.set()
        if self.close_error is not None:
            raise self.close_error
        if self.deaf:
            await asyncio.Event().wait()

    def fail(self, error: Exception | None) -> None:
        """End `run` by itself, with an error or without."""
        self.error = error
        self.over.set()


class House:
    """An app with two bots, one model and one place for answers."""

    def __init__(self, answering: Answering, grace: float) -> None:
        self.answering = answering
        self.discord, self.slack = ObedientBot(), ObedientBot()
        self.model_closed_after: list[bool] = []
        platforms = [Platform("Discord", self.discord), Platform("Slack", self.slack)]
        self.app = App(self.answering, platforms, self._close_model, grace=grace, drain=20.0)
        self.surface = FakeSurface(FakeChannel())
        self.run = asyncio.create_task(self.app.run())

    @classmethod
    async def open(cls, compose: Compose, *, grace: float = 25.0, pause: float = 0.1) -> House:
        service = await compose(ScriptedModel([Script(pieces_of(TEXT), pause=pause)]))
        return cls(service.answering, grace)

    async def _close_model(self) -> None:
        self.model_closed_after.append(self.discord.closed and self.slack.closed)

    async def ask(self) -> Answer:
        """Have an answer begin, and wait until some of it is on screen."""
        await self.discord.running.wait()
        answer = self.answering.ask(prompt(), Opening(self.surface))
        assert answer is not None
        await answer.shown.wait()
        return answer


async def test_stop_closes_everything_in_order_and_ends_with_0(compose: Compose) -> None:
    house = await House.open(compose)
    await house.slack.running.wait()
    house.app.stop()
    assert await house.run is ExitCode.OK
    assert house.discord.closed
    assert house.slack.closed
    assert house.model_closed_after == [True]


async def test_an_answer_that_ends_within_the_grace_time_is_complete(compose: Compose) -> None:
    house = await House.open(compose, pause=0.1)
    answer = await house.ask()
    house.app.stop()
    await asyncio.sleep(0.001)
    with pytest.raises(PromptRefused, match=english(words.SHUTTING_DOWN)):
        house.answering.check(prompt("another"))
    assert not house.discord.closed
    assert await house.run is ExitCode.OK
    assert answer.state is State.COMPLETE
    assert house.surface.texts == [TEXT.strip()]


async def test_an_answer_that_takes_longer_is_interrupted_with_all_its_text(compose: Compose) -> None:
    house = await House.open(compose, grace=3.0, pause=0.5)
    answer = await house.ask()
    house.app.stop()
    assert await house.run is ExitCode.OK
    assert answer.state is State.INTERRUPTED
    assert answer.draft.length > 0
    (shown,) = house.surface.texts
    assert shown.startswith(TEXT[: answer.draft.length].strip())
    assert english(words.INTERRUPTED) in shown
    assert not house.surface.messages[0].versions[-1].body.stoppable


async def test_no_grace_time_interrupts_at_once(compose: Compose) -> None:
    house = await House.open(compose, grace=0.0, pause=0.5)
    answer = await house.ask()
    asked = asyncio.get_running_loop().time()
    house.app.stop()
    assert await house.run is ExitCode.OK
    assert answer.state is State.INTERRUPTED
    assert asyncio.get_running_loop().time() - asked < 10


async def test_a_refused_set_up_is_a_problem_with_its_fix_and_ends_with_2(compose: Compose) -> None:
    house = await House.open(compose)
    await house.slack.running.wait()
    house.slack.fail(SetupError("The token is wrong.", "Copy it again."))
    assert await house.run is ExitCode.SETUP
    assert house.app.problems == [SetupProblem("Slack", "The token is wrong.", "Copy it again.")]
    assert house.discord.closed


async def test_a_platform_that_crashes_is_logged_and_the_others_answers_are_drained(compose: Compose) -> None:
    house = await House.open(compose)
    answer = await house.ask()
    with capture_logs() as logs:
        house.slack.fail(RuntimeError("boom"))
        assert await house.run is ExitCode.FAILED
    assert answer.state is State.COMPLETE
    assert house.surface.texts == [TEXT.strip()]
    assert [
        (log["platform"], str(log["exc_info"])) for log in logs if log["event"] == "platform_crashed"
    ] == [("Slack", "boom")]


async def test_a_platform_that_ends_by_itself_is_a_failure(compose: Compose) -> None:
    house = await House.open(compose)
    await house.slack.running.wait()
    house.slack.fail(None)
    assert await house.run is ExitCode.FAILED


async def test_a_set_up_problem_weighs_more_than_a_crash(compose: Compose) -> None:
    house = await House.open(compose)
    await house.slack.running.wait()
    house.discord.fail(RuntimeError("boom"))
    house.slack.fail(SetupError("The token is wrong.", "Copy it again."))
    assert await house.run is ExitCode.SETUP


async def test_a_bot_that_does_not_close_holds_nobody_up_for_long(compose: Compose) -> None:
    house = await House.open(compose)
    house.discord.deaf = house.discord.stubborn = True
    house.slack.close_error = RuntimeError("no")
    await house.slack.running.wait()
    began = asyncio.get_running_loop().time()
    house.app.stop()
    with capture_logs() as logs:
        assert await house.run is ExitCode.OK
    assert asyncio.get_running_loop().time() - began <= 2 * CLOSE_TIMEOUT + 1
    assert house.model_closed_after == [True]
    assert [log["event"] for log in logs if log["log_level"] == "error"] == [
        "close_timed_out", "close_failed", "platform_did_not_end",
    ]  # fmt: skip


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.real_time
async def test_a_signal_stops_the_app(compose: Compose, number: signal.Signals) -> None:
    bot = ObedientBot()
    answering = (await compose(ScriptedModel([]))).answering
    app = App(answering, [Platform("Discord", bot)], ObedientBot().close, grace=1, drain=1)

    async def made() -> App:
        return app

    running = asyncio.create_task(run_until_signalled(made))
    await bot.running.wait()
    signal.raise_signal(number)
    assert await running == (ExitCode.OK, [])
    assert bot.closed
