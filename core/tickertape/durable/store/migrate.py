"""Brings a database's schema up to date, and knows one that is too new."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

from tickertape.durable.store.errors import DatabaseTooNew

MIGRATIONS = Path(__file__).parent / "migrations"


@dataclass(frozen=True, slots=True)
class Revision:
    """Which revision a database's schema has, None if it has none yet, and which one this program knows as the last."""

    found: str | None
    latest: str

    @property
    def is_latest(self) -> bool:
        """Whether there is nothing to migrate."""
        return self.found == self.latest


def revision_of(connection: Connection, folder: Path = MIGRATIONS) -> Revision:
    """Return which revision the schema has; raises `DatabaseTooNew` if it is a later one. Only reads."""
    script = ScriptDirectory.from_config(_config(folder))
    found = MigrationContext.configure(connection).get_current_revision()
    if found is not None:
        _known(script, found)
    return Revision(found, script.get_current_head() or "")


def migrate(connection: Connection, folder: Path = MIGRATIONS) -> None:
    """Run the migrations that are missing, all within the connection's transaction."""
    config = _config(folder)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _known(script: ScriptDirectory, revision: str) -> None:
    try:
        script.get_revision(revision)
    except CommandError as error:
        raise DatabaseTooNew(revision) from error


def _config(folder: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
