"""Everyday use on Slack."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from tests.everyday.rig import Sent, Shown, Stop, Where
from tests.slack.lives import Lives, is_live, lives_in
from tests.slack.stage import actions_of, files_of, has_button
from tests.support.english import english
from tests.support.services import Setup
from tickertape.sandbox.slack import Message, SlackSandbox
from tickertape.sandbox.slack.people import Upload
from tickertape.sandbox.slack.world.invocations import SlashCommand
from tickertape.screen.body import Offer
from tickertape.service import Service
from tickertape.slack.manifest import manifest
from tickertape.slack.showing.surface import OFFER_ACTION, STOP_ACTION
from tickertape.slack.words import EDITED

_NAMES = {"moderator": "admin"}


class SlackRig:
    """The bot in one workspace."""

    platform = "slack"

    def __init__(self, lives: Lives) -> None:
        self._lives = lives
        self._slack = lives.slack
        self._used: list[SlashCommand] = []
        self._root: Message | None = None

    @property
    def setup(self) -> Setup:
        return self._lives.setup

    @property
    def service(self) -> Service:
        return self._lives.now.service

    @property
    def file(self) -> Path:
        return self._lives.file

    @property
    def channel(self) -> str:
        return f"slack:{self._slack.world.channel('general').id}"

    def person(self, name: str) -> str:
        return f"slack:{self._slack.world.user(_handle(name)).id}"

    async def role_of(self, name: str) -> str:
        group = await self._slack.add_user_group("interns", _handle(name))
        return f"slack:{group.id}"

    async def restart(self, setup: Setup | None = None) -> None:
        self._lives.setup = setup or self._lives.setup
        self._lives.kill()
        await self._lives.begin()

    async def ask(
        self, text: str = "Why?", user: str = "alice", *, files: Sequence[Sent] = (), direct: bool = False
    ) -> Message:
        place, sender = await self._place(direct=direct), _handle(user)
        if not files:
            return await self._slack.say(place, sender, text, mention_bot=not direct)
        behaviour = self._slack.file_behaviour
        behaviour.surplus = max(file.surplus for file in files)
        behaviour.announces_length = not behaviour.surplus
        uploads = [Upload(file.name, file.data, size=file.announced) for file in files]
        return await self._slack.share(place, sender, *uploads, text=text, mention_bot=not direct)

    async def ask_in(self, where: Where, text: str = "Why?", user: str = "alice") -> Message:
        thread_ts = await self._thread(where)
        return await self._slack.say(self._channel(where), _handle(user), text, thread_ts, mention_bot=True)

    async def write(
        self, where: Where, text: str, user: str = "alice", *, mentions: str | None = None
    ) -> None:
        named = [] if mentions is None else [_handle(mentions)]
        thread_ts = await self._thread(where)
        await self._slack.say(self._channel(where), _handle(user), text, thread_ts, mentions=named)

    async def write_as_app(self, where: Where, text: str) -> None:
        await self._slack.say_as_bot(self._channel(where), text, await self._thread(where))

    async def ask_about_app(self, alert: str, text: str) -> None:
        said = await self._slack.say_as_bot("general", alert)
        await self._slack.say("general", _handle("alice"), text, said.ts, mention_bot=True)

    async def _thread(self, where: Where) -> str | None:
        if where is not Where.THREAD:
            return None
        self._root = self._root or await self._slack.say("general", "alice", "Good morning!")
        return self._root.ts

    def refuse_edits(self) -> None:
        self._slack.fail_next("chat.update", error="cant_update_message", times=100)

    async def stop(self, way: Stop, user: str) -> None:
        newest = [each for each in self._in_channel() if has_button(each)][-1]
        match way:
            case Stop.REACTION:
                await self._slack.react(newest, _handle(user), "octagonal_sign")
            case Stop.BUTTON:
                await self._slack.press(newest, _handle(user), STOP_ACTION)
            case Stop.COMMAND:
                await self.command("stop", user=user)

    async def ask_by_command(
        self, text: str = "Why?", user: str = "alice", where: Where = Where.CHANNEL
    ) -> Callable[[], str]:
        used = await self._slack.slash(self._channel(where), _handle(user), "/ask", text)
        self._used.append(used)
        return lambda: "\n".join(each.text for each in used.messages)

    async def choose_for_channel(self, model: str, user: str, where: Where = Where.CHANNEL) -> str:
        assert where is not Where.ELSEWHERE
        return (await self.command("model", model, user)).text

    def shown_in(self, where: Where) -> list[str]:
        channel = self._slack.world.channel(self._channel(where)).id
        thread_ts = self._root.ts if self._root is not None else None
        return [
            _seen(self._slack, each).text
            for each in self._in_channel()
            if each.channel == channel
            and each.ephemeral_to is None
            and (thread_ts is not None and each.thread_ts == thread_ts) is (where is Where.THREAD)
        ]

    def _channel(self, where: Where) -> str:
        if where is not Where.ELSEWHERE:
            return "general"
        world = self._slack.world
        if not any(each.name == "elsewhere" for each in world.channels.values()):
            world.add_channel("elsewhere", [*map(world.user, ("alice", "bob", "admin")), world.bot])
        return "elsewhere"

    async def edit(self, question: Message, text: str) -> None:
        await self._slack.edit(question, text, mention_bot=True)

    async def accept_edit(self, question: Message) -> None:
        (hint,) = self._hints(question)
        await self._slack.press(hint, "alice", f"{OFFER_ACTION}{Offer.AGAIN.value}")

    def is_offered_anew(self, question: Message) -> bool:
        return bool(self._hints(question))

    def _hints(self, question: Message) -> list[Message]:
        told = self._slack.world.ephemerals_of("alice")
        return [each for each in told if each.channel == question.channel and english(EDITED) in each.visible]

    async def delete(self, question: Message) -> None:
        await self._slack.delete(question)

    async def press(self, offer: Offer, user: str = "alice") -> None:
        action = f"{OFFER_ACTION}{offer.value}"
        newest = [each for each in self._in_channel() if action in actions_of(each)][-1]
        await self._slack.press(newest, _handle(user), action)

    async def command(
        self, name: str, argument: str = "", user: str = "alice", *, direct: bool = False
    ) -> Shown:
        place = await self._place(direct=direct)
        used = await self._slack.slash(place, _handle(user), f"/ask-{name}", argument)
        self._used.append(used)
        await self.until(lambda: used.messages)
        (message,) = used.messages
        if argument != "csv":
            return Shown(message.visible)
        sent = [each for each in self._lives.shown() if each.content.files]
        return Shown(message.visible, (), tuple(files_of(self._slack, sent)))

    def answers(self, *, direct: bool = False) -> list[Shown]:
        return [
            _seen(self._slack, each)
            for each in self._lives.shown()
            if each.ephemeral_to is None and each.channel.startswith("D") is direct
        ]

    def waiting(self) -> list[str]:
        """Answers there are native streams: Slack shows a status until there is text."""
        world = self._slack.world
        return [world.status(*thread) for thread in world.statuses]

    def is_live(self) -> bool:
        return any(is_live(each) or has_button(each) for each in self._lives.shown())

    def whispers(self, user: str = "alice") -> list[str]:
        """What a command is answered is told to its user as well, but has nothing to do with a question."""
        responses = [each for used in self._used for each in used.messages]
        told = self._slack.world.ephemerals_of(_handle(user))
        return [each.visible for each in told if each not in responses]

    async def until(self, predicate: Callable[[], object], seconds: float = 60.0) -> None:
        await self._lives.until(predicate, seconds)

    async def quiet(self) -> None:
        await asyncio.sleep(1)
        await self.until(lambda: not self._lives.now.service.answering.registry.running(), 900)
        await asyncio.sleep(2)

    def assert_clean(self) -> None:
        assert self._slack.rate_limited == []
        assert [message.mentions for message in self._slack.bot_messages if message.mentions] == []

    def _in_channel(self) -> list[Message]:
        return [each for each in self._lives.shown() if not each.channel.startswith("D")]

    async def _place(self, *, direct: bool) -> str:
        return (await self._slack.open_dm("alice")).id if direct else "general"


def _handle(name: str) -> str:
    return _NAMES.get(name, name)


def _seen(slack: SlackSandbox, message: Message) -> Shown:
    actions = tuple(action.removeprefix(OFFER_ACTION) for action in actions_of(message))
    text = re.sub(r"\\([^\w\s])", r"\1", message.visible)
    return Shown(text, actions, tuple(files_of(slack, [message])))


@asynccontextmanager
async def slack_rig(folder: Path, setup: Setup) -> AsyncIterator[SlackRig]:
    """Yield the platform with a bot that is ready, installed by its manifest."""
    async with lives_in(folder, setup) as lives:
        lives.slack.install(manifest())
        yield SlackRig(lives)
