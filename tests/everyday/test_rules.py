"""Who may ask, where, how much and with which model: a refusal is private, friendly, and says when to try again."""

from __future__ import annotations

import asyncio
import csv
import io
from decimal import Decimal

import pytest

from tests.everyday.conftest import Make
from tests.everyday.rig import Rig, Where, govern, model_in
from tests.support.keys import person
from tests.support.scripted_model import Script, ScriptedModel, model_of
from tests.support.services import Setup
from tickertape.memory.models import ModelInfo
from tickertape.model.api import Usage
from tickertape.rules.access import Access, Lists
from tickertape.rules.costs import Prices
from tickertape.rules.quota import Limits, Scope
from tickertape.rules.rulebook import Rules
from tickertape.service import Everyday

CHANNEL_NOT_ALLOWED = "I may not answer in this channel. Please ask in another one."
ONLY_ADMINS = "Only this bot's admins can do that."
ONLY_MODERATORS_CHOOSE = "Only a moderator can choose for the whole channel."
PERSON_NOT_ALLOWED = "I may not answer you here. Please ask this bot's owner."


CHOSEN = {Where.CHANNEL: "Large.", Where.THREAD: "Large.", Where.ELSEWHERE: "Small."}
"""What is answered where, once a moderator chose the large model for the channel."""


def setup_of(**script: object) -> Setup:
    script = {"pieces": ["Because."], "usage": Usage(900, 100), **script}
    info = ModelInfo("small", prices=Prices(Decimal(1), Decimal(10)))
    model = ScriptedModel([Script(**script)])  # type: ignore[arg-type]  # keywords of Script
    return Setup({"small": model}, infos=[info], everyday=Everyday(currency="EUR"))


async def refusals_of(rig: Rig, user: str) -> list[str]:
    """Have `user` ask by a mention and by the command, and return what only they are told of each."""
    before = len(rig.whispers(user))
    await rig.ask("Why?", user)
    await rig.quiet()
    told = await rig.ask_by_command("Why?", user)
    await rig.quiet()
    return [*rig.whispers(user)[before:], told()]


async def lists_of(rig: Rig, kind: str) -> Lists:
    match kind:
        case "user":
            return Lists(users=frozenset({person(rig.person("alice"))}))
        case "role":
            return Lists(roles=frozenset({await rig.role_of("alice")}))
        case _:
            return Lists(channels=frozenset({rig.channel}))


@pytest.mark.parametrize(
    ("kind", "sentence", "others_too"),
    [
        ("user", PERSON_NOT_ALLOWED, False),
        ("role", PERSON_NOT_ALLOWED, False),
        ("channel", CHANNEL_NOT_ALLOWED, True),
    ],
)
async def test_who_or_where_is_denied_gets_one_private_sentence(
    kind: str, sentence: str, others_too: bool, on_platform: Make
) -> None:
    async with on_platform(setup_of()) as rig:
        await govern(rig, Rules(Access(deny=await lists_of(rig, kind))))
        assert await refusals_of(rig, "alice") == [sentence, sentence]
        assert rig.answers() == []
        assert model_in(rig).asked == []
        await rig.ask("Why?", "bob")
        await rig.quiet()
        assert len(rig.answers()) == (0 if others_too else 1)
        rig.assert_clean()


@pytest.mark.parametrize("kind", ["user", "role"])
async def test_an_allow_list_keeps_others_out(kind: str, on_platform: Make) -> None:
    async with on_platform(setup_of()) as rig:
        await govern(rig, Rules(Access(allow=await lists_of(rig, kind))))
        assert await refusals_of(rig, "bob") == [PERSON_NOT_ALLOWED] * 2
        await rig.ask()
        await rig.quiet()
        assert len(rig.answers()) == 1


async def test_an_allow_list_of_channels_keeps_the_bot_to_them_and_their_threads(on_platform: Make) -> None:
    async with on_platform(setup_of()) as rig:
        await govern(rig, Rules(Access(allow=Lists(channels=frozenset({rig.channel})))))
        for where in (Where.CHANNEL, Where.THREAD):
            await rig.ask_in(where)
            await rig.quiet()
            assert rig.shown_in(where) == ["Because."]
        assert rig.whispers() == []
        await rig.ask_by_command()
        await rig.quiet()
        assert len(model_in(rig).asked) == 3
        await rig.ask_in(Where.ELSEWHERE)
        await rig.quiet()
        told = await rig.ask_by_command(where=Where.ELSEWHERE)
        await rig.quiet()
        assert [*rig.whispers(), told()] == [CHANNEL_NOT_ALLOWED] * 2
        assert rig.shown_in(Where.ELSEWHERE) == []
        await rig.ask(direct=True)
        await rig.quiet()
        assert len(model_in(rig).asked) == 3, "a direct message is another channel"
        rig.assert_clean()


@pytest.mark.parametrize("chosen_in", [Where.CHANNEL, Where.THREAD])
async def test_a_moderator_chooses_a_model_for_everybody_in_a_channel_and_its_threads(
    chosen_in: Where, on_platform: Make
) -> None:
    setup = Setup({"small": model_of("Small."), "large": model_of("Large.")})
    async with on_platform(setup) as rig:
        assert await rig.choose_for_channel("large", "bob", chosen_in) == ONLY_MODERATORS_CHOOSE
        await rig.ask_in(Where.CHANNEL, user="bob")
        await rig.quiet()
        assert rig.shown_in(Where.CHANNEL) == ["Small."]
        said = await rig.choose_for_channel("large", "moderator", chosen_in)
        assert said == "From now on, large answers in this channel."
        await rig.restart()
        for where, answer in CHOSEN.items():
            await rig.ask_in(where, user="bob")
            await rig.quiet()
            assert rig.shown_in(where)[-1] == answer
        rig.assert_clean()


async def test_a_model_that_is_not_for_everybody_can_neither_be_chosen_nor_asked(on_platform: Make) -> None:
    setup = Setup({"small": model_of("Small."), "large": model_of("Large.")})
    async with on_platform(setup) as rig:
        bobs = Lists(users=frozenset({person(rig.person("bob"))}))
        await govern(rig, Rules(Access(models={"large": bobs})))
        chosen = await rig.command("model", "large", direct=True)
        assert chosen.text == "You may not use the model large here. Please choose another one."
        assert "large" not in (await rig.command("model", direct=True)).text


PER_HOUR = {
    Scope.USER: "I write at most 1 answer for you in an hour. Please ask again in",
    Scope.WORKSPACE: "I write at most 1 answer here in an hour. Please ask again in",
}
TOKENS = {
    Scope.USER: "Your 1,000 tokens for 24 hours are used up. Please ask again in",
    Scope.WORKSPACE: "The 1,000 tokens for 24 hours are used up here. Please ask again in",
}


@pytest.mark.parametrize("scope", Scope)
async def test_a_reached_limit_says_when_to_ask_again_and_is_over_then(
    scope: Scope, on_platform: Make
) -> None:
    async with on_platform(setup_of()) as rig:
        await govern(rig, Rules(limits=(Limits(scope, per_hour=1),)))
        await rig.ask()
        await rig.quiet()
        await asyncio.sleep(1800)
        told = await refusals_of(rig, "alice" if scope is Scope.USER else "bob")
        assert len(told) == 2
        assert set(told) <= {f"{PER_HOUR[scope]} {minutes} minutes." for minutes in (29, 30)}
        await rig.ask(user="bob")
        await rig.quiet()
        assert len(rig.answers()) == (2 if scope is Scope.USER else 1)
        await asyncio.sleep(1800)
        await rig.ask()
        await rig.quiet()
        assert len(rig.answers()) == (3 if scope is Scope.USER else 2)
        rig.assert_clean()


@pytest.mark.parametrize("scope", Scope)
async def test_tokens_of_a_day_that_are_used_up_are_told(scope: Scope, on_platform: Make) -> None:
    async with on_platform(setup_of()) as rig:
        await govern(rig, Rules(limits=(Limits(scope, tokens_per_day=1000),)))
        await rig.ask()
        await rig.quiet()
        told = await refusals_of(rig, "alice" if scope is Scope.USER else "bob")
        assert told == [f"{TOKENS[scope]} 24 hours."] * 2
        assert len(rig.answers()) == 1


@pytest.mark.parametrize("scope", Scope)
async def test_answers_at_once_are_limited_until_one_has_ended(scope: Scope, on_platform: Make) -> None:
    async with on_platform(setup_of(pieces=["Because."] * 10, pause=1.0)) as rig:
        await govern(rig, Rules(limits=(Limits(scope, at_once=1),)))
        await rig.ask()
        await rig.until(rig.answers)
        told = await refusals_during(rig, "alice" if scope is Scope.USER else "bob")
        assert told.endswith("at a time. Please ask again when one has ended.")
        await rig.quiet()
        assert len(rig.answers()) == 1
        await rig.ask()
        await rig.quiet()
        assert len(rig.answers()) == 2


async def refusals_during(rig: Rig, user: str) -> str:
    await rig.ask("And?", user)
    await rig.until(lambda: rig.whispers(user))
    (told,) = rig.whispers(user)
    return told


async def test_admins_have_no_limits(on_platform: Make) -> None:
    async with on_platform(setup_of()) as rig:
        admins = Lists(users=frozenset({person(rig.person("alice"))}))
        await govern(rig, Rules(Access(admins=admins), (Limits(Scope.USER, per_hour=1),)))
        for _ in range(2):
            await rig.ask()
            await rig.quiet()
        assert len(rig.answers()) == 2
        assert rig.whispers() == []


async def test_what_each_answer_took_is_recorded_shown_and_exported(on_platform: Make) -> None:
    async with on_platform(setup_of()) as rig:
        admins = Lists(users=frozenset({person(rig.person("bob"))}))
        await govern(rig, Rules(Access(admins=admins)))
        await rig.ask()
        await rig.quiet()
        await rig.ask(user="bob")
        await rig.quiet()
        assert "small: 1 answer, 1,000 tokens, 0.0019 EUR" in (await rig.command("usage")).text
        assert (await rig.command("usage", "all")).text == ONLY_ADMINS
        assert (await rig.command("usage", "csv")).text == ONLY_ADMINS
        assert "small: 2 answers, 2,000 tokens, 0.0038 EUR" in (await rig.command("usage", "all", "bob")).text
        (table,) = (await rig.command("usage", "csv", "bob")).files
        first, second = csv.DictReader(io.StringIO(table))
        assert (first["asker"], second["asker"]) == (rig.person("alice"), rig.person("bob"))
        assert (first["model"], first["state"], first["cost"]) == ("small", "complete", "0.0019")
        assert (first["prompt_tokens"], first["completion_tokens"]) == ("900", "100")
        assert first["started_at"] < first["ended_at"] < second["started_at"]
        assert first["workspace"].startswith(f"{rig.platform}:")
