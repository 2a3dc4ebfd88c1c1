"""Who may ask in Slack: rules that name usergroups, and limits that hold before anything is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.slack.lives import Lives, lives_in
from tests.support.english import english
from tests.support.scripted_model import Script, ScriptedModel, model_of
from tests.support.services import Setup
from tickertape.languages import words
from tickertape.rules.access import Access, Lists
from tickertape.rules.quota import Limits, Scope
from tickertape.rules.rulebook import Rules
from tickertape.service import Everyday


async def restart(lives: Lives, model: ScriptedModel, rules: Rules) -> None:
    """Begin a process with other rules."""
    lives.setup = Setup({"small": model}, everyday=Everyday(rules))
    lives.kill()
    await lives.begin()


def whispers(lives: Lives, user: str) -> list[str]:
    return [message.text for message in lives.slack.world.ephemerals_of(user)]


@pytest.mark.parametrize("readable", [True, False])
async def test_a_usergroup_may_ask_as_far_as_slack_tells_who_is_in_it(readable: bool, tmp_path: Path) -> None:
    model = model_of("An answer.")
    async with lives_in(tmp_path, Setup({"small": model})) as lives:
        slack = lives.slack
        if readable:
            slack.scopes |= {"usergroups:read"}
        group = await slack.add_user_group("engineers", "alice")
        allowed = Lists(roles=frozenset({f"slack:{group.id}"}))
        await restart(lives, model, Rules(Access(allow=allowed)))
        for user in ("alice", "bob"):
            await slack.say("general", user, "Why?", mention_bot=True)
        await lives.settle()
        assert len(model.asked) == (1 if readable else 0)
        assert whispers(lives, "alice") == ([] if readable else [english(words.PERSON_NOT_ALLOWED)])
        assert whispers(lives, "bob") == [english(words.PERSON_NOT_ALLOWED)]
        assert len(slack.calls_of("usergroups.list")) <= 2


async def test_a_command_beyond_a_limit_is_refused_before_its_question_is_posted(tmp_path: Path) -> None:
    model = ScriptedModel([Script(["An"], hold=True)])
    async with lives_in(tmp_path, Setup({"small": model})) as lives:
        slack = lives.slack
        await restart(lives, model, Rules(limits=(Limits(Scope.USER, at_once=1),)))
        await slack.slash("general", "alice", "/ask", "One?")
        await lives.until(lambda: len(lives.shown()) == 2)
        second = await slack.slash("general", "alice", "/ask", "Two?")
        await lives.until(lambda: second.messages)
        assert second.messages[0].text.startswith("I write at most 1 answer for you")
        assert len(lives.shown()) == 2
        await slack.react(lives.shown()[0], "alice", "x")
        await lives.settle()
        await slack.slash("general", "alice", "/ask", "Three?")
        await lives.until(lambda: len(model.asked) == 2)
