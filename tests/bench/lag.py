"""Display lag on the real clock: the real bot on the real client libraries, against the stand-ins in another process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from tests.bench.raw import RawDiscord, RawSlack, TypedModel, raw_session
from tests.bench.stands import Round, Seen, Stands
from tests.bench.world import Addresses, question
from tests.simulation import baselines, paces
from tests.simulation.baselines import Kind, Screen
from tests.simulation.measure import summarize
from tests.simulation.world import (
    Figures,
    Scenario,
    Setting,
    best_possible,
    bound,
    on_virtual_time,
    play,
    steady_in,
)
from tests.support.services import Setup, service_in_memory
from tickertape.answer.answering import Answering
from tickertape.cli.app import Bot
from tickertape.discord.bot import DiscordBot
from tickertape.discord.settings import DiscordSettings
from tickertape.model.client import ChatModel
from tickertape.model.settings import ChatSettings
from tickertape.service import Service
from tickertape.slack.bot import SlackBot
from tickertape.slack.settings import SlackSettings

CHANNEL, CHANNELS, SLASH, WORKSPACE = Setting.CHANNEL, Setting.CHANNELS, Setting.SLASH, Setting.WORKSPACE


@dataclass(frozen=True, slots=True)
class Row:
    """One scenario: on virtual time, and on the real clock where that was run. `None` is: not computed, not run."""

    scenario: Scenario
    bound: float
    optimum: float | None
    optimum_held: float | None
    virtual: Figures
    baselines: dict[Kind, Figures]
    real: Figures | None
    real_baselines: dict[Kind, Figures]


def rounds(*, quick: bool) -> list[Round]:
    """Return the scenarios that are run on the real clock, those together that share no budget."""
    if quick:
        return [
            Round([steady_in(CHANNEL, 1, 10.0), steady_in(CHANNEL, 8, 10.0), steady_in(WORKSPACE, 10, 10.0)]),
            Round([steady_in(SLASH, 8, 10.0), steady_in(CHANNELS, 8, 10.0), steady_in(WORKSPACE, 1, 10.0)]),
        ]
    return [
        Round([*(steady_in(CHANNEL, n, 60.0) for n in (1, 4, 8)), steady_in(WORKSPACE, 4, 15.0)]),
        Round([*(steady_in(CHANNEL, n, 15.0) for n in (1, 4, 8)), steady_in(WORKSPACE, 10, 15.0)]),
        Round([steady_in(CHANNELS, 8, 15.0), steady_in(SLASH, 8, 15.0), steady_in(WORKSPACE, 1, 15.0)]),
        Round([steady_in(CHANNELS, 32, 15.0), steady_in(WORKSPACE, 30, 15.0)]),
        Round(_models(CHANNEL)),
    ]


def _models(setting: Setting) -> list[Scenario]:
    return [
        Scenario(setting, 4, paces.bursty(20.0), "bursty"),
        Scenario(setting, 1, paces.slow(30.0), "slow"),
        Scenario(setting, 1, paces.fast(2.0), "fast"),
        Scenario(setting, 4, paces.burst_at_end(10.0), "burst at the end"),
    ]


def baseline_rounds(*, quick: bool) -> dict[Scenario, tuple[Kind, ...]]:
    """Return what the baselines, too, play on the real clock; in Slack both wait for the same minute to end."""
    if quick:
        return {}
    return {steady_in(CHANNEL, 8, 15.0): tuple(Kind), steady_in(WORKSPACE, 10, 15.0): (Kind.TASK,)}


def virtual_only() -> list[Scenario]:
    """Return the scenarios that are played on virtual time alone."""
    short = [(CHANNEL, n) for n in (1, 4, 8)] + [(WORKSPACE, n) for n in (1, 4, 10)]
    return [
        *(steady_in(setting, n, seconds) for seconds in (10.0, 20.0) for setting, n in short),
        steady_in(WORKSPACE, 10, 60.0),
        *_models(WORKSPACE),
    ]


@asynccontextmanager
async def bot_at(addresses: Addresses) -> AsyncIterator[Answering]:
    """Run the whole bot against the stand-ins."""
    model = ChatModel(ChatSettings(addresses.model, addresses.gateway_key, addresses.gateway_url))
    async with AsyncExitStack() as stack:
        stack.push_async_callback(model.close)
        service = await stack.enter_async_context(service_in_memory(Setup({addresses.model: model})))
        await stack.enter_async_context(_bots_running(addresses, service))
        yield service.answering


@asynccontextmanager
async def _bots_running(addresses: Addresses, service: Service) -> AsyncIterator[None]:
    bots: list[Bot] = [
        DiscordBot(DiscordSettings(addresses.discord_token, addresses.discord_url), service),
        SlackBot(
            SlackSettings(
                addresses.slack_bot_token,
                app_token=addresses.slack_app_token,
                api_url=addresses.slack_url,
                explores=False,  # the scenarios are about limits that are known
            ),
            service,
        ),
    ]
    runs = [asyncio.create_task(bot.run()) for bot in bots]
    try:
        yield
    finally:
        await service.answering.close(grace=0, drain=5)
        for bot in bots:
            await bot.close()
        await asyncio.gather(*runs, return_exceptions=True)


async def play_round(round_: Round) -> list[Figures]:
    """Have Tickertape play a round on the real clock; return the figures of its scenarios."""
    stands = Stands(round_)
    try:
        async with bot_at(await stands.addresses()):
            return list(map(figures_of, await stands.seen()))
    finally:
        await stands.close()


async def play_baseline(scenario: Scenario, kind: Kind) -> Figures:
    """Have a baseline play on the real clock, by raw HTTP calls and the openai client's typed stream."""
    stands = Stands(Round([scenario], asks=False))
    try:
        addresses = await stands.addresses()
        interval = baselines.TUNED[scenario.setting, kind]
        closed = baselines.closed_for(scenario)
        async with raw_session() as session, TypedModel(addresses) as model:
            place = RawSlack if scenario.setting is WORKSPACE else RawDiscord
            screens = [
                Screen(place(session, addresses, channel, f"0.{answer}"), closed[answer])
                for answer, channel in enumerate(addresses.channels[0])
            ]
            answers = [
                baselines.RUN[kind](screen, model, question(0, answer), interval)
                for answer, screen in enumerate(screens)
            ]
            await asyncio.gather(*answers)
            seen = await stands.seen()
        return figures_of(seen[0])
    finally:
        await stands.close()


def figures_of(seen: Seen) -> Figures:
    """Return the figures of what the servers saw."""
    return Figures(summarize(seen.records), seen.posts, seen.edits, seen.rate_limited)


def measure(*, quick: bool, only: str = "") -> list[Row]:
    """Run everything, or the scenarios whose name has `only` in it, and return a row for each scenario."""
    real: dict[Scenario, Figures] = {}
    for round_ in rounds(quick=quick):
        wanted = Round(_named(round_.scenarios, only))
        if wanted.scenarios:
            real |= dict(zip(wanted.scenarios, asyncio.run(play_round(wanted)), strict=True))
    by_baselines = baseline_rounds(quick=quick)
    others = {
        scenario: {kind: asyncio.run(play_baseline(scenario, kind)) for kind in by_baselines[scenario]}
        for scenario in _named(by_baselines, only)
    }
    scenarios = dict.fromkeys([*real, *([] if quick else _named(virtual_only(), only))])
    return [_row(scenario, real.get(scenario), others.get(scenario, {})) for scenario in scenarios]


def _named(scenarios: Iterable[Scenario], text: str) -> list[Scenario]:
    return [scenario for scenario in scenarios if text in scenario.name]


def _row(scenario: Scenario, real: Figures | None, others: dict[Kind, Figures]) -> Row:
    return Row(
        scenario=scenario,
        bound=bound(scenario),
        optimum=best_possible(scenario),
        optimum_held=best_possible(scenario, posts_hold_places=True),
        virtual=on_virtual_time(lambda: play(scenario)),
        baselines={kind: _baseline(scenario, kind) for kind in Kind},
        real=real,
        real_baselines=others,
    )


def _baseline(scenario: Scenario, kind: Kind) -> Figures:
    interval = baselines.TUNED[scenario.setting, kind]
    return on_virtual_time(lambda: baselines.play(scenario, kind, interval))
