"""Everyday use on Discord."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from tests.discord.lives import Lives, on_lives
from tests.discord.rig import EDIT
from tests.discord.stage import stop_buttons
from tests.everyday.rig import Sent, Shown, Stop, Where
from tests.support.services import Setup
from tickertape.discord.gateway.events import AGAIN
from tickertape.sandbox.discord import Channel, Delivery, File, Interaction, Message, User
from tickertape.screen.body import Offer
from tickertape.service import Service

_ARGUMENTS = {"everything": {"everything": True}, "all": {"everyone": True}, "csv": {"export": True}}


class DiscordRig:
    """The bot in one server."""

    platform = "discord"

    def __init__(self, lives: Lives) -> None:
        self._lives = lives
        self._discord = lives.discord
        self._pressed: list[Interaction] = []
        self._others: dict[Where, Channel] = {}
        self._app: User | None = None

    @property
    def setup(self) -> Setup:
        return self._lives.setup

    @property
    def service(self) -> Service:
        return self._lives.service

    @property
    def file(self) -> Path:
        return self._lives.file

    @property
    def channel(self) -> str:
        return f"discord:{self._discord.general.id}"

    def person(self, name: str) -> str:
        return f"discord:{self._user(name).id}"

    async def role_of(self, name: str) -> str:
        role = self._discord.add_role(self._discord.guild, "interns")
        self._discord.add_member(self._discord.guild, self._user(name), role)
        return f"discord:{role.id}"

    async def restart(self, setup: Setup | None = None) -> None:
        self._lives.setup = setup or self._lives.setup
        await self._lives.restart()

    async def ask(
        self, text: str = "Why?", user: str = "alice", *, files: Sequence[Sent] = (), direct: bool = False
    ) -> Message:
        sender = self._user(user)
        sender.largest_file = 200_000_000
        for file in files:
            self._discord.cdn.deliver(Delivery(surplus=file.surplus), file.name)
        held = [File(file.name, file.data, size=file.announced) for file in files]
        place = await self._place(direct=direct)
        return await self._discord.say(place, sender, text, mention_bot=not direct, files=held)

    async def ask_in(self, where: Where, text: str = "Why?", user: str = "alice") -> Message:
        return await self._discord.say(self._channel(where), self._user(user), text, mention_bot=True)

    async def write(
        self, where: Where, text: str, user: str = "alice", *, mentions: str | None = None
    ) -> None:
        mention = "" if mentions is None else f"<@{self._user(mentions).id}> "
        await self._discord.say(self._channel(where), self._user(user), mention + text)

    async def write_as_app(self, where: Where, text: str) -> None:
        await self._say_as_app(where, text)

    async def ask_about_app(self, alert: str, text: str) -> None:
        said = await self._say_as_app(Where.CHANNEL, alert)
        alice = self._user("alice")
        await self._discord.say(self._discord.general, alice, text, mention_bot=True, reply_to=said)

    async def _say_as_app(self, where: Where, text: str) -> Message:
        if self._app is None:
            self._app = self._discord.world.add_user("robot", bot=True)
            self._discord.add_member(self._discord.guild, self._app)
        return await self._discord.say(self._channel(where), self._app, text)

    def refuse_edits(self) -> None:
        self._discord.fail_next(*EDIT, 403, code=50001, message="Missing Access", times=100)

    async def stop(self, way: Stop, user: str) -> None:
        newest = [each for each in self._shown(self._discord.general) if stop_buttons([each])][-1]
        match way:
            case Stop.REACTION:
                await self._discord.react(newest, self._user(user), "🛑")
            case Stop.BUTTON:
                await self._discord.press(newest, self._user(user), *stop_buttons([newest]))
            case Stop.COMMAND:
                await self.command("stop", user=user)

    async def ask_by_command(
        self, text: str = "Why?", user: str = "alice", where: Where = Where.CHANNEL
    ) -> Callable[[], str]:
        interaction = await self._discord.slash(
            self._channel(where), self._user(user), "ask", {"prompt": text}
        )
        return lambda: "\n".join(each.content for each in interaction.messages if each.ephemeral)

    async def choose_for_channel(self, model: str, user: str, where: Where = Where.CHANNEL) -> str:
        options = {"name": model, "channel": True}
        used = await self._discord.slash(self._channel(where), self._user(user), "model", options)
        await self.until(lambda: used.messages)
        (message,) = used.messages
        assert message.ephemeral
        return message.content

    def shown_in(self, where: Where) -> list[str]:
        return [each.content for each in self._shown(self._channel(where)) if not each.ephemeral]

    def _channel(self, where: Where) -> Channel:
        general = self._discord.general
        if where is Where.CHANNEL:
            return general
        if where not in self._others:
            self._others[where] = (
                self._discord.add_thread(general, "side", self._discord.alice)
                if where is Where.THREAD
                else self._discord.add_channel(self._discord.guild, "elsewhere")
            )
        return self._others[where]

    async def edit(self, question: Message, text: str) -> None:
        await self._discord.edit(question, f"<@{self._discord.bot_user.id}> {text}")

    async def accept_edit(self, question: Message) -> None:
        await self._discord.react(question, self._discord.alice, AGAIN)

    def is_offered_anew(self, question: Message) -> bool:
        return AGAIN in question.reactions

    async def delete(self, question: Message) -> None:
        await self._discord.delete(question)

    async def press(self, offer: Offer, user: str = "alice") -> None:
        newest = [each for each in self._shown(self._discord.general) if each.buttons][-1]
        (custom_id,) = [
            each["custom_id"]
            for each in newest.buttons
            if each["custom_id"].startswith(f"tickertape:{offer.value}:")
        ]
        self._pressed.append(await self._discord.press(newest, self._user(user), custom_id))

    async def command(
        self, name: str, argument: str = "", user: str = "alice", *, direct: bool = False
    ) -> Shown:
        options = _ARGUMENTS.get(argument, {"name": argument} if argument else {})
        place = await self._place(direct=direct)
        used = await self._discord.slash(place, self._user(user), name, options)
        await self.until(lambda: used.messages)
        (message,) = used.messages
        assert message.ephemeral
        return _seen(message)

    def answers(self, *, direct: bool = False) -> list[Shown]:
        place = self._discord.world.dm_with_bot(self._discord.alice) if direct else self._discord.general
        return [_seen(each) for each in self._shown(place) if not each.ephemeral]

    def waiting(self) -> list[str]:
        return [each.text for each in self.answers(direct=True)]

    def is_live(self) -> bool:
        messages = [one for channel in self._discord.world.channels.values() for one in self._shown(channel)]
        return bool(stop_buttons(messages)) or any(one.loading for one in messages)

    def whispers(self, user: str = "alice") -> list[str]:
        """A mention is refused in a direct message, a press in a response that only its user sees."""
        direct = self._shown(self._discord.world.dm_with_bot(self._user(user)))
        direct = [each for each in direct if not each.ephemeral]
        private = [each for used in self._pressed for each in used.messages if each.ephemeral]
        return [each.content for each in (*direct, *private)]

    async def until(self, predicate: Callable[[], object], seconds: float = 60.0) -> None:
        await self._lives.stage.until(predicate, seconds)

    async def quiet(self) -> None:
        await asyncio.sleep(1)
        await self.until(lambda: not self._lives.stage.answering.registry.running(), 900)
        await asyncio.sleep(2)

    def assert_clean(self) -> None:
        self._lives.stage.assert_clean()

    def _user(self, name: str) -> User:
        return {"alice": self._discord.alice, "bob": self._discord.bob, "moderator": self._discord.owner}[
            name
        ]

    async def _place(self, *, direct: bool) -> Channel:
        return await self._discord.open_dm(self._discord.alice) if direct else self._discord.general

    def _shown(self, place: Channel) -> list[Message]:
        return self._lives.stage.shown(place)


def _seen(message: Message) -> Shown:
    offers = tuple(button["custom_id"].split(":")[1] for button in message.buttons)
    return Shown(message.content, offers, tuple(file.data.decode() for file in message.attachments))


@asynccontextmanager
async def discord_rig(folder: Path, setup: Setup) -> AsyncIterator[DiscordRig]:
    """Yield the platform with a bot that is ready."""
    async with on_lives(folder, setup=setup, message_content=True) as lives:
        yield DiscordRig(lives)
