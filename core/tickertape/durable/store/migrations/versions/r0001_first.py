"""The first schema: conversations and their turns, answers and what they took, preferences."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None

_ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make all tables in an empty database."""
    _conversations()
    _turns()
    _answers()
    _answer_texts()
    _messages()
    _ratings()
    _preferences()


def _conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("oldest", sa.BigInteger(), nullable=False),
        sa.Column("newest", sa.BigInteger(), nullable=False),
        sa.Column("history_read", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("key", name="conversations_pkey"),
    )


def _turns() -> None:
    op.create_table(
        "turns",
        sa.Column("id", _ROW, autoincrement=True, nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("tokens", sa.BigInteger(), nullable=False),
        sa.Column("attachments", sa.JSON(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversations.key"], name="turns_conversation_fkey", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="turns_pkey"),
        sqlite_autoincrement=True,
    )
    op.create_index("turns_conversation_position_idx", "turns", ["conversation", "position"], unique=True)
    op.create_index("turns_answer_idx", "turns", ["answer"], unique=True)
    op.create_index("turns_author_idx", "turns", ["author"])
    op.create_index("turns_created_at_idx", "turns", ["created_at"])


def _answers() -> None:
    op.create_table(
        "answers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("prompt_key", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("asker", sa.Text(), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=True),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("persona", sa.Text(), nullable=False),
        sa.Column("surface", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("posting", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.Double(), nullable=False),
        sa.Column("first_text_at", sa.Double(), nullable=True),
        sa.Column("ended_at", sa.Double(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("prompt_tokens", sa.BigInteger(), nullable=True),
        sa.Column("completion_tokens", sa.BigInteger(), nullable=True),
        sa.Column("reasoning_tokens", sa.BigInteger(), nullable=True),
        sa.Column("cost", sa.Double(), nullable=True),
        sa.Column("characters", sa.BigInteger(), nullable=False),
        sa.Column("forgotten", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="answers_pkey"),
    )
    op.create_index("answers_prompt_key_idx", "answers", ["prompt_key"], unique=True)
    op.create_index("answers_conversation_idx", "answers", ["conversation"])
    op.create_index("answers_asker_started_at_idx", "answers", ["asker", "started_at"])
    op.create_index("answers_workspace_started_at_idx", "answers", ["workspace", "started_at"])
    op.create_index("answers_started_at_id_idx", "answers", ["started_at", "id"])
    unfinished = sa.text("ended_at IS NULL")
    op.create_index(
        "answers_unfinished_idx",
        "answers",
        ["platform", "started_at"],
        sqlite_where=unfinished,
        postgresql_where=unfinished,
    )


def _answer_texts() -> None:
    op.create_table(
        "answer_texts",
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer"], ["answers.id"], name="answer_texts_answer_fkey", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("answer", "start", name="answer_texts_pkey"),
    )


def _messages() -> None:
    op.create_table(
        "messages",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("turn", _ROW, nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("seen_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["turn"], ["turns.id"], name="messages_turn_fkey", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["answer"], ["answers.id"], name="messages_answer_fkey", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("key", name="messages_pkey"),
    )
    op.create_index("messages_turn_idx", "messages", ["turn"])
    op.create_index("messages_answer_page_idx", "messages", ["answer", "page"])
    op.create_index("messages_seen_at_idx", "messages", ["seen_at"])


def _ratings() -> None:
    op.create_table(
        "ratings",
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("rating", sa.Text(), nullable=False),
        sa.Column("rated_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["answer"], ["answers.id"], name="ratings_answer_fkey", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("answer", "user", name="ratings_pkey"),
    )


def _preferences() -> None:
    op.create_table(
        "preferences",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "choice", name="preferences_pkey"),
    )
