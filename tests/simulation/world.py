"""Scenarios on virtual time: the real core, from the model's stream to the calls, against platforms in memory."""

from __future__ import annotations

import asyncio
import enum
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from tests.simulation import optimum, platforms
from tests.simulation.measure import Frame, Record, Summary, Text, shown_steps, summarize
from tests.simulation.paces import FIRST, TOKEN, UNDER_WAY, Pace, PacedModel, Unevenness, steady
from tests.simulation.platforms import Platform, frames_of
from tests.support.pacing_only import answering_on
from tests.support.prompts import prompt
from tests.virtual_time import VirtualTimeLoop
from tickertape.answer.opening import Opening
from tickertape.screen.body import Call
from tickertape.screen.streamer import Placeholder
from tickertape.slack.http.budgets import TIER_3

T = TypeVar("T")

STEADY = "steady"
DISCORD_CALLS = 50.0
"""Calls a second that Discord allows a bot (API documentation, rate limits)."""

LONGEST_OPTIMUM = 20.0
"""Seconds of an answer up to which the optimum is computed; for longer ones there is the bound."""


class Setting(enum.Enum):
    """Where the answers of a scenario are shown. The value is its name in tables."""

    CHANNEL = "one channel"
    CHANNELS = "channels"
    SLASH = "slash commands"
    WORKSPACE = "Slack workspace"

    @property
    def seconds_per_edit(self) -> float:
        """The tau of the setting: seconds for each edit that its budget allows on the long run."""
        return {Setting.SLASH: 0.4, Setting.WORKSPACE: 1.2}.get(self, 1.0)

    @property
    def shared(self) -> bool:
        """Whether all answers draw on one budget of edits."""
        return self in {Setting.CHANNEL, Setting.WORKSPACE}


_PLATFORMS: dict[Setting, Callable[[int], Platform]] = {
    Setting.CHANNEL: platforms.one_channel,
    Setting.CHANNELS: platforms.channels,
    Setting.SLASH: platforms.slash_commands,
    Setting.WORKSPACE: platforms.workspace,
}


@dataclass(frozen=True, slots=True)
class Scenario:
    """Some equal answers that are asked at the same time; `label` says how the model speaks."""

    setting: Setting
    answers: int
    pace: Pace
    label: str = STEADY

    @property
    def name(self) -> str:
        """A name for tables, e.g. `8 x 60 s steady, one channel`."""
        return f"{self.answers} x {self.seconds:.3g} s {self.label}, {self.setting.value}"

    @property
    def seconds(self) -> float:
        """Seconds from the first moment of generation to the last piece of text."""
        return self.pace.seconds

    @property
    def sharing(self) -> int:
        """How many answers share each budget of edits."""
        return self.answers if self.setting.shared else 1


def steady_in(setting: Setting, answers: int, seconds: float) -> Scenario:
    """Return the scenario of steady answers of 50 tokens/s."""
    return Scenario(setting, answers, steady(seconds))


def best_possible(scenario: Scenario, *, posts_hold_places: bool = False) -> float | None:
    """Return the mean lag of the offline optimum with half a round trip, in seconds; None where it is not computed.

    In Slack the optimum posts the first text, although the bot's post only holds its place: no limit asks for that.
    With `posts_hold_places` it keeps to the bot's way, and the first text takes an edit.
    """
    own = scenario.sharing
    step = round(scenario.pace.pieces[0].at - FIRST, 6)
    if scenario.label != STEADY or scenario.seconds > LONGEST_OPTIMUM:
        return None
    if scenario.setting is Setting.WORKSPACE:
        spent = own if posts_hold_places else 0
        if TIER_3 - spent < own:
            return None  # not even the ends fit into the first minute
        lag = optimum.sliding_window(own, scenario.seconds, TIER_3, step, spent)
    elif scenario.setting is Setting.SLASH or own > 2 * optimum.DISCORD_CHANNEL.limit:
        return None
    else:
        lag = optimum.fixed_windows(optimum.Problem(own, scenario.seconds, step)).lag
    return lag + platforms.ROUND_TRIP / 2


def fairness_of_the_best(scenario: Scenario) -> float:
    """Return the mean lag of the worst-served answer over that of the best-served, under the optimum of a channel."""
    lags = optimum.fixed_windows(optimum.Problem(scenario.answers, scenario.seconds)).lags
    return (max(lags) + platforms.ROUND_TRIP / 2) / (min(lags) + platforms.ROUND_TRIP / 2)


def bound(scenario: Scenario) -> float:
    """Return the lower bound of long answers in this setting, in seconds.

    Answers in channels of their own share nothing but Discord's 50 calls a second.
    """
    seconds_per_edit = scenario.setting.seconds_per_edit
    if scenario.setting is Setting.CHANNELS:
        seconds_per_edit = max(seconds_per_edit, scenario.answers / DISCORD_CALLS)
    return optimum.lower_bound(scenario.sharing, seconds_per_edit, platforms.ROUND_TRIP)


@dataclass(frozen=True, slots=True)
class Figures:
    """What came of a scenario."""

    summary: Summary
    posts: int
    edits: int
    rate_limited: int


def new_platform(scenario: Scenario) -> Platform:
    """Return a fresh platform with a place for each answer."""
    return _PLATFORMS[scenario.setting](scenario.answers)


async def play(scenario: Scenario) -> Figures:
    """Have Tickertape answer, and measure it."""
    return await _play(scenario, new_platform(scenario), PacedModel([scenario.pace] * scenario.answers))


async def play_unevenly(scenario: Scenario, seed: int) -> Figures:
    """Have Tickertape answer in a Slack workspace, with the delays that the real clock adds to deltas and calls."""
    platform = platforms.workspace(scenario.answers, Unevenness(*platforms.OVERHEAD, seed))
    model = PacedModel([scenario.pace] * scenario.answers, Unevenness(*UNDER_WAY, seed))
    return await _play(scenario, platform, model)


async def _play(scenario: Scenario, platform: Platform, model: PacedModel) -> Figures:
    answering = answering_on(model)
    # Discord shows its own typing notice or "thinking…"; in Slack a post holds the place, as the adapter has it.
    placeholder = Placeholder(after=1.5) if scenario.setting is Setting.WORKSPACE else None
    for number, place in enumerate(platform.places):
        answering.ask(prompt(str(number), key=f"fake:{number}"), Opening(place, placeholder=placeholder))
    await asyncio.gather(*(answer.done.wait() for answer in answering.registry.running()))
    await answering.close(grace=0)
    return figures(scenario, platform, model)


def figures(scenario: Scenario, platform: Platform, model: PacedModel) -> Figures:
    """Return what the server saw, once all answers are over."""
    text = Text(scenario.pace.text)
    frames = [frames_of(place) for place in platform.places]
    records = [_record(scenario.pace, text, each, model.started[n]) for n, each in enumerate(frames)]
    return Figures(
        summarize(records), platform.calls(Call.POST), platform.calls(Call.EDIT), platform.rate_limited
    )


def _record(pace: Pace, text: Text, frames: list[Frame], start: float) -> Record:
    """Measure one answer; its first message may have begun with a placeholder, which is no text."""
    spoken = [frame for frame in frames if frame.page or text.text.startswith(frame.text[: TOKEN - 1])]
    return Record(pace.sent(start), shown_steps(text, spoken), start + pace.ends)


def on_virtual_time(run: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Return what `run()` gives on a fresh virtual clock."""
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        return runner.run(run())
