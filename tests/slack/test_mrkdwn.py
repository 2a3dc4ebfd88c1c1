"""Reading what people type, and the fallback texts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tickertape.sandbox.slack.world.mentions import in_text
from tickertape.slack.gateway.mrkdwn import FALLBACK, escape, fallback, mentions, question, unescape

BOT = "UBOT"


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("<@UBOT> why?", "why?"),
        ("hey <@UBOT>, why?", "hey , why?"),
        ("<@UBOT|ticker> why?", "why?"),
        ("<@UBOT>", ""),
        ("what about <@U2|bob> and <@U3>?", "what about @bob and @U3?"),
        ("see <#C1|general> and <#C2>", "see #general and #C2"),
        ("<!here> <!subteam^S1|@team> <!subteam^S2>", "@here @team @subteam"),
        ("<https://a.example/?x=1&amp;y=2>", "https://a.example/?x=1&y=2"),
        ("<https://a.example|click>", "click (https://a.example)"),
        ("1 &lt; 2 &amp;&amp; 3 &gt; 2", "1 < 2 && 3 > 2"),
        ("&lt;!channel&gt;", "<!channel>"),
        ("&amp;lt;", "&lt;"),
    ],
)
def test_a_question_is_what_was_typed(text: str, asked: str) -> None:
    assert question(text, BOT) == asked


def test_a_mention_is_found_with_and_without_a_label() -> None:
    assert mentions("hi <@UBOT>", BOT)
    assert mentions("hi <@UBOT|ticker>", BOT)
    assert not mentions("hi <@UBOTTOM> &lt;@UBOT&gt;", BOT)


@given(st.text())
@settings(max_examples=200, deadline=None, derandomize=True)
def test_escaping_can_be_undone(text: str) -> None:
    assert unescape(escape(text)) == text


@given(st.text(max_size=1000))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_a_fallback_is_short_and_has_no_effect(text: str) -> None:
    short = fallback(text + "<!channel>")
    assert len(short) <= 5 * FALLBACK
    assert in_text(short) == ()
    assert len(unescape(short)) <= FALLBACK
