"""Mutation testing of the pure modules: `python -m tests.mutation`, with mutmut in the environment.

mutmut changes one expression at a time and runs the tests that use what it changed; a change that no test notices
survives. Which modules and tests take part stands in pyproject.toml, `[tool.mutmut]`. mutmut mutates a copy, and knows
one source root that is called `src`: so the copy in `build/mutation` has core and bots as one. What it found stays
there: `cd build/mutation`, then `mutmut results`, `mutmut show NAME`, `mutmut browse`. Arguments are those of
`mutmut run`: names of mutants, with `*`, and `--max-children`, how many run at a time.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

ROOT = Path(__file__).parents[1]
COPY = ROOT / "build" / "mutation"

EXAMPLES = 25
"""Most examples of a property's test while mutants are tested: hundreds, for each of a thousand mutants, take hours."""


def lay_out(copy: Path) -> None:
    """Make or refresh the copy; what mutmut found before stays, and counts for what has not changed."""
    shutil.rmtree(copy / "src", ignore_errors=True)
    for source, target in (
        ("core/tickertape", "src/tickertape"),
        ("bots/tickertape", "src/tickertape"),
        ("tests", "tests"),
    ):
        shutil.copytree(
            ROOT / source, copy / target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy2(ROOT / "pyproject.toml", copy)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have properties tried with fewer examples: mutmut's pytest loads this module as a plug-in."""
    for item in items:
        test = getattr(item.obj, "__func__", item.obj) if isinstance(item, pytest.Function) else None
        if getattr(test, "is_hypothesis_test", False):
            _try_less(test)


def _try_less(test: Any) -> None:  # noqa: ANN401 - a function with an attribute of hypothesis's own
    """Overrule a test's own number of examples, for which hypothesis has no other way."""
    own = test._hypothesis_internal_use_settings
    fewer = settings(own, max_examples=min(EXAMPLES, own.max_examples), deadline=None)
    test._hypothesis_internal_use_settings = fewer


def main() -> int:
    """Run mutmut on a fresh copy, and return its status."""
    lay_out(COPY)
    command = [sys.executable, "-m", "mutmut", "run", *sys.argv[1:]]
    return subprocess.run(command, cwd=COPY, check=False).returncode  # noqa: S603 - the arguments are the developer's


if __name__ == "__main__":
    sys.exit(main())
