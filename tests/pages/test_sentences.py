"""What the bot says in chat is explained, and nothing else is; Slack's manifest is the one that the bot needs."""

from __future__ import annotations

import json
import re

import pytest
from fluent.syntax import ast

from tests.core.test_languages import DESCRIPTION
from tests.pages.page import BOTS
from tests.support.catalogues import messages, pattern_of
from tests.support.english import english
from tickertape.languages import Sentence
from tickertape.slack.manifest import manifest

UNEXPLAINED = re.compile(
    r"(thinking|label|slack-is|slack-about|slack-asked|slack-somebody|waiting|wait|time|size|amount|usage|choices|chosen|help"
    r"|suggested|discord-permission|slack-lacks|slack-figures)(-.*)?|forgotten|stopped-here|stopped-by-moderator|discord-about|discord-about-question"
)
"""What needs no explanation: labels, lists, and parts of sentences."""


def test_the_manifest_is_the_one_that_the_bot_needs() -> None:
    pasted = BOTS.between("manifest").replace("```json", "").replace("```", "")
    assert json.loads(pasted) == manifest()


def explained() -> list[str]:
    """Return what the page says that the bot says in chat."""
    return [
        cell
        for heading in ("In the channel", "About files", "In private")
        for cell in BOTS.first_cells(heading)
    ]


def told() -> dict[str, ast.Message]:
    return {
        name: message
        for name, message in messages("en").items()
        if not UNEXPLAINED.fullmatch(name) and not re.fullmatch(DESCRIPTION, name)
    }


@pytest.mark.parametrize("name", told())
def test_every_sentence_is_explained(name: str) -> None:
    assert any(pattern_of(told()[name]).fullmatch(row) for row in explained()), english(Sentence(name))


def test_only_sentences_are_explained() -> None:
    patterns = [pattern_of(message) for message in messages("en").values()]
    assert [row for row in explained() if not any(each.fullmatch(row) for each in patterns)] == []
