"""Takes reasoning out of the text in which some gateways leave it: `<think>…</think>` before the answer. Pure.

DeepSeek's, Qwen's and other open models write their reasoning so, and a gateway that does not parse it passes it on as
text. Only the beginning of an answer counts: a tag further on is what the answer is about.
"""

from __future__ import annotations

import enum

from tickertape.model.api import Delta

_OPEN = "<think>"
_CLOSE = "</think>"


class _Part(enum.Enum):
    """Where in an answer the stream is."""

    BEGINNING = enum.auto()
    """All so far may turn out to be the opening tag, after white space."""
    REASONING = enum.auto()
    BETWEEN = enum.auto()
    """White space between the closing tag and the answer, which belongs to neither."""
    ANSWER = enum.auto()


class ThinkTags:
    """Takes an answer's deltas and gives them with reasoning and text apart, however the tags are cut in pieces."""

    __slots__ = ("_held", "_part")

    def __init__(self) -> None:
        self._part = _Part.BEGINNING
        self._held = ""

    def take(self, delta: Delta) -> Delta:
        """Return the delta with its text sorted out; what may belong to a tag waits for the next one.

        The delta that finishes the answer gives out what waits. Once a gateway has sent reasoning apart from the text,
        a tag in the text is text.
        """
        if delta.reasoning and self._part is _Part.BEGINNING:
            self._part = _Part.ANSWER
        reasoning, text = self._sort(delta.text)
        if delta.finish is not None:
            reasoning, text = self._give_up(reasoning, text)
        return Delta(text, delta.reasoning + reasoning, delta.finish, delta.usage)

    def close(self) -> Delta:
        """Return what still waits when the stream has ended in whatever way."""
        reasoning, text = self._give_up("", "")
        return Delta(text, reasoning)

    def _sort(self, text: str) -> tuple[str, str]:
        """Return the reasoning and the text that are certain now."""
        text, self._held = self._held + text, ""
        reasoning = ""
        if self._part is _Part.BEGINNING:
            text = self._begin(text)
        if self._part is _Part.REASONING:
            reasoning, text = self._reason(text)
        if self._part is _Part.BETWEEN and (text := text.lstrip()):
            self._part = _Part.ANSWER
        return reasoning, text

    def _begin(self, text: str) -> str:
        """Return what follows the opening tag, or the text if there is none."""
        visible = text.lstrip()
        if visible.startswith(_OPEN):
            self._part = _Part.REASONING
            return visible.removeprefix(_OPEN)
        if _OPEN.startswith(visible):
            self._held = text
            return ""
        self._part = _Part.ANSWER
        return text

    def _reason(self, text: str) -> tuple[str, str]:
        """Return the text up to the closing tag, and what follows it."""
        reasoning, tag, rest = text.partition(_CLOSE)
        if tag:
            self._part = _Part.BETWEEN
            return reasoning, rest
        held = next(size for size in range(len(_CLOSE) - 1, -1, -1) if text.endswith(_CLOSE[:size]))
        self._held = text[len(text) - held :]
        return text[: len(text) - held], ""

    def _give_up(self, reasoning: str, text: str) -> tuple[str, str]:
        """Return both with what waits added to where it belongs: no tag will become of it."""
        held, self._held = self._held, ""
        if self._part is _Part.REASONING:
            return reasoning + held, text
        return reasoning, text + held
