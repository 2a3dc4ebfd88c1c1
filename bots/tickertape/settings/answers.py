"""Answers and what leads to them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from tickertape.settings import checks
from tickertape.settings.section import Section
from tickertape.settings.types import Count, Seconds, Wait

_MIB = 1024 * 1024


class AnswerSection(Section):
    """What an answer may take up."""

    table = "answer"

    messages: int = Field(
        40,
        ge=2,
        description="Most messages of an answer, 2 or more. What does not fit comes as a file in the last one, where "
        "the bot may send files.",
    )


class ConversationsSection(Section):
    """What belongs to a conversation, and what is remembered of it."""

    table = "conversations"

    follow_ups: bool = Field(
        default=True,
        description="Whether messages in a thread where the bot takes part are answered without a mention, where the "
        "platform lets the bot read them.",
    )
    second_prompt: Annotated[Literal["queue", "interrupt"], BeforeValidator(checks.lower)] = Field(
        "queue",
        description="What a second question does while an answer of the conversation is written: queue (it waits) or "
        "interrupt (it ends that answer).",
    )
    history_tokens: Count | None = Field(
        None,
        description="Most tokens of earlier turns that a model is given. Without it: what the model's `context` leaves.",
    )
    history_turns: Count = Field(100, description="Most earlier turns that a model is given.")
    read_history: bool = Field(
        default=True,
        description="Whether what was said before the bot came into a conversation is read from the platform, once.",
    )
    retention_days: int = Field(
        90,
        ge=0,
        description="Days after which what was said is erased, and with it the figures of usage. 0 keeps both.",
    )


class FilesSection(Section):
    """How much of the files that come with a question is read. What is beyond is left out, and said."""

    table = "files"

    files: Count = Field(10, description="Most files of a question.")
    file_bytes: Count = Field(20 * _MIB, description="Most bytes of a file; a larger one is not downloaded.")
    characters: Count = Field(100_000, description="Most characters of text from all files of a question.")
    images: int = Field(5, ge=0, description="Most images of a question.")
    image_bytes: Count = Field(5 * _MIB * 3 // 4, description="Most bytes of an image.")
    pdf_pages: Count = Field(100, description="Most pages of a PDF that are read.")
    seconds: Seconds = Field(60.0, description="Seconds for all files of a question together.")


class RepairSection(Section):
    """What happens to answers that the end of the process cut off, at the next start."""

    table = "repair"

    close_interrupted: bool = Field(
        default=True,
        description="Whether a half-written answer gets all text that was received, a line that it was interrupted, and a "
        "button to ask again.",
    )
    answer_again: bool = Field(
        default=True,
        description="Whether a question of which no text had been shown is answered, in the same message.",
    )
    answer_again_within: Wait = Field(
        300.0, description="Seconds after which such a question is too old for that."
    )
