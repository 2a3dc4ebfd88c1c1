"""Which modules are pure, and what reaches a clock, a logger or something that waits, however many imports away."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping

from tests.architecture.boundaries import PLATFORM_LIBRARIES, Breach, Source, within
from tests.architecture.graph import Graph, import_graph, shortest_way

PURE = (
    "tickertape.answer.states",
    "tickertape.durable.store.records",
    "tickertape.durable.store.schema",
    "tickertape.files",
    "tickertape.languages",
    "tickertape.memory.catalogue",
    "tickertape.memory.models",
    "tickertape.memory.personas",
    "tickertape.memory.tokens",
    "tickertape.model.api",
    "tickertape.model.chunks",
    "tickertape.model.deadlines",
    "tickertape.model.document",
    "tickertape.model.failures",
    "tickertape.model.gathering",
    "tickertape.model.reader",
    "tickertape.model.reasoning",
    "tickertape.model.redact",
    "tickertape.model.retry",
    "tickertape.model.settings",
    "tickertape.model.sse",
    "tickertape.model.text",
    "tickertape.model.think_tags",
    "tickertape.prompts",
    "tickertape.render",
    "tickertape.rules",
    "tickertape.screen.body",
    "tickertape.screen.budget",
    "tickertape.screen.draft",
    "tickertape.screen.outcome",
    "tickertape.screen.overflow",
    "tickertape.screen.pacing",
    "tickertape.screen.view",
)
"""Modules and packages that take `now` and never wait."""

SHELLS = (
    "tickertape.files.pdf",  # a process of its own reads PDFs
    "tickertape.files.pdf_child",
    "tickertape.files.reader",  # fetches
    "tickertape.rules.rulebook",  # asks the store, and decides by the pure rules
)
"""What else lies in those packages."""

IMPURE = (
    *("asyncio", "concurrent", "logging", "multiprocessing", "sched", "selectors", "socket", "structlog"),
    *("subprocess", "threading", "time"),
    *("aiohttp", "aiolimiter", "aiosqlite", "asyncpg", "openai", "sqlalchemy.ext.asyncio"),
    *PLATFORM_LIBRARIES,
)
"""What waits, logs or reads a clock. A table of SQLAlchemy's does none of it."""

_SAYS_SO = re.compile(r"\bpure\b", re.IGNORECASE)


def is_pure(source: Source) -> bool:
    """Whether a module is to be pure: it is on the list, or its own first docstring says so."""
    listed = any(within(source.module, pure) for pure in PURE) and source.module not in SHELLS
    return listed or bool(_SAYS_SO.search(ast.get_docstring(source.tree) or ""))


def impurities(source: Source) -> Iterator[Breach]:
    """Yield each line of a module that waits or reads a clock, or imports what waits, logs or reads one."""
    for name, line in source.imports():
        if any(within(name, impure) for impure in IMPURE):
            yield Breach(source.module, line, f"imports {name}")
    for node in ast.walk(source.tree):
        match node:
            case ast.AsyncFunctionDef() | ast.Await() | ast.AsyncFor() | ast.AsyncWith():
                yield Breach(source.module, node.lineno, "waits")
            case ast.Attribute(
                value=ast.Name(id="datetime" | "date") | ast.Attribute(attr="datetime" | "date"),
                attr="now" | "today" | "utcnow" as reads,
            ):
                yield Breach(source.module, node.lineno, f"reads the clock: {reads}")


def breaches_of_purity(sources: Iterable[Source]) -> list[str]:
    """Return, in words, each pure module that is not, with the shortest way to what is impure.

    Imports for a type checker alone count too: a pure module has no business with what they lead to.
    """
    known = {source.module: source for source in sources}
    graph = import_graph(known.values())
    impure = {
        module: first
        for module, source in known.items()
        if (first := next(impurities(source), None)) is not None
    }
    return [
        told
        for module, source in known.items()
        if is_pure(source) and (told := _reached(graph, module, impure))
    ]


def _reached(graph: Graph, module: str, impure: Mapping[str, Breach]) -> str:
    way = shortest_way(graph, module, impure)
    return f"{' -> '.join(way)} ({impure[way[-1]]})" if way else ""
