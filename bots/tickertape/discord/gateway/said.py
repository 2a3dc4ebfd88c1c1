"""A message as it was said: read from Discord's API, and as a turn of a conversation. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tickertape.discord.http.response import Json
from tickertape.discord.keys import message_key, person_key
from tickertape.durable.store.records import ConversationKey, NewTurn
from tickertape.memory.tokens import tokens_of
from tickertape.durable.store.records import NewTurn
from tickertape.memory.memory import tokens_of
from tickertape.prompts.keys import ConversationKey, PersonKey
from tickertape.prompts.turns import Role

_DEFAULT, _REPLY, _COMMAND, _STARTER, _MENU = 0, 19, 20, 21, 23
"""Types of messages (API documentation, message types)."""

_SAID = frozenset({_DEFAULT, _REPLY, _COMMAND, _MENU})


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody wrote: people, the bot itself (`is_ours`), or another bot (`is_foreign`).

    `at` is Unix time in seconds, `replied_to` the id of the message that this one answers.
    """

    id: int
    channel_id: int
    author_id: int
    name: str
    text: str
    at: float
    is_ours: bool
    is_foreign: bool
    replied_to: int | None

    @property
    def author(self) -> PersonKey:
        """Who wrote it."""
        return person_key(self.author_id)

    def turn(self, conversation: ConversationKey) -> NewTurn:
        """Return it as a turn of a conversation."""
        ours = self.is_ours
        return NewTurn(
            conversation,
            Role.ASSISTANT if ours else Role.USER,
            self.text,
            tokens_of(self.text),
            self.at,
            keys=(message_key(self.channel_id, self.id),),
            author=None if ours else self.author,
            author_name="" if ours else self.name,
        )


def said(message: Json, me: int) -> Said | None:
    """Return what a message of the API says to the bot `me`; None for Discord's own notices.

    The notice at the head of a thread stands for the message that the thread began with.
    """
    if message.get("type") == _STARTER and message.get("referenced_message"):
        message = message["referenced_message"]
    if message.get("type", _DEFAULT) not in _SAID:
        return None
    author = message["author"]
    ours = int(author["id"]) == me
    reference = message.get("message_reference") or {}
    return Said(
        id=int(message["id"]),
        channel_id=int(message["channel_id"]),
        author_id=int(author["id"]),
        name=_name(author),
        text=_without_small_print(message["content"]) if ours else _plain(message, me),
        at=datetime.fromisoformat(message["timestamp"]).timestamp(),
        is_ours=ours,
        is_foreign=not ours and bool(author.get("bot")),
        replied_to=_id(reference.get("message_id")) if message.get("type") == _REPLY else None,
    )


def _plain(message: Json, me: int) -> str:
    """Return a person's text without the mention of the bot; other mentions become names."""
    text = re.sub(rf"<@!?{me}>", "", message["content"])
    for person in message.get("mentions") or ():
        text = re.sub(rf"<@!?{person['id']}>", f"@{_name(person)}".replace("\\", r"\\"), text)
    return text.strip()


def _without_small_print(text: str) -> str:
    """Return the bot's text without the closing line that says how the answer ended."""
    body, _, last = text.rpartition("\n")
    return body.strip() if last.startswith("-# ") else text.strip()


def _name(user: Mapping[str, Any]) -> str:
    return str(user.get("global_name") or user.get("username") or "")


def _id(value: str | None) -> int | None:
    return None if value is None else int(value)
