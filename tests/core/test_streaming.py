"""The core as a whole on virtual time, against a platform in memory that enforces its limits."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import replace

import pytest

from tests.support import keys
from tests.support.english import english
from tests.support.fake_platform import MISSING, Counter, FakeChannel, FakeSurface, PlainDialect
from tests.support.keys import conversation, person
from tests.support.prompts import prompt as prompt_of
from tests.support.scripted_model import Script, ScriptedModel, model_of, pieces_of
from tests.support.services import Compose
from tickertape.answer.answer import Answer
from tickertape.answer.answering import Answering
from tickertape.answer.opening import Opening
from tickertape.answer.preparation import PromptRefused
from tickertape.answer.registry import REMEMBERED_PROMPTS
from tickertape.answer.states import State
from tickertape.languages import words
from tickertape.model.api import BalanceUsedUp, CutOff, Finish
from tickertape.prompts.prompt import Prompt
from tickertape.screen.body import Body, Call
from tickertape.screen.outcome import Outcome, Refused
from tickertape.screen.streamer import Placeholder
from tickertape.service import Everyday

TEXT = "The quick brown fox jumps over the lazy dog. " * 20


def prompt(key: str = "fake:prompt", text: str = "Why?", place: str = "fake:general") -> Prompt:
    return prompt_of(text, key=key, place=place)


async def start(
    compose: Compose, model: ScriptedModel, surface: FakeSurface, key: str = "fake:prompt"
) -> tuple[Answering, Answer]:
    answering = (await compose(model)).answering
    answer = answering.ask(prompt(key), Opening(surface))
    assert answer is not None
    return answering, answer


async def test_an_answer_ends_on_screen_whole_and_grew_on_the_way(compose: Compose) -> None:
    surface = FakeSurface(FakeChannel())
    _, answer = await start(compose, model_of(TEXT), surface)
    await answer.done.wait()
    assert surface.texts == [TEXT.strip()]
    assert answer.state is State.COMPLETE
    assert len(surface.messages[0].versions) > 3
    assert not surface.messages[0].versions[-1].body.stoppable
    assert all(version.body.stoppable for version in surface.messages[0].versions[:-1])


async def test_edits_leave_right_after_a_delta_and_not_just_before_one(compose: Compose) -> None:
    channel = FakeChannel()
    surface = FakeSurface(channel)
    pause = 0.017
    _, answer = await start(compose, ScriptedModel([Script(pieces_of(TEXT), pause=pause)]), surface)
    started = asyncio.get_running_loop().time()
    await answer.done.wait()
    left = [version.at - channel.rtt / 2 - started for version in surface.messages[0].versions[:-1]]
    assert len(left) > 3
    assert all(at % pause < 0.003 or pause - at % pause < 1e-6 for at in left)


async def test_the_first_text_leaves_the_moment_it_arrives(compose: Compose) -> None:
    channel = FakeChannel()
    surface = FakeSurface(channel)
    loop = asyncio.get_running_loop()
    asked = loop.time()
    _, answer = await start(compose, model_of(TEXT, pause=0.5), surface)
    await answer.shown.wait()
    assert surface.messages[0].versions[0].at == pytest.approx(asked + 0.5 + channel.rtt / 2, abs=0.001)


async def test_no_call_is_made_while_nothing_changes(compose: Compose) -> None:
    channel = FakeChannel()
    _, answer = await start(
        compose, ScriptedModel([Script(["Hello.", " World."], pause=60)]), FakeSurface(channel)
    )
    await answer.done.wait()
    assert len(channel.posts.calls) + len(channel.edits.calls) <= 3


async def test_eight_answers_share_a_channel_without_a_429_and_without_holding_the_model_back(
    compose: Compose,
) -> None:
    channel = FakeChannel()
    model = model_of(TEXT)
    answering = (await compose(model)).answering
    surfaces = [FakeSurface(channel) for _ in range(8)]
    loop = asyncio.get_running_loop()
    begun = loop.time()
    answers = [answering.ask(prompt(f"fake:{n}"), Opening(surface)) for n, surface in enumerate(surfaces)]
    for answer in answers:
        assert answer is not None
        await answer.done.wait()
    spoken = len(pieces_of(TEXT)) * 0.02
    assert max(model.closed_at) - begun == pytest.approx(spoken, abs=0.01)
    assert channel.posts.rejected == [] == channel.edits.rejected
    assert [surface.texts for surface in surfaces] == [[TEXT.strip()]] * 8
    assert loop.time() - max(model.closed_at) < 10.5, "eight finals at five per five seconds"


async def test_every_answer_of_a_shared_channel_is_served_alike(compose: Compose) -> None:
    channel = FakeChannel()
    answering = (await compose(model_of(TEXT * 3))).answering
    surfaces = [FakeSurface(channel) for _ in range(4)]
    answers = [answering.ask(prompt(f"fake:{n}"), Opening(surface)) for n, surface in enumerate(surfaces)]
    for answer in answers:
        assert answer is not None
        await answer.done.wait()
    counts = [len(surface.messages[0].versions) for surface in surfaces]
    assert max(counts) - min(counts) <= 2


async def test_a_429_in_mid_stream_is_waited_out_and_the_newest_text_follows(compose: Compose) -> None:
    channel = FakeChannel()
    surface = FakeSurface(channel)
    _, answer = await start(compose, model_of(TEXT), surface)
    await answer.shown.wait()
    channel.limit_next = 3.0
    await answer.done.wait()
    assert surface.texts == [TEXT.strip()]
    assert len(channel.posts.rejected) + len(channel.edits.rejected) == 1
    limited_at = channel.edits.rejected[0]
    assert not [at for at in channel.edits.calls if limited_at < at < limited_at + 3.0]


async def test_sixty_thousand_characters_arrive_in_pages_within_the_limit(compose: Compose) -> None:
    text = "\n\n".join(f"Paragraph {n}. " + "word " * 60 for n in range(190))[:60_000]
    surface = FakeSurface(FakeChannel(posts=Counter(5, 5.0)))
    _, answer = await start(compose, ScriptedModel([Script(pieces_of(text, 40), pause=0.005)]), surface)
    await answer.done.wait()
    assert "".join("".join(surface.texts).split()) == "".join(text.split())
    assert all(len(shown) <= 2000 for shown in surface.texts)
    assert answer.messages == [message.key for message in surface.messages]


async def test_stop_closes_the_model_at_once_and_keeps_all_text(compose: Compose) -> None:
    surface = FakeSurface(FakeChannel())
    model = model_of(TEXT)
    answering, answer = await start(compose, model, surface)
    await asyncio.sleep(1.0)
    received = answer.draft.text
    assert answering.stop(answer, by="mallory")
    stopped_at = asyncio.get_running_loop().time()
    await answer.done.wait()
    assert model.closed_at == [pytest.approx(stopped_at, abs=0.001)]
    assert surface.texts == [f"{received.strip()}\n\n_Stopped by mallory._"]
    assert answer.state is State.STOPPED
    assert not answering.stop(answer), "it has ended already"


async def test_stop_before_any_text_leaves_one_line(compose: Compose) -> None:
    surface = FakeSurface(FakeChannel())
    answering, answer = await start(compose, ScriptedModel([Script([], hold=True)]), surface)
    await asyncio.sleep(0.1)
    answering.stop(answer)
    await answer.done.wait()
    assert surface.texts == ["_Stopped._"]


async def test_an_error_before_the_first_text_turns_the_placeholder_into_one_sentence(
    compose: Compose,
) -> None:
    surface = FakeSurface(FakeChannel())
    answering = (
        await compose(ScriptedModel([Script([], error=BalanceUsedUp("402 from the gateway"))]))
    ).answering
    answer = answering.ask(prompt(), Opening(surface, placeholder=Placeholder()))
    assert answer is not None
    await answer.done.wait()
    assert surface.texts == ["_The balance for this model is used up. Please tell this bot's owner._"]
    assert answer.state is State.FAILED


async def test_an_error_in_mid_stream_keeps_the_text_and_adds_a_line(compose: Compose) -> None:
    surface = FakeSurface(FakeChannel())
    _, answer = await start(compose, ScriptedModel([Script(pieces_of(TEXT), error=CutOff("reset"))]), surface)
    await answer.done.wait()
    assert surface.texts[0].startswith(TEXT.strip())
    assert surface.texts[0].endswith("_Cut off: the connection to the model broke._")


@pytest.mark.parametrize("finish", [Finish.LENGTH, Finish.FILTERED, Finish.UNCONFIRMED])
async def test_a_finish_that_is_not_plain_is_said(compose: Compose, finish: Finish) -> None:
    surface = FakeSurface(FakeChannel())
    _, answer = await start(compose, ScriptedModel([Script(["Text."], finish=finish)]), surface)
    await answer.done.wait()
    assert surface.texts[0].startswith("Text.\n")
    assert len(surface.texts[0].splitlines()[-1]) > 10


async def test_a_model_that_crashes_is_an_answer_that_failed(compose: Compose) -> None:
    surface = FakeSurface(FakeChannel())
    script = Script(["Some text."], error=RuntimeError("boom"))  # type: ignore[arg-type]  # a defect on purpose
    _, answer = await start(compose, ScriptedModel([script]), surface)
    await answer.done.wait()
    assert answer.state is State.FAILED
    assert "boom" not in surface.texts[0]
    assert surface.texts[0].startswith("Some text.")


async def test_a_deleted_message_closes_the_model_and_is_not_posted_again(compose: Compose) -> None:
    channel = FakeChannel()
    surface = FakeSurface(channel)
    model = model_of(TEXT)
    _, answer = await start(compose, model, surface)
    await answer.shown.wait()
    surface.messages[0].deleted = True
    await answer.done.wait()
    assert surface.texts == []
    assert len(channel.messages) == 1
    assert len(model.closed_at) == 1


async def test_a_deletion_that_the_platform_reports_ends_the_answer_without_a_call(compose: Compose) -> None:
    channel = FakeChannel()
    surface = FakeSurface(channel)
    answering, answer = await start(compose, model_of(TEXT), surface)
    await answer.shown.wait()
    calls = len(channel.edits.calls)
    surface.messages[0].deleted = True
    assert answering.message_deleted(answer.messages[0])
    await answer.done.wait()
    assert len(channel.edits.calls) <= calls + 1, "at most the one in flight"
    assert not answering.message_deleted(keys.key("fake:other"))


async def test_a_deleted_question_closes_the_model_and_leaves_the_answer_with_a_line(
    compose: Compose,
) -> None:
    surface = FakeSurface(FakeChannel())
    model = model_of(TEXT)
    answering, answer = await start(compose, model, surface)
    await answer.shown.wait()
    received = answer.draft.text
    assert answering.question_deleted(keys.key("fake:prompt"))
    deleted_at = asyncio.get_running_loop().time()
    await answer.done.wait()
    assert model.closed_at == [pytest.approx(deleted_at, abs=0.001)]
    assert surface.texts == [f"{received.strip()}\n\n_{english(words.QUESTION_DELETED)}_"]
    assert answer.state is State.STOPPED
    assert not answering.question_deleted(keys.key("fake:prompt")), "it has ended already"


async def test_a_deleted_question_ends_all_its_answers_and_no_others(compose: Compose) -> None:
    answering = (await compose(model_of(TEXT))).answering
    first, other = (
        answering.ask(prompt(key), Opening(FakeSurface(FakeChannel()))) for key in ("fake:1", "fake:3")
    )
    again = Answer(replace(prompt("fake:1#2"), said_in=keys.key("fake:1")), asyncio.get_running_loop().time())
    answering.ask_anew(again, Opening(FakeSurface(FakeChannel()), {}))
    await asyncio.sleep(1)
    assert answering.question_deleted(keys.key("fake:1"))
    assert [each and each.over for each in (first, again, other)] == [True, True, False]
    await answering.close(grace=60)
    ended_as = [State.STOPPED, State.STOPPED, State.COMPLETE]
    assert [each and each.state for each in (first, again, other)] == ended_as


async def test_a_question_that_is_deleted_before_its_turn_is_not_asked(compose: Compose) -> None:
    answering = (await compose(model := model_of(TEXT))).answering
    surface = FakeSurface(FakeChannel())
    in_one = [replace(prompt(key), conversation=conversation("fake:general")) for key in ("fake:1", "fake:2")]
    assert answering.ask(in_one[0], Opening(FakeSurface(FakeChannel()))) is not None
    waiting = answering.ask(in_one[1], Opening(surface))
    assert waiting is not None
    await asyncio.sleep(1)
    assert answering.question_deleted(keys.key("fake:2"))
    await waiting.done.wait()
    await answering.close(grace=60)
    assert len(model.asked) == 1
    assert surface.texts == [f"_{english(words.QUESTION_DELETED)}_"]


@pytest.mark.parametrize(
    "asked", [prompt(), replace(prompt("fake:prompt#2"), said_in=keys.key("fake:prompt"))]
)
async def test_a_question_that_is_deleted_before_it_is_asked_gets_no_answer(
    compose: Compose, asked: Prompt
) -> None:
    answering = (await compose(model_of(TEXT))).answering
    assert not answering.question_deleted(keys.key("fake:prompt"))
    assert answering.ask(asked, Opening(FakeSurface(FakeChannel()))) is None


async def test_the_prompts_of_a_channel_that_is_purged_are_all_that_is_remembered_of_it(
    compose: Compose,
) -> None:
    answering = (await compose(model_of("Because."))).answering
    assert answering.ask(prompt(), Opening(FakeSurface(FakeChannel()))) is not None
    for number in range(REMEMBERED_PROMPTS):
        answering.question_deleted(keys.key(f"fake:{number}"))
    assert answering.ask(prompt(), Opening(FakeSurface(FakeChannel()))) is None
    assert answering.registry.asked(keys.key(f"fake:{REMEMBERED_PROMPTS - 1}"))
    assert not answering.registry.asked(keys.key("fake:0"))
    await answering.close(grace=60)


async def test_an_answer_without_a_question_does_not_offer_to_ask_it_again(compose: Compose) -> None:
    answering = (await compose(model_of(TEXT))).answering
    surface = FakeSurface(FakeChannel())
    answer = answering.ask(prompt(), Opening(surface))
    assert answer is not None
    await answer.shown.wait()
    answering.question_deleted(keys.key("fake:prompt"))
    await answer.done.wait()
    assert surface.messages[0].versions[-1].body.offers == ()


async def test_a_refused_post_ends_the_answer_and_says_why(compose: Compose) -> None:
    channel = FakeChannel(forbidden=True)
    model = model_of(TEXT)
    _, answer = await start(compose, model, FakeSurface(channel))
    await answer.done.wait()
    assert answer.refused is not None
    assert answer.refused.permission == MISSING
    assert len(model.closed_at) == 1


@pytest.mark.parametrize("takes_effect", [True, False])
async def test_a_post_that_was_cut_off_is_not_doubled(compose: Compose, takes_effect: bool) -> None:
    channel = FakeChannel(drop_next=takes_effect)
    surface = FakeSurface(channel)
    _, answer = await start(compose, model_of(TEXT), surface)
    await answer.done.wait()
    assert surface.texts == [TEXT.strip()]
    assert len(channel.messages) == 1


async def test_a_text_that_crashes_the_renderer_hurts_no_other_answer(compose: Compose) -> None:
    class Fragile(PlainDialect):
        def show(self, text: str) -> str:
            if "jumps" in text:
                raise ZeroDivisionError
            return text

    channel = FakeChannel()
    bad, good = FakeSurface(channel), FakeSurface(channel)
    bad.dialect = Fragile()
    model = model_of(TEXT)
    answering = (await compose(model)).answering
    answers = [answering.ask(prompt(f"fake:{n}"), Opening(surface)) for n, surface in enumerate((bad, good))]
    for answer in answers:
        assert answer is not None
        await answer.done.wait()
    assert good.texts == [TEXT.strip()]
    assert len(model.closed_at) == 2


async def test_a_platform_that_stays_away_is_given_up_in_the_end(compose: Compose) -> None:
    channel = FakeChannel(broken=True)
    model = model_of(TEXT)
    _, answer = await start(compose, model, FakeSurface(channel))
    await asyncio.wait_for(answer.done.wait(), 700)
    assert answer.refused is not None
    assert len(model.closed_at) == 1
    assert channel.messages == {}


async def test_a_post_that_shows_the_text_of_an_earlier_try_is_edited_at_once(compose: Compose) -> None:
    channel = FakeChannel(drop_next=True)
    surface = FakeSurface(channel)
    _, answer = await start(
        compose, ScriptedModel([Script(["One. ", "Two. ", "Three."], pause=0.2)]), surface
    )
    await answer.done.wait()
    assert surface.texts == ["One. Two. Three."]
    assert len(channel.posts.calls) == 2


async def test_an_end_does_not_sit_out_the_pause_after_failures(compose: Compose) -> None:
    channel = FakeChannel()
    surface = FakeSurface(channel)
    answering, answer = await start(compose, ScriptedModel([Script(pieces_of(TEXT), hold=True)]), surface)
    await answer.shown.wait()
    channel.broken = True
    await asyncio.sleep(90)
    channel.broken = False
    answering.stop(answer)
    stopped_at = asyncio.get_running_loop().time()
    await answer.done.wait()
    assert asyncio.get_running_loop().time() - stopped_at < 5
    assert surface.texts == [f"{TEXT.strip()}\n\n_Stopped._"]


async def test_the_end_is_tried_again_every_three_seconds_while_the_platform_is_away(
    compose: Compose,
) -> None:
    channel = FakeChannel()
    answering, answer = await start(
        compose, ScriptedModel([Script(pieces_of(TEXT), hold=True)]), FakeSurface(channel)
    )
    await answer.shown.wait()
    channel.broken = True
    await asyncio.sleep(75)
    tries = channel.edits.calls
    assert tries[-1] - tries[-2] > 29, "as long as it runs it is tried ever more rarely"
    answering.stop(answer)
    before, stopped_at = len(tries), asyncio.get_running_loop().time()
    assert stopped_at - tries[-1] < 25, "the pause that runs is a long one"
    await asyncio.sleep(60)
    pauses = [later - earlier for earlier, later in itertools.pairwise([stopped_at, *tries[before:]])]
    assert max(pauses) <= 3.0 + channel.rtt + 0.01
    assert len(pauses) >= 15
    await answering.close(grace=0)


async def test_a_call_that_hangs_does_not_hold_the_shutdown_up(compose: Compose) -> None:
    channel = FakeChannel()
    answering, answer = await start(
        compose, ScriptedModel([Script(pieces_of(TEXT), hold=True)]), FakeSurface(channel)
    )
    await answer.shown.wait()
    channel.rtt = 600.0
    await asyncio.sleep(3)
    begun = asyncio.get_running_loop().time()
    await answering.close(grace=1, drain=2)
    assert asyncio.get_running_loop().time() - begun < 20
    await asyncio.sleep(1200)


@pytest.mark.parametrize("placeholder", [None, Placeholder()])
async def test_an_answer_of_white_space_is_an_empty_one(
    compose: Compose, placeholder: Placeholder | None
) -> None:
    surface = FakeSurface(FakeChannel())
    answering = (await compose(ScriptedModel([Script([" ", "\n\n"], pause=1.0)]))).answering
    answer = answering.ask(prompt(), Opening(surface, placeholder=placeholder))
    assert answer is not None
    await answer.done.wait()
    assert surface.texts == ["_The model gave an empty answer._"]


async def test_a_refused_first_post_is_not_tried_again(compose: Compose) -> None:
    channel = FakeChannel(forbidden=True)
    _, answer = await start(compose, model_of(TEXT), FakeSurface(channel))
    await answer.done.wait()
    await asyncio.sleep(60)
    assert len(channel.posts.calls) == 1


async def test_a_refused_further_message_is_said_on_the_last_one(compose: Compose) -> None:
    surface = OneMessage(FakeChannel(), page=180)
    model = model_of(("word " * 24 + "\n\n") * 5)
    _, answer = await start(compose, model, surface)
    await answer.done.wait()
    (text,) = surface.texts
    assert text.endswith("_Cut off: I am not allowed to go on here._")
    assert text.startswith("word word")
    assert not surface.messages[0].versions[-1].body.stoppable
    assert answer.refused is not None
    assert len(model.closed_at) == 1


class OneMessage(FakeSurface):
    """A place that takes one message of each answer."""

    async def post(self, body: Body, page: int) -> Outcome:
        return await super().post(body, page) if page == 0 else Refused("no more", MISSING)


async def test_a_refusal_after_the_end_is_said_as_well(compose: Compose) -> None:
    surface = OneMessage(FakeChannel(), page=200)
    _, answer = await start(compose, ScriptedModel([Script([TEXT], pause=0.01)]), surface)
    await answer.done.wait()
    assert answer.state is State.COMPLETE
    (text,) = surface.texts
    assert text.endswith("_Cut off: I am not allowed to go on here._")
    assert len(text) <= 200


async def test_the_line_of_a_refusal_is_not_taken_for_code(compose: Compose) -> None:
    surface = OneMessage(FakeChannel(), page=180)
    code = "```python\n" + "x = 1  # a line of code\n" * 40 + "```\n"
    _, answer = await start(compose, ScriptedModel([Script([code], pause=0.01)]), surface)
    await answer.done.wait()
    (text,) = surface.texts
    assert text.count("```") == 2
    assert text.split("```")[-1].strip() == "_Cut off: I am not allowed to go on here._"


async def test_a_refused_file_comes_as_messages(compose: Compose) -> None:
    class NoFiles(FakeSurface):
        async def post(self, body: Body, page: int) -> Outcome:
            return Refused("no files") if body.file is not None else await super().post(body, page)

    surface = NoFiles(FakeChannel(), page=200)
    answering = (await compose(model_of(TEXT), Everyday(most_messages=2))).answering
    answer = answering.ask(prompt(), Opening(surface))
    assert answer is not None
    await answer.done.wait()
    assert "".join("".join(surface.texts).split()) == "".join(TEXT.split())


async def test_further_messages_do_not_wait_for_the_budget_of_edits(compose: Compose) -> None:
    channel = FakeChannel()
    surface = FakeSurface(channel, page=300)
    _, answer = await start(compose, ScriptedModel([Script([TEXT], pause=0.01)]), surface)
    channel.budget(Call.EDIT).close(asyncio.get_running_loop().time(), 30.0)
    begun = asyncio.get_running_loop().time()
    await asyncio.sleep(2)
    assert len(channel.posts.calls) >= 4
    await answer.done.wait()
    assert asyncio.get_running_loop().time() - begun < 33


async def test_a_deletion_of_what_stands_for_the_answer_ends_it(compose: Compose) -> None:
    model = ScriptedModel([Script([], hold=True)])
    answering, answer = await start(compose, model, FakeSurface(FakeChannel()))
    answering.registry.link(answer, keys.key("fake:deferred"))
    await asyncio.sleep(1)
    assert not answering.message_deleted(keys.key("fake:prompt")), "that is the question"
    assert answering.message_deleted(keys.key("fake:deferred"))
    await asyncio.sleep(0.1)
    assert len(model.closed_at) == 1


async def test_failures_count_only_in_a_row(compose: Compose) -> None:
    channel = FakeChannel()
    surface = FakeSurface(channel)
    _, answer = await start(compose, ScriptedModel([Script(pieces_of(TEXT * 20, 9), pause=5.0)]), surface)
    await answer.shown.wait()
    while not answer.over:
        channel.drop_next = False
        await asyncio.sleep(10)
    await answer.done.wait()
    assert answer.refused is None


async def test_shutdown_lets_answers_finish_within_the_grace(compose: Compose) -> None:
    surface = FakeSurface(FakeChannel())
    answering, answer = await start(compose, model_of(TEXT), surface)
    await answer.shown.wait()
    await answering.close(grace=25)
    assert answer.state is State.COMPLETE
    assert surface.texts == [TEXT.strip()]
    with pytest.raises(PromptRefused, match="restarting"):
        answering.ask(prompt("fake:late"), Opening(surface))


async def test_shutdown_interrupts_what_takes_too_long_with_all_text_and_a_marker(compose: Compose) -> None:
    surface = FakeSurface(FakeChannel())
    model = ScriptedModel([Script(pieces_of(TEXT), hold=True)])
    answering, answer = await start(compose, model, surface)
    await answer.shown.wait()
    await answering.close(grace=25)
    assert answer.state is State.INTERRUPTED
    assert surface.texts[0].startswith(TEXT.strip())
    assert surface.texts[0].endswith("_Interrupted: I had to restart._")
    assert len(model.closed_at) == 1


async def test_the_same_prompt_is_answered_once(compose: Compose) -> None:
    surface = FakeSurface(FakeChannel())
    answering, answer = await start(compose, model_of("Once."), surface)
    assert answering.ask(prompt(), Opening(surface)) is None
    await answer.done.wait()
    assert answering.ask(prompt(), Opening(surface)) is None
    assert surface.texts == ["Once."]


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 6001])
async def test_bad_prompts_are_refused_without_a_model_call(compose: Compose, text: str) -> None:
    model = model_of("never")
    answering = (await compose(model)).answering
    with pytest.raises(PromptRefused):
        answering.ask(prompt(text=text), Opening(FakeSurface(FakeChannel())))
    assert model.asked == []


async def test_a_placeholder_comes_only_when_the_text_is_late(compose: Compose) -> None:
    early, late = FakeSurface(FakeChannel()), FakeSurface(FakeChannel())
    answering = (
        await compose(ScriptedModel([Script(["Soon."], pause=1), Script(["Later."], pause=5)]))
    ).answering
    first = answering.ask(prompt("fake:1"), Opening(early, placeholder=Placeholder(after=3)))
    second = answering.ask(prompt("fake:2"), Opening(late, placeholder=Placeholder(after=3)))
    assert first is not None
    assert second is not None
    await asyncio.sleep(4)
    assert late.texts == ["Thinking…"]
    assert late.messages[0].versions[0].body.stoppable
    await second.done.wait()
    assert late.texts == ["Later."]
    assert [version.body.text for version in early.messages[0].versions][-1] == "Soon."
    assert "Thinking…" not in [version.body.text for version in early.messages[0].versions]


async def test_an_answer_is_found_by_its_messages_and_its_prompt_while_it_runs(compose: Compose) -> None:
    surface = FakeSurface(FakeChannel())
    answering, answer = await start(compose, model_of(TEXT), surface)
    await answer.shown.wait()
    registry = answering.registry
    assert registry.find(keys.key("fake:prompt")) is answer
    assert registry.find(answer.messages[0]) is answer
    assert registry.by_id(answer.id) is answer
    assert registry.running(place=keys.place("fake:general"), asker=person("fake:alice")) == [answer]
    assert registry.running(place=keys.place("fake:random")) == []
    await answer.done.wait()
    assert registry.find(keys.key("fake:prompt")) is None
    assert len(registry) == 0
