"""Fixtures and hooks for the whole suite: virtual time by default, no network beyond loopback; servers and skips by plugins."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack

import aiosqlite.core
import hypothesis
import pytest

from tests.support.services import Compose, Setup, service_in_memory
from tests.virtual_time import HoldingQueue, VirtualTimeLoop
from tickertape.model.api import Model
from tickertape.service import Everyday, Service

_DEFAULTS = Everyday()

pytest_plugins = ["tests.support.servers.fixtures", "tests.support.skips"]

hypothesis.settings.register_profile("any machine", deadline=None)  # how long an example takes is no property
hypothesis.settings.load_profile("any machine")

_connect = socket.socket.connect


def _loopback_only(self: socket.socket, address: tuple[str, int] | str | bytes) -> None:
    """Refuse every connection that would leave this machine."""
    host = address[0] if isinstance(address, tuple) else ""
    if host and not (host.startswith("127.") or host in {"::1", "localhost"}):
        raise PermissionError(f"a test tried to reach {host}")
    _connect(self, address)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect", _loopback_only)


@pytest.fixture(autouse=True)
def _databases_hold_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no virtual time pass while a thread works on a database."""
    monkeypatch.setattr(aiosqlite.core, "SimpleQueue", HoldingQueue)


@pytest.fixture
async def compose() -> AsyncIterator[Compose]:
    """Put services together, each on a store of its own in memory, and shut them down after the test."""
    async with AsyncExitStack() as stack:

        async def make(model: Model, everyday: Everyday = _DEFAULTS) -> Service:
            return await stack.enter_async_context(
                service_in_memory(Setup({"small": model}, everyday=everyday))
            )

        yield make


def pytest_asyncio_loop_factories(
    config: pytest.Config,  # noqa: ARG001 - the hook's signature
    item: pytest.Item,
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Give every asynchronous test the virtual clock, except those marked `real_time`."""
    if item.get_closest_marker("real_time") is not None:
        return {"real": asyncio.new_event_loop}
    return {"virtual": VirtualTimeLoop}
