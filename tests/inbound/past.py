"""What was said before, on no platform: messages that can be read one by one, or all at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.support.keys import key, person
from tickertape.inbound.past_message import PastMessage
from tickertape.prompts.keys import MessageKey
from tickertape.prompts.prompt import Prompt


def past(
    number: int,
    author: str | None = "bob",
    text: str = "",
    *,
    replies_to: int | None = None,
    is_app: bool = False,
    roles: frozenset[str] | None = None,
) -> PastMessage:
    """Return a message of the general channel, from so many seconds after the epoch; without an author it is the bot's."""
    return PastMessage(
        key=key(f"fake:general/{number}"),
        author=None if author is None else person(f"fake:{author}"),
        name="" if author is None else author.capitalize(),
        text=text or f"said {number}",
        at=float(number),
        is_app=is_app,
        roles=roles,
        replies_to=None if replies_to is None else key(f"fake:general/{replies_to}"),
    )


@dataclass
class FakeHistory:
    """Implements `MessageHistory` and `MessageReader`. It is unreadable where it has no messages, and answers after `takes` s."""

    messages: Sequence[PastMessage] | None = ()
    takes: float = 0.0
    read_keys: list[MessageKey] = field(default_factory=list)
    most: int = 0

    async def before(self, prompt: Prompt, most: int) -> Sequence[PastMessage] | None:  # noqa: ARG002 - the seam's signature
        self.most = most
        await asyncio.sleep(self.takes)
        return self.messages

    async def read(self, key: MessageKey) -> PastMessage | None:
        self.read_keys.append(key)
        await asyncio.sleep(self.takes)
        return next((each for each in self.messages or () if each.key == key), None)
