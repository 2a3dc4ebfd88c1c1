"""The shortcuts in a message's menu: ask about the message, forget its conversation."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from tickertape.languages import Language
from tickertape.languages.words import QUESTION_LABEL
from tickertape.slack import words
from tickertape.slack.acknowledging import safe
from tickertape.slack.commands.ask import AskCommand, Command
from tickertape.slack.commands.further import FurtherCommands
from tickertape.slack.commands.names import ASK_ABOUT, FORGET_THIS
from tickertape.slack.gateway import mrkdwn
from tickertape.slack.http.web import CallFailed, reply
from tickertape.slack.workspace import Workspace

_log = structlog.get_logger(__name__)

_QUESTION = "question"
_QUOTED = 2000
"""Characters of a message that are given to the model: they fit into what a modal keeps (3,000)."""
_TYPED = 3000
"""Characters that the modal takes (Slack's reference of plain-text inputs): with the message, they make one prompt."""

Body = Mapping[str, Any]


class Shortcuts:
    """Serves them."""

    def __init__(self, workspace: Workspace, ask: AskCommand, further: FurtherCommands) -> None:
        self._workspace = workspace
        self._ask = ask
        self._further = further

    def register(self, app: AsyncApp) -> None:
        """Listen for the shortcuts, and for the modal that one of them opens."""
        app.message_shortcut(ASK_ABOUT)(self._on_ask)
        app.view(ASK_ABOUT)(self._on_submitted)
        app.message_shortcut(FORGET_THIS)(self._on_forget)

    async def _on_ask(self, ack: AsyncAck, body: Body) -> None:
        """Open the modal at once: Slack lets it be opened for 3 s."""
        await safe(self._workspace.tasks.start(self._open(body), f"modal {body['trigger_id']}"))
        await ack()

    async def _open(self, body: Body) -> None:
        message = body["message"]
        kept = {
            "channel": body["channel"]["id"],
            "thread_ts": message.get("thread_ts") or body["message_ts"],
            "text": mrkdwn.question(str(message.get("text") or ""), "")[:_QUOTED],
            "response_url": body.get("response_url", ""),
        }
        view = _modal(_kept(kept), await self._workspace.language_of(body["user"]["id"]))
        try:
            await reply(self._workspace.client.views_open(trigger_id=body["trigger_id"], view=view))
        except CallFailed as failed:
            _log.warning("modal_not_opened", reason=str(failed))

    async def _on_submitted(self, ack: AsyncAck, body: Body, view: Body) -> None:
        """Post the question below the message and have it answered there; the modal stays open for so long."""
        kept = json.loads(view["private_metadata"])
        typed = view["state"]["values"][_QUESTION][_QUESTION].get("value") or ""
        user = body["user"]
        command = Command(
            f"view-{view['id']}", kept["channel"], user["id"], user.get("username") or user.get("name") or "",
            typed.strip(), kept["response_url"], kept["thread_ts"], kept["text"],
        )  # fmt: skip
        await self._ask.start(command)
        await ack()

    async def _on_forget(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        self._workspace.tasks.start(self._further.forget_thread(body), f"forget {body['message_ts']}")


def _kept(kept: dict[str, str]) -> str:
    """Return what the modal keeps, as JSON of at most 3,000 characters: of the message as much as fits."""
    while len(written := json.dumps(kept)) > _TYPED:
        kept = {**kept, "text": kept["text"][: -max(1, len(written) - _TYPED)]}
    return written


def _modal(kept: str, language: Language) -> dict[str, Any]:
    typed = {"type": "plain_text_input", "action_id": _QUESTION, "multiline": True, "max_length": _TYPED}
    return {
        "type": "modal",
        "callback_id": ASK_ABOUT,
        "title": _plain(language.say(words.ASK_ABOUT_TITLE)),
        "submit": _plain(language.say(words.ASK_LABEL)),
        "private_metadata": kept,
        "blocks": [
            {
                "type": "input",
                "block_id": _QUESTION,
                "label": _plain(language.say(QUESTION_LABEL)),
                "element": typed,
            }
        ],
    }


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}
