"""What all files of a question give together, within the limits."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tickertape.files.limits import FileLimits
from tickertape.files.problems import LeftOut, Problem
from tickertape.files.reading import Extract, FileImage, FileText, Reading, assemble
from tickertape.prompts.turns import Image, Role, Turn

LIMITS = FileLimits(characters=1000, images=2, image_bytes=10, image_side=100)


def image(name: str, size: int = 5, side: int = 50) -> FileImage:
    return FileImage(Image("image/png", bytes(size), name), side)


def sizes(reading: Reading) -> list[int]:
    return [len(text.split("\n")[2]) for text in reading.texts]


def names(reading: Reading) -> list[str]:
    return [image.name for image in reading.images]


def test_texts_share_the_room_in_their_order() -> None:
    files = [FileText("a", "a" * 600), FileText("b", "b" * 600), FileText("c", "c" * 600), FileText("d", "d")]
    reading = assemble(files, LIMITS, vision=False)
    assert sizes(reading) == [600, 400]
    assert ["(only a part of it)" in text for text in reading.texts] == [False, True]
    assert reading.left_out == (
        LeftOut("b", Problem.TEXT_CUT, 400),
        LeftOut("c", Problem.NO_ROOM, 1000),
        LeftOut("d", Problem.NO_ROOM, 1000),
    )


def test_a_little_room_is_for_little_files_only() -> None:
    files = [FileText("a", "a" * 900), FileText("b", "b" * 300), FileText("c", "c" * 100)]
    reading = assemble(files, LIMITS, vision=False)
    assert sizes(reading) == [900, 100]
    assert reading.left_out == (LeftOut("b", Problem.NO_ROOM, 1000),)


def test_a_file_that_was_cut_before_says_so_once() -> None:
    pages = LeftOut("a", Problem.PAGES_CUT, 1, 9)
    assert assemble([FileText("a", "text", more=True, notes=(pages,))], LIMITS, vision=False).left_out == (
        LeftOut("a", Problem.TEXT_CUT, 4),
    )
    assert assemble([FileText("a", "text", notes=(pages,))], LIMITS, vision=False).left_out == (pages,)


def test_images_within_the_limits_are_taken() -> None:
    files = [image("big", size=11), image("wide", side=101), image("a"), image("b"), image("c")]
    reading = assemble(files, LIMITS, vision=True)
    assert names(reading) == ["a", "b"]
    assert reading.left_out == (
        LeftOut("big", Problem.IMAGE_TOO_BIG, 10),
        LeftOut("wide", Problem.IMAGE_TOO_LARGE, 100),
        LeftOut("c", Problem.TOO_MANY_IMAGES, 2),
    )


def test_a_model_that_cannot_see_gets_no_images() -> None:
    reading = assemble([image("a"), FileText("b", "text")], LIMITS, vision=False)
    assert (names(reading), len(reading.texts)) == ([], 1)
    assert reading.left_out == (LeftOut("a", Problem.NO_VISION),)


def test_the_turn_has_the_files_before_the_prompt() -> None:
    reading = assemble([FileText("a.txt", "text"), image("x.png"), image("y.png")], LIMITS, vision=True)
    turn = reading.turn("Why?")
    assert turn.role is Role.USER
    assert turn.text == f"{reading.texts[0]}\n\nAttached images, in this order: x.png, y.png\n\nWhy?"
    assert turn.images == reading.images


def test_a_prompt_without_files_stays_as_it_is() -> None:
    assert Reading().turn("Why?") == Turn(Role.USER, "Why?")
    assert Reading(("file",)).turn("") == Turn(Role.USER, "file")


EXTRACTS = st.one_of(
    st.builds(FileText, st.just("text"), st.text(min_size=1, max_size=700), st.booleans()),
    st.builds(image, st.just("image"), st.integers(0, 20), st.integers(1, 200)),
    st.just(LeftOut("gone", Problem.GONE)),
)


@given(st.lists(EXTRACTS, max_size=12), st.booleans())
def test_limits_hold_and_no_file_vanishes(extracts: list[Extract], vision: bool) -> None:
    reading = assemble(extracts, LIMITS, vision=vision)
    around = len(assemble([FileText("text", "")], LIMITS, vision=False).texts[0])
    remark = len(" (only a part of it)")
    assert sum(len(text) - around - remark for text in reading.texts) <= LIMITS.characters
    assert len(reading.images) <= (LIMITS.images if vision else 0)
    cut = sum(left_out.problem is Problem.TEXT_CUT for left_out in reading.left_out)
    assert len(reading.texts) + len(reading.images) + len(reading.left_out) - cut == len(extracts)
