from __future__ import annotations

import ast

import pytest

from tests.architecture.boundaries import Source, read_all
from tests.architecture.graph import cycles, import_graph, shortest_round, shortest_way, tangles


def graph(**nodes: str) -> dict[str, list[str]]:
    return {node: list(others) for node, others in nodes.items()}


def source(module: str, text: str) -> Source:
    return Source(module, ast.parse(text))


def test_no_modules_import_each_other() -> None:
    found = import_graph(read_all())
    assert sum(map(len, found.values())) > 1000
    assert cycles(found) == []


@pytest.mark.parametrize(
    ("nodes", "found"),
    [
        (graph(), []),
        (graph(a="b", b="c", c=""), []),
        (graph(a="bc", b="d", c="d", d=""), []),  # two ways to one node are no way round
        (graph(a="b", b="a"), [["a", "b"]]),
        (graph(a="a", b=""), [["a"]]),
        (graph(a="b", b="c", c="d", d="b"), [["b", "c", "d"]]),  # what leads into a tangle is no part of it
        (graph(a="b", b="ac", c="d", d="c"), [["a", "b"], ["c", "d"]]),
        (
            graph(a="b", b="c", c="ad", d="b"),
            [["a", "b", "c", "d"]],
        ),  # two rounds that share a node are one tangle
        (graph(a="z"), []),  # a node that is only led to
    ],
)
def test_tangles_are_found(nodes: dict[str, list[str]], found: list[list[str]]) -> None:
    assert tangles(nodes) == found


def test_a_tangle_is_told_with_its_shortest_round() -> None:
    nodes = graph(a="b", b="c", c="ad", d="c")
    assert shortest_round(nodes, "abcd") == ["c", "d", "c"]
    assert cycles(nodes) == ["4 modules import each other (c -> d -> c): a, b, c, d"]


def test_a_shortest_way_is_found() -> None:
    nodes = graph(a="bc", b="d", c="e", d="e", e="")
    assert shortest_way(nodes, "a", {"e"}) == ["a", "c", "e"]
    assert shortest_way(nodes, "e", {"e"}) == ["e"]
    assert shortest_way(nodes, "e", {"a"}) == []


@pytest.mark.parametrize(
    "text",
    [
        "import shop.till",
        "from shop import till",
        "from shop.till import Till",
        "if TYPE_CHECKING:\n    from shop.till import Till",
        "def late():\n    from shop.till import Till",
        "import importlib\nimportlib.import_module('shop.till')",
    ],
)
def test_every_kind_of_import_counts(text: str) -> None:
    sources = [source("shop", ""), source("shop.till", "import os"), source("shop.door", text)]
    assert import_graph(sources)["shop.door"] == {"shop.till"}


def test_a_name_of_a_package_leads_to_the_package() -> None:
    sources = [source("shop", ""), source("shop.door", "from shop import Till\nimport elsewhere")]
    assert import_graph(sources) == {"shop": frozenset(), "shop.door": {"shop"}}
