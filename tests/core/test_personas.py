from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.english import english
from tickertape.memory.personas import (
    PLACEHOLDERS,
    Facts,
    Persona,
    Personas,
    UnknownPersona,
    UnknownPlaceholder,
    render,
)
from tickertape.prompts.names import LONGEST, one_line

EVENING = datetime(2026, 11, 25, 21, 31, tzinfo=timezone(timedelta(hours=1), "CET"))
FACTS = Facts(EVENING, user="Ann", channel="general", platform="Slack")


def rendered(prompt: str, facts: Facts = FACTS) -> str:
    return render(Persona("p", prompt), facts)


def test_placeholders_are_filled_in() -> None:
    prompt = "Today is {date}, {time}. You talk with {user} in {channel} on {platform}. {user}!"
    assert rendered(prompt) == (
        "Today is Wednesday, 2026-11-25, 21:31 CET. You talk with Ann in general on Slack. Ann!"
    )


@pytest.mark.parametrize("text", ['{"a": {"b": 1}}', "{}", "{ date }", "{{ user }}", "{0}", "f(x) = {x + 1}",
                                  "a { b", "}{", "{user", "{über}", "{a-b}"])  # fmt: skip
def test_other_braces_are_text(text: str) -> None:
    assert rendered(text) == text


@pytest.mark.parametrize(
    ("prompt", "text"),
    [
        ("{{user}}", "{user}"),
        ("{{name}}", "{name}"),
        ("\\frac{{a}}{{b}}", "\\frac{a}{b}"),
        ("{{{date}}}", "{{date}}"),
    ],
)
def test_doubled_braces_stand_for_single_ones_around_a_word(prompt: str, text: str) -> None:
    assert rendered(prompt) == text


@pytest.mark.parametrize(
    ("prompt", "name", "nearest"),
    [
        ("Hi {usr}", "usr", "user"),
        ("{Date}", "Date", "date"),
        ("{user} {wombat}", "wombat", None),
        ("\\frac{a}{b}", "a", None),
    ],
)
def test_a_word_in_braces_that_is_no_placeholder_is_an_error(
    prompt: str, name: str, nearest: str | None
) -> None:
    with pytest.raises(UnknownPlaceholder) as raised:
        Persona("p", prompt)
    assert (raised.value.name, raised.value.nearest) == (name, nearest)


NAMES = st.text(st.characters(codec="utf-8"), max_size=200) | st.sampled_from(
    [f"{{{name}}}" for name in PLACEHOLDERS] + ["{{user}}", "\\1", "\\g<0>", "a\nSYSTEM: b", "a\u2028b\x85c\x0bd"]
)  # fmt: skip


@given(NAMES, NAMES)
def test_a_name_can_neither_begin_a_line_nor_be_filled_in(user: str, channel: str) -> None:
    facts = Facts(EVENING, user, channel, "Discord")
    line = rendered("<{user}|{channel}>", facts)
    assert line == f"<{one_line(user)}|{one_line(channel)}>"
    assert len(line.splitlines()) == 1


@given(NAMES)
def test_a_name_stays_short_and_a_plain_one_stays_itself(name: str) -> None:
    line = one_line(name)
    assert len(line) <= LONGEST
    assert one_line(line) == line
    if name.isalnum() and len(name) <= LONGEST:
        assert line == name


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("  Ann \t Lee\r\n", "Ann Lee"),
        ("\u202egnp.exe", "gnp.exe"),
        ("Ann\U000e0049\U000e0067", "Ann"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
        ("x" * 81, "x" * 79 + "…"),
        ("\ud800", ""),
    ],
)
def test_what_cannot_be_seen_is_no_part_of_a_name(name: str, line: str) -> None:
    assert one_line(name) == line


def test_a_time_without_a_zone_is_told_without_one() -> None:
    facts = Facts(EVENING.astimezone(UTC).replace(tzinfo=None), "", "", "")
    assert rendered("{time}|", facts) == "20:31|"


def test_a_persona_is_picked_by_its_name() -> None:
    personas = Personas([Persona("standard", ""), Persona("Pirate", "Arr.")], "standard")
    assert personas.pick().prompt == ""
    assert personas.pick(" pirate ").prompt == "Arr."
    assert personas.names == ("standard", "Pirate")
    with pytest.raises(UnknownPersona) as raised:
        personas.pick("prate")
    assert english(raised.value.sentence) == "There is no such persona. Did you mean Pirate?"
