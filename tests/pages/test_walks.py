"""The walks through the code: every station is a file that exists and a name that stands in it."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from tests.pages.page import CORE, PAGES, ROOT, Page

STATION = re.compile(r"([\w./-]+\.py): ([\w.]+)")
NAMED = [(page, span) for page in PAGES for span in page.spans if STATION.fullmatch(span)]

MOST = {"A delta": 12, "A stop": 12, "A restart": 12}
"""Stations of each walk, at most."""


@cache
def names_in(path: str) -> frozenset[str]:
    """Return the dotted names of all classes and functions that a module defines."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(_names(tree.body, ""))


def _names(body: list[ast.stmt], prefix: str) -> list[str]:
    found = []
    for node in body:
        if isinstance(node, ast.ClassDef):
            found += [prefix + node.name, *_names(node.body, f"{prefix}{node.name}.")]
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.append(prefix + node.name)
    return found


@pytest.mark.parametrize(("page", "station"), NAMED, ids=[station for _, station in NAMED])
def test_every_station_exists(page: Page, station: str) -> None:
    path, name = station.split(": ")
    assert (ROOT / path).is_file(), page.name
    assert name in names_in(path), page.name


@pytest.mark.parametrize("walk", MOST)
def test_a_walk_is_numbered_and_short(walk: str) -> None:
    stations = re.findall(r"^(\d+)\. `([^`]+)` — (.+)$", CORE.chapter(walk), re.MULTILINE)
    assert [int(number) for number, _, _ in stations] == list(range(1, len(stations) + 1))
    assert 5 < len(stations) <= MOST[walk]
    assert all(STATION.fullmatch(station) for _, station, _ in stations)


def test_a_missing_name_is_found() -> None:
    names = names_in("core/tickertape/screen/draft.py")
    assert {"Draft", "Draft.append"} <= names
    assert "Draft.prepend" not in names
