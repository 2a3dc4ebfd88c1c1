"""The tables and their indexes, as the migrations leave them; a test compares the two.

`messages` remembers every message of a platform that was ever seen, also when its turn was deleted or forgotten, so
that the text does not come back when a platform's history is read again. Answers keep what they took when their texts
are erased: otherwise forgetting would reset a limit.
"""

from __future__ import annotations

import re
from typing import TypeVar

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Dialect,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    text,
)

from tickertape.prompts.keys import ConversationKey, MessageKey, PersonKey, PlaceKey

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


K = TypeVar("K", PersonKey, PlaceKey, MessageKey)


class KeyText(TypeDecorator[K]):
    """A key as text; an empty text stands for None, and so does a platform alone (`slack:`), which was once written."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: type[K]) -> None:
        super().__init__()
        self.kind: type[K] = kind

    def process_bind_param(self, value: K | str | None, dialect: Dialect) -> str:  # noqa: ARG002 - SQLAlchemy's
        """Return the key's text; text is taken as it is, for the bounds of ranges."""
        return "" if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> K | None:  # noqa: ARG002 - SQLAlchemy's
        """Return the key that the text is of."""
        return self.kind.parse(value) if value and not value.endswith(":") else None


class ConversationText(TypeDecorator[ConversationKey | str]):
    """A conversation's key as text, empty where there is none. It is read as text: only a place tells its parts."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: ConversationKey | str | None, dialect: Dialect) -> str:  # noqa: ARG002 - SQLAlchemy's
        """Return the key's text."""
        return "" if value is None else str(value)


class AnyText(TypeDecorator[str]):
    """Text that people and models wrote, in which a NUL and half a surrogate pair become U+FFFD.

    PostgreSQL takes neither, SQLite not the latter (they are no UTF-8); the length stays the same.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's
        """Return the text as it can be stored."""
        return None if value is None else storable(value)


def storable(value: str) -> str:
    """Return `value` as it comes back from the database."""
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", value)


metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_name)s_fkey",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
    }
)

conversations = Table(
    "conversations",
    metadata,
    Column("key", ConversationText, primary_key=True),
    Column("oldest", BigInteger, nullable=False),
    Column("newest", BigInteger, nullable=False),
    Column("history_read", Boolean, nullable=False, server_default=text("false")),
)
"""`oldest` and `newest` are the positions given out so far: the next turn gets `newest + 1`, without a look."""

turns = Table(
    "turns",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column(
        "conversation", ConversationText, ForeignKey("conversations.key", ondelete="CASCADE"), nullable=False
    ),
    Column("position", BigInteger, nullable=False),
    Column("role", Text, nullable=False),
    Column("author", KeyText(PersonKey), nullable=False),
    Column("author_name", AnyText, nullable=False),
    Column("text", AnyText, nullable=False),
    Column("tokens", BigInteger, nullable=False),
    Column("attachments", JSON, nullable=False),
    Column("answer", Text, nullable=True),
    Column("created_at", Double, nullable=False),
    Index(None, "conversation", "position", unique=True),
    Index(None, "answer", unique=True),
    Index(None, "author"),
    Index(None, "created_at"),
    sqlite_autoincrement=True,  # an id is never given out twice
)

answers = Table(
    "answers",
    metadata,
    Column("id", Text, primary_key=True),
    Column("prompt_key", KeyText(MessageKey), nullable=False),
    Column("conversation", ConversationText, nullable=False),
    Column("platform", Text, nullable=False),
    Column("workspace", Text, nullable=False),
    Column("place", KeyText(PlaceKey), nullable=False),
    Column("asker", KeyText(PersonKey), nullable=False),
    Column("prompt", AnyText, nullable=True),
    Column("model", AnyText, nullable=False),
    Column("persona", AnyText, nullable=False),
    Column("surface", JSON, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("started_at", Double, nullable=False),
    Column("first_text_at", Double, nullable=True),
    Column("ended_at", Double, nullable=True),
    Column("detail", AnyText, nullable=False),
    Column("prompt_tokens", BigInteger, nullable=True),
    Column("completion_tokens", BigInteger, nullable=True),
    Column("reasoning_tokens", BigInteger, nullable=True),
    Column("cost", Double, nullable=True),
    Column("characters", BigInteger, nullable=False),
    Column("forgotten", Boolean, nullable=False, server_default=text("false")),
    Index(None, "prompt_key", unique=True),
    Index(None, "conversation"),
    Index(None, "asker", "started_at"),
    Index(None, "workspace", "started_at"),
    Index(None, "started_at", "id"),
)


def asks(key: MessageKey) -> ColumnElement[bool]:
    """Return the condition that an answer is to the question of this key, or to its being asked again (`key#…`)."""
    again = (answers.c.prompt_key >= f"{key}#") & (answers.c.prompt_key < f"{key}$")  # a range, for the index
    return (answers.c.prompt_key == key) | again


unfinished = answers.c.ended_at.is_(None)
Index(
    "answers_unfinished_idx",
    answers.c.platform,
    answers.c.started_at,
    sqlite_where=unfinished,
    postgresql_where=unfinished,
)

answer_texts = Table(
    "answer_texts",
    metadata,
    Column("answer", Text, ForeignKey("answers.id", ondelete="CASCADE"), primary_key=True),
    Column("start", BigInteger, primary_key=True),
    Column("text", AnyText, nullable=False),
)
"""The text of a running answer in pieces, each with its place in the whole, so that none is ever written again."""

messages = Table(
    "messages",
    metadata,
    Column("key", KeyText(MessageKey), primary_key=True),
    Column("conversation", ConversationText, nullable=False),
    Column(
        "turn",
        BigInteger().with_variant(Integer, "sqlite"),
        ForeignKey("turns.id", ondelete="SET NULL"),
        nullable=True,
    ),
    Column("answer", Text, ForeignKey("answers.id", ondelete="SET NULL"), nullable=True),
    Column("page", Integer, nullable=True),
    Column("seen_at", Double, nullable=False),
    Index(None, "turn"),
    Index(None, "answer", "page"),
    Index(None, "seen_at"),
)

ratings = Table(
    "ratings",
    metadata,
    Column("answer", Text, ForeignKey("answers.id", ondelete="CASCADE"), primary_key=True),
    Column("user", KeyText(PersonKey), primary_key=True),
    Column("rating", Text, nullable=False),
    Column("rated_at", Double, nullable=False),
)

preferences = Table(
    "preferences",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("choice", Text, primary_key=True),
    Column("value", AnyText, nullable=False),
    Column("set_by", KeyText(PersonKey), nullable=False),
    Column("set_at", Double, nullable=False),
)
