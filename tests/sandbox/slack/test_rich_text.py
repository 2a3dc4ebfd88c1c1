from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickertape.sandbox.slack import SlackSandbox
from tickertape.sandbox.slack.blocks.rich_text import rich_text
from tickertape.sandbox.slack.people import typed
from tickertape.sandbox.slack.world.visible import visible_text


@pytest.mark.parametrize(
    ("text", "element"),
    [
        ("a &lt; b &amp; c", {"type": "text", "text": "a < b & c"}),
        ("<@U1>", {"type": "user", "user_id": "U1"}),
        ("<#C1|general>", {"type": "channel", "channel_id": "C1"}),
        ("<!here>", {"type": "broadcast", "range": "here"}),
        ("<!subteam^S1>", {"type": "usergroup", "usergroup_id": "S1"}),
        ("<https://a.example/?b&amp;c>", {"type": "link", "url": "https://a.example/?b&c"}),
        ("<https://a.example|there>", {"type": "link", "url": "https://a.example", "text": "there"}),
    ],
)
def test_each_form_is_an_element(text: str, element: dict[str, Any]) -> None:
    assert rich_text(text)["elements"][0]["elements"] == [element]


def test_it_shows_what_was_typed() -> None:
    assert (
        visible_text("", [rich_text("<@U1> see <https://a.example|this> &amp; that")])
        == "@U1 see this & that"
    )


@given(st.text(st.characters(exclude_characters="|^", exclude_categories=["Cs"])))
def test_a_block_shows_what_the_text_shows(text: str) -> None:
    written = typed(text)
    assert visible_text("", [rich_text(written)]) == visible_text(written, [])


async def test_what_people_write_has_a_block(slack: SlackSandbox) -> None:
    said = await slack.say("general", "alice", "hello")
    (block,) = slack.deliveries[0].event["blocks"]
    assert (block["type"], said.blocks) == ("rich_text", [])
    await slack.share_file("general", "alice", "a.txt", b"a")
    assert "blocks" not in slack.deliveries[1].event
