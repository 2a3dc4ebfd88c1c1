from __future__ import annotations

import ast

import pytest

from tests.architecture.boundaries import Source, read_all, within
from tests.architecture.purity import PURE, SHELLS, breaches_of_purity, impurities, is_pure

SOURCES = read_all()


def source(module: str, text: str) -> Source:
    return Source(module, ast.parse(text))


def test_pure_modules_reach_nothing_that_waits_logs_or_reads_a_clock() -> None:
    assert sum(map(is_pure, SOURCES)) > 100
    assert breaches_of_purity(SOURCES) == []


def test_every_pure_module_exists() -> None:
    assert [pure for pure in PURE if not any(within(each.module, pure) for each in SOURCES)] == []


def test_every_shell_is_one() -> None:
    impure = {each.module for each in SOURCES if any(impurities(each))}
    assert [shell for shell in SHELLS if shell not in impure] == []


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("tickertape.screen.pacing", "import asyncio"),
        ("tickertape.render.split", "from time import monotonic"),
        ("tickertape.render", "import structlog"),
        ("tickertape.screen.view", "import logging.handlers"),
        ("tickertape.durable.store.schema", "from sqlalchemy.ext.asyncio import AsyncEngine"),
        ("tickertape.model.sse", "async def f() -> None: ..."),
        ("tickertape.screen.budget", "async def f():\n    async with g():\n        await h()"),
        ("tickertape.rules.quota", "from datetime import datetime\ndatetime.now()"),
        ("tickertape.rules.quota", "import datetime as dt\ndt.date.today()"),
        ("tickertape.prompts.prompt", "def late():\n    import asyncio"),
        ("tickertape.slack.anything", "'''Keys. Pure.'''\nimport asyncio"),
    ],
)
def test_an_impure_line_is_found(module: str, text: str) -> None:
    assert breaches_of_purity([source(module, text)])


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("tickertape.durable.store.schema", "import sqlalchemy"),
        ("tickertape.rules.rulebook", "import asyncio"),
        ("tickertape.screen.streamer", "import asyncio\nasync def f() -> None: ..."),
        (
            "tickertape.memory.personas",
            "from datetime import datetime\ndef f(at: datetime): return at.date()",
        ),
    ],
)
def test_what_is_allowed_is_no_breach(module: str, text: str) -> None:
    assert breaches_of_purity([source(module, text)]) == []


def test_purity_is_transitive() -> None:
    chain = [
        source("tickertape.screen.view", "from tickertape.screen.surface import Body"),
        source("tickertape.screen.surface", "if TYPE_CHECKING:\n    from tickertape.screen import streamer"),
        source("tickertape.screen.streamer", "\nimport asyncio"),
    ]
    way = "tickertape.screen.view -> tickertape.screen.surface -> tickertape.screen.streamer"
    assert breaches_of_purity(chain) == [f"{way} (tickertape.screen.streamer:2: imports asyncio)"]
    assert breaches_of_purity(chain[:2]) == []
