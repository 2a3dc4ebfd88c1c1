"""Answers and what leads to them."""

from __future__ import annotations

from pydantic import Field

from bots.settings.section import Section


class AnswerSection(Section):
    """What an answer may take up."""

    table = "answer"

    messages: int = Field(
        40,
        ge=2,
        description="Most messages of an answer, 2 or more. What does not fit comes as a file in the last one, where "
        "the bot may send files.",
    )
