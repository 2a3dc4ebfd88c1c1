"""Commands over plain HTTP: their definitions, translations and numbers, and to whom they are offered."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.discord.clients import Rest
from tickertape.sandbox.discord import CannotDo, DiscordSandbox, File, Permission
from tickertape.sandbox.discord.commands.forms import check_command
from tickertape.sandbox.discord.commands.localizations import for_requester, localized
from tickertape.sandbox.discord.commands.options import fill_options, type_option
from tickertape.sandbox.discord.errors import ApiError, FormErrors

GERMAN = {"name_localizations": {"de": "frag"}, "description_localizations": {"de": "Frage etwas"}}


def option(**fields: object) -> dict[str, Any]:
    return {"type": 3, "name": "prompt", "description": "What"} | fields


def command(*options: dict[str, Any], **fields: object) -> dict[str, Any]:
    return {"name": "ask", "description": "Ask", "options": list(options)} | fields


def sub(name: str, *options: dict[str, Any], kind: int = 1) -> dict[str, Any]:
    return option(type=kind, name=name, options=list(options))


CHOICE = {"name": "One", "value": "1"}

GOOD: list[dict[str, Any]] = [
    command(option(choices=[CHOICE | {"name_localizations": {"de": "Eins"}}] * 25)),
    command(option(autocomplete=True), option(type=5, name="thread"), option(type=11, name="file")),
    command(option(type=4, name="n", min_value=1, max_value=2**53 - 1, choices=[{"name": "1", "value": 1}])),
    command(option(**GERMAN), **GERMAN),
    command(sub("set", option()), sub("usage", sub("mine"), kind=2)),
    command(default_member_permissions="8", nsfw=True, contexts=[0, 1], integration_types=[0]),
    {"type": 3, "name": "Ask about this", "name_localizations": {"de": "Danach fragen"}},
    command(
        *[
            option(name=f"o{n}", description="d" * 90, choices=[{"name": "n" * 100, "value": "v" * 97}])
            for n in range(25)
        ]
    ),
]

BAD: list[tuple[dict[str, Any], str]] = [
    (command(type=4), "type"),
    (command(name_localizations={"de": "Frag"}), "name_localizations.de"),
    (command(name_localizations={"xx": "ask"}), "name_localizations.xx"),
    (command(name_localizations="frag"), "name_localizations"),
    (command(description_localizations={"de": ""}), "description_localizations.de"),
    (command(default_member_permissions="admin"), "default_member_permissions"),
    (command(nsfw="yes"), "nsfw"),
    (command(option(type=5, choices=[CHOICE])), "options.0.choices"),
    (command(option(choices=[CHOICE] * 26)), "options.0.choices"),
    (command(option(choices=[{"name": "n" * 101, "value": "v"}])), "options.0.choices.0.name"),
    (command(option(choices=[{"name": "n", "value": "v" * 101}])), "options.0.choices.0.value"),
    (command(option(choices=[{"name": "n", "value": 1}])), "options.0.choices.0.value"),
    (command(option(type=4, choices=[{"name": "n", "value": "1"}])), "options.0.choices.0.value"),
    (command(option(type=4, choices=[{"name": "n", "value": True}])), "options.0.choices.0.value"),
    (command(option(autocomplete=True, choices=[CHOICE])), "options.0.autocomplete"),
    (command(option(type=5, autocomplete=True)), "options.0.autocomplete"),
    (command(option(max_length=0)), "options.0.max_length"),
    (command(option(type=4, max_value=2**53)), "options.0.max_value"),
    (command(option(type=11, file_types=[".a"] * 11)), "options.0.file_types"),
    (command(option(), sub("set")), "options.1"),
    (command(sub("set") | {"required": True}), "options.0.required"),
    (command(sub("a", sub("b"))), "options.0.options.0.type"),
    (command(sub("a", sub("b", kind=2), kind=2)), "options.0.options.0.type"),
    (command(sub("a", option(), kind=2)), "options.0.options"),
    ({"type": 3, "name": "About", "description": "no"}, "description"),
    ({"type": 3, "name": "About", "options": [option()]}, "options"),
    ({"type": 3, "name": "About", "name_localizations": {"de": "x" * 33}}, "name_localizations.de"),
    (
        command(
            *[
                option(name=f"o{n}", description="d" * 100, choices=[CHOICE | {"name": "n" * 100}] * 3)
                for n in range(25)
            ]
        ),
        "_root",
    ),
]


@pytest.mark.parametrize("raw", GOOD)
def test_good_definitions(raw: dict[str, Any]) -> None:
    errors = FormErrors()
    check_command(raw, errors)
    errors.check()


@pytest.mark.parametrize(("raw", "path"), BAD)
def test_bad_definitions_name_the_field(raw: dict[str, Any], path: str) -> None:
    errors = FormErrors()
    check_command(raw, errors)
    with pytest.raises(ApiError) as caught:
        errors.check()
    node: Any = caught.value.body()["errors"]
    for key in path.split("."):
        node = node[key]
    assert node["_errors"][0]["message"]


def test_of_translations_the_longest_counts() -> None:
    errors = FormErrors()
    long = {"description": "d", "description_localizations": {"de": "d" * 100, "fr": "d" * 99}}
    choices = [{"name": "n", "name_localizations": {"de": "n" * 100}, "value": "v" * 22} for _ in range(2)]
    options = [option(name=f"o{n:02}", **long, choices=choices) for n in range(23)]
    check_command(command(*options), errors)
    errors.check()
    check_command(command(*options, option(name="more", **long)), errors)
    assert errors


def test_languages_stand_in_for_each_other() -> None:
    assert localized({"de": "ja"}, "de") == "ja"
    assert localized({"en-GB": "colour"}, "en-US") == "colour"
    assert localized({"es-ES": "sí"}, "es-419") == "sí"
    assert localized({"de": "ja"}, "fr") is None
    assert localized(None, "de") is None


def test_a_listing_shows_one_translation() -> None:
    shown = for_requester(command(option(**GERMAN, choices=[CHOICE]), **GERMAN), "de")
    assert (shown["name_localized"], shown["description_localized"]) == ("frag", "Frage etwas")
    assert shown["options"][0]["name_localized"] == "frag"
    assert "name_localizations" not in shown["options"][0]
    assert "name_localized" not in for_requester(command(**GERMAN), "fr")


async def test_translations_have_to_be_asked_for(rest: Rest) -> None:
    path = f"/applications/{rest.sandbox.application_id}/commands"
    made = await rest.call("PUT", path, [command(option(**GERMAN), **GERMAN)])
    assert made.body[0]["name_localizations"] == {"de": "frag"}
    plain = (await rest.call("GET", path)).body[0]
    assert not {"name_localizations", "name_localized"} & plain.keys()
    german = (await rest.call("GET", path, headers={"X-Discord-Locale": "de"})).body[0]
    assert german["name_localized"] == "frag"
    whole = (await rest.call("GET", path + "?with_localizations=true")).body[0]
    assert whole["options"][0]["name_localizations"] == {"de": "frag"}
    assert (await rest.call("GET", f"{path}/{whole['id']}")).body["name_localizations"] == {"de": "frag"}


async def test_numbers_of_commands(rest: Rest) -> None:
    path = f"/applications/{rest.sandbox.application_id}/commands"
    slashes = [{"name": f"c{number}", "description": "d"} for number in range(101)]
    menus = [{"name": f"m {number}", "type": 3} for number in range(16)]
    for too_many in (slashes, menus):
        refused = await rest.call("PUT", path, too_many)
        assert (refused.status, refused.code) == (400, 30032)
    assert len((await rest.call("PUT", path, slashes[:100] + menus[:15])).body) == 115
    assert (await rest.call("POST", path, slashes[100])).code == 30032
    assert (await rest.call("POST", path, menus[15])).code == 30032
    assert (await rest.call("POST", path, slashes[0])).status == 200
    twice = await rest.call("PUT", path, [slashes[0], slashes[0] | {"description": "again"}])
    assert twice.body["errors"]["_root"]["_errors"][0]["code"] == "APPLICATION_COMMANDS_DUPLICATE_NAME"


async def test_commands_for_some_people_and_places(rest: Rest) -> None:
    sandbox = rest.sandbox
    await rest.register("mods", default_member_permissions=str(int(Permission.MANAGE_MESSAGES)))
    await rest.register("admins", default_member_permissions="0")
    await rest.register("adults", nsfw=True)
    asked = {"prompt": "x"}
    for name, user in (("mods", sandbox.alice), ("admins", sandbox.moderator), ("adults", sandbox.owner)):
        with pytest.raises(CannotDo):
            await sandbox.slash(sandbox.general, user, name, asked)
    await sandbox.slash(sandbox.general, sandbox.moderator, "mods", asked)
    await sandbox.slash(sandbox.general, sandbox.owner, "admins", asked)
    sandbox.general.nsfw = True
    await sandbox.slash(sandbox.general, sandbox.alice, "adults", asked)
    thread = sandbox.add_thread(sandbox.general, "t", sandbox.alice)
    await sandbox.slash(thread, sandbox.alice, "adults", asked)
    await sandbox.archive_thread(thread)
    with pytest.raises(CannotDo):
        await sandbox.slash(thread, sandbox.alice, "adults", asked)


async def test_resolved_options(sandbox: DiscordSandbox, rest: Rest) -> None:
    kinds = {"who": 6, "where": 7, "role": 8, "any": 9, "file": 11}
    await rest.register("all", options=[option(type=kind, name=name) for name, kind in kinds.items()])
    role = sandbox.add_role(sandbox.guild, "Staff")
    values = {
        "who": sandbox.bob,
        "where": sandbox.general,
        "role": role,
        "any": role,
        "file": File("a b.txt", b"x"),
    }
    begun = await sandbox.slash(sandbox.general, sandbox.alice, "all", values)
    found = begun.data["resolved"]
    assert found["users"][str(sandbox.bob.id)]["username"] == "bob"
    assert "user" not in found["members"][str(sandbox.bob.id)]
    assert found["channels"][str(sandbox.general.id)]["name"] == "general"
    assert found["roles"][str(role.id)]["name"] == "Staff"
    (file,) = found["attachments"].values()
    assert (file["filename"], file["title"], file["ephemeral"], file["size"]) == ("a_b.txt", "a b", True, 1)
    assert begun.data["options"][-1] == {"name": "file", "type": 11, "value": file["id"]}
    for name, value in (("file", "text"), ("who", role), ("file", File("f", size=20 * 1024 * 1024))):
        with pytest.raises(CannotDo):
            await sandbox.slash(sandbox.general, sandbox.alice, "all", {name: value})


def test_what_is_sent_while_an_option_is_typed() -> None:
    asked = command(option(), option(type=4, name="n", autocomplete=True))
    assert type_option(asked, [], "n", "1x", {"prompt": "hi"}) == [
        {"name": "prompt", "type": 3, "value": "hi"},
        {"name": "n", "type": 4, "value": "1x", "focused": True},
    ]
    nested = command(sub("set", option(autocomplete=True)))
    assert type_option(nested, ["set"], "prompt", "", {})[0]["options"][0]["focused"] is True
    with pytest.raises(CannotDo):
        type_option(asked, [], "prompt", "h", {})


@pytest.mark.parametrize(
    ("value", "fits"), [(1, True), (9, True), (0, False), (10, False), (True, False), (1.5, False)]
)
def test_numbers_in_their_range(value: object, fits: bool) -> None:
    asked = command(option(type=4, name="n", min_value=1, max_value=9))
    if fits:
        assert fill_options(asked, [], {"n": value})[0]["value"] == value
    else:
        with pytest.raises(CannotDo):
            fill_options(asked, [], {"n": value})


def test_subcommands_have_to_be_named() -> None:
    nested = command(sub("usage", sub("mine"), kind=2))
    assert fill_options(nested, ["usage", "mine"], {}) == [
        {"name": "usage", "type": 2, "options": [{"name": "mine", "type": 1, "options": []}]}
    ]
    for words in ([], ["usage"], ["mine"]):
        with pytest.raises(CannotDo):
            fill_options(nested, words, {})
