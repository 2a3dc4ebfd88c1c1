"""The service with a memory, choices and rules, on a real database and virtual time."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support import keys
from tests.support.english import english
from tests.support.fake_platform import FakeChannel, FakeSurface
from tests.support.keys import key, person
from tests.support.prompts import prompt as prompt_of
from tests.support.scripted_model import ScriptedModel, model_of
from tests.support.services import Setup, clock, service_on
from tests.support.slow_database import slow_reads
from tickertape.answer.answer import Answer
from tickertape.answer.opening import Opening
from tickertape.answer.preparation import PromptRefused
from tickertape.answer.states import State
from tickertape.durable.store.conversations import Conversations
from tickertape.durable.store.errors import DatabaseLocked
from tickertape.durable.store.records import Choice, MessageRecord, NewTurn, TurnRecord
from tickertape.memory.memory import Memory, MemorySettings
from tickertape.memory.models import ModelInfo
from tickertape.memory.personas import Persona
from tickertape.memory.tokens import estimate_tokens
from tickertape.model.api import Usage
from tickertape.prompts.asker import Asker
from tickertape.prompts.keys import MessageKey
from tickertape.prompts.prompt import Origin, Prompt
from tickertape.prompts.turns import Conversation, Role, Turn
from tickertape.rules.access import Access, Lists
from tickertape.rules.quota import Limits, Scope
from tickertape.rules.rulebook import Rules
from tickertape.service import Everyday, Service

THREAD = "fake:general/1"
ALICE = Origin(
    Asker(person("fake:alice"), frozenset({"fake:general"}), workspace="fake:guild"), "Alice", "general"
)
BOB = replace(ALICE, asker=replace(ALICE.asker, user=person("fake:bob")), name="Bob")


def prompt(number: int, text: str = "Why?", origin: Origin = ALICE, conversation: str = THREAD) -> Prompt:
    return prompt_of(
        text,
        key=f"fake:general/{number}",
        asker=str(origin.asker.user),
        conversation=conversation,
        origin=origin,
    )


async def ask(service: Service, question: Prompt) -> Answer:
    question = await service.assistant.admit(question)
    answer = service.answering.ask(question, Opening(FakeSurface(FakeChannel())))
    assert answer is not None
    await answer.done.wait()
    return answer


def said(conversation: Conversation) -> list[tuple[str, str]]:
    return [(turn.role.value, turn.text) for turn in conversation]


async def test_a_conversation_is_remembered_across_a_restart(tmp_path: Path) -> None:
    model = model_of("Because.")
    setup = Setup(
        {"small": model}, personas=[Persona("standard", "You are terse. {user} asks in {channel}.")]
    )
    async with service_on(tmp_path / "store.db", setup) as service:
        await ask(service, prompt(1, "Why?"))
    async with service_on(tmp_path / "store.db", setup) as service:
        await ask(service, prompt(2, "And then?"))
        await ask(service, prompt(3, "Elsewhere?", conversation="fake:other"))
    system = ("system", "You are terse. Alice asks in general.")
    assert said(model.asked[0]) == [system, ("user", "Why?")]
    assert said(model.asked[1]) == [
        system,
        ("user", "Why?"),
        ("assistant", "Because."),
        ("user", "And then?"),
    ]
    assert said(model.asked[2]) == [system, ("user", "Elsewhere?")]


async def test_where_several_people_speak_the_model_is_told_who_did(tmp_path: Path) -> None:
    model = model_of("Because.")
    async with service_on(tmp_path / "store.db", Setup({"small": model})) as service:
        await ask(service, prompt(1, "Why?"))
        await ask(service, prompt(2, "How?", BOB))
    assert said(model.asked[1]) == [("user", "Alice: Why?"), ("assistant", "Because."), ("user", "How?")]


async def test_the_oldest_turns_give_way_whole_and_the_prompt_stays(tmp_path: Path) -> None:
    model = model_of("word " * 100)
    setup = Setup({"small": model}, infos=[ModelInfo("small", context=600, max_tokens=100)])
    async with service_on(tmp_path / "store.db", setup) as service:
        for number in range(1, 6):
            await ask(service, prompt(number, f"Question {number}?"))
        await ask(service, prompt(6, "long " * 1000))
    given = said(model.asked[4])
    assert given[-1] == ("user", "Question 5?")
    assert 1 < len(given) < 9
    assert all(text in {("word " * 100), *(f"Question {n}?" for n in range(1, 6))} for _, text in given)
    assert said(model.asked[5]) == [("user", ("long " * 1000).strip())]


async def test_edited_and_deleted_messages_are_respected(tmp_path: Path) -> None:
    model = model_of("Because.")
    async with service_on(tmp_path / "store.db", Setup({"small": model})) as service:
        await ask(service, prompt(1, "Why?"))
        await ask(service, prompt(2, "My password is hunter2."))
        await service.store.conversations.edit(keys.key("fake:general/1"), "How?", 5)
        await service.store.conversations.delete(keys.key("fake:general/2"))
        await ask(service, prompt(3, "So?"))
        await service.store.conversations.forget(keys.conversation(THREAD))
        await ask(service, prompt(4, "New?"))
    assert [text for _, text in said(model.asked[2])] == ["How?", "Because.", "Because.", "So?"]
    assert said(model.asked[3]) == [("user", "New?")]


class Past:
    """A platform's history."""

    reads = 0

    async def before(self, prompt: Prompt, most: int) -> list[NewTurn]:
        self.reads += 1
        assert prompt.conversation is not None
        turns = [NewTurn(prompt.conversation, Role.USER, f"Earlier {n}", 5, clock(), keys=(key(f"fake:general/0{n}"),))
                 for n in range(3)]  # fmt: skip
        return turns[-most:]


async def test_what_was_said_before_the_bot_is_read_once(tmp_path: Path) -> None:
    model, past = model_of("Because."), Past()
    async with service_on(tmp_path / "store.db", Setup({"small": model})) as service:
        service.assistant.memory.histories["fake"] = past
        await ask(service, prompt(1))
        await ask(service, prompt(2))
    assert past.reads == 1
    assert [text for _, text in said(model.asked[1])] == [
        "Earlier 0", "Earlier 1", "Earlier 2", "Alice: Why?", "Because.", "Why?",
    ]  # fmt: skip


async def test_models_and_personas_are_chosen_by_scope(tmp_path: Path) -> None:
    small, large = model_of("Small."), model_of("Large.")
    setup = Setup(
        {"small": small, "large": large},
        personas=[Persona("standard", ""), Persona("pirate", "Arr.", model="large")],
    )
    async with service_on(tmp_path / "store.db", setup) as service:
        choices = service.assistant.choices
        assert (await ask(service, prompt(1))).draft.text == "Small."
        assert (
            await choices.choose(Choice.PERSONA, "fake:general", "PIRATE", person("alice"), clock())
            == "pirate"
        )
        assert (await ask(service, prompt(2))).draft.text == "Large."
        assert large.asked[0][0].text == "Arr."
        await choices.choose(Choice.MODEL, THREAD, "small", person("alice"), clock())
        assert (await ask(service, prompt(3))).draft.text == "Small."
        assert (await ask(service, replace(prompt(4), model="large"))).draft.text == "Large."


async def test_rules_and_limits_refuse_with_a_sentence_and_admins_pass(tmp_path: Path) -> None:
    rules = Rules(
        Access(
            deny=Lists(users=frozenset({person("fake:mallory")})),
            admins=Lists(users=frozenset({person("fake:bob")})),
        ),
        (Limits(Scope.USER, at_once=1, per_hour=2),),
    )
    mallory = replace(ALICE, asker=replace(ALICE.asker, user=person("fake:mallory")))
    async with service_on(
        tmp_path / "store.db", Setup({"small": model_of("Because.")}, everyday=Everyday(rules))
    ) as service:
        with pytest.raises(PromptRefused, match="may not answer you"):
            await service.assistant.admit(prompt(1, origin=mallory))
        await service.assistant.admit(prompt(2))
        with pytest.raises(PromptRefused, match="at most 1 answer for you at a time"):
            await service.assistant.admit(prompt(3))
        first = service.answering.ask(prompt(2), Opening(FakeSurface(FakeChannel())))
        assert first is not None
        await first.done.wait()
        await ask(service, prompt(4))
        with pytest.raises(PromptRefused, match="again in 1 hour"):
            await service.assistant.admit(prompt(5))
        for number in range(6, 10):
            await ask(service, prompt(number, origin=BOB))
        await asyncio.sleep(3600)
        await ask(service, prompt(10))


async def test_a_prompt_that_is_given_up_while_its_limits_are_read_counts_for_none(tmp_path: Path) -> None:
    limits = (Limits(Scope.USER, at_once=1, per_hour=100),)
    setup = Setup({"small": model_of("Because.")}, everyday=Everyday(Rules(Access(), limits)))
    async with service_on(tmp_path / "store.db", setup) as service:
        async with slow_reads(service.store):
            admission = asyncio.create_task(service.assistant.rules.admit(prompt(1)))
            await asyncio.sleep(1)
            admission.cancel()
        await service.assistant.admit(prompt(2))


async def test_what_an_answer_took_is_recorded(tmp_path: Path) -> None:
    model = model_of("Because.")
    async with service_on(tmp_path / "store.db", Setup({"small": model})) as service:
        admitted = await service.assistant.admit(prompt(1))
        answer = service.answering.ask(admitted, Opening(FakeSurface(FakeChannel())))
        assert answer is not None
        answer.usage = Usage(10, 5)
        await answer.done.wait()
        await service.store.answer_writes.flush()
        (row,) = await service.store.usage.summary(0.0, asker=person("fake:alice"))
    assert (row.model, row.answers, row.prompt_tokens, row.completion_tokens) == ("small", 1, 10, 5)


async def test_a_database_that_takes_no_writes_costs_no_answer_and_can_still_be_read(tmp_path: Path) -> None:
    model = ScriptedModel(model_of("Because.").scripts)
    async with service_on(tmp_path / "store.db", Setup({"small": model})) as service:
        await ask(service, prompt(1))
        await service.store.close()
        answer = await ask(service, prompt(2))
    assert answer.draft.text == "Because."
    assert answer.state is State.COMPLETE
    assert said(model.asked[1]) == [("user", "Why?"), ("assistant", "Because."), ("user", "Why?")]
    assert [english(note).partition(". ")[2] for note in answer.notes] == [
        "I will not remember this question."
    ]


class Refusing(Conversations):
    """Takes no new turn; `erases` makes somebody delete each message right after it was found."""

    erases = False

    async def add(self, turn: NewTurn) -> TurnRecord | None:
        raise DatabaseLocked(f"no turn of {len(turn.text)} characters")

    async def find(self, key: MessageKey) -> MessageRecord | None:
        found = await super().find(key)
        if self.erases:
            await self.delete(key)
        return found


@pytest.mark.parametrize("erases", [False, True])
async def test_a_prompt_that_is_asked_again_and_not_stored_is_counted_once(
    erases: bool, tmp_path: Path
) -> None:
    setup = Setup({"small": model_of("Because.")})
    async with service_on(tmp_path / "store.db", setup) as service:
        for number in (1, 2):
            await ask(service, prompt(number, f"Question {number}?"))
        conversations = Refusing(service.store._database)
        conversations.erases = erases
        memory = Memory(conversations, MemorySettings(), clock)
        again, turn = prompt(2, "Question 2?"), Turn(Role.USER, "Question 2?")
        earlier = [Turn(Role.USER, "Question 1?"), Turn(Role.ASSISTANT, "Because.")]
        tokens = sum(map(estimate_tokens, [*earlier, turn]))
        recalled = await memory.recall(again, turn, tokens)
        assert said(recalled.turns) == said((*earlier, turn))
        recalled = await memory.recall(prompt(1, "Question 1?"), earlier[0], tokens)
        assert said(recalled.turns) == said((earlier[0],))
