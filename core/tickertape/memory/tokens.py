"""How many tokens a conversation takes, estimated from its characters. Pure.

The estimate is for trimming by a context budget, so it prefers to be high. A real tokenizer would be exact for one
family of models only, and costs tens of megabytes.

The figures: OpenAI names four characters of English per token (help centre, "What are tokens"), DeepSeek 0.3 tokens per
English character and 0.6 per Chinese one (API documentation, "Token usage"). What byte-pair encodings have in common is
that a character of more bytes in UTF-8 costs more, and that digits and signs are hardly ever joined. Compared with
OpenAI's o200k_base and cl100k_base, the sum below is 1.2 to 1.5 times the count for English, code and JSON, 1.2 to 2 times
for German, French and Japanese, up to 5 times for Russian, Thai and Hindi with the newer of the two, 0.8 to 0.9 of it for
Greek and Hebrew with the older one. It is too low where hardly anything is joined: half of it for base64, 0.5 to 0.7 for Amharic.
"""

from __future__ import annotations

import string

from tickertape.prompts.turns import Turn

PER_TURN = 4
"""Tokens that stand around each turn (OpenAI's cookbook, "How to count tokens": 3 per message, and its role)."""

PER_IMAGE = 3000
"""Tokens of an image. One of 1920 x 1080 costs between 1,100 and 2,800 with the large vendors' present models, a photo
that they scale down up to 4,000 (Anthropic, Google and OpenAI, their guides to vision)."""

_PER_CHARACTER = 3
"""Tenths of a token for every character."""
_PER_SIGN = 4
"""Tenths of a token more for a digit or a sign."""
_PER_FURTHER_BYTE = 6
"""Tenths of a token more for each byte of a character in UTF-8 beyond its first."""

_NO_SIGNS = string.ascii_letters.encode() + b" \t\r\n" + bytes(range(0x80, 0x100))


def estimate_text(text: str) -> int:
    """Return about how many tokens `text` takes; 0 for an empty one only, and never less for a longer one."""
    data = text.encode("utf-8", "surrogatepass")
    signs = len(data.translate(None, _NO_SIGNS))
    further = len(data) - len(text)
    return -(-(_PER_CHARACTER * len(text) + _PER_SIGN * signs + _PER_FURTHER_BYTE * further) // 10)


def tokens_of(text: str) -> int:
    """Return about how many tokens a turn of this text takes."""
    return PER_TURN + estimate_text(text)


def estimate_tokens(turn: Turn) -> int:
    """Return about how many tokens `turn` takes, its images included."""
    return tokens_of(turn.text) + PER_IMAGE * len(turn.images)
