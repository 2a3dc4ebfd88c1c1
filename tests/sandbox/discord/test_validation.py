from __future__ import annotations

from typing import Any

import pytest

from tickertape.sandbox.discord.changes.validation import check_message, check_not_empty
from tickertape.sandbox.discord.commands.forms import check_command, normalised
from tickertape.sandbox.discord.commands.options import fill_options
from tickertape.sandbox.discord.errors import ApiError, CannotDo, Code, FormErrors


def button(**fields: object) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": "Stop", "custom_id": "stop"} | fields


def row(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(parts)}


def menu(**fields: object) -> dict[str, Any]:
    options = [{"label": each, "value": each, "emoji": {"id": "1"}} for each in "ab"]
    return {"type": 3, "custom_id": "menu", "options": options} | fields


def several(number: int) -> list[dict[str, Any]]:
    return [button(custom_id=f"b{each}") for each in range(number)]


V2 = 1 << 15

GOOD: list[dict[str, Any]] = [
    {"content": "x" * 2000},
    {"content": None, "embeds": None},
    {"nonce": "n" * 25},
    {"nonce": 10**20},
    {"embeds": [{"description": "d" * 4096}, {"description": "d" * 1904}]},
    {"components": [row(button(), {"type": 2, "style": 5, "label": "Go", "url": "https://example.org"})]},
    {"components": [row(*[button(custom_id=f"{n}") for n in range(5)])]},
    {"components": [row({"type": 2, "style": 2, "emoji": {"name": "🔁"}, "custom_id": "again"})]},
    {"components": [row(menu(max_values=2, placeholder="p" * 150))]},
    {"flags": V2, "components": [{"type": 10, "content": "t" * 4000}]},
    {"allowed_mentions": {"parse": ["users"], "roles": ["1"]}},
]

BAD: list[tuple[dict[str, Any], str]] = [
    ({"content": "x" * 2001}, "content"),
    ({"content": 5}, "content"),
    ({"embeds": ["x"]}, "embeds"),
    ({"components": "x"}, "components"),
    ({"nonce": "n" * 26}, "nonce"),
    ({"embeds": [{}] * 11}, "embeds"),
    ({"embeds": [{"title": "t" * 257}]}, "embeds.0.title"),
    ({"embeds": [{"description": "d" * 4097}]}, "embeds.0.description"),
    ({"embeds": [{"footer": {"text": "f" * 2049}}]}, "embeds.0.footer.text"),
    ({"embeds": [{"fields": [{"name": "n" * 257, "value": "v"}]}]}, "embeds.0.fields.0.name"),
    ({"embeds": [{"fields": [{"name": "n", "value": "v"}] * 26}]}, "embeds.0.fields"),
    ({"embeds": [{"description": "d" * 4000}, {"description": "d" * 2001}]}, "embeds"),
    ({"components": [row(button())] * 6}, "components"),
    ({"components": [button()]}, "components.0.type"),
    ({"components": [row()]}, "components.0.components"),
    ({"components": [row(button(), button())]}, "components"),
    ({"components": [row(button(label="l" * 81))]}, "components.0.components.0.label"),
    ({"components": [row(button(custom_id=""))]}, "components.0.components.0.custom_id"),
    ({"components": [row(button(custom_id="c" * 101))]}, "components.0.components.0.custom_id"),
    ({"components": [row(*several(6))]}, "components.0.components.5"),
    ({"components": [row(button(), menu())]}, "components.0.components.1"),
    ({"components": [row({"type": 4, "custom_id": "x"})]}, "components.0.components.0.type"),
    ({"components": [row(button(style=7))]}, "components.0.components.0.style"),
    ({"components": [row(button(label=None))]}, "components.0.components.0.label"),
    ({"components": [row(button(emoji={"name": "stop"}))]}, "components.0.components.0.emoji.name"),
    ({"components": [row(button(url="https://example.org"))]}, "components.0.components.0"),
    ({"components": [row(button(style=5, url="https://example.org"))]}, "components.0.components.0"),
    ({"components": [row({"type": 2, "style": 5, "label": "x"})]}, "components.0.components.0.url"),
    ({"components": [row(menu(custom_id=None))]}, "components.0.components.0.custom_id"),
    ({"components": [row(menu(options=[]))]}, "components.0.components.0.options"),
    ({"components": [row(menu(max_values=3))]}, "components.0.components.0.options"),
    ({"components": [row(menu(min_values=2))]}, "components.0.components.0.min_values"),
    ({"components": [row(menu(placeholder="p" * 151))]}, "components.0.components.0.placeholder"),
    (
        {"components": [row(menu(options=[{"label": "l" * 101, "value": "v"}]))]},
        "components.0.components.0.options.0.label",
    ),
    (
        {"components": [row(menu(options=[{"label": "a", "value": "a"}] * 2))]},
        "components.0.components.0.options",
    ),
    (
        {"flags": V2, "components": [{"type": 9, "components": [], "accessory": button(style=0)}]},
        "components.0.accessory.style",
    ),
    ({"flags": V2, "components": [{"type": 10, "content": "t" * 4001}]}, "components"),
    ({"flags": V2, "components": [{"type": 10, "content": "t"}] * 41}, "components"),
    ({"flags": V2, "content": "x"}, "content"),
    ({"flags": V2, "embeds": [{"title": "x"}]}, "embeds"),
    ({"allowed_mentions": {"parse": ["cats"]}}, "allowed_mentions.parse.0"),
    ({"allowed_mentions": {"users": ["1"] * 101}}, "allowed_mentions.users"),
    ({"allowed_mentions": {"parse": ["users"], "users": ["1"]}}, "allowed_mentions"),
]


@pytest.mark.parametrize("fields", GOOD)
def test_good_bodies(fields: dict[str, Any]) -> None:
    check_message(fields)


@pytest.mark.parametrize(("fields", "path"), BAD)
def test_bad_bodies_name_the_field(fields: dict[str, Any], path: str) -> None:
    with pytest.raises(ApiError) as caught:
        check_message(fields)
    assert caught.value.code is Code.INVALID_FORM
    node: Any = caught.value.body()["errors"]
    for key in path.split("."):
        node = node[key]
    assert node["_errors"][0]["message"]


def test_components_v2_cannot_be_unset() -> None:
    with pytest.raises(ApiError):
        check_message({"content": "x"}, v2=True)


def test_empty_message() -> None:
    with pytest.raises(ApiError) as caught:
        check_not_empty(content="", embeds=[], components=[], files=0)
    assert caught.value.code is Code.EMPTY_MESSAGE
    check_not_empty(content="", embeds=[], components=[], files=1)


def option(**fields: object) -> dict[str, Any]:
    return {"type": 3, "name": "prompt", "description": "What"} | fields


def command(*options: dict[str, Any], **fields: object) -> dict[str, Any]:
    return {"name": "ask", "description": "Ask", "options": list(options)} | fields


@pytest.mark.parametrize(
    "raw",
    [
        command(name="Ask"),
        command(name="a b"),
        command(name="a" * 33),
        command(description=""),
        command(description="d" * 101),
        command(option(max_length=6001)),
        command(option(), option()),
        command(option(name="a"), option(name="b", required=True)),
        command(option(description="")),
        command(option(type=12)),
        command(*[option(name=f"o{number}") for number in range(26)]),
        command(contexts=[3]),
        command(integration_types=[2]),
        command(option(type=1, options=[option(name="Bad")])),
        {"type": 3, "name": "n" * 33},
    ],
)
def test_bad_commands(raw: dict[str, Any]) -> None:
    errors = FormErrors()
    check_command(raw, errors)
    with pytest.raises(ApiError):
        errors.check()


def test_good_commands_come_back_with_their_defaults() -> None:
    errors = FormErrors()
    raw = command(option(required=True, max_length=6000, autocomplete=False), name="größe_'1-x")
    check_command(raw, errors)
    check_command({"type": 3, "name": "Ask about this"}, errors)
    errors.check()
    made = normalised(raw)
    assert made["integration_types"] == [0]
    assert made["contexts"] is None
    assert made["options"] == [option(required=True, max_length=6000)]


def test_options_are_filled_as_the_app_would() -> None:
    asked = command(
        option(required=True, max_length=10), option(type=4, name="n", choices=[{"name": "1", "value": 1}])
    )
    assert fill_options(asked, [], {"prompt": "hi", "n": 1}) == [
        {"name": "prompt", "type": 3, "value": "hi"},
        {"name": "n", "type": 4, "value": 1},
    ]
    nested = command(option(type=2, name="set", options=[option(type=1, name="model", options=[option()])]))
    assert (
        fill_options(nested, ["set", "model"], {"prompt": "x"})[0]["options"][0]["options"][0]["value"] == "x"
    )


@pytest.mark.parametrize(
    ("words", "values"),
    [
        ([], {}),
        ([], {"prompt": ""}),
        ([], {"prompt": "x" * 6001}),
        ([], {"prompt": 5}),
        ([], {"prompt": "x", "other": 1}),
        ([], {"prompt": "x", "n": 2}),
        ([], {"prompt": "x", "n": True}),
        ([], {"prompt": "x", "who": 1}),
        (["sub"], {}),
    ],
)
def test_what_the_app_would_not_send(words: list[str], values: dict[str, Any]) -> None:
    asked = command(
        option(required=True),
        option(type=4, name="n", choices=[{"name": "1", "value": 1}]),
        option(type=6, name="who"),
    )
    with pytest.raises(CannotDo):
        fill_options(asked, words, values)
