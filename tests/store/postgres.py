"""A PostgreSQL server of its own, on loopback, for as long as a test session lasts."""

from __future__ import annotations

import functools
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_SOMEBODY = ("postgres", "nobody")
"""Users as whom a server runs if we are root, which PostgreSQL refuses to run as."""


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running server. Everybody on loopback is let in."""

    port: int

    def url(self, database: str) -> str:
        """Return the URL of a database."""
        return f"postgresql://tickertape@127.0.0.1:{self.port}/{database}"


def programs() -> Path | None:
    """Return the folder of the newest PostgreSQL server on this machine, if there is one."""
    folders = [file.parent for file in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    found = sorted(folders, key=lambda folder: float(folder.parent.name), reverse=True)
    if (on_path := shutil.which("initdb")) is not None:
        found.append(Path(on_path).parent)
    return next((folder for folder in found if (folder / "postgres").exists()), None)


@contextmanager
def postgres_server(folder: Path) -> Iterator[PostgresServer]:
    """Run the server whose programs are in `folder`, with a cluster that is thrown away afterwards."""
    data = Path(tempfile.mkdtemp(prefix="postgres-"))
    run = _runner(data)
    cluster, port = data / "cluster", _free_port()
    options = f"-h 127.0.0.1 -p {port} -k '' -F -c max_connections=60"
    try:
        run(folder / "initdb", "--pgdata", cluster, "--username=tickertape", "--auth=trust", "--encoding=UTF8",
            "--locale=C", "--no-sync")  # fmt: skip
        run(folder / "pg_ctl", "start", "--wait", "-D", cluster, "-l", data / "log", "-o", options)
        yield PostgresServer(port)
    finally:
        run(folder / "pg_ctl", "stop", "--wait", "-D", cluster, "-m", "immediate")
        shutil.rmtree(data, ignore_errors=True)


def _runner(data: Path) -> Callable[..., object]:
    """Return what runs a command in `data`: as somebody else if we are root."""
    if os.geteuid() != 0:
        return functools.partial(_run, cwd=data)
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    user = next(known[name] for name in _SOMEBODY if name in known)
    os.chown(data, user.pw_uid, user.pw_gid)
    return functools.partial(_run, cwd=data, user=user.pw_uid, group=user.pw_gid)


def _run(*command: str | Path, cwd: Path, user: int | None = None, group: int | None = None) -> None:
    """Run a command to its end. The server must not inherit a pipe, or its end would be waited for."""
    subprocess.run(  # noqa: S603 - our own command
        command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        cwd=cwd, user=user, group=group,
    )  # fmt: skip


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port
