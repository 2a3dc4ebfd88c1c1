"""What an answer that is over offers in Discord, and the commands beside asking."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.discord.lives import Lives, on_lives
from tests.discord.stage import offers
from tests.support.keys import person
from tests.support.scripted_model import Script, ScriptedModel, model_of, pieces_of
from tests.support.services import Setup
from tickertape.memory.models import ModelInfo
from tickertape.memory.personas import Persona
from tickertape.model.api import Finish
from tickertape.rules.access import Access, Lists
from tickertape.rules.rulebook import Rules
from tickertape.sandbox.discord import Interaction
from tickertape.service import Everyday

ANSWER = "Because it is so."


async def asked(lives: Lives, text: str = "Why?") -> str:
    """Ask by a mention, and return the id in the buttons of the answer."""
    await lives.stage.ask(text)
    await lives.until_quiet()
    return str(lives.stage.shown()[-1].buttons[0]["custom_id"]).rpartition(":")[2]


def said(interaction: Interaction) -> str:
    """Return what a command or a press was answered in private."""
    (message,) = interaction.messages
    assert message.ephemeral
    return message.content


@pytest.mark.parametrize("restarts", [False, True])
async def test_the_button_has_the_prompt_answered_again(restarts: bool, tmp_path: Path) -> None:
    model = ScriptedModel([*model_of(ANSWER).scripts, *model_of("On second thoughts: no.").scripts])
    async with on_lives(tmp_path, model) as lives:
        discord = lives.discord
        answer = await asked(lives)
        (message,) = lives.stage.shown()
        assert offers(message) == ["again", "good", "bad"]
        if restarts:
            await lives.restart()
        pressed = await discord.press(message, discord.alice, f"tickertape:again:{answer}")
        await lives.until_quiet()
        assert [each.content for each in pressed.messages] == ["On second thoughts: no."]
        await discord.say(discord.general, discord.alice, "So?", mention_bot=True, reply_to=message)
        await lives.until_quiet()
        assert [turn.text for turn in model.asked[2]] == ["Why?", "On second thoughts: no.", "So?"]


async def test_only_the_asker_or_a_moderator_has_it_answered_again(tmp_path: Path) -> None:
    model = model_of(ANSWER)
    async with on_lives(tmp_path, model) as lives:
        answer = await asked(lives)
        pressed = await lives.discord.press(
            lives.stage.shown()[0], lives.discord.bob, f"tickertape:again:{answer}"
        )
        await lives.until_quiet()
        assert said(pressed).startswith("Only the person who asked")
        assert len(model.asked) == 1


async def test_a_reaction_has_the_prompt_answered_again_with_its_new_text(tmp_path: Path) -> None:
    model = model_of(ANSWER)
    async with on_lives(tmp_path, model) as lives:
        discord = lives.discord
        question = await lives.stage.ask("Why?")
        await lives.until_quiet()
        await discord.edit(question, f"<@{discord.bot_user.id}> How?")
        await lives.until_quiet()
        assert "🔁" in question.reactions, "an edited question offers it"
        await discord.react(question, discord.bob, "🔁")
        await lives.until_quiet()
        assert len(model.asked) == 1
        await discord.react(question, discord.alice, "🔁")
        await lives.until_quiet()
        assert [turn.text for turn in model.asked[1]] == ["How?"]
        assert [each.content for each in lives.stage.shown()] == [ANSWER, ANSWER]
        assert all(each.reply_to is question for each in lives.stage.shown())


async def test_a_persona_is_told_the_channel_by_a_reaction_too(tmp_path: Path) -> None:
    model = model_of(ANSWER)
    setup = Setup({"small": model}, personas=[Persona("standard", "You are in <{channel}>.")])
    async with on_lives(tmp_path, setup=setup) as lives:
        question = await lives.stage.ask("Why?")
        await lives.until_quiet()
        await lives.discord.react(question, lives.discord.alice, "🔁")
        await lives.until_quiet()
        told = [conversation[0].text for conversation in model.asked]
        assert told == ["You are in <general>."] * 2


async def test_an_answer_that_was_cut_off_goes_on(tmp_path: Path) -> None:
    model = ScriptedModel([Script(["Because"], finish=Finish.LENGTH), Script([" it is so."])])
    async with on_lives(tmp_path, model) as lives:
        answer = await asked(lives)
        (message,) = lives.stage.shown()
        assert offers(message) == ["continue", "again", "good", "bad"]
        pressed = await lives.discord.press(message, lives.discord.alice, f"tickertape:continue:{answer}")
        await lives.until_quiet()
        assert [each.content for each in pressed.messages] == ["it is so."]
        assert [turn.text for turn in model.asked[1]][:2] == ["Why?", "Because"]


async def test_an_answer_that_was_cut_off_can_go_on_after_a_crash(tmp_path: Path) -> None:
    model = ScriptedModel([Script(pieces_of(ANSWER), pause=0.3, finish=Finish.LENGTH)])
    async with on_lives(tmp_path, model) as lives:
        await lives.stage.ask("Why?")
        answer = await lives.stage.until_running()
        await lives.stage.until(lambda: answer.over)
        await lives.service.store.answer_writes.flush()
        assert "continue" not in offers(lives.stage.shown()[0])
        await lives.restart(1)
        await lives.until_quiet()
        assert offers(lives.stage.shown()[0]) == ["continue", "again", "good", "bad"]


async def test_an_opinion_is_kept(tmp_path: Path) -> None:
    async with on_lives(tmp_path) as lives:
        answer = await asked(lives)
        pressed = await lives.discord.press(
            lives.stage.shown()[0], lives.discord.bob, f"tickertape:bad:{answer}"
        )
        await lives.until_quiet()
        assert said(pressed) == "Thank you, noted."
        (rating,) = (await lives.service.store.answers.ratings(answer)).values()
        assert rating.value == "bad"


async def test_models_are_chosen_by_command(tmp_path: Path) -> None:
    large = model_of("Large.")
    setup = Setup(
        {"small": model_of("Small."), "large": large},
        infos=[ModelInfo("large", "slow and thorough")],
        personas=[Persona("standard", ""), Persona("pirate", "Arr.")],
    )
    async with on_lives(tmp_path, setup=setup) as lives:
        discord = lives.discord
        dm = await discord.open_dm(discord.alice)
        listed = await discord.slash(dm, discord.alice, "model", {})
        await lives.until_quiet()
        typed = await discord.suggest(dm, discord.alice, "model", "name", "la")
        await discord.slash(dm, discord.alice, "model", {"name": "large"})
        await discord.slash(dm, discord.alice, "persona", {"name": "pirate"})
        refused = await discord.slash(discord.general, discord.bob, "model", {"name": "large"})
        await lives.until_quiet()
        assert "**large**: slow and thorough" in said(listed)
        assert [choice["value"] for choice in typed.choices] == ["large"]
        assert said(refused).startswith("Only a moderator")
        await discord.say(dm, discord.alice, "Why?")
        await lives.until_quiet()
        assert [turn.text for turn in large.asked[0]] == ["Arr.", "Why?"]


async def test_figures_forgetting_and_help_are_private(tmp_path: Path) -> None:
    model = model_of(ANSWER)
    async with on_lives(tmp_path, setup=Setup({"small": model})) as lives:
        discord = lives.discord
        dm = await discord.open_dm(discord.alice)
        await discord.say(dm, discord.alice, "Why?")
        await lives.until_quiet()
        figures = await discord.slash(dm, discord.alice, "usage", {})
        everyone = await discord.slash(dm, discord.alice, "usage", {"everyone": True})
        helped = await discord.slash(discord.general, discord.bob, "help", {})
        forgotten = await discord.slash(dm, discord.alice, "forget", {})
        await lives.until_quiet()
        await discord.say(dm, discord.alice, "And?")
        await lives.until_quiet()
        assert "small: 1 answer" in said(figures)
        assert said(everyone) == "Only this bot's admins can do that."
        assert "**Ask**" in said(helped)
        assert said(forgotten) == "Forgotten: 2 messages."
        assert [turn.text for turn in model.asked[1]] == ["And?"]


async def test_only_a_moderator_makes_it_forget_a_thread(tmp_path: Path) -> None:
    async with on_lives(tmp_path) as lives:
        discord = lives.discord
        thread = await discord.start_thread(discord.general, discord.alice, "A thread")
        await discord.say(thread, discord.alice, "Why?", mention_bot=True)
        await lives.until_quiet()
        refused = await discord.slash(thread, discord.bob, "forget", {})
        await lives.until_quiet()
        assert said(refused).startswith("Only a moderator")


async def test_an_admin_exports_all_figures(tmp_path: Path) -> None:
    async with on_lives(tmp_path) as lives:
        alice = f"discord:{lives.discord.alice.id}"
        rules = Rules(Access(admins=Lists(users=frozenset({person(alice)}))))
        lives.setup = Setup({"small": model_of(ANSWER)}, everyday=Everyday(rules))
        await lives.restart()
        await asked(lives)
        exported = await lives.discord.slash(
            lives.discord.general, lives.discord.alice, "usage", {"export": True}
        )
        await lives.until_quiet()
        (message,) = exported.messages
        assert [file.filename for file in message.attachments] == ["usage.csv"]
        assert message.ephemeral


async def test_who_is_denied_gets_one_private_sentence(tmp_path: Path) -> None:
    model = model_of(ANSWER)
    async with on_lives(tmp_path, model) as lives:
        bob = f"discord:{lives.discord.bob.id}"
        rules = Rules(Access(deny=Lists(users=frozenset({person(bob)}))))
        lives.setup = Setup({"small": model}, everyday=Everyday(rules))
        await lives.restart()
        command = await lives.stage.slash("Why?", lives.discord.bob)
        await lives.until_quiet()
        assert said(command).startswith("I may not answer you here")
        assert model.asked == []
