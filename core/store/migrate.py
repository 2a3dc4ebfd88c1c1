"""Brings a database's schema up to date, and knows one that is too new."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

from core.store.errors import DatabaseTooNew

MIGRATIONS = Path(__file__).parent / "migrations"


def up_to_date(connection: Connection, folder: Path = MIGRATIONS) -> bool:
    """Whether the schema is this program's; raises `DatabaseTooNew` if it is a later one. Only reads."""
    script = ScriptDirectory.from_config(_config(folder))
    found = MigrationContext.configure(connection).get_current_heads()
    for revision in found:
        _known(script, revision)
    return set(found) == set(script.get_heads())


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
