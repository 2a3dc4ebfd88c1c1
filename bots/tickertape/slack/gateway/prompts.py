"""Asks what people ask, and says where the answer goes: mentions, direct messages, follow-ups in threads.

A mention is answered in its thread, and so is whatever is answered by a native stream, because Slack has none outside
of threads. Any other direct message is answered in the conversation itself, or in its thread if it was written in one.

A thread of a channel is one conversation. So is a direct message as a whole, with all its threads: where answers are native
streams, each of them opens a thread of its own, and people go on below it or beside it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from weakref import WeakKeyDictionary

import structlog

from tickertape.answer.answer import Answer
from tickertape.answer.preparation import PromptRefused
from tickertape.languages import Sentence, in_english
from tickertape.prompts.prompt import Prompt
from tickertape.slack import words
from tickertape.slack.gateway.origins import Origins
from tickertape.slack.gateway.participation import Participation
from tickertape.slack.gateway.questions import Question, read_question
from tickertape.slack.gateway.seen import Seen
from tickertape.slack.http.notices import Notices, Reader
from tickertape.slack.keys import person_key, place_of
from tickertape.slack.restart.places import SlackPlace
from tickertape.slack.showing.surfaces import AnySurface, Surfaces, placeholder_on
from tickertape.slack.workspace import Workspace

_log = structlog.get_logger(__name__)


class Prompts:
    """Asks each question once, and tells the asker if no answer can be shown."""

    def __init__(self, workspace: Workspace, notices: Notices, surfaces: Surfaces, origins: Origins) -> None:
        self._workspace = workspace
        self._notices = notices
        self._surfaces = surfaces
        self._origins = origins
        self._participation = Participation(workspace)
        self._seen = Seen()
        self._places: WeakKeyDictionary[Answer, SlackPlace] = WeakKeyDictionary()

    def take(self, event: Mapping[str, Any]) -> asyncio.Task[None] | None:
        """Answer the question in `event`, if there is one that has not been taken before.

        The task, if there is one, ends when the question is written down.
        """
        question = read_question(event, self._workspace.identity.bot_user)
        if question is None or (question.is_follow_up and not self._participation.is_wanted):
            return None
        key = question.place(self._workspace.team).message(question.ts)
        if not self._seen.first(key):
            return None
        return self._workspace.tasks.start(self._answer(question), f"question {key}")

    async def _answer(self, question: Question) -> None:
        """Have a question answered, as it is when its turn comes: people correct what they have just written."""
        place = question.place(self._workspace.team)
        with self._workspace.answering.expecting(place.message(question.ts)):
            if question.is_follow_up and not await self._participation.has_part_in(place):
                return
            await self.ask(await self.prompt_for(question), place)

    async def prompt_for(self, question: Question) -> Prompt:
        """Return a question as the core takes it."""
        place = question.place(self._workspace.team)
        prompt = Prompt(
            key=place.message(question.ts),
            text=question.text,
            asker=person_key(question.user),
            place=place.key,
        )
        if self._workspace.assistance is None:
            return prompt
        origin = await self._origins.of(question.user, question.channel)
        return replace(
            prompt,
            conversation=place.conversation,
            origin=origin,
            attachments=question.attachments,
        )

    async def ask(self, prompt: Prompt, place: SlackPlace) -> None:
        """Have `prompt` answered at `place`; a refusal is told to the asker, or to who is named in its origin.

        Returns when the question is written down.
        """
        try:
            await self._workspace.answering.admit(prompt)
            await self.begin(prompt, place)
        except PromptRefused as refused:
            user = prompt.origin.asker.user if prompt.origin else prompt.asker
            self.tell(Reader(user.id, place.channel, place.thread_ts), refused.sentence)

    async def begin(self, prompt: Prompt, place: SlackPlace) -> None:
        """Have an admitted prompt answered at `place`; raises `PromptRefused` as `Answering.ask` does.

        Returns when it is written down; the answer is under way by then.
        """
        native = self._surfaces.are_native_in(place.channel)
        if native:
            place = replace(place, thread_ts=place.thread_ts or place.asked_ts)
        surface = self._surfaces.make(place, prompt, native=native)
        stored = place.to_json(prompt, native=native)
        answer = self._workspace.answering.ask(prompt, surface, placeholder_on(surface), place=stored)
        if answer is not None:
            self.follow(answer, surface)
            await answer.recorded.wait()

    def follow(self, answer: Answer, surface: AnySurface) -> None:
        """Do for an answer what is done for each one while it is written."""
        self._surfaces.follow(answer, surface)
        self._places[answer] = surface.place
        self._workspace.tasks.watch(self._watch(answer, surface.place), f"watch {answer.id}")

    def running_in(self, channel: str, thread_ts: str) -> list[Answer]:
        """Return the running answers of a thread."""
        running = self._workspace.answering.registry.running(place=place_of(self._workspace.team, channel))
        places = ((answer, self._places.get(answer)) for answer in running)
        return [answer for answer, place in places if place is not None and place.thread_ts == thread_ts]

    async def _watch(self, answer: Answer, place: SlackPlace) -> None:
        """Tell the asker when it is over and Slack did not take the answer, unless they took the question back."""
        await answer.done.wait()
        refused, ending = answer.refused, answer.ending
        if refused is None or (ending is not None and not ending.repeatable):
            return
        _log.error("slack_refused_answer", answer=answer.id, channel=place.channel, reason=refused.reason,
                   permission=in_english(refused.permission))  # fmt: skip
        reader = Reader(answer.prompt.asker.id, place.channel, place.thread_ts)
        self.tell(reader, words.cannot_answer(refused.permission))

    def tell(self, reader: Reader, sentence: Sentence) -> None:
        """Tell somebody something privately, without waiting for it."""
        self._workspace.tasks.start(self._notices.tell(reader, sentence), f"tell {reader.user}")
