"""The commands beside asking: models, personas, figures, forgetting, help. All answer in private.

A slash command knows no thread: in a channel a choice is for the whole channel, and what was said in a thread is forgotten
by the message shortcut.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from tickertape.answer.preparation import PromptRefused
from tickertape.durable.store.records import Choice
from tickertape.inbound.facts import Caller, Here
from tickertape.inbound.inbox import Inbox
from tickertape.languages import Language, Lines, Sentence
from tickertape.prompts.keys import ConversationKey, PlaceKey
from tickertape.slack import words
from tickertape.slack.commands.export import Exporter
from tickertape.slack.commands.names import Further
from tickertape.slack.gateway.senders import Senders
from tickertape.slack.keys import conversation_of, is_direct, person_key, place_of
from tickertape.slack.workspace import Workspace

CHOOSE_ACTION = "tickertape_choose_"
"""What the action_ids of the menus begin with; the choice follows."""

EVERYTHING, ALL, EXPORT = "everything", "all", "csv"
"""What can be typed behind the commands that forget and that show figures."""

Body = Mapping[str, Any]


class FurtherCommands:
    """Serves them. `command` is the name of the one that asks."""

    def __init__(self, workspace: Workspace, inbox: Inbox, senders: Senders, command: str) -> None:
        self._workspace = workspace
        self._commands = inbox.commands
        self._stopping = inbox.stopping
        self._senders = senders
        self._command = command
        self._exporter = Exporter(workspace)

    def register(self, app: AsyncApp) -> None:
        """Listen for the commands, and for choices from their menus."""
        serve: dict[Further, Callable[[Body], Awaitable[None]]] = {
            Further.MODEL: lambda body: self._choice(Choice.MODEL, body),
            Further.PERSONA: lambda body: self._choice(Choice.PERSONA, body),
            Further.USAGE: self._usage,
            Further.FORGET: self._forget,
            Further.STOP: self._stop,
            Further.HELP: self._help,
        }
        for further, work in serve.items():
            app.command(further.under(self._command))(self._listener(further, work))
        for choice in Choice:
            app.action(f"{CHOOSE_ACTION}{choice.value}")(self._menu_listener(choice))

    def _listener(
        self, further: Further, work: Callable[[Body], Awaitable[None]]
    ) -> Callable[..., Awaitable[None]]:
        async def listen(ack: AsyncAck, command: Body) -> None:
            await ack()

            async def serve() -> None:
                await work(command)

            self._workspace.tasks.start(serve(), f"{further.value} {command.get('trigger_id')}")

        return listen

    def _menu_listener(self, choice: Choice) -> Callable[..., Awaitable[None]]:
        async def listen(ack: AsyncAck, body: Body, action: Body) -> None:
            await ack()
            used = {
                "user_id": body["user"]["id"],
                "channel_id": (body.get("channel") or {}).get("id", ""),
                "response_url": body.get("response_url", ""),
                "text": str((action.get("selected_option") or {}).get("value", "")),
            }
            self._workspace.tasks.start(self._choice(choice, used), f"choose {choice.value}")

        return listen

    async def _choice(self, choice: Choice, body: Body) -> None:
        """Choose the model or persona that is typed, or list those that there are."""
        name, here = (body.get("text") or "").strip(), await self._here(body)
        if not name:
            menu = self._menu(choice, here, await self._workspace.language_of(body["user_id"]))
            await self._say(body, self._commands.choices(choice, here), menu)
            return
        whole = not is_direct(body["channel_id"])
        await self._say(body, self._commands.choose(choice, name, here, whole_channel=whole))

    def _menu(self, choice: Choice, here: Here, language: Language) -> list[dict[str, Any]]:
        """Return a menu of what may be chosen; none if there is nothing."""
        names = self._commands.suggest(choice, here.caller.asker, "")
        options = [{"text": _plain(name[:75]), "value": name[:150]} for name in names]
        if not options:
            return []
        menu = {
            "type": "static_select",
            "action_id": f"{CHOOSE_ACTION}{choice.value}",
            "placeholder": _plain(language.say(words.CHOOSE)),
            "options": options,
        }
        return [{"type": "actions", "elements": [menu]}]

    async def _usage(self, body: Body) -> None:
        wanted = (body.get("text") or "").strip().lower()
        asker = (await self._caller(body)).asker
        if wanted == EXPORT:
            await self._say(body, self._exporter.send(body["user_id"], self._commands.export(asker)))
        else:
            usage = self._commands.usage_of_all if wanted == ALL else self._commands.usage
            await self._say(body, usage(asker))

    async def _forget(self, body: Body) -> None:
        if (body.get("text") or "").strip().lower() == EVERYTHING:
            await self._say(body, self._commands.forget_person(person_key(body["user_id"])))
        else:
            await self._say(body, self._commands.forget(await self._here(body)))

    async def forget_thread(self, body: Body) -> None:
        """Erase the conversation of the message on which a shortcut was used."""
        user, channel = body["user"]["id"], body["channel"]["id"]
        root = body["message"].get("thread_ts") or body["message_ts"]
        team = self._workspace.team
        caller = await self._senders.callers.of(user, channel)
        here = Here(caller, place_of(team, channel), conversation_of(team, channel, root))
        await self._say(body, self._commands.forget(here))

    async def _stop(self, body: Body) -> None:
        sender = self._senders.by_url(body["user_id"], body["channel_id"], body["response_url"])
        await self._say(body, self._stopping.commanded(self._place(body), sender))

    async def _help(self, body: Body) -> None:
        text = (await self._workspace.language_of(body["user_id"])).say(words.help_text(self._command))
        await self._senders.notices.respond(body["response_url"], text, _markdown(text))

    async def _here(self, body: Body) -> Here:
        """Return where a command is used: a direct message is a conversation, a channel is none."""
        place = self._place(body)
        conversation = ConversationKey(place) if is_direct(body["channel_id"]) else None
        return Here(await self._caller(body), place, conversation)

    def _place(self, body: Body) -> PlaceKey:
        return place_of(self._workspace.team, body["channel_id"])

    async def _caller(self, body: Body) -> Caller:
        return await self._senders.callers.of(body["user_id"], body["channel_id"])

    async def _say(
        self, body: Body, saying: Awaitable[Sentence | Lines], blocks: list[dict[str, Any]] | None = None
    ) -> None:
        said: Sentence | Lines
        try:
            said = await saying
        except PromptRefused as refusal:
            said, blocks = refusal.sentence, None
        text = (await self._workspace.language_of(_user(body))).say(said)
        await self._senders.notices.respond(body["response_url"], text, [*_markdown(text), *(blocks or ())])


def _user(body: Body) -> str:
    """Return who used a command or, whose payload is another, a shortcut."""
    return str(body.get("user_id") or body["user"]["id"])


def _markdown(text: str) -> list[dict[str, Any]]:
    return [{"type": "markdown", "text": text}]


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}
