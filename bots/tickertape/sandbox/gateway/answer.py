"""Make up a pleasant answer in Markdown, of a wanted length, the same each time for the same prompt."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

_OPENINGS = (
    "Good question. Here is a short tour of **{topic}**, from the outside in.",
    "Let's look at **{topic}** step by step; nothing here needs more than a free afternoon.",
    "There is more to **{topic}** than it seems. The essentials first, then the details.",
)
_SENTENCES = (
    "Start with the smallest version that works, and keep it working while it grows.",
    "Most of the surprises sit at the edges, so look there first.",
    "A good rule of thumb: measure once before you change anything, and once after.",
    "It helps to write down what you expect, because memory is kind to bad guesses.",
    "If two parts must agree on something, let one of them own it.",
    "The quiet failures cost the most; make them loud.",
    "Small steps look slow, but they are rarely the reason for being late.",
    "When in doubt, read the *oldest* documentation: it says what the thing is for.",
    "You can stop at any point here and still have something useful.",
    "What matters in the end is whether somebody else can pick it up on a Monday.",
)
_HEADINGS = (
    "What it is",
    "How it works",
    "A small example",
    "Where it goes wrong",
    "What to try next",
    "In short",
)
_LISTS = (
    (
        "Name the goal in one sentence",
        "Pick the one number that tells whether you got there",
        "Plan the way back",
    ),
    (
        "Gather what you have",
        "Throw away what you don't need",
        "Put the rest in order",
        "Check the order twice",
    ),
    ("Read the input", "Change one thing", "Compare with what came before"),
)
_CODE = (
    (
        "python",
        'def greet(name: str) -> str:\n    """Return a friendly line."""\n    return f"Hello, {name}!"\n\n\nprint(greet("world"))',
    ),
    ("sh", 'for file in *.log; do\n    tail -n 1 "$file"\ndone | sort | uniq -c'),
    ("json", '{\n  "kind": "example",\n  "steps": [1, 2, 3],\n  "done": false\n}'),
)
_TABLES = (
    (
        ("Step", "Takes", "Gives"),
        ("Sketch", "10 min", "a question"),
        ("Try", "1 h", "an answer"),
        ("Tidy", "20 min", "peace"),
    ),
    (("Option", "Good for", "Costs"), ("Small", "one person", "little"), ("Large", "a team", "patience")),
)
_DIRECTIVE_OR_MENTION = re.compile(r"<[^>]*>|(?<!\S)/\w+(?:\s+[\w./-]+)?")


def write_answer(prompt: str, length: int) -> str:
    """Return exactly `length` characters of Markdown about `prompt`; the same arguments give the same text."""
    chooser = random.Random(f"{prompt!a}/{length}")  # noqa: S311 - a made-up text, no secret
    parts: list[str] = []
    size = 0
    for block in _blocks(_topic(prompt), chooser):
        parts.append(block)
        size += len(block) + 2
        if size >= length + 2:
            break
    return _cut("\n\n".join(parts), length)


def think(prompt: str) -> str:
    """Return what a reasoning model might think about `prompt` before it answers."""
    return (
        f"The question is about {_topic(prompt)}. A short overview is wanted, then an example. "
        "I will keep the list short and end with something to try."
    )


def _topic(prompt: str) -> str:
    words = _DIRECTIVE_OR_MENTION.sub(" ", prompt).replace("*", "").replace("`", "").split()
    return " ".join(words)[:60].rstrip("?!. ") or "this"


def _blocks(topic: str, chooser: random.Random) -> Iterator[str]:
    yield chooser.choice(_OPENINGS).format(topic=topic)
    while True:
        for heading in _HEADINGS:
            yield f"## {heading}"
            yield _paragraph(chooser)
            yield _exhibit(heading, chooser)


def _paragraph(chooser: random.Random) -> str:
    return " ".join(chooser.sample(_SENTENCES, 3))


def _exhibit(heading: str, chooser: random.Random) -> str:
    if heading == "A small example":
        language, code = chooser.choice(_CODE)
        return f"```{language}\n{code}\n```"
    if heading == "How it works":
        return "\n".join(f"{number}. {item}" for number, item in enumerate(chooser.choice(_LISTS), start=1))
    if heading == "Where it goes wrong":
        return _table(chooser.choice(_TABLES))
    return "\n".join(f"- {item}" for item in chooser.choice(_LISTS))


def _table(rows: tuple[tuple[str, ...], ...]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    lines.insert(1, "|" + " --- |" * len(rows[0]))
    return "\n".join(lines)


def _cut(text: str, length: int) -> str:
    """Return `text` cut to `length` characters, with a full stop at its end instead of half a word's end."""
    if len(text) <= length:
        return text
    return text[: max(length - 1, 0)] + "."[:length]
