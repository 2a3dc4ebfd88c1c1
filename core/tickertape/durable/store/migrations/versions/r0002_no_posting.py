"""No note of a message that is being created: nothing ever read it, and platforms are asked what they show."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision: str | None = "0001"


def upgrade() -> None:
    """Drop the column in its place: to copy the table, as a batch does, would take along what refers to its rows."""
    op.drop_column("answers", "posting")
