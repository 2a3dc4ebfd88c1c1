"""Buttons, menus, forms and suggestions over plain HTTP: what they may hold, and what becomes of their responses."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sandbox.discord.clients import Rest
from tickertape.sandbox.discord import CannotDo, Interaction, InteractionState
from tickertape.sandbox.discord.world.components import flatten, numbered

ROW = {
    "type": 1,
    "components": [
        {"type": 2, "style": 4, "label": "Stop", "custom_id": "s"},
        {"type": 2, "style": 1, "label": "Off", "custom_id": "off", "disabled": True},
    ],
}
MENU = {
    "type": 1,
    "components": [
        {
            "type": 3,
            "custom_id": "m",
            "max_values": 2,
            "options": [{"label": each, "value": each} for each in "abc"],
        }
    ],
}
TEXT_INPUT = {"type": 4, "custom_id": "why", "style": 2, "label": "Why?", "min_length": 2, "max_length": 10}
FORM = {
    "custom_id": "form",
    "title": "Feedback",
    "components": [
        {"type": 1, "components": [TEXT_INPUT]},
        {"type": 18, "label": "More", "component": MENU["components"][0]},  # type: ignore[index]  # a list
    ],
}


@pytest.fixture
async def asked(rest: Rest) -> Interaction:
    await rest.register()
    return await rest.sandbox.slash(rest.sandbox.general, rest.sandbox.alice, "ask", {"prompt": "why?"})


async def test_updates_of_a_deleted_message(rest: Rest) -> None:
    sandbox = rest.sandbox
    message = await rest.posted(sandbox.general, "text", components=[ROW])
    pressed, later = [await sandbox.press(message, sandbox.alice, "s") for _ in range(2)]
    await rest.respond(later, 6)
    await sandbox.delete(message)
    gone = await rest.respond(pressed, 7, content="x")
    assert (gone.status, gone.code) == (404, 10008)
    assert (await rest.webhook("PATCH", later, "@original", {"content": "x"})).code == 10008
    assert (await rest.respond(pressed, 4, content="too late?")).status == 204


async def test_responses_refer_to_what_they_answer(rest: Rest) -> None:
    sandbox = rest.sandbox
    message = await rest.posted(sandbox.general, "text", components=[ROW])
    pressed = await sandbox.press(message, sandbox.alice, "s")
    await rest.respond(pressed, 4, content="pressed", flags=64)
    first = (await rest.webhook("GET", pressed, "@original")).body
    assert (first["type"], first["message_reference"]["message_id"]) == (19, str(message.id))
    assert first["interaction_metadata"]["interacted_message_id"] == str(message.id)
    more = (await rest.webhook("POST", pressed, body={"content": "more"})).body
    assert more["type"] == 19
    assert more["message_reference"]["message_id"] == first["id"]
    assert more["interaction_metadata"]["original_response_message_id"] == first["id"]
    assert sandbox.pings == []


async def test_disabled_buttons_cannot_be_pressed(rest: Rest) -> None:
    message = await rest.posted(rest.sandbox.general, "text", components=[ROW])
    with pytest.raises(CannotDo):
        await rest.sandbox.press(message, rest.sandbox.alice, "off")


@pytest.mark.parametrize("values", [[], ["a", "b", "c"], ["d"]])
async def test_what_cannot_be_chosen(rest: Rest, values: list[str]) -> None:
    message = await rest.posted(rest.sandbox.general, "text", components=[MENU])
    with pytest.raises(CannotDo):
        await rest.sandbox.choose(message, rest.sandbox.alice, values)


async def test_menus(rest: Rest) -> None:
    sandbox = rest.sandbox
    message = await rest.posted(sandbox.general, "text", components=[MENU, ROW])
    chosen = await sandbox.choose(message, sandbox.alice, ["b", "a"])
    assert chosen.data == {"component_type": 3, "values": ["b", "a"], "custom_id": "m", "id": 2}
    await rest.respond(chosen, 7, content="b and a", components=[])
    assert (message.content, message.menus) == ("b and a", [])


async def test_forms(rest: Rest, asked: Interaction) -> None:
    sandbox = rest.sandbox
    assert (await rest.respond(asked, 9, **FORM)).status == 204
    for values in ({"why": "x"}, {"why": "x" * 11}, {}, {"why": "ok", "m": ["d"]}, {"other": "x"}):
        with pytest.raises(CannotDo):
            await sandbox.submit(asked, {"m": ["a"], **values})  # type: ignore[dict-item]  # mixed on purpose
    sent = await sandbox.submit(asked, {"why": "because", "m": ["a", "b"]})
    assert sent.data["custom_id"] == "form"
    row, label = sent.data["components"]
    assert row["components"][0]["value"] == "because"
    assert label["component"]["values"] == ["a", "b"]
    assert (await rest.respond(sent, 9, **FORM)).code == 50035
    assert (await rest.respond(sent, 7, content="x")).code == 50035
    assert (await rest.respond(sent, 4, content="thanks")).status == 204
    body = (await rest.webhook("GET", sent, "@original")).body
    assert body["interaction_metadata"]["triggering_interaction_metadata"]["id"] == str(asked.id)
    with pytest.raises(CannotDo):
        await sandbox.submit(asked, {})


@pytest.mark.parametrize(
    "changes",
    [
        {"title": ""},
        {"title": "t" * 46},
        {"custom_id": "c" * 101},
        {"components": []},
        {"components": [{"type": 10, "content": "x"}] * 6},
        {"components": [{"type": 1, "components": [TEXT_INPUT, TEXT_INPUT]}]},
        {"components": [{"type": 1, "components": [TEXT_INPUT | {"label": ""}]}]},
        {"components": [{"type": 18, "label": "l" * 46, "component": TEXT_INPUT}]},
        {"components": [{"type": 18, "label": "l", "component": TEXT_INPUT | {"style": 3}}]},
        {"components": [{"type": 18, "label": "l", "component": TEXT_INPUT | {"max_length": 4001}}]},
        {"components": [{"type": 18, "label": "l", "component": TEXT_INPUT | {"custom_id": ""}}]},
        {"components": [{"type": 18, "label": "l", "component": TEXT_INPUT | {"disabled": True}}]},
        {"components": [{"type": 18, "label": "l", "component": TEXT_INPUT | {"placeholder": "p" * 101}}]},
        {"components": [{"type": 18, "label": "l", "component": TEXT_INPUT}] * 2},
    ],
)
async def test_forms_that_are_none(rest: Rest, asked: Interaction, changes: dict[str, object]) -> None:
    assert (await rest.respond(asked, 9, **(FORM | changes))).code == 50035
    assert asked.state is InteractionState.WAITING


async def suggesting(rest: Rest, kind: int = 3) -> Interaction:
    option = {"type": kind, "name": "model", "description": "Which", "autocomplete": True}
    await rest.register("model", options=[option])
    return await rest.sandbox.suggest(rest.sandbox.general, rest.sandbox.alice, "model", "model", "w")


async def test_suggestions(rest: Rest) -> None:
    typing = await suggesting(rest)
    assert typing.data["options"] == [{"name": "model", "type": 3, "value": "w", "focused": True}]
    assert (await rest.respond(typing, 4, content="x")).code == 50035
    await rest.respond(typing, 8, choices=[{"name": "n" * 100, "value": "v" * 100}] * 25)
    assert len(typing.choices) == 25
    assert (await rest.respond(typing, 8, choices=[])).code == 40060


@pytest.mark.parametrize(
    ("kind", "choices"),
    [
        (3, [{"name": "n", "value": "v"}] * 26),
        (3, [{"name": "n" * 101, "value": "v"}]),
        (3, [{"name": "n", "value": "v" * 101}]),
        (3, [{"name": "", "value": "v"}]),
        (3, [{"name": "n", "value": 1}]),
        (4, [{"name": "n", "value": "v"}]),
    ],
)
async def test_suggestions_that_discord_refuses(
    rest: Rest, kind: int, choices: list[dict[str, object]]
) -> None:
    typing = await suggesting(rest, kind)
    assert (await rest.respond(typing, 8, choices=choices)).code == 50035
    assert (typing.choices, typing.error) == ([], "Loading options failed")


async def test_suggestions_that_come_too_late(rest: Rest) -> None:
    typing = await suggesting(rest)
    await asyncio.sleep(3.1)
    assert typing.error == "Loading options failed"
    assert (await rest.respond(typing, 8, choices=[])).code == 10062


PARTS = st.recursive(
    st.fixed_dictionaries({"type": st.just(2)}, optional={"id": st.integers(0, 9)}),
    lambda inner: st.fixed_dictionaries(
        {"type": st.just(1), "components": st.lists(inner, max_size=4)},
        optional={"id": st.integers(0, 9), "accessory": inner},
    ),
    max_leaves=12,
)


@given(st.lists(PARTS, max_size=5))
def test_every_component_has_an_id_and_keeps_its_own(parts: list[dict[str, object]]) -> None:
    made = flatten(numbered(parts))
    own = [part.get("id") for part in flatten(parts)]
    assert [part["id"] for part, given in zip(made, own, strict=True) if given] == [
        each for each in own if each
    ]
    generated = [part["id"] for part, given in zip(made, own, strict=True) if not given]
    assert generated == sorted(set(generated) - set(own))
    assert numbered(numbered(parts)) == numbered(parts)
