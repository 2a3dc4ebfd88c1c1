"""Every test of everyday use runs on both platforms."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path

import pytest

from tests.everyday.discord_rig import discord_rig
from tests.everyday.rig import Rig
from tests.everyday.slack_rig import slack_rig
from tests.support.services import Setup

Make = Callable[[Setup], AbstractAsyncContextManager[Rig]]
"""Begins a platform with a bot on a new database."""

_RIGS: dict[str, Callable[[Path, Setup], AbstractAsyncContextManager[Rig]]] = {
    "discord": discord_rig,
    "slack": slack_rig,
}


@pytest.fixture(params=_RIGS)
def on_platform(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    """Yield each platform in turn."""
    return partial(_RIGS[request.param], tmp_path)
