from __future__ import annotations

from typing import Any

import pytest

from tickertape.sandbox.slack.world import mentions


@pytest.mark.parametrize(
    "form", ["<!channel>", "<!here>", "<!everyone>", "<@U12>", "<!subteam^S1|@team>", "<@W1|x>"]
)
def test_every_unescaped_form_pings(form: str) -> None:
    assert mentions.in_text(f"a {form} b `{form}`") == (form, form)


@pytest.mark.parametrize(
    "text", ["&lt;!channel&gt;", "@channel", "<#C1>", "<https://a>", "<!date^1^x|y>", "a < @U1 >"]
)
def test_what_is_no_mention_does_not_ping(text: str) -> None:
    assert mentions.in_text(text) == ()


def test_link_names_turns_plain_names_into_mentions() -> None:
    text = "@channel and @alice, not @carol or me@alice"
    assert mentions.in_message(text, [], names=["alice"], link_names=True) == ("@channel", "@alice")
    assert mentions.in_message(text, [], names=["alice"]) == ()


def test_blocks_ping_where_slack_parses_them() -> None:
    rich: list[dict[str, Any]] = [
        {"type": "user", "user_id": "U1"},
        {"type": "broadcast", "range": "here"},
        {"type": "usergroup", "usergroup_id": "S1"},
        {"type": "text", "text": "<!channel>"},
    ]
    blocks: list[dict[str, Any]] = [
        {"type": "section", "text": {"type": "mrkdwn", "text": "<@U2>"}},
        {"type": "markdown", "text": "<!everyone>"},
        {"type": "header", "text": {"type": "plain_text", "text": "<!channel>"}},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "<@U3>"}]},
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": rich}]},
    ]
    expected = ("<@U2>", "<!everyone>", "<@U3>", "<@U1>", "<!here>", "<!subteam^S1>")
    assert mentions.in_blocks(blocks) == expected
