"""The catalogues as they are written: their sentences, the variables of each, and values to try them with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

from tickertape.languages import source


@cache
def messages(tag: str) -> dict[str, ast.Message]:
    """Return all messages of a catalogue; one that cannot be read is an error."""
    body = FluentParser().parse(source(tag)).body
    assert not [entry for entry in body if isinstance(entry, ast.Junk | ast.Term)]
    found = [entry for entry in body if isinstance(entry, ast.Message)]
    assert len(found) == len({message.id.name for message in found}), "an id is there twice"
    assert all(message.value is not None and not message.attributes for message in found)
    return {message.id.name: message for message in found}


def in_section(tag: str, heading: str) -> list[str]:
    """Return the ids of the messages below the one section whose heading begins with `heading`."""
    section, found = "", list[str]()
    for entry in FluentParser().parse(source(tag)).body:
        if isinstance(entry, ast.GroupComment):
            section = entry.content or ""
        elif isinstance(entry, ast.Message) and section.startswith(heading):
            found.append(entry.id.name)
    return found


def variables(message: ast.Message) -> dict[str, bool]:
    """Return the names of its arguments, and whether the message counts or formats them as numbers."""
    reader = _Variables()
    reader.visit(message)
    return reader.found


class _Variables(Visitor):
    def __init__(self) -> None:
        self.found: dict[str, bool] = {}

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802 - fluent.syntax's name
        self.found.setdefault(node.id.name, False)

    def visit_SelectExpression(self, node: ast.SelectExpression) -> None:  # noqa: N802 - fluent.syntax's name
        self._count(node.selector)
        self.generic_visit(node)

    def visit_FunctionReference(self, node: ast.FunctionReference) -> None:  # noqa: N802 - fluent.syntax's name
        self._count(node.arguments.positional[0])
        self.generic_visit(node)

    def _count(self, node: ast.SyntaxNode) -> None:
        assert isinstance(node, ast.VariableReference)
        self.found[node.id.name] = True


def samples(names: dict[str, bool]) -> Iterator[dict[str, str | int]]:
    """Yield arguments of several sizes: plural forms differ."""
    for number in (0, 1, 2, 5, 21, 1000):
        yield {name: number if counts else "X" for name, counts in names.items()}


def pattern_of(message: ast.Message) -> re.Pattern[str]:
    """Return what matches everything that a message can say."""
    assert message.value is not None
    return re.compile(_regex(message.value))


def _regex(pattern: ast.Pattern) -> str:
    return "".join(
        re.escape(element.value) if isinstance(element, ast.TextElement) else _placeable(element)
        for element in pattern.elements
    )


def _placeable(element: ast.Placeable) -> str:
    if isinstance(element.expression, ast.SelectExpression):
        return f"(?:{'|'.join(_regex(variant.value) for variant in element.expression.variants)})"
    return ".+"
