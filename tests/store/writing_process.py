"""Writes into a store for ever, and says each time what is stored: `python -m tests.store.writing_process URL ROUND`."""

from __future__ import annotations

import asyncio
import itertools
import json
import sys

import structlog

from tests.store.facts import asked, ended, replied, said
from tests.support.keys import conversation
from tickertape.durable.store import DatabaseSettings, Store

AT_ONCE = 5
"""Answers that are written at the same time."""


def tell(**fact: object) -> None:
    """Say what has just been committed."""
    print(json.dumps(fact), flush=True)  # noqa: T201 - the test reads it


async def write(store: Store, prefix: str) -> None:
    """Answer one prompt after the other."""
    here = conversation(f"discord:{prefix}")
    for number in itertools.count():
        answer = f"{prefix} {number}"
        await store.conversations.add(said(f"ask {answer}", f"prompt {answer}", conversation=here))
        tell(turn=f"ask {answer}", conversation=prefix)
        await store.answers.begin(asked(answer, f"prompt {answer}", conversation=here))
        text = ""
        for piece in range(5):
            store.answer_writes.add_text(answer, len(text), f"{piece} of {answer}. ", now=101.0)
            text += f"{piece} of {answer}. "
            assert await store.answer_writes.flush()
            tell(answer=answer, text=text)
        store.answer_writes.end(ended(answer), replied(text, conversation=here))
        assert await store.answer_writes.flush()
        tell(ended=answer, turn=text, conversation=prefix)


async def main(url: str, this_round: str) -> None:
    """Write until killed."""
    async with await Store.open(DatabaseSettings(url)) as store, asyncio.TaskGroup() as group:
        for number in range(AT_ONCE):
            group.create_task(write(store, f"{this_round}.{number}"))


if __name__ == "__main__":
    structlog.configure(
        logger_factory=structlog.PrintLoggerFactory(sys.stderr)
    )  # the test reads what is printed
    asyncio.run(main(*sys.argv[1:]))
