"""What happens in the demo: who asks what, and what of the answer is on screen at each moment."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from tickertape.demo.lag import Step, covered, mean_lag
from tickertape.demo.stage import Stage
from tickertape.demo.texts import DISPLAY_LAG, RATE_LIMITS, SHARED_BUDGET, Exchange
from tickertape.discord.showing.buttons import STOP_ID
from tickertape.sandbox.discord.world.entities import Message as DiscordMessage
from tickertape.sandbox.gateway import GatewayRequest, Script
from tickertape.sandbox.slack import Message as SlackMessage
from tickertape.slack.showing.surface import STOP_ACTION

_PACE = 30.0
"""Tokens (of about four characters) that the demo's model writes per second."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button below a message: its emoji and label, and whether it stops the answer."""

    face: str
    stops: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """What one message showed from `at` (seconds) on: its Markdown and its buttons."""

    at: float
    text: str
    buttons: tuple[Button, ...] = ()


@dataclass(slots=True)
class Scene:
    """One question and its answer on a platform. `messages` gives the frames of each message, oldest first.

    `given_up` is set if the demo went on before the answer was over.
    """

    platform: str
    place: str
    asker: str
    question: str
    request: GatewayRequest
    messages: Callable[[], list[list[Frame]]]
    stopped_by: str = ""
    stopped_at: float | None = None
    given_up: bool = False

    def texts(self) -> list[str]:
        """Return what the messages of the answer show now."""
        return [frames[-1].text for frames in self.messages() if frames]

    def buttons(self) -> list[Button]:
        """Return the buttons that the messages of the answer have now."""
        return [button for frames in self.messages() if frames for button in frames[-1].buttons]

    @property
    def over(self) -> bool:
        """Whether the model has ended and the last Stop button is gone."""
        return self.request.over and bool(self.texts()) and not any(each.stops for each in self.buttons())

    @property
    def edits(self) -> int:
        """How often the messages of the answer were changed after they had been created."""
        return sum(len(frames) - 1 for frames in self.messages())

    @property
    def complete(self) -> bool:
        """Whether all text that the model sent is on screen."""
        return covered(self.request.text, self.texts()) == len(self.request.text)

    @property
    def lag(self) -> float:
        """The mean display lag of the answer's characters, in seconds, measured at the servers."""
        sent, total = [], 0
        for at, text in zip(self.request.tokens, self.request.sent, strict=True):
            total += len(text)
            sent.append(Step(at, total))
        return mean_lag(sent, list(_steps(self.request.text, self.messages())))

    @property
    def seconds_to_close(self) -> float | None:
        """Seconds from the stop reaction until the model's stream was closed; None if it was not stopped."""
        closed = self.request.disconnected
        return None if self.stopped_at is None or closed is None else closed - self.stopped_at


def _steps(answer: str, messages: list[list[Frame]]) -> Iterable[Step]:
    """Yield how much of `answer` was on screen after each change of any of its messages."""
    changes = sorted((frame.at, page, frame.text) for page, frames in enumerate(messages) for frame in frames)
    screen: dict[int, str] = {}
    for at, page, text in changes:
        screen[page] = text
        yield Step(at, covered(answer, [screen[number] for number in sorted(screen)]))


@dataclass(slots=True)
class Play:
    """Performs the scenes on a stage, one question after the other; `scenes` holds those that have begun."""

    stage: Stage
    scenes: list[Scene] = field(default_factory=list)

    async def ask_in_both(self) -> None:
        """Ask in Discord and, as soon as the model has heard that, in Slack: both answers grow together."""
        await self.ask_in_discord()
        await self.ask_in_slack()

    async def ask_in_discord(self) -> Scene:
        """Have alice use `/ask` in #general."""
        discord = self.stage.discord
        question = self._prepare(DISPLAY_LAG)
        interaction = await discord.slash(discord.general, discord.alice, "ask", {"prompt": question})
        return self._add(
            "Discord", "#general", "alice", f"/ask {question}", await self._request(question),
            lambda: [_discord_frames(message) for message in interaction.messages],
        )  # fmt: skip

    async def ask_in_slack(self) -> Scene:
        """Have bob mention the bot in #general; it answers in the thread."""
        slack = self.stage.slack
        question = self._prepare(SHARED_BUDGET)
        prompt = await slack.say("general", "bob", question, mention_bot=True)
        return self._add(
            "Slack", "thread in #general", "bob", f"@Tickertape {question}", await self._request(question),
            lambda: [_slack_frames(message) for message in slack.bot_messages if message.root == prompt.ts],
        )  # fmt: skip

    async def ask_and_stop(self, after: float) -> Scene:
        """Have alice mention the bot in Discord, and stop the answer by a reaction after some seconds of text."""
        discord = self.stage.discord
        question = self._prepare(RATE_LIMITS)
        prompt = await discord.say(discord.general, discord.alice, question, mention_bot=True)

        def answers() -> list[DiscordMessage]:
            later = [message for message in discord.general.messages.values() if message.id > prompt.id]
            return [message for message in later if message.author is discord.bot_user]

        scene = self._add(
            "Discord", "#general", "alice", f"@Tickertape {question}", await self._request(question),
            lambda: [_discord_frames(message) for message in answers()],
        )  # fmt: skip
        await discord.wait_for(lambda: bool(answers()))
        await asyncio.sleep(after)
        scene.stopped_by, scene.stopped_at = "🛑", asyncio.get_running_loop().time()
        await discord.react(answers()[-1], discord.alice, "🛑")
        return scene

    def _prepare(self, exchange: Exchange) -> str:
        """Have the model's stand-in answer the question by the script, and return the question."""
        self.stage.gateway.enqueue(Script(text=exchange.answer, tokens_per_second=_PACE, first_token=0.6))
        return exchange.question

    def _add(
        self,
        platform: str,
        place: str,
        asker: str,
        question: str,
        request: GatewayRequest,
        messages: Callable[[], list[list[Frame]]],
    ) -> Scene:
        scene = Scene(platform, place, asker, question, request, messages)
        self.scenes.append(scene)
        return scene

    async def _request(self, question: str) -> GatewayRequest:
        """Wait until `question` reaches the model's gateway, and return that request."""
        gateway = self.stage.gateway

        def found() -> list[GatewayRequest]:
            return [
                request for request in gateway.requests if question in request.body["messages"][-1]["content"]
            ]

        await gateway.wait_for(lambda: bool(found()))
        return found()[0]


def _discord_frames(message: DiscordMessage) -> list[Frame]:
    """Return what a Discord message showed, without its time of "thinking…"."""
    if message.loading:
        return []
    frames = [
        Frame(version.at, version.content, _discord_buttons(version.components))
        for version in message.versions
    ]
    return [frame for frame in frames if frame.text]


def _discord_buttons(rows: list[dict[str, Any]]) -> tuple[Button, ...]:
    buttons = [button for row in rows for button in row.get("components") or []]
    return tuple(
        Button(
            _face((button.get("emoji") or {}).get("name"), button.get("label")),
            stops=str(button.get("custom_id")).startswith(STOP_ID),
        )
        for button in buttons
    )


def _slack_frames(message: SlackMessage) -> list[Frame]:
    """Return what a Slack message showed, as the Markdown of its first block."""
    frames = []
    for version in message.versions:
        markdown = next(
            (block["text"] for block in version.blocks if block["type"] == "markdown"), version.text
        )
        frames.append(Frame(version.at, markdown, _slack_buttons(version.blocks)))
    return frames


def _slack_buttons(blocks: list[dict[str, Any]]) -> tuple[Button, ...]:
    buttons = [button for block in blocks if block["type"] == "actions" for button in block["elements"]]
    return tuple(
        Button(_face(button["text"]["text"]), stops=button["action_id"] == STOP_ACTION) for button in buttons
    )


def _face(*parts: str | None) -> str:
    """Return what stands on a button, without the variation selectors whose width terminals do not agree on."""
    return " ".join(part for part in parts if part).replace("\ufe0f", "")
