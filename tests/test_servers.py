"""The servers of the tests: they are found, a system's own first, they do what is asked of them, and leave nothing."""

from __future__ import annotations

import asyncio
import platform
import socket
import sys
from pathlib import Path

import pytest
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import create_async_engine

from tests.support.servers import Source, postgres
from tests.support.servers.postgres import postgres_server, programs
from tests.support.servers.valkey import program, valkey_server

pytestmark = pytest.mark.real_time

WHEELS = sys.platform != "win32" and platform.machine() in {"x86_64", "aarch64", "arm64"}
"""Whether the locked packages hold servers for this platform."""


def test_the_wheels_hold_both_servers() -> None:
    assert (programs(Source.WHEEL) is not None) is WHEELS
    assert (program(Source.WHEEL) is not None) is WHEELS


def test_a_system_s_own_servers_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("initdb", "postgres", "valkey-server"):
        (tmp_path / name).touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert programs() == programs(Source.SYSTEM) == tmp_path
    assert program() == program(Source.SYSTEM) == tmp_path / "valkey-server"


def test_the_wheels_come_where_the_system_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(postgres, "_DEBIAN", tmp_path)
    assert programs(Source.SYSTEM) is program(Source.SYSTEM) is None
    assert programs() == programs(Source.WHEEL)
    assert program() == program(Source.WHEEL)


async def shown(url: str, setting: str) -> str:
    """Ask a PostgreSQL server for a setting."""
    engine = create_async_engine(url.replace("postgresql", "postgresql+asyncpg"))
    async with engine.connect() as connection:
        found: str = (await connection.exec_driver_sql(f"SHOW {setting}")).scalar_one()
    await engine.dispose()
    return found


@pytest.mark.postgres
async def test_postgres_knows_idle_session_timeout(new_postgres_url: str) -> None:
    assert int(await shown(new_postgres_url, "server_version_num")) >= 140000
    assert await shown(new_postgres_url, "idle_session_timeout") == "0"


@pytest.mark.postgres
def test_nothing_is_left_of_postgres() -> None:
    folder = programs(Source.WHEEL) or programs()  # the wheel's runs here even if the system has one
    if folder is None:
        pytest.skip("no PostgreSQL here: neither one of the system nor the wheel")
    with postgres_server(folder) as server:
        data = Path(asyncio.run(shown(server.url("postgres"), "data_directory")))
        assert data.exists()
    assert not data.parent.exists()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", server.port))


@pytest.mark.valkey
async def test_valkey_is_new_enough(valkey: str) -> None:
    async with Redis.from_url(valkey) as client:
        version = (await client.info("server"))["valkey_version"]
    assert tuple(int(part) for part in version.split(".")) >= (7, 2)


@pytest.mark.valkey
async def test_valkey_gives_an_entry_again_until_it_is_acknowledged(valkey: str) -> None:
    async with Redis.from_url(valkey, decode_responses=True) as client:
        await client.xgroup_create("slot", "owners", mkstream=True)
        entry = await client.xadd("slot", {"envelope": "{}"})
        held = [(entry, {"envelope": "{}"})]
        assert await client.xreadgroup("owners", "first", {"slot": ">"}) == [["slot", held]]
        assert await client.xreadgroup("owners", "first", {"slot": "0"}) == [["slot", held]]
        assert (await client.xautoclaim("slot", "owners", "second", min_idle_time=0))[1] == held
        assert await client.xack("slot", "owners", entry) == 1
        assert (await client.xpending("slot", "owners"))["pending"] == 0
        assert await client.xreadgroup("owners", "second", {"slot": "0"}) == [["slot", []]]


@pytest.mark.valkey
async def test_valkey_has_after_a_crash_what_it_took(valkey_program: Path, tmp_path: Path) -> None:
    for length in (1, 2):
        with valkey_server(valkey_program, tmp_path, append_only=True) as server:
            async with Redis.from_url(server.url) as client:
                await client.xadd("slot", {"envelope": "{}"})
                assert await client.xlen("slot") == length
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", server.port))
