"""What Alembic runs to migrate: on the connection that is given, within its transaction."""

from __future__ import annotations

from alembic import context

from tickertape.durable.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,  # SQLite's too, because the driver's own transactions are turned off
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
