"""How Discord writes text, and how much of it one message holds. Pure."""

from __future__ import annotations

import re

MAX_CONTENT = 2000
"""Characters of a message's content (API documentation, create message)."""

_MARKUP = re.compile(r"([\\`*_~|\[<])")
"""What begins or ends any of Discord's forms inside a line; a backslash before it makes it plain."""


class DiscordDialect:
    """Discord's Markdown, which is what models write.

    Nothing needs to be neutralised in the text: every create and every edit forbids all mentions with
    `allowed_mentions`, so that no text can ping. Hence the text on screen is exactly the model's.
    """

    @property
    def page(self) -> int:
        """Most characters of one message."""
        return MAX_CONTENT

    def size(self, shown: str) -> int:
        """Return the length in UTF-16 units.

        Discord does not say which unit it counts in; this one is never less than the number of code points.
        """
        return len(shown) if shown.isascii() else len(shown.encode("utf-16-le", "surrogatepass")) // 2

    def show(self, text: str) -> str:
        """Return `text` as it is."""
        return text

    def marker(self, sentence: str) -> str:
        """Return `sentence` as subtext, Discord's small print.

        It may hold a person's or a file's name, so it is taken literally: none becomes a link or hides what follows.
        """
        literal = _MARKUP.sub(r"\\\1", " ".join(sentence.split()))
        return f"-# {literal}"


DIALECT = DiscordDialect()
