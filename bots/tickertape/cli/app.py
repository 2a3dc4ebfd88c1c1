"""The life of the process: start the platforms, wait for a signal or a failure, drain, close."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import structlog

from tickertape.answer.answering import Answering
from tickertape.cli.exit_code import ExitCode
from tickertape.finding import SetupError

_log = structlog.get_logger(__name__)

__all__ = ["CLOSE_TIMEOUT", "App", "Bot", "ExitCode", "Platform", "SetupProblem", "run_until_signalled"]

CLOSE_TIMEOUT = 10.0
"""Seconds that a platform or the model's client may take to close; what is left then ends with the process."""


class Bot(Protocol):
    """A platform's bot."""

    async def run(self) -> None:
        """Connect and serve until `close`; raises `SetupError` if the platform does not accept the set-up."""
        ...

    async def close(self) -> None:
        """End `run` and everything that it started; may be called before `run` has connected."""
        ...


@dataclass(frozen=True, slots=True)
class Platform:
    """A bot and the name of its platform, as people know it."""

    name: str
    bot: Bot


@dataclass(frozen=True, slots=True)
class SetupProblem:
    """What a platform's owner has to set right."""

    platform: str
    problem: str
    fix: str


class App:
    """Runs platforms until `stop`; `problems` then says what their owner has to set right."""

    def __init__(
        self,
        answering: Answering,
        platforms: Sequence[Platform],
        close_rest: Callable[[], Coroutine[Any, Any, None]],
        *,
        grace: float,
        drain: float,
    ) -> None:
        self._answering = answering
        self._platforms = platforms
        self._close_rest = close_rest
        self._grace = grace
        self._drain = drain
        self._stop = asyncio.Event()
        self.problems: list[SetupProblem] = []

    def stop(self) -> None:
        """Ask the app to end: running answers get their grace time, new prompts none."""
        self._stop.set()

    async def run(self) -> ExitCode:
        """Serve until `stop` is called or a platform ends by itself; then drain the answers and close everything."""
        runs = {asyncio.create_task(platform.bot.run()): platform for platform in self._platforms}
        stopped = asyncio.create_task(self._stop.wait())
        await asyncio.wait({stopped, *runs}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        early = [platform for run, platform in runs.items() if run.done()]
        await self._close(runs)
        return max((self._judge(run, platform, ended_early=platform in early) for run, platform in runs.items()),
                   default=ExitCode.OK)  # fmt: skip

    async def _close(self, runs: dict[asyncio.Task[None], Platform]) -> None:
        _log.info("shutting_down", running=len(self._answering.registry), grace=self._grace)
        await self._answering.close(self._grace, self._drain)
        await _finish({f"{platform.name} close": platform.bot.close() for platform in self._platforms})
        _, left = await asyncio.wait(runs, timeout=CLOSE_TIMEOUT) if runs else (set(), set())
        for run in left:
            _log.error("platform_did_not_end", platform=runs[run].name)
            run.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await _finish({"models and store close": self._close_rest()})
        _log.info("shut_down")

    def _judge(self, run: asyncio.Task[None], platform: Platform, *, ended_early: bool) -> ExitCode:
        """Return what the end of a platform's `run` means, and log it."""
        if run.cancelled():  # it had to be cut off, which is logged, after its answers were drained
            return ExitCode.OK if self._stop.is_set() else ExitCode.FAILED
        error = run.exception()
        if isinstance(error, SetupError):
            self.problems.append(SetupProblem(platform.name, error.problem, error.fix))
            _log.error("platform_refused", platform=platform.name, problem=error.problem, fix=error.fix)
            return ExitCode.FAILED if error.may_pass else ExitCode.SETUP
        if error is not None:
            _log.error("platform_crashed", platform=platform.name, exc_info=error)
            return ExitCode.FAILED
        if ended_early and not self._stop.is_set():
            _log.error("platform_ended", platform=platform.name)
            return ExitCode.FAILED
        return ExitCode.OK


async def run_until_signalled(make: Callable[[], Awaitable[App]]) -> tuple[ExitCode, Sequence[SetupProblem]]:
    """Make an app and run it; SIGTERM or SIGINT stops it, and a second one ends the process at once.

    Making it imports the client libraries, which takes a second: a signal meanwhile counts as soon as that is over. What
    making it raises is raised.
    Returns how it ended, and what its platforms did not accept.
    """
    loop = asyncio.get_running_loop()
    signalled = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _on_signal, signalled, number)
    _log.info("starting")
    app = await make()
    stopping = asyncio.create_task(_stop_when(signalled, app))
    try:
        return await app.run(), app.problems
    finally:
        stopping.cancel()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


async def _stop_when(signalled: asyncio.Event, app: App) -> None:
    await signalled.wait()
    app.stop()


def _on_signal(signalled: asyncio.Event, number: signal.Signals) -> None:
    loop = asyncio.get_running_loop()
    for other in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(other, _end_at_once, other)
    _log.info("signal", name=number.name)
    signalled.set()


def _end_at_once(number: signal.Signals) -> None:
    """End the process now, with the status of a process that the signal killed."""
    _log.warning("ended_at_once", name=number.name)
    os._exit(128 + number)


async def _finish(closes: dict[str, Coroutine[Any, Any, None]]) -> None:
    """Close several things at the same time, within `CLOSE_TIMEOUT`; what fails is logged and holds nothing up."""
    tasks = {asyncio.create_task(close): what for what, close in closes.items()}
    if not tasks:
        return
    done, left = await asyncio.wait(tasks, timeout=CLOSE_TIMEOUT)
    for task in left:
        _log.error("close_timed_out", what=tasks[task])
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    for task in done:
        if (error := task.exception()) is not None:
            _log.error("close_failed", what=tasks[task], exc_info=error)
