"""Block Kit's composition objects: texts, options and confirmation dialogs. Pure.

Each check returns what is wrong, in the words of Slack's `response_metadata.messages`, or None. Limits from Slack's
reference of composition objects.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tickertape.sandbox.slack.world.visible import escape, unescape

Json = dict[str, Any]

MAX_OPTION = 75
MAX_OPTION_VALUE = 150
MAX_OPTIONS = 100


def as_returned(value: Any) -> Any:  # noqa: ANN401 - any part of a block
    """Return blocks as Slack gives them back: `&`, `<` and `>` of plain texts are escaped.

    User-reported [I] (bolt-python issue 513).
    """
    if isinstance(value, list):
        return [as_returned(item) for item in value]
    if not isinstance(value, dict):
        return value
    parts = {name: as_returned(item) for name, item in value.items()}
    if value.get("type") == "plain_text" and isinstance(value.get("text"), str):
        parts["text"] = escape(unescape(value["text"]))
    return parts


def first(problems: Iterable[str | None]) -> str | None:
    """Return the first of `problems` that is one."""
    return next(filter(None, problems), None)


def text_problem(text: object, most: int, *, plain: bool = False) -> str | None:
    """Check a text object of at most `most` characters."""
    kinds = {"plain_text"} if plain else {"plain_text", "mrkdwn"}
    if not isinstance(text, dict) or text.get("type") not in kinds or not isinstance(text.get("text"), str):
        return "missing or malformed text object"
    if not text["text"]:
        return "must be more than 0 characters"
    return f"must be less than {most + 1} characters" if len(text["text"]) > most else None


def length_problem(item: Json, name: str, most: int) -> str | None:
    """Check that the optional field `name` holds at most `most` characters."""
    return f"{name} must be no more than {most} characters" if len(str(item.get(name) or "")) > most else None


def option_problem(option: object) -> str | None:
    """Check one option of a menu."""
    if not isinstance(option, dict) or not isinstance(option.get("value"), str):
        return "missing required field: value"
    return text_problem(option.get("text"), MAX_OPTION, plain=True) or length_problem(
        option, "value", MAX_OPTION_VALUE
    )


def options_problem(options: object) -> str | None:
    """Check the options of a menu: 1 to 100."""
    if not isinstance(options, list) or not options:
        return "missing required field: options"
    if len(options) > MAX_OPTIONS:
        return f"no more than {MAX_OPTIONS} items allowed"
    return first(map(option_problem, options))


def confirm_problem(confirm: object) -> str | None:
    """Check a confirmation dialog; None is none."""
    if confirm is None:
        return None
    if not isinstance(confirm, dict):
        return "malformed confirm object"
    return (
        text_problem(confirm.get("title"), 100, plain=True)
        or text_problem(confirm.get("text"), 300)
        or text_problem(confirm.get("confirm"), 30, plain=True)
        or text_problem(confirm.get("deny"), 30, plain=True)
    )
