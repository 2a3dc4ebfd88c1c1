"""Answers that need more messages than they may have: the rest comes as a file, and nothing is lost."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.render.dialect import PlainDialect
from tests.render.joined import assert_shows
from tests.render.texts import documents
from tests.support.english import english
from tests.support.fake_platform import FakeChannel, FakeSurface
from tests.support.keys import key
from tests.support.prompts import prompt
from tests.support.scripted_model import Script, ScriptedModel, pieces_of
from tests.support.services import Compose
from tickertape.answer.answer import Answer
from tickertape.answer.answering import Answering
from tickertape.answer.opening import Opening
from tickertape.answer.states import State
from tickertape.languages import words
from tickertape.model.api import CutOff
from tickertape.screen.body import Body, Call, Room
from tickertape.screen.draft import Draft
from tickertape.screen.overflow import file_bodies
from tickertape.screen.view import Step, View
from tickertape.service import Everyday

PAGE = 100
WORDS = "word " * 19 + "end.\n"
"""A hundred characters that fill a page; the last one is white space."""
SAID = f"_{english(words.REST_IN_FILE)}_"


def surface_for(channel: FakeChannel | None = None) -> FakeSurface:
    return FakeSurface(channel or FakeChannel(), PAGE)


async def ask(
    compose: Compose, surface: FakeSurface, script: Script, most: int | None = 3
) -> tuple[Answering, Answer]:
    answering = (await compose(ScriptedModel([script]), Everyday(most_messages=most))).answering
    answer = answering.ask(prompt(), Opening(surface))
    assert answer is not None
    return answering, answer


def slowly(text: str, **script: object) -> Script:
    return Script(pieces_of(text, 10), pause=0.2, **script)  # type: ignore[arg-type]  # fields of Script


async def test_what_has_no_room_comes_as_a_file_at_the_end(compose: Compose) -> None:
    surface = surface_for()
    _, answer = await ask(compose, surface, slowly(WORDS * 5))
    await answer.done.wait()
    assert surface.texts == [WORDS.strip(), WORDS.strip(), SAID]
    (file,) = surface.files
    assert file.name == "answer.md"
    assert file.text == "\n" + WORDS * 3
    assert len(answer.messages) == 3
    assert answer.state is State.COMPLETE
    assert answer.draft.waiting == 0


async def test_while_it_goes_on_the_last_text_stays_full_with_its_button(compose: Compose) -> None:
    channel = FakeChannel()
    surface = surface_for(channel)
    answering, answer = await ask(compose, surface, slowly(WORDS * 9))
    await asyncio.sleep(9)
    assert surface.texts == [WORDS.strip()] * 2
    assert [message.versions[-1].body.stoppable for message in surface.messages] == [False, True]
    calls, received = len(channel.edits.calls), answer.draft.length
    await asyncio.sleep(3)
    assert len(channel.edits.calls) == calls, "nothing on screen changes"
    assert answer.draft.length > received, "the model is read on"
    answering.stop(answer, by="Mallory")
    text = answer.draft.text
    await answer.done.wait()
    assert not any(message.versions[-1].body.stoppable for message in surface.messages)
    assert surface.texts[-1] == f"{SAID}\n_Stopped by Mallory._"
    assert surface.texts[0] + "\n" + surface.texts[1] + surface.files[0].text == text


async def test_full_messages_cost_no_rendering_while_the_model_goes_on() -> None:
    draft = Draft()
    view = View(PlainDialect(PAGE), draft)
    draft.append(WORDS * 4, 0.0)
    for number in range(2):
        view.confirm(_step(view, live=True), key(f"m{number}"))
    assert _next(view, live=True) is None
    assert view.full
    fresh = WORDS * 1000
    draft.append(fresh, 1.0)
    assert _next(view, live=True) is None
    assert draft.fresh() == fresh, "nobody has taken it to render it"


async def test_an_error_is_said_below_the_file(compose: Compose) -> None:
    surface = surface_for()
    _, answer = await ask(compose, surface, slowly(WORDS * 5, error=CutOff("reset")))
    await answer.done.wait()
    assert surface.texts[-1] == f"{SAID}\n_Cut off: the connection to the model broke._"
    assert len(surface.files) == 1


@pytest.mark.parametrize("pause", [0.0, 0.2])
async def test_exactly_as_much_as_there_is_room_for_needs_no_file(compose: Compose, pause: float) -> None:
    surface = surface_for()
    _, answer = await ask(compose, surface, Script(pieces_of(WORDS * 3, 10), pause=pause))
    await answer.done.wait()
    assert surface.texts == [WORDS.strip()] * 3
    assert surface.files == []


async def test_a_marker_for_which_the_messages_have_no_room_brings_the_last_text_into_the_file(
    compose: Compose,
) -> None:
    surface = surface_for()
    _, answer = await ask(compose, surface, slowly(WORDS * 3, error=CutOff("reset")))
    await answer.done.wait()
    assert surface.texts == [WORDS.strip()] * 2 + [f"{SAID}\n_Cut off: the connection to the model broke._"]
    assert surface.files[0].text == "\n" + WORDS


async def test_white_space_needs_no_file(compose: Compose) -> None:
    surface = surface_for()
    _, answer = await ask(compose, surface, slowly(WORDS * 2 + "\n \n" * 200), most=2)
    await answer.done.wait()
    assert surface.texts == [WORDS.strip()] * 2
    assert surface.files == []


async def test_an_answer_that_comes_all_at_once_is_cut_as_well(compose: Compose) -> None:
    surface = surface_for()
    _, answer = await ask(compose, surface, Script([WORDS * 50], pause=1.0))
    await answer.done.wait()
    assert surface.texts == [WORDS.strip(), WORDS.strip(), SAID]
    assert surface.files[0].text == "\n" + WORDS * 48


async def test_without_a_cap_all_text_comes_in_messages(compose: Compose) -> None:
    surface = surface_for()
    _, answer = await ask(compose, surface, slowly(WORDS * 5), most=None)
    await answer.done.wait()
    assert surface.texts == [WORDS.strip()] * 5


async def test_a_place_that_takes_no_files_gets_messages(compose: Compose) -> None:
    surface = surface_for()
    surface.room = Room()
    _, answer = await ask(compose, surface, slowly(WORDS * 5))
    await answer.done.wait()
    assert surface.texts == [WORDS.strip()] * 5


async def test_a_refused_file_becomes_messages(compose: Compose) -> None:
    surface = surface_for(FakeChannel(files_forbidden=True))
    _, answer = await ask(compose, surface, slowly(WORDS * 5))
    await answer.done.wait()
    assert surface.texts == [WORDS.strip()] * 5
    assert surface.files == []


async def test_a_place_may_be_narrower_than_the_setting(compose: Compose) -> None:
    surface = surface_for()
    surface.room = Room(2, 1_000_000)
    _, answer = await ask(compose, surface, slowly(WORDS * 5), most=40)
    await answer.done.wait()
    assert surface.texts == [WORDS.strip(), SAID]


@pytest.mark.parametrize("takes_effect", [True, False])
async def test_a_file_whose_connection_broke_is_there_once(compose: Compose, takes_effect: bool) -> None:
    channel = FakeChannel()
    surface = surface_for(channel)
    _, answer = await ask(compose, surface, Script([WORDS * 5]))
    await asyncio.sleep(0.19)
    assert len(surface.messages) == 2
    assert not answer.done.is_set()
    channel.drop_next = takes_effect
    await answer.done.wait()
    assert surface.texts == [WORDS.strip(), WORDS.strip(), SAID]


async def test_after_a_deletion_no_file_is_posted(compose: Compose) -> None:
    surface = surface_for()
    answering, answer = await ask(compose, surface, slowly(WORDS * 9))
    await asyncio.sleep(9)
    surface.messages[1].deleted = True
    answering.message_deleted(answer.messages[1])
    await answer.done.wait()
    assert surface.texts == [WORDS.strip()]


def test_an_enormous_rest_comes_in_several_files_of_whole_characters() -> None:
    rest = "aé日👩" * 30
    bodies = file_bodies(rest, PlainDialect(), "Here.", "Stopped.", most=64)
    files = [body.file for body in bodies if body.file is not None]
    assert "".join(file.text for file in files) == rest
    assert all(60 < len(file.data) <= 64 for file in files[:-1])
    assert [file.name for file in files][:3] == ["answer.md", "answer-2.md", "answer-3.md"]
    assert [body.text.count("Stopped.") for body in bodies] == [0] * (len(bodies) - 1) + [1]


@settings(deadline=None, derandomize=True, database=None, max_examples=60)
@given(
    text=documents, most=st.integers(2, 4), size=st.integers(1, 400), ending=st.sampled_from(["", "Stopped."])
)
def test_messages_and_file_joined_are_the_text(text: str, most: int, size: int, ending: str) -> None:
    draft = Draft()
    view = View(PlainDialect(200), draft)
    shown: list[Body] = []
    for piece in pieces_of(text, size):
        draft.append(piece, 0.0)
        _show(view, shown, live=True, most=most)
        assert len(shown) < most
    _show(view, shown, live=False, most=most, marker=ending)
    assert len(shown) <= most
    assert not any(body.stoppable for body in shown)
    if not shown or shown[-1].file is None:
        assert_shows([body.text for body in shown], text, PlainDialect(200), marker=ending)
        return
    rest = shown[-1].file.text
    assert rest.strip()
    assert text.endswith(rest)
    texts = [body.text for body in shown[:-1]]
    assert_shows(texts, text[: len(text) - len(rest)], PlainDialect(200), marker="", goes_on=True)


def _show(view: View, shown: list[Body], *, live: bool, most: int, marker: str = "") -> None:
    """Do all that the view asks for."""
    while step := _next(view, live=live, most=most, marker=marker):
        assert (step.call is Call.FILE) is (step.body.file is not None)
        if step.call is Call.EDIT:
            assert step.body.file is None
            assert shown[step.page].file is None
            shown[step.page] = step.body
        else:
            assert step.page == len(shown)
            shown.append(step.body)
        view.confirm(step, key(f"m{step.page}"))


def _next(view: View, *, live: bool, most: int = 3, marker: str = "") -> Step | None:
    return view.step(live=live, marker=marker, placeholder="", room=Room(most, 1_000_000))


def _step(view: View, *, live: bool) -> Step:
    step = _next(view, live=live)
    assert step is not None
    return step
