"""Which interactive elements Slack takes, and what using them sends."""

from __future__ import annotations

from typing import Any

import pytest

from tickertape.sandbox.slack.blocks import blocks, elements
from tickertape.sandbox.slack.blocks.composition import as_returned

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(value: str) -> Json:
    return {"text": plain(value), "value": value}


def feedback(**more: object) -> Json:
    buttons = {
        name: {"text": plain(name[:3]), "value": name[:3]} for name in ("positive_button", "negative_button")
    }
    return {"type": "feedback_buttons", "action_id": "feedback", **buttons, **more}


BUTTON: Json = {"type": "button", "text": plain("Go"), "action_id": "go", "value": "v"}
MENU: Json = {"type": "static_select", "action_id": "model", "options": [option("small"), option("large")]}
CONFIRM: Json = {
    "title": plain("Sure?"),
    "text": plain("Really?"),
    "confirm": plain("Yes"),
    "deny": plain("No"),
}
INPUT: Json = {"type": "plain_text_input", "action_id": "text"}


def in_block(kind: str, *held: Json) -> Json:
    return {"type": kind, "elements": list(held)}


def as_input(element: object, **more: object) -> Json:
    return {"type": "input", "label": plain("Text"), "element": element, **more}


@pytest.mark.parametrize(
    "block",
    [
        in_block("actions", *[BUTTON | {"action_id": str(number)} for number in range(25)]),
        in_block("actions", BUTTON | {"style": "danger", "confirm": CONFIRM}),
        in_block("actions", BUTTON | {"action_id": "a" * 255, "value": "v" * 2000}),
        in_block("actions", MENU, {"type": "external_select", "action_id": "search"}),
        in_block("context_actions", feedback()),
        in_block(
            "context_actions",
            feedback(),
            {"type": "icon_button", "icon": "trash", "text": plain("Delete"), "action_id": "x"},
        ),
        as_input(INPUT),
        as_input(MENU, optional=True),
    ],
)
def test_what_slack_takes(block: Json) -> None:
    assert blocks.problem([block]) is None


@pytest.mark.parametrize(
    "block",
    [
        in_block("actions"),
        in_block("actions", *[BUTTON | {"action_id": str(number)} for number in range(26)]),
        in_block("actions", BUTTON | {"action_id": "a" * 256}),
        in_block("actions", BUTTON | {"text": plain("a" * 76)}),
        in_block("actions", BUTTON | {"confirm": CONFIRM | {"confirm": plain("y" * 31)}}),
        in_block("actions", BUTTON | {"confirm": "yes"}),
        in_block("actions", {"text": plain("no type")}),
        in_block("actions", {"type": "nonsense"}),
        in_block("actions", feedback()),
        in_block("actions", MENU | {"options": []}),
        in_block("actions", MENU | {"options": [option(str(number)) for number in range(101)]}),
        in_block("actions", MENU | {"options": [option("v" * 76)]}),
        in_block("actions", MENU | {"options": [{"text": plain("a")}]}),
        in_block("actions", MENU | {"placeholder": plain("p" * 151)}),
        in_block("context_actions", BUTTON),
        in_block("context_actions", *[feedback(action_id=str(number)) for number in range(6)]),
        in_block("context_actions", feedback(positive_button=None)),
        in_block("context_actions", feedback(positive_button={"text": plain("Good")})),
        in_block("context_actions", feedback(negative_button={"text": plain("b" * 76), "value": "x"})),
        in_block("context_actions", {"type": "icon_button", "icon": "star", "text": plain("x")}),
        as_input(None),
        as_input(BUTTON),
        as_input(INPUT | {"max_length": 3001}),
        as_input(INPUT, label=plain("l" * 2001)),
    ],
)
def test_what_slack_refuses(block: Json) -> None:
    found = blocks.problem([block])
    assert found is not None
    assert found.code == "invalid_blocks"


def test_a_press_of_feedback_sends_the_pressed_button() -> None:
    assert elements.pressed(feedback(), positive=False) == {
        "type": "feedback_buttons",
        "action_id": "feedback",
        "text": plain("neg"),
        "value": "neg",
    }
    assert elements.pressed(BUTTON) == BUTTON


def test_a_choice_sends_its_option() -> None:
    chosen = elements.chosen(MENU | {"placeholder": plain("Model")}, option("small"))
    assert (chosen["selected_option"]["value"], chosen["placeholder"]) == ("small", plain("Model"))


def test_plain_texts_come_back_escaped() -> None:
    given = [in_block("actions", BUTTON | {"text": plain("A & B &amp; <C>"), "value": "a&b"})]
    (element,) = as_returned(given)[0]["elements"]
    assert (element["text"]["text"], element["value"]) == ("A &amp; B &amp; &lt;C&gt;", "a&b")


def test_labels_are_what_can_be_pressed() -> None:
    assert [elements.labels(each) for each in (BUTTON, feedback(), MENU)] == [
        [("Go", True)],
        [("pos", True), ("neg", False)],
        [],
    ]
