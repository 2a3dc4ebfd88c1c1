"""The lines in chat."""

from __future__ import annotations

import pytest

from tests.support.english import english
from tickertape.files import words
from tickertape.files.problems import FileError, LeftOut, Problem


@pytest.mark.parametrize("problem", Problem)
def test_every_problem_has_one_line(problem: Problem) -> None:
    line = english(words.line(LeftOut("a.txt", problem, 3, 40)))
    assert ": a.txt – " in line
    assert line.endswith(".")
    assert "\n" not in line
    assert "{" not in line


@pytest.mark.parametrize(
    ("left_out", "line"),
    [
        (
            LeftOut("foo.zip", Problem.UNKNOWN_KIND),
            "Left out: foo.zip – I can read images (PNG, JPEG, GIF, WebP), text and PDFs only.",
        ),
        (
            LeftOut("film.mp4", Problem.TOO_BIG, 20 * 1024 * 1024),
            "Left out: film.mp4 – it is larger than 20.9 MB.",
        ),
        (
            LeftOut("long.log", Problem.TEXT_CUT, 100_000),
            "Read in part: long.log – only its first 100,000 characters.",
        ),
        (
            LeftOut("a.pdf", Problem.PAGES_CUT, 100, 140),
            "Read in part: a.pdf – only the first 100 of its 140 pages.",
        ),
        (
            LeftOut("a.png", Problem.IMAGE_TOO_BIG, 1500),
            "Left out: a.png – an image may have at most 1.5 kB.",
        ),
        (LeftOut("a.png", Problem.TOO_BIG, 10), "Left out: a.png – it is larger than 10 bytes."),
    ],
)
def test_lines(left_out: LeftOut, line: str) -> None:
    assert english(words.line(left_out)) == line


def test_every_error_names_a_problem_of_its_own() -> None:
    def leaves(kind: type[FileError]) -> list[type[FileError]]:
        below = kind.__subclasses__()
        return [leaf for one in below for leaf in leaves(one)] if below else [kind]

    problems = [leaf.problem for leaf in leaves(FileError)]
    assert len(problems) == len(set(problems)) > 10
