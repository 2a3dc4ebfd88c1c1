"""What an answer that is over offers in Slack."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.slack.lives import Lives, lives_in
from tests.support.english import english
from tests.support.keys import person
from tests.support.scripted_model import Script, ScriptedModel, model_of, pieces_of
from tests.support.services import Setup
from tickertape.languages.words import SUPERSEDED
from tickertape.model.api import Finish
from tickertape.rules.access import Access, Lists
from tickertape.rules.rulebook import Rules
from tickertape.sandbox.slack import Message
from tickertape.service import Everyday
from tickertape.slack import words
from tickertape.slack.settings import NativeStreams

ANSWER = "Because it is so."
BOTH = pytest.mark.parametrize("native", [NativeStreams.NEVER, NativeStreams.ALWAYS])


def buttons(message: Message) -> list[str]:
    """Return what the buttons of a message do."""
    elements: list[dict[str, Any]] = [
        element for block in message.blocks if block["type"] == "actions" for element in block["elements"]
    ]
    return [str(element["action_id"]) for element in elements]


def whispers(lives: Lives) -> list[str]:
    """Return what only one person sees."""
    return [each.visible for each in lives.slack.world.ephemerals]


def answers(lives: Lives) -> list[Message]:
    return [message for message in lives.shown() if message.ephemeral_to is None]


async def ask(lives: Lives, text: str = "Why?") -> Message:
    """Ask by a mention, and return the question once it is answered."""
    asked = await lives.slack.say("general", "alice", text, mention_bot=True)
    await lives.settle()
    return asked


@BOTH
@pytest.mark.parametrize("restarts", [False, True])
async def test_the_button_has_the_question_answered_again(
    native: NativeStreams, restarts: bool, tmp_path: Path
) -> None:
    model = ScriptedModel([*model_of(ANSWER).scripts, *model_of("On second thoughts: no.").scripts])
    async with lives_in(tmp_path, Setup({"small": model}), native) as lives:
        asked = await ask(lives)
        (message,) = answers(lives)
        assert buttons(message) == ["tickertape_again", "tickertape_good", "tickertape_bad"]
        if restarts:
            lives.kill()
            await lives.begin()
        await lives.slack.press(message, "alice", "tickertape_again")
        await lives.settle()
        assert answers(lives)[-1].visible.startswith("On second thoughts: no.")
        assert [each.thread_ts for each in answers(lives)] == [asked.ts, asked.ts]
        await lives.slack.say("general", "alice", "So?", asked.ts, mention_bot=True)
        await lives.settle()
        assert [turn.text for turn in model.asked[2]] == ["Why?", "On second thoughts: no.", "So?"]


async def test_only_the_asker_or_an_admin_has_it_answered_again(tmp_path: Path) -> None:
    model = model_of(ANSWER)
    async with lives_in(tmp_path, Setup({"small": model})) as lives:
        await ask(lives)
        await lives.slack.press(answers(lives)[0], "bob", "tickertape_again")
        await lives.settle()
        assert len(model.asked) == 1
        assert whispers(lives) == ["Only the person who asked, or a moderator, can have it answered again."]


async def test_a_reaction_has_the_question_answered_again(tmp_path: Path) -> None:
    model = model_of(ANSWER)
    async with lives_in(tmp_path, Setup({"small": model})) as lives:
        asked = await ask(lives)
        await lives.slack.react(asked, "alice", "repeat")
        await lives.settle()
        assert len(model.asked) == 2
        assert len(answers(lives)) == 2


async def test_a_reaction_on_what_is_being_answered_asks_nothing(tmp_path: Path) -> None:
    model = ScriptedModel([Script(["Because"], hold=True)])
    async with lives_in(tmp_path, Setup({"small": model})) as lives:
        asked = await lives.slack.say("general", "alice", "Why?", mention_bot=True)
        await lives.until(lambda: answers(lives))
        await lives.slack.react(asked, "alice", "repeat")
        await asyncio.sleep(2)
        assert len(lives.now.service.answering.registry.running()) == 1, "it goes on"
        await lives.slack.react(asked, "alice", "x")
        await lives.settle()
        assert len(model.asked) == 1
        assert whispers(lives) == []


@pytest.mark.parametrize("pause", [0.0, 1.5])
async def test_a_reaction_on_what_is_being_answered_again_asks_nothing(pause: float, tmp_path: Path) -> None:
    model = ScriptedModel([Script([ANSWER]), Script(pieces_of("word " * 60), pause=0.1)])
    async with lives_in(tmp_path, Setup({"small": model})) as lives:
        asked = await ask(lives)
        await lives.slack.react(asked, "alice", "repeat")
        await asyncio.sleep(pause)
        await lives.slack.unreact(asked, "alice", "repeat")
        await lives.slack.react(asked, "alice", "repeat")
        await lives.settle()
        assert len(model.asked) == len(answers(lives)) == 2
        assert whispers(lives) == []


async def test_who_edits_a_question_is_offered_a_new_answer(tmp_path: Path) -> None:
    model = model_of(ANSWER)
    async with lives_in(tmp_path, Setup({"small": model})) as lives:
        asked = await ask(lives)
        await lives.slack.edit(asked, "How?", mention_bot=True)
        await lives.settle()
        assert len(model.asked) == 1, "an edited mention is no new question"
        (hint,) = lives.slack.world.ephemerals
        assert english(words.EDITED) in hint.visible
        await lives.slack.press(hint, "alice", "tickertape_again")
        await lives.settle()
        assert [turn.text for turn in model.asked[1]] == ["How?"]


async def test_a_reaction_on_an_edited_question_ends_the_answer_to_its_former_words(tmp_path: Path) -> None:
    model = ScriptedModel([Script(["Because"], hold=True), Script(["Like this."])])
    async with lives_in(tmp_path, Setup({"small": model})) as lives:
        asked = await lives.slack.say("general", "alice", "Hwo?", mention_bot=True)
        await lives.until(lambda: answers(lives))
        await lives.slack.edit(asked, "How?", mention_bot=True)
        await lives.until(lambda: whispers(lives))  # the edit is written down when it is offered to ask anew
        await lives.slack.react(asked, "alice", "repeat")
        await lives.settle()
        old, new = answers(lives)
        assert english(SUPERSEDED) in old.visible
        assert new.visible.startswith("Like this.")
        assert [turn.text for turn in model.asked[1]] == ["How?"]


async def test_an_answer_that_was_cut_off_goes_on(tmp_path: Path) -> None:
    model = ScriptedModel([Script(["Because"], finish=Finish.LENGTH), Script([" it is so."])])
    async with lives_in(tmp_path, Setup({"small": model})) as lives:
        await ask(lives)
        (message,) = answers(lives)
        assert buttons(message)[0] == "tickertape_continue"
        await lives.slack.press(message, "alice", "tickertape_continue")
        await lives.settle()
        assert answers(lives)[-1].visible.startswith("it is so.")
        assert [turn.text for turn in model.asked[1]][:2] == ["Why?", "Because"]


async def test_an_opinion_is_kept(tmp_path: Path) -> None:
    async with lives_in(tmp_path, Setup({"small": model_of(ANSWER)})) as lives:
        await ask(lives)
        await lives.slack.press(answers(lives)[0], "bob", "tickertape_good")
        await lives.settle()
        assert whispers(lives) == ["Thank you, noted."]
        store = lives.now.service.store
        (row,) = [row async for row in store.usage.export(0.0)]
        assert (row.good, row.bad) == (1, 0)


async def test_who_is_denied_gets_one_private_sentence(tmp_path: Path) -> None:
    model = model_of(ANSWER)
    async with lives_in(tmp_path, Setup({"small": model})) as lives:
        alice = f"slack:{lives.slack.world.user('alice').id}"
        lives.setup = Setup(
            {"small": model}, everyday=Everyday(Rules(Access(deny=Lists(users=frozenset({person(alice)})))))
        )
        lives.kill()
        await lives.begin()
        await lives.slack.say("general", "alice", "Why?", mention_bot=True)
        await lives.settle()
        assert model.asked == []
        assert whispers(lives) == ["I may not answer you here. Please ask this bot's owner."]
