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
from tickertape.inbound.desk import Desk
from tickertape.languages import Language, Lines, Sentence
from tickertape.prompts.keys import ConversationKey
from tickertape.prompts.prompt import Prompt
from tickertape.slack import words
from tickertape.slack.commands.export import Exporter
from tickertape.slack.commands.names import Further
from tickertape.slack.gateway.origins import Origins
from tickertape.slack.http.notices import Notices
from tickertape.slack.keys import is_direct
from tickertape.slack.restart.places import SlackPlace
from tickertape.slack.workspace import Workspace

CHOOSE_ACTION = "tickertape_choose_"
"""What the action_ids of the menus begin with; the choice follows."""

EVERYTHING, ALL, EXPORT = "everything", "all", "csv"
"""What can be typed behind the commands that forget and that show figures."""

Body = Mapping[str, Any]


class DeskCommands:
    """Serves them. `command` is the name of the one that asks."""

    def __init__(
        self, workspace: Workspace, desk: Desk, origins: Origins, notices: Notices, command: str
    ) -> None:
        self._workspace = workspace
        self._desk = desk
        self._origins = origins
        self._notices = notices
        self._command = command
        self._exporter = Exporter(workspace)

    def register(self, app: AsyncApp) -> None:
        """Listen for the commands, and for choices from their menus."""
        serve: dict[Further, Callable[[Body], Awaitable[None]]] = {
            Further.MODEL: lambda body: self._choice(Choice.MODEL, body),
            Further.PERSONA: lambda body: self._choice(Choice.PERSONA, body),
            Further.USAGE: self._usage,
            Further.FORGET: self._forget,
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
        name = (body.get("text") or "").strip()
        prompt = await self._here(body)
        if not name:
            menu = self._menu(choice, prompt, await self._workspace.language_of(prompt.asker.id))
            await self._say(body, self._desk.choices(choice, prompt), menu)
            return
        moderates = await self._origins.moderates(body["user_id"])
        whole = not is_direct(body["channel_id"])
        await self._say(
            body, self._desk.choose(choice, name, prompt, whole_channel=whole, moderates=moderates)
        )

    def _menu(self, choice: Choice, prompt: Prompt, language: Language) -> list[dict[str, Any]]:
        """Return a menu of what may be chosen; none if there is nothing."""
        names = [] if prompt.origin is None else self._desk.suggest(choice, prompt.origin.asker, "")
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
        asker = await self._origins.asker(body["user_id"], body["channel_id"])
        if wanted == EXPORT:
            await self._say(body, self._exporter.send(body["user_id"], self._desk.export(asker)))
        else:
            usage = self._desk.usage_of_all if wanted == ALL else self._desk.usage
            await self._say(body, usage(asker))

    async def _forget(self, body: Body) -> None:
        if (body.get("text") or "").strip().lower() == EVERYTHING:
            asker = await self._origins.asker(body["user_id"], body["channel_id"])
            await self._say(body, self._desk.forget_person(asker))
            return
        await self.forget(await self._here(body), body)

    async def forget(self, prompt: Prompt, body: Body) -> None:
        """Erase the conversation of `prompt`; who asked for that hears at the `response_url` of `body`."""
        moderates = await self._origins.moderates(prompt.asker.id)
        await self._say(body, self._desk.forget(prompt, moderates=moderates))

    async def _help(self, body: Body) -> None:
        text = (await self._workspace.language_of(body["user_id"])).say(words.help_text(self._command))
        await self._notices.respond(body["response_url"], text, _markdown(text))

    async def _here(self, body: Body) -> Prompt:
        """Return what stands for the place of a command: in a channel, no conversation."""
        channel = str(body["channel_id"])
        place = SlackPlace(self._workspace.team, channel, None, "")
        return await self.at(place, body["user_id"], place.conversation if is_direct(channel) else None)

    async def at(self, place: SlackPlace, user: str, conversation: ConversationKey | None) -> Prompt:
        """Return what stands for a conversation at `place`, as `user` sees it."""
        origin = await self._origins.of(user, place.channel)
        return Prompt(
            key=place.message("desk"),
            text="",
            asker=origin.asker.user,
            place=place.key,
            conversation=conversation,
            origin=origin,
        )

    async def _say(
        self, body: Body, saying: Awaitable[Sentence | Lines], blocks: list[dict[str, Any]] | None = None
    ) -> None:
        said: Sentence | Lines
        try:
            said = await saying
        except PromptRefused as refusal:
            said, blocks = refusal.sentence, None
        text = (await self._workspace.language_of(_user(body))).say(said)
        await self._notices.respond(body["response_url"], text, [*_markdown(text), *(blocks or ())])


def _user(body: Body) -> str:
    """Return who used a command or, whose payload is another, a shortcut."""
    return str(body.get("user_id") or body["user"]["id"])


def _markdown(text: str) -> list[dict[str, Any]]:
    return [{"type": "markdown", "text": text}]


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}
