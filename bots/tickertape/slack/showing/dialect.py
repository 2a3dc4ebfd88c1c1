r"""How Slack writes text: standard Markdown in a `markdown` block, in which nothing of the model's may act. Pure.

A `markdown` block takes standard Markdown (Slack's Block Kit reference), headings, tables and code included, so the
model's text passes unchanged, except for two things:

- Slack's own forms `<!channel>`, `<@U…>`, `<#C…>`, `<!subteam^…>`, `<!date^…>` could act. An invisible word joiner
  behind the `<` makes them plain text, on create and on edit, inside code too, and also where the `<` is written as
  an entity or is followed by a backslash, because the order in which Slack resolves these is not documented.
  `<!DOCTYPE html>`, `<!-- -->`, `a < b` and `&amp;` stay what they are.
- `![alt](address)` would fetch an image, which can carry data away (CVE-2025-32711). A word joiner behind the `!`
  leaves a link, which nobody fetches unless somebody clicks it. `vec![1, 2]` is no image and stays.
"""

from __future__ import annotations

import re

JOINER = "\u2060"
"""WORD JOINER: invisible, no space, no line break."""

PAGE = 11_500
"""Most characters of a page: one markdown block takes 12,000 (Slack's Block Kit reference), and all blocks together take
13,200 [I]; the rest is room for what Slack's count may add to ours."""

_OPENING = r"(?:<|&lt;|&#0*60;|&#[xX]0*3[cC];)"
_FORM = re.compile(
    rf"({_OPENING})(?=\\*(?:[@#][A-Za-z0-9]|!\\*(?:channel|here|everyone|group|subteam|date)\b))"
)
_IMAGE = re.compile(r"!(?=\[(?:[^\[\]]|\[[^\[\]]*\])*\][(\[])")
_HALF = re.compile(
    r"""(?:<|&(?:l(?:t;?)?|\#(?:0*(?:6(?:0;?)?)?|[xX]0*(?:3(?:[cC];?)?)?))?)\\*(?:[@\#]|!\\*[a-z]{0,8})?\Z
      | !(?:\[(?:[^\[\]]|\[[^\[\]]*\])*(?:\[[^\[\]]*|\])?)?\Z""",
    re.VERBOSE,
)
"""The end of a text that may become one of the two: its next character decides. 8 is the length of `everyone`."""

_MARKUP = re.compile(r"([\\`*_~\[\]()<>#|!&])")
_SPACE = re.compile(r"\s+")


class SlackDialect:
    """Slack's way of writing, as `tickertape.screen.surface.Dialect` asks for it."""

    page = PAGE

    def size(self, shown: str) -> int:
        """Return the length of `shown` as Slack may count it: UTF-16 units, with `&`, `<` and `>` as entities."""
        beyond = sum(character > "\uffff" for character in shown) if not shown.isascii() else 0
        entities = 4 * shown.count("&") + 3 * (shown.count("<") + shown.count(">"))
        return len(shown) + beyond + entities

    def show(self, text: str) -> str:
        """Return `text` with Slack's special forms and images made harmless."""
        shown = _FORM.sub(rf"\1{JOINER}", text) if "<" in text or "&" in text else text
        return _IMAGE.sub(f"!{JOINER}", shown) if "![" in shown else shown

    def marker(self, sentence: str) -> str:
        """Return a closing line in italics. The sentence may hold a person's name, so it is taken literally."""
        return f"_{literal(sentence)}_"


class NativeDialect(SlackDialect):
    """The same for native streams, whose text can only be added to (`tickertape.screen.surface.AppendOnlyDialect`)."""

    def settled(self, text: str) -> int:
        """Return the length of the beginning of `text` in which nothing can turn out to be a form or an image."""
        end = len(text)
        while (half := _HALF.search(text, 0, end)) is not None:
            end = half.start()
        return end


DIALECT = SlackDialect()
NATIVE_DIALECT = NativeDialect()


def literal(text: str) -> str:
    """Return `text` on one line, with every character that Markdown or Slack would act on made plain."""
    return _MARKUP.sub(r"\\\1", DIALECT.show(_SPACE.sub(" ", text).strip()))
