from __future__ import annotations

from typing import Any

import pytest

from tickertape.sandbox.discord.world.components import component_text
from tickertape.sandbox.discord.world.mentions import (
    AllowedMentions,
    Ping,
    PingKind,
    find_pings,
    parse_allowed,
)

TEXT = "<@1> <@!2> <@&3> @everyone @here <@1>"
USERS = [Ping(PingKind.USER, 1), Ping(PingKind.USER, 2)]
ROLE = Ping(PingKind.ROLE, 3)
ALL = [Ping(PingKind.EVERYONE), Ping(PingKind.HERE)]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (None, [*USERS, ROLE, *ALL]),
        ({}, []),
        ({"parse": []}, []),
        ({"parse": ["users"]}, USERS),
        ({"parse": ["roles", "everyone"]}, [ROLE, *ALL]),
        ({"users": ["2"]}, [Ping(PingKind.USER, 2)]),
        ({"roles": ["3"], "parse": ["users"]}, [*USERS, ROLE]),
    ],
)
def test_what_may_ping(raw: dict[str, Any] | None, expected: list[Ping]) -> None:
    assert find_pings(TEXT, parse_allowed(raw)) == expected


@pytest.mark.parametrize("text", ["<@\u200b1>", "@\u200beveryone", "<@x>", "everyone", "<#1>", "@ here"])
def test_what_is_no_mention(text: str) -> None:
    assert find_pings(text, AllowedMentions()) == []


def test_replies_ping_their_author_unless_told_not_to() -> None:
    assert find_pings("", parse_allowed(None), replied_to=7) == [Ping(PingKind.REPLY, 7)]
    assert find_pings("", parse_allowed({"parse": []}), replied_to=7) == []
    assert find_pings("", parse_allowed({"replied_user": True}), replied_to=7) == [Ping(PingKind.REPLY, 7)]


def test_text_displays_count_at_any_depth() -> None:
    display = {"type": 10, "content": "<@1>"}
    assert component_text([{"type": 17, "components": [display]}, display]) == "<@1>\n<@1>"
