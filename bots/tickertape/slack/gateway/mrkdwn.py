"""Slack's older markup, mrkdwn: what people's messages arrive in, and what fallback texts are written in. Pure."""

from __future__ import annotations

import re

FALLBACK = 200
"""Characters of a message that notifications and screen readers get; far below chat.update's 4,000."""

_ESCAPED = re.compile(r"\\([\\`*_~\[\]()<>#|!&])")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_SPECIAL = re.compile(r"<([@#!]?)([^<>|]+)(?:\|([^<>]*))?>")


def escape(text: str) -> str:
    """Return `text` so that mrkdwn shows it literally (Slack's "Formatting text": these three characters)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """Return what escaped text stands for."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def fallback(text: str) -> str:
    """Return the beginning of `text` for the `text` argument beside blocks: short, and without any effect."""
    head = " ".join(text[: 2 * FALLBACK].split())
    return escape(head if len(head) <= FALLBACK else f"{head[: FALLBACK - 1]}…")


def comment(markdown: str) -> str:
    """Return a line that was written as Markdown by `SlackDialect.marker`, as mrkdwn, which knows no backslashes.

    It may hold a person's name. Where it is shown, nobody can say that `@channel` is none, hence the word joiner.
    """
    return escape(_ESCAPED.sub(r"\1", markdown)).replace("@", "@\u2060")


def of_markdown(markdown: str) -> str:
    """Return the little Markdown of our own sentences (bold, lists, code) as mrkdwn, with everything else literal."""
    lines = (f"• {line[2:]}" if line.startswith("- ") else line for line in escape(markdown).splitlines())
    return "\n".join(_BOLD.sub(r"*\1*", line) for line in lines).replace("@", "@\u2060")


def mentions(text: str, user: str) -> bool:
    """Whether `text` names the user of this id."""
    return any(sign == "@" and target == user for sign, target, _ in _SPECIAL.findall(text))


def mentions_anybody(text: str) -> bool:
    """Whether `text` names a person, a usergroup, or everybody of a channel; `<!date…>` and channels are nobody."""
    everybody = {"here", "channel", "everyone"}
    return any(
        sign == "@" or (sign == "!" and (target in everybody or target.startswith("subteam^")))
        for sign, target, _ in _SPECIAL.findall(text)
    )


def question(text: str, bot_user: str) -> str:
    """Return the text that a person typed: without the mention of the bot, Slack's forms and entities resolved."""
    return unescape(_SPECIAL.sub(lambda found: _plain(found, bot_user), text)).strip()


def _plain(found: re.Match[str], bot_user: str) -> str:
    sign, target, label = found.groups()
    if sign == "@":
        return "" if target == bot_user else f"@{label or target}"
    if sign == "#":
        return f"#{label or target}"
    if sign == "!":
        return label or f"@{target.partition('^')[0]}"
    return target if label in {None, target} else f"{label} ({target})"
