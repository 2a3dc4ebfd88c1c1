"""The graph of what imports what: the ways in it, and those that go round."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping

from tests.architecture.boundaries import Source

Graph = Mapping[str, Collection[str]]
"""What each node leads to; a node that is only led to need not be a key."""


def import_graph(sources: Iterable[Source]) -> dict[str, frozenset[str]]:
    """Return which modules each module imports: anywhere in it, in a function or for a type checker alone as well.

    `from package import name` leads to the module `package.name` if there is one, else to `package`.
    """
    known = {source.module: source for source in sources}
    return {
        module: frozenset(
            found for name, _ in source.imports() if (found := module_of(name, known)) not in {None, module}
        )
        for module, source in known.items()
    }


def module_of(name: str, modules: Collection[str]) -> str | None:
    """Return the module that a dotted name is, or is in; None if it is none of `modules`."""
    while name and name not in modules:
        name = name.rpartition(".")[0]
    return name or None


def cycles(graph: Graph) -> list[str]:
    """Return each tangle of nodes that lead to each other, in words: its members, and one shortest way round."""
    return [_told(graph, tangle) for tangle in tangles(graph)]


def _told(graph: Graph, tangle: list[str]) -> str:
    way = " -> ".join(shortest_round(graph, tangle))
    return f"{len(tangle)} modules import each other ({way}): {', '.join(tangle)}"


def tangles(graph: Graph) -> list[list[str]]:
    """Return the strongly connected parts of more than one node, or of one that leads to itself, sorted.

    Two nodes are in one part if each can be reached from the other: a part is what the one reaches among those that
    reach it. That is quadratic at worst, which a few hundred modules are not.
    """
    backwards = _reversed(graph)
    seen: set[str] = set()
    found = []
    for node in sorted(graph):
        if node in seen:
            continue
        part = _reached(graph, node) & _reached(backwards, node)
        seen |= part
        if part:
            found.append(sorted(part))
    return found


def shortest_round(graph: Graph, tangle: Collection[str]) -> list[str]:
    """Return a shortest way from a node of the tangle to itself, both ends included."""
    ways = [
        [node, *way] for node in tangle for step in graph[node] if (way := shortest_way(graph, step, {node}))
    ]
    return min(ways, key=lambda way: (len(way), way))


def shortest_way(graph: Graph, start: str, ends: Collection[str]) -> list[str]:
    """Return a shortest way from `start` to one of `ends`, both included; empty if there is none."""
    ways = deque([[start]])
    seen = {start}
    while ways:
        way = ways.popleft()
        if way[-1] in ends:
            return way
        for node in sorted(graph.get(way[-1], ())):
            if node not in seen:
                seen.add(node)
                ways.append([*way, node])
    return []


def _reached(graph: Graph, start: str) -> set[str]:
    """Return what can be reached from `start`, itself only if there is a way back to it."""
    reached: set[str] = set()
    ahead = list(graph.get(start, ()))
    while ahead:
        node = ahead.pop()
        if node not in reached:
            reached.add(node)
            ahead.extend(graph.get(node, ()))
    return reached


def _reversed(graph: Graph) -> dict[str, set[str]]:
    backwards: dict[str, set[str]] = {node: set() for node in graph}
    for node, others in graph.items():
        for other in others:
            backwards.setdefault(other, set()).add(node)
    return backwards
