"""The shapes of a chat.completion.chunk, read strictly when they are what they should be and leniently otherwise. Pure.

The strict way (typed msgspec structs) costs about a microsecond. What does not fit goes the lenient way: lone
surrogates, bad UTF-8, content as a list of parts, a missing or null delta, an index that is text, and so on.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from tickertape.model.api import Usage


class ChoiceDelta(msgspec.Struct, gc=False):
    """What one chunk adds to a choice. Reasoning is `reasoning_content` (DeepSeek) or `reasoning` (OpenRouter)."""

    content: str | None = None
    reasoning_content: str | None = None
    reasoning: str | None = None
    refusal: str | None = None


class Choice(msgspec.Struct, gc=False):
    """One choice of a chunk; only that of index 0 was asked for."""

    delta: ChoiceDelta | None = None
    index: int | None = 0
    finish_reason: str | None = None


class ReasoningTokens(msgspec.Struct, gc=False):
    """The detail of the usage that we show."""

    reasoning_tokens: int | None = 0


class ChunkUsage(msgspec.Struct, gc=False):
    """Tokens, as the last chunk counts them."""

    prompt_tokens: int | None = 0
    completion_tokens: int | None = 0
    completion_tokens_details: ReasoningTokens | None = None

    def usage(self) -> Usage:
        """Return the usage as the rest of the program knows it."""
        details = self.completion_tokens_details
        reasoning = details.reasoning_tokens if details is not None else 0
        return Usage(self.prompt_tokens or 0, self.completion_tokens or 0, reasoning or 0)


class Chunk(msgspec.Struct, gc=False):
    """One data event of a stream: a chunk, an error, or something that is neither."""

    choices: list[Choice] | UnsetType | None = UNSET
    usage: ChunkUsage | None = None
    error: Any = None
    object: Any = None
    type: Any = None
    code: Any = None
    message: Any = None
    detail: Any = None

    @property
    def known(self) -> bool:
        """Whether it belongs to the answer: a ping that carries data does not."""
        return self.choices is not UNSET or self.usage is not None

    def complaint(self, name: str) -> Mapping[str, Any] | None:
        """Return the error that this is, as an error's body; None if it is none. `name` is the event's.

        An `error` counts unless it is empty and there are choices. What belongs to no answer is an error when it is
        called one (vLLM's `"object": "error"`), or when it has a `message` or a `detail`.
        """
        if self.error or (self.error == {} and not self.choices):
            return {"error": self.error}
        if self.choices or (self.known and name != "error"):
            return None
        called = "error" in (name, self.type, self.object)  # in a tuple, because these can be any JSON
        if called or self.message is not None or self.detail is not None:
            return {"message": self.message or self.detail, "type": self.type, "code": self.code}
        return None


_strict: Callable[[bytes], Chunk] = msgspec.json.Decoder(Chunk).decode


def read_chunk(data: bytes) -> Chunk | None:
    """Return the chunk that `data` holds; None if that is no JSON object."""
    try:
        chunk = _strict(data)
    except (ValueError, RecursionError):
        chunk = None
    if chunk is not None and (not chunk.choices or chunk.choices[0].delta is not None):
        return chunk
    value = read_json(data)
    return _lenient(value) if isinstance(value, dict) else None


def read_json(data: bytes) -> object:
    """Return the JSON value in `data`, with bad UTF-8 replaced and lone surrogates kept; None if there is none."""
    try:
        value: object = json.loads(data.decode(errors="replace"))
    except (ValueError, RecursionError):
        return None
    return value


def _lenient(value: Mapping[str, Any]) -> Chunk:
    return Chunk(
        choices=_choices(value["choices"]) if "choices" in value else UNSET,
        usage=_usage(value.get("usage")),
        error=value.get("error"),
        object=value.get("object"),
        type=value.get("type"),
        code=value.get("code"),
        message=value.get("message"),
        detail=value.get("detail"),
    )


def _choices(value: object) -> list[Choice]:
    items = value if isinstance(value, list) else [value]
    return [_choice(item) for item in items if isinstance(item, dict)]


def _choice(value: Mapping[str, Any]) -> Choice:
    finish = value.get("finish_reason")
    return Choice(
        delta=_delta(value),
        index=_index(value.get("index")),
        finish_reason=finish if isinstance(finish, str) else None,
    )


def _index(value: object) -> int:
    """Return a choice's index; one that makes no sense belongs to nobody, and none at all to the only choice."""
    if value is None:
        return 0
    try:
        return int(value) if isinstance(value, int | float | str) else -1
    except (ValueError, OverflowError):
        return -1


def _delta(choice: Mapping[str, Any]) -> ChoiceDelta:
    """Read the delta, or what other versions of the API have in its place: a whole message, or plain text."""
    delta = choice.get("delta") or choice.get("message") or choice.get("text")
    if not isinstance(delta, dict):
        return ChoiceDelta(content=text_of(delta))
    return ChoiceDelta(
        content=text_of(delta.get("content")),
        reasoning_content=text_of(delta.get("reasoning_content")),
        reasoning=text_of(delta.get("reasoning")),
        refusal=text_of(delta.get("refusal")),
    )


def text_of(value: object) -> str:
    """Return the text of a content: a string, a part with `text`, or a list of those."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(text_of(part) for part in value if not isinstance(part, list))
    if isinstance(value, dict):
        return text_of(value["text"]) if isinstance(value.get("text"), str) else ""
    return ""


def _usage(value: object) -> ChunkUsage | None:
    if not isinstance(value, dict):
        return None
    details = value.get("completion_tokens_details")
    reasoning = _count(details.get("reasoning_tokens")) if isinstance(details, dict) else 0
    prompt, completion = _count(value.get("prompt_tokens")), _count(value.get("completion_tokens"))
    return ChunkUsage(prompt, completion, ReasoningTokens(reasoning))


def _count(value: object) -> int:
    try:
        return int(value) if isinstance(value, int | float) else 0
    except (ValueError, OverflowError):  # NaN and infinity, which Python's reader lets pass
        return 0
