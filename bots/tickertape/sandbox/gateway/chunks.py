"""The bytes of a gateway's answers: chunks, events and documents in the shapes that the API documents."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
"""A JSON object."""


@dataclass(frozen=True, slots=True)
class Chunks:
    """Makes the chunks of one completion: same id, model and time of creation (Unix seconds) in all of them."""

    completion: str
    model: str
    created: int
    newline: str = "\n"
    """What ends a line: LF, CR or CRLF."""
    many_lines: bool = False
    """Whether a chunk's JSON is spread over several `data:` lines."""

    def text(self, content: object, index: int = 0) -> bytes:
        """Return the event of one piece of text, or of any other `content`."""
        return self.delta({"content": content}, index=index)

    def delta(self, delta: object, finish: str | None = None, index: int = 0) -> bytes:
        """Return the event of a chunk with one choice."""
        return self.choices([{"index": index, "delta": delta, "logprobs": None, "finish_reason": finish}])

    def choices(self, choices: object, **more: object) -> bytes:
        """Return the event of a chunk with any `choices`."""
        return self.event(self.chunk({"choices": choices, **more}))

    def usage(self, usage: Json) -> bytes:
        """Return the event of the last chunk: no choices, but the usage."""
        return self.choices([], usage=usage)

    def chunk(self, fields: Json) -> Json:
        """Return a chunk as an object, with `fields` beside what every chunk has."""
        return {
            "id": self.completion,
            "object": "chat.completion.chunk",
            "created": self.created,
            "model": self.model,
            **fields,
        }

    def event(self, value: object, name: str = "") -> bytes:
        """Return `value` as one server-sent event."""
        text = json.dumps(value, indent=1 if self.many_lines else None)
        lines = [f"data: {line}" for line in text.split("\n")]
        return self.lines(*([f"event: {name}"] if name else []), *lines)

    def done(self) -> bytes:
        """Return the event that ends a stream."""
        return self.lines("data: [DONE]")

    def lines(self, *lines: str) -> bytes:
        """Return an event that consists of `lines`."""
        return "".join(line + self.newline for line in (*lines, "")).encode()

    def document(self, text: str, finish: str | None, usage: Json) -> Json:
        """Return the completion as one object, as it is answered without `stream`."""
        message = {"role": "assistant", "content": text, "refusal": None}
        return self.chunk(
            {
                "object": "chat.completion",
                "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": finish}],
                "usage": usage,
            }
        )


def usage_of(prompt: str, text: str, reasoning: str) -> Json:
    """Return the usage of an answer; a token is taken for four characters."""
    prompt_tokens, reasoning_tokens = -(-len(prompt) // 4), -(-len(reasoning) // 4)
    completion_tokens = -(-len(text) // 4) + reasoning_tokens
    return {
        "prompt_tokens": prompt_tokens,
        "completion_tokens": completion_tokens,
        "total_tokens": prompt_tokens + completion_tokens,
        "completion_tokens_details": {"reasoning_tokens": reasoning_tokens},
    }


def error_of(message: str, kind: str, code: str | int | None = None, param: str | None = None) -> Json:
    """Return an error's body."""
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}
