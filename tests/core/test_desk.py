"""What people do beside asking, on a real database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from tickertape.inbound.desk import Desk

from tests.support.english import english
from tests.support.fake_platform import FakeChannel, FakeSurface
from tests.support.keys import key, person, place
from tests.support.prompts import prompt as prompt_of
from tests.support.scripted_model import ScriptedModel, model_of
from tests.support.services import Setup, service_on
from tests.support.slow_database import slow_reads
from tickertape.answer.answer import Answer
from tickertape.answer.opening import Opening
from tickertape.answer.preparation import PromptRefused
from tickertape.durable.store.records import Choice, Rating
from tickertape.languages import words
from tickertape.memory.models import ModelInfo
from tickertape.memory.personas import Persona
from tickertape.model.api import Usage
from tickertape.prompts.asker import Asker
from tickertape.prompts.prompt import Origin, Prompt
from tickertape.rules.access import Access, Lists
from tickertape.rules.costs import Prices
from tickertape.rules.rulebook import Rules
from tickertape.service import Everyday, Service

ALICE = Asker(person("fake:alice"), frozenset({"fake:general"}))
BOB, ROOT = replace(ALICE, user=person("fake:bob")), replace(ALICE, user=person("fake:root"))
RULES = Rules(
    Access(admins=Lists(users=frozenset({ROOT.user})), models={"large": Lists(users=frozenset({BOB.user}))})
)
CHEAP = ModelInfo("small", "quick and cheap", prices=Prices(Decimal(1), Decimal(2)))


def prompt(number: int, text: str = "Why?", asker: Asker = ALICE) -> Prompt:
    origin = Origin(asker, str(asker.user))
    return prompt_of(
        text,
        key=f"fake:general/{number}",
        asker=str(asker.user),
        conversation="fake:thread",
        origin=origin,
    )


@asynccontextmanager
async def desk_on(tmp_path: Path, model: ScriptedModel | None = None) -> AsyncIterator[tuple[Service, Desk]]:
    setup = Setup(
        {"small": model or model_of("Because."), "large": model_of("Indeed.")},
        infos=[CHEAP],
        personas=[Persona("standard", ""), Persona("pirate", "Arr.", "talks like one")],
        everyday=Everyday(RULES, currency="EUR"),
    )
    async with service_on(tmp_path / "store.db", setup) as service:
        yield service, Desk(service)


async def ask(service: Service, question: Prompt, usage: Usage | None = None) -> Answer:
    answer = service.answering.ask(question, Opening(FakeSurface(FakeChannel())))
    assert answer is not None
    answer.usage = usage
    await answer.done.wait()
    await service.store.answer_writes.flush()
    return answer


async def test_figures_are_shown_to_whom_they_concern(tmp_path: Path) -> None:
    async with desk_on(tmp_path) as (service, desk):
        await ask(service, prompt(1), Usage(1_000_000, 500_000))
        await ask(service, prompt(2, asker=BOB), Usage(10, 20))
        yours, everybody = english(await desk.usage(ALICE)), english(await desk.usage_of_all(ROOT))
        assert "- Last 24 hours, small: 1 answer, 1,500,000 tokens, 2.00 EUR" in yours
        assert "- Last 30 days, small: 2 answers, 1,500,030 tokens, 2.00 EUR" in everybody
        with pytest.raises(PromptRefused, match="admins"):
            await desk.usage_of_all(ALICE)
        with pytest.raises(PromptRefused, match="admins"):
            await desk.export(BOB)


async def test_the_export_is_a_table_without_texts_and_without_formulas(tmp_path: Path) -> None:
    async with desk_on(tmp_path) as (service, desk):
        evil = replace(prompt(1, "What is the secret?"), place=place("=cmd()"))
        await ask(service, evil, Usage(10, 20))
        header, row = (await desk.export(ROOT)).text.splitlines()
    assert header.startswith("id,started_at,")
    assert "2027-01-15T" in row
    assert "'=cmd()" in row
    assert "secret" not in row


async def test_people_choose_among_what_they_may_use(tmp_path: Path) -> None:
    async with desk_on(tmp_path) as (service, desk):
        assert english(await desk.choices(Choice.MODEL, prompt(1))) == (
            "Models that you can choose here:\n- **small** ✓: quick and cheap"
        )
        assert desk.suggest(Choice.MODEL, BOB, "l") == ["large", "small"]
        assert desk.suggest(Choice.PERSONA, ALICE, "PIR") == ["pirate"]
        with pytest.raises(PromptRefused, match="Did you mean pirate"):
            await desk.choose(Choice.PERSONA, "pirat", prompt(1), whole_channel=False, moderates=False)
        with pytest.raises(PromptRefused, match="may not use the model large"):
            await desk.choose(Choice.MODEL, "large", prompt(1), whole_channel=False, moderates=False)
        with pytest.raises(PromptRefused, match="Only a moderator"):
            await desk.choose(Choice.PERSONA, "pirate", prompt(1), whole_channel=True, moderates=False)
        said = await desk.choose(Choice.PERSONA, "pirate", prompt(1), whole_channel=True, moderates=True)
        assert english(said) == "From now on, pirate answers in this channel."
        assert "**pirate** ✓" in english(await desk.choices(Choice.PERSONA, prompt(1)))
        answer = await ask(service, prompt(2))
        assert answer.prompt.persona == "pirate"


async def test_an_answer_is_written_again_in_the_place_of_the_old_one(tmp_path: Path) -> None:
    model = model_of("Because.")
    async with desk_on(tmp_path, model) as (service, desk):
        first = await ask(service, prompt(1, "Why?"))
        await ask(service, prompt(2, "And?"))
        with pytest.raises(PromptRefused, match="Only the person who asked"):
            await desk.again(first.id, BOB, moderates=False)
        assert (await desk.edited(key("fake:general/1"), "How?")) is not None
        assert (await desk.edited(key("fake:general/1"), "How?")) is None, "it says that already"
        again = await desk.again(first.id, ALICE, moderates=False)
        assert again.messages == tuple(first.messages)
        assert again.prompt.key != first.prompt.key
        await ask(service, again.prompt)
        await ask(service, prompt(3, "So?"))
        with pytest.raises(PromptRefused, match="do not know"):
            await desk.again("nothing", ALICE, moderates=False)
    assert [turn.text for turn in model.asked[2]] == ["How?"]
    assert [turn.text for turn in model.asked[3]] == ["How?", "Because.", "And?", "Because.", "So?"]


async def test_an_answer_that_is_written_again_twice_is_remembered_once(tmp_path: Path) -> None:
    model = model_of("Because.")
    async with desk_on(tmp_path, model) as (service, desk):
        first = await ask(service, prompt(1, "Why?"))
        for _ in range(2):
            await ask(service, (await desk.again(first.id, ALICE, moderates=False)).prompt)
        last = await ask(service, prompt(2, "So?"))
        await desk.deleted(key("fake:general/1"))
        again = await desk.answer_of(first.prompt.key)
        assert again is not None
        assert again.prompt is None
        assert last.prompt.text == "So?"
    assert [turn.text for turn in model.asked[3]] == ["Why?", "Because.", "So?"]


async def test_a_cut_answer_goes_on(tmp_path: Path) -> None:
    model = model_of("Because.")
    async with desk_on(tmp_path, model) as (service, desk):
        first = await ask(service, prompt(1))
        await ask(service, (await desk.go_on(first.id, ALICE, moderates=False)).prompt)
    assert [turn.text for turn in model.asked[1]] == [
        "Why?",
        "Because.",
        "Go on exactly where you stopped, without repeating anything.",
    ]


async def test_feedback_is_kept_once_for_each_person(tmp_path: Path) -> None:
    async with desk_on(tmp_path) as (service, desk):
        answer = await ask(service, prompt(1))
        assert await desk.rate(answer.id, ALICE, Rating.GOOD) == words.RATED
        assert await desk.rate(answer.id, ALICE, Rating.BAD) == words.RATED
        assert await desk.rate("nothing", ALICE, Rating.BAD) == words.ANSWER_UNKNOWN
        assert await service.store.answers.ratings(answer.id) == {ALICE.user: Rating.BAD}


async def test_what_was_said_is_forgotten_by_those_who_may(tmp_path: Path) -> None:
    model = model_of("Because.")
    async with desk_on(tmp_path, model) as (service, desk):
        first = await ask(service, prompt(1))
        with pytest.raises(PromptRefused, match="Only a moderator"):
            await desk.forget(prompt(2), moderates=False)
        assert english(await desk.forget(prompt(2), moderates=True)) == "Forgotten: 2 messages."
        with pytest.raises(PromptRefused, match="was deleted"):
            await desk.again(first.id, ALICE, moderates=False)
        await ask(service, prompt(3, "Who?"))
        await ask(service, prompt(4, "What?", BOB))
        assert english(await desk.forget_person(ALICE)) == "Forgotten: 2 messages."
        await desk.deleted(key("fake:general/4"))
        await ask(service, prompt(5, "New?"))
    assert [turn.text for turn in model.asked[3]] == ["Because.", "New?"]


async def test_what_is_edited_or_deleted_while_the_database_cannot_be_read_is_not_lost(
    tmp_path: Path,
) -> None:
    model = model_of("Because.")
    async with desk_on(tmp_path, model) as (service, desk):
        await ask(service, prompt(1, "My password is hunter2."))
        await ask(service, prompt(2, "Hwo?"))
        async with slow_reads(service.store):
            await desk.deleted(key("fake:general/1"))
            assert await desk.edited(key("fake:general/2"), "How?") is None
        await ask(service, prompt(3, "So?"))
        assert [turn.text for turn in model.asked[-1]] == ["Because.", "How?", "Because.", "So?"]
