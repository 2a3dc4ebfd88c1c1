"""Servers of the tests' own, on loopback: a system's programs where there are some, else those of a wheel."""

from __future__ import annotations

import enum
import socket


class Source(enum.Enum):
    """Where the programs of a server may come from; the option `--servers` chooses."""

    ANY = "any"
    SYSTEM = "system"
    WHEEL = "wheel"


def free_port() -> int:
    """Return a port of loopback that nobody listens on. A server takes it at once, before somebody else does."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port
