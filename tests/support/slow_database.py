"""A store whose database is slow: what is asked of it waits until the end of a block."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection

from tickertape.durable.store import DatabaseSettings, Store


@asynccontextmanager
async def slow_writes(store: Store) -> AsyncIterator[None]:
    """Let a transaction that does not end go before all others."""
    begun, over = asyncio.Event(), asyncio.Event()

    async def wait(_: AsyncConnection) -> None:
        begun.set()
        await over.wait()

    write = asyncio.create_task(store._database.write(wait))
    await begun.wait()
    try:
        yield
    finally:
        over.set()
        await write


@asynccontextmanager
async def slow_reads(store: Store) -> AsyncIterator[None]:
    """Use all connections for reading."""
    async with AsyncExitStack() as stack:
        for _ in range(DatabaseSettings("").connections):
            await stack.enter_async_context(store._database.read())
        yield
