from __future__ import annotations

from typing import Any

import pytest

from tickertape.sandbox.slack.blocks import blocks, elements
from tickertape.sandbox.slack.world import visible


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(**more: str) -> dict[str, Any]:
    return {"type": "button", "text": {"type": "plain_text", "text": "Stop"}, **more}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ([section("a")], None),
        ([section("a" * 3000)], None),
        ([section("a" * 3001)], "invalid_blocks"),
        ([section("")], "invalid_blocks"),
        ([{"type": "section"}], "invalid_blocks"),
        ([{"type": "header", "text": {"type": "plain_text", "text": "a" * 150}}], None),
        ([{"type": "header", "text": {"type": "plain_text", "text": "a" * 151}}], "invalid_blocks"),
        ([{"type": "header", "text": {"type": "mrkdwn", "text": "a"}}], "invalid_blocks"),
        ([section("a")] * 50, None),
        ([section("a")] * 51, "invalid_blocks"),
        ([{"type": "nonsense"}], "invalid_blocks"),
        ([{"type": "markdown", "text": "a" * 12_000}], None),
        ([{"type": "markdown", "text": "a" * 12_001}], "msg_blocks_too_long"),
        ([{"type": "markdown", "text": "a" * 6_001}] * 2, "msg_blocks_too_long"),
        ([{"type": "markdown", "text": ""}], "invalid_blocks"),
        ([section("a" * 3000)] * 4 + [section("a" * 1200)], None),
        ([section("a" * 3000)] * 4 + [section("a" * 1201)], "msg_blocks_too_long"),
        ([{"type": "context", "elements": [{"type": "mrkdwn", "text": "a"}]}], None),
        ([{"type": "context", "elements": [{"type": "mrkdwn", "text": "a"}] * 11}], "invalid_blocks"),
        ([{"type": "actions", "elements": [button(action_id="a")]}], None),
        ([{"type": "actions", "elements": [button(action_id="a"), button(action_id="a")]}], "invalid_blocks"),
        ([{"type": "actions", "elements": [button(value="v" * 2001)]}], "invalid_blocks"),
        ([{"type": "actions", "elements": [button(style="blue")]}], "invalid_blocks"),
        ([{"type": "actions", "elements": [{"type": "button"}]}], "invalid_blocks"),
        ([{"type": "divider", "block_id": "x"}, {"type": "divider", "block_id": "x"}], "invalid_blocks"),
        ([{"type": "divider", "block_id": "x" * 256}], "invalid_blocks"),
        ({"type": "divider"}, "invalid_blocks_format"),
        (["a"], "invalid_blocks_format"),
    ],
)
def test_blocks_are_checked_as_slack_does(given: object, code: str | None) -> None:
    found = blocks.problem(given)
    assert (found.code if found else None) == code


def test_views_take_more_blocks_but_not_all_kinds() -> None:
    surface = blocks.Surface.VIEW
    assert blocks.problem([section("a")] * 100, surface) is None
    assert blocks.problem([section("a")] * 101, surface) is not None
    assert blocks.problem([{"type": "markdown", "text": "a"}], surface) is not None


def test_missing_ids_are_made_up() -> None:
    given = [section("a") | {"accessory": button()}, {"type": "actions", "elements": [button(), button()]}]
    named = blocks.with_ids(given)
    ids = [(block_id, element["action_id"]) for block_id, element in elements.interactive(named)]
    assert ids == [("b0", "a0"), ("b1", "a1.0"), ("b1", "a1.1")]


def test_visible_text_is_the_blocks_without_buttons() -> None:
    rich = {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_section",
                "elements": [
                    {"type": "text", "text": "x "},
                    {"type": "user", "user_id": "U1"},
                    {"type": "broadcast", "range": "here"},
                    {"type": "emoji", "name": "tada"},
                    {"type": "link", "url": "https://a.example"},
                ],
            }
        ],
    }
    shown = [
        {"type": "markdown", "text": "**bold** &lt;b&gt;"},
        section("see <https://a.example|there> <@U1>"),
        {"type": "actions", "elements": [button()]},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "_stopped_"}]},
        rich,
        {"type": "image", "alt_text": "a cat"},
    ]
    expected = "**bold** <b>\nsee there @U1\n_stopped_\nx @U1@here:tada:https://a.example\na cat"
    assert visible.visible_text("fallback", shown) == expected


def test_visible_text_without_blocks_is_the_text() -> None:
    text = "a &amp; b <!channel> <#C1|general> <!subteam^S1|@team> <!date^1^{date}|today>"
    assert visible.visible_text(text, []) == "a & b @channel #general @team today"
