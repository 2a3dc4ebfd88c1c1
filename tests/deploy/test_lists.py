"""The lists of exact versions agree with each other and with what the project asks for."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
EXTRAS = r"(?:\[[\w,]+\])?"
"""How a pin names the extras of its package: `coverage[toml]==7.17.3`."""


def pins(name: str) -> dict[str, str]:
    """Return each package's version, as a lock file pins it."""
    lines = (DEPLOY / name).read_text().splitlines()
    return dict(re.findall(rf"^([\w.-]+){EXTRAS}==([\w.]+)", "\n".join(lines), re.MULTILINE))


@pytest.mark.parametrize("name", ["constraints.txt", "runtime.txt", "demo.txt", "build.txt", "bench.txt"])
def test_every_pin_has_a_hash_and_no_address(name: str) -> None:
    text = (DEPLOY / name).read_text()
    assert "://" not in text
    assert not re.search(r"(?m)^-|/home|/tmp|index", text)
    requirements = re.split(rf"(?m)^(?=[\w.-]+{EXTRAS}==)", text)[1:]
    assert len(requirements) >= len(pins(name)) > 4, "a package may have a version for each range of Pythons"
    assert all("--hash=sha256:" in requirement for requirement in requirements)


@pytest.mark.parametrize(("less", "more"), [("demo.txt", "runtime.txt"), ("runtime.txt", "constraints.txt")])
def test_who_has_more_installed_has_this_too(less: str, more: str) -> None:
    assert pins(less).items() <= pins(more).items()


def test_what_builds_the_project_is_the_same_everywhere() -> None:
    assert pins("build.txt").items() <= pins("constraints.txt").items()
    assert "hatchling" in pins("build.txt")


def test_the_demo_is_without_a_driver_for_another_database() -> None:
    assert "asyncpg" in pins("runtime.txt").keys() - pins("demo.txt").keys()


@pytest.mark.parametrize(
    ("extra", "file"),
    [
        (None, "demo.txt"),
        ("dev", "constraints.txt"),
        ("postgres", "constraints.txt"),
        ("postgres", "runtime.txt"),
        ("bench", "bench.txt"),
    ],
)
def test_every_dependency_is_pinned(extra: str | None, file: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *(project["optional-dependencies"][extra] if extra else [])]
    names = {re.split(r"[\[>=<~! ]", name)[0].lower().replace(".", "-").replace("_", "-") for name in wanted}
    assert names <= set(pins(file))
