"""What people do by commands beside asking: figures, choices, forgetting."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.inbound.stage import here, pressed, stage
from tests.support.english import english
from tests.support.inbound import FakeSender, question
from tests.support.keys import key, place
from tests.support.scripted_model import Script, ScriptedModel
from tickertape.answer.preparation import PromptRefused
from tickertape.durable.store.records import Choice
from tickertape.model.api import Usage
from tickertape.prompts.asker import direct_messages
from tickertape.screen.body import Offer


def _counting(*figures: Usage) -> ScriptedModel:
    """Return a model whose answers take so much, one after the other."""
    return ScriptedModel([Script(["Because."], usage=each) for each in figures])


async def test_figures_are_shown_to_whom_they_concern() -> None:
    alice, bob, root, mallory = map(FakeSender, ("alice", "bob", "root", "mallory"))
    async with stage(_counting(Usage(1_000_000, 500_000), Usage(10, 20))) as on:
        await on.ask(question(alice, number=1))
        await on.ask(question(bob, number=2))
        commands = on.inbox.commands
        yours = english(await commands.usage(alice.who.asker))
        everybody = english(await commands.usage_of_all(root.who.asker))
        assert "- Last 24 hours, small: 1 answer, 1,500,000 tokens, 2.00 EUR" in yours
        assert "- Last 30 days, small: 2 answers, 1,500,030 tokens, 2.00 EUR" in everybody
        with pytest.raises(PromptRefused, match="admins"):
            await commands.usage_of_all(alice.who.asker)
        with pytest.raises(PromptRefused, match="admins"):
            await commands.export(bob.who.asker)
        with pytest.raises(PromptRefused, match="may not answer you"):
            await commands.usage(mallory.who.asker)


async def test_the_export_is_a_table_without_texts_and_without_formulas() -> None:
    async with stage(_counting(Usage(10, 20))) as on:
        evil = replace(question(FakeSender("alice"), "What is the secret?"), place=place("=cmd():1"))
        await on.ask(evil)
        header, row = (await on.inbox.commands.export(FakeSender("root").who.asker)).text.splitlines()
    assert header.startswith("id,started_at,")
    assert "2027-01-15T" in row
    cells = dict(zip(header.split(","), row.split(","), strict=True))
    assert (cells["platform"], cells["asker"], cells["place"]) == ("fake", "fake:alice", "'=cmd():1")
    assert "secret" not in row


async def test_people_choose_among_what_they_may_use() -> None:
    alice, bob, moderator = FakeSender("alice"), FakeSender("bob"), FakeSender("carol", moderates=True)
    async with stage() as on:
        commands = on.inbox.commands
        assert english(await commands.choices(Choice.MODEL, here(alice))) == (
            "Models that you can choose here:\n- **small** ✓: quick and cheap"
        )
        assert commands.suggest(Choice.MODEL, bob.who.asker, "l") == ["large", "small"]
        assert commands.suggest(Choice.PERSONA, alice.who.asker, "PIR") == ["pirate"]
        assert commands.suggest(Choice.PERSONA, FakeSender("mallory").who.asker, "PIR") == []
        with pytest.raises(PromptRefused, match="Did you mean pirate"):
            await commands.choose(Choice.PERSONA, "pirat", here(alice), whole_channel=False)
        with pytest.raises(PromptRefused, match="may not use the model large"):
            await commands.choose(Choice.MODEL, "large", here(alice), whole_channel=False)
        with pytest.raises(PromptRefused, match="Only a moderator"):
            await commands.choose(Choice.PERSONA, "pirate", here(alice), whole_channel=True)
        said = await commands.choose(Choice.PERSONA, "pirate", here(moderator), whole_channel=True)
        assert english(said) == "From now on, pirate answers in this channel."
        assert "**pirate** ✓" in english(await commands.choices(Choice.PERSONA, here(alice)))
        answer = await on.ask(question(alice))
        assert answer.prompt.persona == "pirate"


async def test_what_is_chosen_in_a_conversation_counts_there_alone() -> None:
    alice = FakeSender("alice")
    async with stage() as on:
        commands = on.inbox.commands
        await commands.choose(Choice.PERSONA, "pirate", here(alice), whole_channel=False)
        there = await on.ask(question(alice, number=1))
        elsewhere = await on.ask(question(alice, number=2, thread="fake:general/2"))
        assert (there.prompt.persona, elsewhere.prompt.persona) == ("pirate", "standard")


async def test_where_there_is_no_conversation_moderators_choose_for_the_channel() -> None:
    alice, root = FakeSender("alice"), FakeSender("root")
    async with stage() as on:
        commands = on.inbox.commands
        with pytest.raises(PromptRefused, match="Only a moderator"):
            await commands.choose(Choice.PERSONA, "pirate", here(alice, None), whole_channel=False)
        said = await commands.choose(Choice.PERSONA, "pirate", here(root, None), whole_channel=False)
        assert english(said) == "From now on, pirate answers in this channel."


async def test_what_was_said_is_forgotten_by_those_who_may() -> None:
    alice, bob, moderator = FakeSender("alice"), FakeSender("bob"), FakeSender("carol", moderates=True)
    async with stage() as on:
        commands = on.inbox.commands
        first = await on.ask(question(alice))
        with pytest.raises(PromptRefused, match="Only a moderator"):
            await commands.forget(here(alice))
        with pytest.raises(PromptRefused, match="no conversation"):
            await commands.forget(here(moderator, None))
        assert english(await commands.forget(here(moderator))) == "Forgotten: 2 messages."
        with pytest.raises(PromptRefused, match="was deleted"):
            await on.inbox.offers.pressed(pressed(Offer.AGAIN, first.id, alice))
        await on.ask(question(alice, "Who?", number=3))
        await on.ask(question(bob, "What?", number=4))
        assert english(await commands.forget_person(alice.key)) == "Forgotten: 2 messages."
        await on.inbox.deleted(key("fake:general/4"))
        await on.ask(question(alice, "New?", number=5))
    assert on.told(3) == ["Because.", "New?"]


async def test_admins_forget_what_several_people_said_and_everybody_what_nobody_else_did() -> None:
    alone = FakeSender("alice", channels=frozenset({direct_messages("fake")}))
    async with stage() as on:
        for sender in (FakeSender("root"), alone):
            await on.ask(question(sender, number=1 if sender is alone else 2))
            assert english(await on.inbox.commands.forget(here(sender))) == "Forgotten: 2 messages."
        with pytest.raises(PromptRefused, match="may not answer you"):
            await on.inbox.commands.forget(here(FakeSender("mallory", moderates=True)))
