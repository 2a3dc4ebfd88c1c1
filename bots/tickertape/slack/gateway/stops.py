"""Who may stop an answer, and the ways to do it: a reaction, the Stop button, the end of a session, deleting it or its question.

Only the asker and moderators (admins and owners of the workspace) may. Slack is asked who somebody is only when the
message belongs to a running answer: reactions on other messages cost nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog

from tickertape.answer.answer import Answer
from tickertape.languages import words
from tickertape.prompts.keys import MessageKey
from tickertape.slack.gateway.prompts import Prompts
from tickertape.slack.http.notices import Notices, Reader
from tickertape.slack.keys import message_key, person_key
from tickertape.slack.workspace import Workspace

_log = structlog.get_logger(__name__)


class Stops:
    """Stops running answers for those who may."""

    def __init__(
        self, workspace: Workspace, prompts: Prompts, notices: Notices, reactions: frozenset[str]
    ) -> None:
        self._workspace = workspace
        self._prompts = prompts
        self._notices = notices
        self._reactions = reactions

    def on_reaction(self, event: Mapping[str, Any]) -> None:
        """Take a reaction_added event. Skin tones, as in `raised_hand::skin-tone-2`, don't matter."""
        item, user = event.get("item") or {}, str(event.get("user", ""))
        name = str(event.get("reaction", "")).partition("::")[0]
        if name not in self._reactions or item.get("type") != "message" or self._is_bot(user):
            return
        key = message_key(self._workspace.team, item["channel"], item["ts"])
        answer = self._workspace.answering.registry.find(key)
        if answer is not None:
            self._start(answer, user)

    def on_session_stopped(self, event: Mapping[str, Any]) -> None:
        """Take an agent_session_stopped event: the answers of its thread end."""
        user = str(event.get("user", ""))
        for answer in self._prompts.running_in(
            str(event.get("channel", "")), str(event.get("thread_ts", ""))
        ):
            self._start(answer, user)

    def on_deleted(self, key: MessageKey) -> None:
        """Take note that somebody deleted the message `key`: an answer whose message or question it was ends."""
        self._workspace.answering.question_deleted(key)
        self._workspace.answering.message_deleted(key)

    def on_button(self, body: Mapping[str, Any], answer_id: str) -> None:
        """Take a press of the Stop button; whoever may not stop the answer is told so."""
        message = body.get("message") or {}
        thread_ts = message.get("thread_ts") or (body.get("container") or {}).get("thread_ts")
        reader = Reader(body["user"]["id"], (body.get("channel") or {}).get("id", ""), thread_ts)
        self._workspace.tasks.start(self._press(answer_id, reader), f"button {answer_id}")

    async def _press(self, answer_id: str, reader: Reader) -> None:
        answer = self._workspace.answering.registry.by_id(answer_id)
        if answer is None:
            await self._notices.tell(reader, words.NOT_RUNNING)
        elif not await self._stop(answer, reader.user):
            await self._notices.tell(reader, words.NOT_YOURS)

    def _start(self, answer: Answer, user: str) -> None:
        if person_key(user) == answer.prompt.asker:
            self._workspace.answering.stop(answer)
            return
        self._workspace.tasks.start(self._stop_by_other(answer, user), f"stop {answer.id}")

    async def _stop_by_other(self, answer: Answer, user: str) -> None:
        await self._stop(answer, user)

    async def _stop(self, answer: Answer, user: str) -> bool:
        """Stop `answer` if `user` may; return whether they may."""
        if person_key(user) == answer.prompt.asker:
            self._workspace.answering.stop(answer)
            return True
        person = await self._workspace.people.find(user)
        if not person.moderates:
            _log.info("stop_ignored", answer=answer.id, user=user)
            return False
        self._workspace.answering.stop(answer, by=person.name)
        return True

    def _is_bot(self, user: str) -> bool:
        return user == self._workspace.identity.bot_user
