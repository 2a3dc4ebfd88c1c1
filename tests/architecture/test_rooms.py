"""Folders are rooms: none is crowded, the adapters have the same ones, and the lower ones do not know the upper ones."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.architecture.boundaries import NAMESPACE, ROOT, SOURCE_ROOTS, read_all, within
from tests.architecture.graph import import_graph

GRAPH = import_graph(read_all())

MOST_MODULES = 20
"""Modules of one folder, its `__init__` left out."""

ADAPTERS = ("discord", "slack")
ADAPTER_ROOMS = {"commands", "gateway", "http", "restart", "showing"}

MAY_KNOW: dict[str, tuple[str, ...]] = {
    "render": (),
    "prompts": ("files.attachment",),
    "model": ("prompts",),
    "languages": ("model", "prompts"),
    "files": ("languages", "model.redact", "prompts"),
    "screen.budget": ("prompts",),
    "screen.pacing": ("screen.budget", "screen.draft"),
    "screen.view": ("languages", "prompts", "render", "screen.body", "screen.draft", "screen.overflow"),
    "rules.access": ("languages", "prompts"),
    "rules.quota": ("languages",),
    "rules.costs": ("model",),
}
"""What the lower rooms of the core, and the pure modules that decide in them, may import of the rest of it."""


def modules_in(root: Path) -> Counter[str]:
    """Return how many modules each folder below `root` has."""
    files = [file for file in root.rglob("*.py") if file.name != "__init__.py"]
    return Counter(str(file.parent.relative_to(root)) for file in files)


@pytest.mark.parametrize("root", SOURCE_ROOTS, ids=lambda root: root.name)
def test_no_folder_is_crowded(root: Path) -> None:
    counted = modules_in(root)
    assert sum(counted.values()) > 80
    assert {folder: count for folder, count in counted.items() if count > MOST_MODULES} == {}


def test_modules_are_counted_by_folder(tmp_path: Path) -> None:
    for name in ("a.py", "room/__init__.py", "room/b.py", "room/c.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert modules_in(tmp_path) == {".": 1, "room": 2}


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_both_adapters_have_the_same_rooms(adapter: str) -> None:
    modules = (ROOT / "bots" / NAMESPACE / adapter).glob("*/*.py")
    assert {module.parent.name for module in modules} == ADAPTER_ROOMS


@pytest.mark.parametrize("room", MAY_KNOW)
def test_lower_rooms_know_no_upper_ones(room: str) -> None:
    own = f"{NAMESPACE}.{room}"
    allowed = [own, *(f"{NAMESPACE}.{other}" for other in MAY_KNOW[room])]
    inside = [module for module in GRAPH if within(module, own)]
    assert inside
    assert [
        f"{module} imports {other}"
        for module in inside
        for other in sorted(GRAPH[module])
        if not any(within(other, each) for each in allowed)
    ] == []
