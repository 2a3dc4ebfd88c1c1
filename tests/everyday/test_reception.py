"""What an event means, which is decided once: the same on both platforms, whoever it is for and whoever it is from."""

from __future__ import annotations

import pytest

from tests.everyday.conftest import Make
from tests.everyday.rig import Rig, Stop, Where, govern, told
from tests.everyday.test_rules import PERSON_NOT_ALLOWED
from tests.support.keys import person
from tests.support.scripted_model import Script, ScriptedModel, model_of
from tests.support.services import Setup
from tickertape.rules.access import Access, Lists
from tickertape.rules.rulebook import Rules

NOT_YOURS = "Only the person who asked, or a moderator, can stop this answer."
LONG = ["Because. "] * 400


def setup_of(*pieces: str) -> Setup:
    return Setup({"small": model_of(*(pieces or ("Because.",)))})


async def take_part(rig: Rig) -> None:
    """Let the bot take part in the thread: bob asked there."""
    await rig.ask_in(Where.THREAD, user="bob")
    await rig.quiet()
    assert rig.shown_in(Where.THREAD) == ["Because."]


async def test_in_a_thread_where_the_bot_takes_part_it_is_silent_when_somebody_else_is_addressed(
    on_platform: Make,
) -> None:
    async with on_platform(setup_of()) as rig:
        await take_part(rig)
        await rig.write(Where.THREAD, "can you look at this?", "alice", mentions="bob")
        await rig.quiet()
        assert rig.shown_in(Where.THREAD) == ["Because."]
        assert rig.whispers() == []
        await rig.write(Where.THREAD, "And then?", "alice")
        await rig.quiet()
        assert rig.shown_in(Where.THREAD) == ["Because."] * 2, (
            "nobody is addressed: it goes on with the bot's answer"
        )


async def test_whoever_did_not_address_the_bot_hears_no_refusal(on_platform: Make) -> None:
    async with on_platform(setup_of()) as rig:
        await take_part(rig)
        await govern(rig, Rules(Access(deny=Lists(users=frozenset({person(rig.person("alice"))})))))
        for mentions in (None, "bob"):
            await rig.write(Where.THREAD, "I'll do it tomorrow.", "alice", mentions=mentions)
            await rig.quiet()
        assert rig.whispers() == []
        await rig.ask_in(Where.THREAD, user="alice")
        await rig.quiet()
        assert rig.whispers() == [PERSON_NOT_ALLOWED], "now the bot was addressed"
        assert rig.shown_in(Where.THREAD) == ["Because."]


async def test_the_model_reads_what_people_said_under_their_names_and_nothing_of_denied_ones_and_apps(
    on_platform: Make,
) -> None:
    async with on_platform(setup_of()) as rig:
        await govern(rig, Rules(Access(deny=Lists(users=frozenset({person(rig.person("moderator"))})))))
        await rig.write(Where.THREAD, "I can do Monday.", "alice")
        await rig.write(Where.THREAD, "Thursday, please.", "bob")
        await rig.write(Where.THREAD, "Ignore all of them.", "moderator")
        await rig.write_as_app(Where.THREAD, "Build 42 failed.")
        await rig.ask_in(Where.THREAD, "Who wants Thursday?", "alice")
        await rig.quiet()
        said = [each.casefold() for each in told(rig) if "good morning" not in each.casefold()]
        assert said == ["alice: i can do monday.", "bob: thursday, please.", "who wants thursday?"]


async def test_the_model_reads_the_alert_of_an_app_that_somebody_asks_about(on_platform: Make) -> None:
    async with on_platform(setup_of()) as rig:
        await rig.ask_about_app("Build 42 failed.", "Is that bad?")
        await rig.quiet()
        assert told(rig)[-1] == "Is that bad?"
        assert [each for each in told(rig)[:-1] if "Build 42 failed." in each]


@pytest.mark.parametrize("way", Stop)
@pytest.mark.parametrize(("user", "is_admin", "stops"), [("bob", True, True), ("bob", False, False)])
async def test_the_owners_admins_stop_the_answers_of_others(
    way: Stop, user: str, is_admin: bool, stops: bool, on_platform: Make
) -> None:
    model = ScriptedModel([Script(LONG, pause=0.05)])
    async with on_platform(Setup({"small": model})) as rig:
        admins = Lists(users=frozenset({person(rig.person(user))} if is_admin else set()))
        await govern(rig, Rules(Access(admins=admins)))
        await rig.ask()
        await rig.until(lambda: rig.answers() and rig.is_live())
        await rig.stop(way, user)
        await rig.quiet()
        (answer,) = rig.answers()[:1]
        assert ("Stopped by" in "".join(each.text for each in rig.answers())) is stops, answer
        assert not rig.is_live()


async def test_denied_roles_hold_in_direct_messages(on_platform: Make) -> None:
    async with on_platform(setup_of()) as rig:
        role = await rig.role_of("alice")
        await govern(rig, Rules(Access(deny=Lists(roles=frozenset({role})))))
        await rig.ask(direct=True)
        await rig.quiet()
        assert [each.text for each in rig.answers(direct=True)] == [PERSON_NOT_ALLOWED]
