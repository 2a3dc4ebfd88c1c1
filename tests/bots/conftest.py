"""A place without settings: an empty directory and an environment in which nothing of ours is set."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tickertape.configuration import rows


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Leave nothing set, and stand in an empty directory."""
    for name in [
        *(row.variable for row in rows()),
        *(name for name in os.environ if name.startswith("TICKERTAPE_")),
    ]:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path
