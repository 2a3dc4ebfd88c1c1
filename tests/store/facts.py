"""Turns and answers as tests need them."""

from __future__ import annotations

from tests.support.keys import conversation, key, person
from tickertape.answer.states import State
from tickertape.durable.store import Store
from tickertape.durable.store.records import AnswerEnd, AnswerRecord, NewTurn, TurnRecord
from tickertape.durable.store.schema import metadata
from tickertape.model.api import Usage
from tickertape.prompts.keys import ConversationKey
from tickertape.prompts.turns import Role

HERE = conversation("discord:1")


def said(
    text: str,
    *keys: str,
    conversation: ConversationKey = HERE,
    tokens: int = 10,
    at: float = 100.0,
    author: str = "alice",
) -> NewTurn:
    """Something that a person said."""
    held = tuple(map(key, keys))
    return NewTurn(
        conversation, Role.USER, text, tokens, at, held, author=person(author), author_name=author.title()
    )


def replied(
    text: str, *, conversation: ConversationKey = HERE, tokens: int = 10, at: float = 110.0
) -> NewTurn:
    """Something that the model said; the journal adds the answer's id."""
    return NewTurn(conversation, Role.ASSISTANT, text, tokens, at)


def asked(
    answer: str = "a1",
    prompt_key: str | None = None,
    *,
    conversation: ConversationKey = HERE,
    platform: str = "discord",
    workspace: str = "guild",
    asker: str = "alice",
    prompt: str = "Why?",
    model: str = "small",
    at: float = 100.0,
) -> AnswerRecord:
    """An answer that begins."""
    return AnswerRecord(
        id=answer,
        prompt_key=key(prompt_key or f"prompt of {answer}"),
        conversation=conversation,
        platform=platform,
        workspace=workspace,
        place=HERE.place,
        asker=person(asker),
        prompt=prompt,
        model=model,
        persona="",
        started_at=at,
        surface={"channel": 1},
    )


def ended(
    answer: str = "a1",
    state: State = State.COMPLETE,
    *,
    at: float = 110.0,
    usage: Usage | None = None,
    cost: float | None = None,
) -> AnswerEnd:
    """An answer's end."""
    return AnswerEnd(answer, state, at, detail="stop", usage=usage, cost=cost, characters=12)


async def answered(
    store: Store,
    record: AnswerRecord,
    *,
    tokens: tuple[int, int] = (10, 20),
    cost: float | None = None,
    turn: NewTurn | None = None,
) -> None:
    """Let an answer begin and end."""
    assert await store.answers.begin(record)
    end = ended(record.id, at=record.started_at + 5.0, usage=Usage(*tokens), cost=cost)
    store.answer_writes.end(end, turn)
    assert await store.answer_writes.flush()


async def texts(store: Store, conversation: ConversationKey = HERE) -> list[str]:
    """Return the texts of all turns of a conversation, oldest first."""
    return [turn.text for turn in await turns(store, conversation)]


async def turns(store: Store, conversation: ConversationKey = HERE) -> list[TurnRecord]:
    """Return all turns of a conversation, oldest first."""
    return await store.conversations.newest(conversation, tokens=10**9, most=10**6)


async def traces(store: Store) -> str:
    """Return every column of every row of every table, as one text to look for something in."""
    rows: list[str] = []
    async with store._database.read() as connection:
        for table in metadata.sorted_tables:
            found = await connection.execute(table.select())
            rows.extend(f"{table.name}: {dict(row._mapping)!r}" for row in found)
    return "\n".join(rows)
