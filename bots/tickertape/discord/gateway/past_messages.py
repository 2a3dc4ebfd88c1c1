"""Messages as Discord's API lists them, as facts of what was said before. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tickertape.discord.http.response import Json
from tickertape.discord.keys import message_key, person_key
from tickertape.inbound.past_message import PastMessage

_DEFAULT, _REPLY, _COMMAND, _STARTER, _MENU = 0, 19, 20, 21, 23
"""Types of messages (API documentation, message types)."""

_SAID = frozenset({_DEFAULT, _REPLY, _COMMAND, _MENU})


def past_message(message: Json, me: int) -> PastMessage | None:
    """Return what a message of the API says to the bot `me`; None for Discord's own notices.

    The notice at the head of a thread stands for the message that the thread began with.
    """
    is_root = message.get("type") == _STARTER and bool(message.get("referenced_message"))
    if is_root:
        message = message["referenced_message"]
    if message.get("type", _DEFAULT) not in _SAID:
        return None
    author, channel_id = message["author"], int(message["channel_id"])
    ours = int(author["id"]) == me
    replied_to = _replied_to(message)
    return PastMessage(
        message_key(channel_id, int(message["id"])),
        None if ours else person_key(int(author["id"])),
        _name(author),
        _without_small_print(message["content"]) if ours else _plain(message, me),
        datetime.fromisoformat(message["timestamp"]).timestamp(),
        is_app=not ours and bool(author.get("bot")),
        is_root=is_root,
        replies_to=None if replied_to is None else message_key(channel_id, replied_to),
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


def _replied_to(message: Json) -> int | None:
    reference = message.get("message_reference") or {}
    replied_to = reference.get("message_id") if message.get("type") == _REPLY else None
    return None if replied_to is None else int(replied_to)
