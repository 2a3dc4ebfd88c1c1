"""Every page: its links lead somewhere, and what it names exists."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import pytest
import typer

from tests.pages.page import BOTS, CORE, DEPLOY, PAGES, README, ROOT, TESTS, Page
from tickertape.cli.commands import cli
from tickertape.configuration import named_rows, rows

STARTS = {"demo", "test", "check", "run"}
"""The commands of `deploy/launch.py`."""

EACH = [(page, link) for page in PAGES for link in page.links]
SHELL = [(page, line.strip()) for page in PAGES for block in page.blocks("sh") for line in block.splitlines()]


def exists(path: str) -> bool:
    return (ROOT / path).exists()


def test_the_first_page_is_short() -> None:
    assert len(README.text.splitlines()) <= 400


def test_the_first_page_links_to_every_other() -> None:
    assert {page.name for page in PAGES} - {README.name} <= set(README.links)


def test_every_other_page_leads_back() -> None:
    assert [page.name for page in PAGES if page is not README and "../README.md" not in page.links] == []


@pytest.mark.parametrize(("page", "link"), EACH, ids=[f"{page.name} {link}" for page, link in EACH])
def test_every_link_leads_somewhere(page: Page, link: str) -> None:
    if link.startswith("https://"):
        return
    path, _, anchor = link.partition("#")
    target = (ROOT / page.name).parent / path if path else ROOT / page.name
    assert target.exists()
    if anchor:
        assert anchor in Page(str(target.resolve().relative_to(ROOT))).anchors


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_chapter_of_a_page_is_in_its_contents(page: Page) -> None:
    chapters = re.findall(r"^## (.+)$", page.prose, re.MULTILINE)
    listed = {link.removeprefix("#") for link in page.links}
    slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in chapters}
    assert slugs - listed - {"contents", "recipes"} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_names_exists(page: Page) -> None:
    named = [
        span.partition(":")[0]
        for span in page.spans
        if re.fullmatch(r"(core|bots|tests|deploy|\.github|\.ci)/[\w./-]*(:.*)?", span)
    ]
    assert [path for path in named if not exists(path)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_variable_that_a_page_names_can_be_set(page: Page) -> None:
    prefixes = ("TICKERTAPE_", "OPENAI_", "DISCORD_", "SLACK_")
    named = set(re.findall(rf"\b(?:{'|'.join(prefixes)})[A-Z_]+\b", page.text)) - {"DISCORD_TOKE"}  # a slip
    assert named <= {row.variable for row in rows()}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_setting_that_a_page_names_can_be_set(page: Page) -> None:
    known = {row.toml for row in (*rows(), *named_rows()) if row.toml}
    tables = {name.partition(".")[0] for name in known}
    named = {span for span in page.spans if re.fullmatch(rf"(?:{'|'.join(tables)})\.[\w.]+", span)}
    assert {span for span in named if not span.endswith((".py", ".com"))} <= known


@pytest.mark.parametrize(("page", "line"), SHELL, ids=[f"{page.name} {line}" for page, line in SHELL])
def test_the_commands_name_files_and_commands_that_exist(page: Page, line: str) -> None:
    words = shlex.split(line.replace("(", " ").replace(")", " "), comments=True)
    for word, following in zip(words, [*words[1:], ""], strict=True):
        path = word.removeprefix("/opt/tickertape/")
        if re.match(r"(deploy|tests|\.ci)/", path):
            assert exists(path), page.name
        if path == "deploy/launch.py":
            assert following in STARTS


def test_each_of_the_two_commands_is_one_line() -> None:
    for name in ("demo", "test"):
        assert README.between(name) == f"\n```sh\npython3 deploy/launch.py {name}\n```\n"


def test_every_command_of_the_program_is_explained() -> None:
    known = typer.main.get_command(cli)
    assert isinstance(known, typer.core.TyperGroup)
    assert set(BOTS.first_cells("Commands of the program")) == {
        f"`tickertape {name}`" for name in known.commands
    }
    named = [span for page in PAGES for span in page.spans if re.match(r"tickertape [a-z]", span)]
    assert {span.split()[1] for span in named} <= set(known.commands)


def test_the_core_s_rooms_are_those_that_there_are() -> None:
    assert set(CORE.first_cells("The rooms")) == rooms(ROOT / "core" / "tickertape")


def test_the_bots_rooms_are_those_that_there_are() -> None:
    cells = set(BOTS.first_cells("The rooms of the code"))
    for adapter in ("discord", "slack"):
        within = {room for room in rooms(ROOT / "bots" / "tickertape" / adapter) if room.endswith("/`")}
        assert within <= cells
        cells_beside = cells - within
    assert cells_beside == rooms(ROOT / "bots" / "tickertape") - {"`discord/`", "`slack/`"}


def rooms(folder: Path) -> set[str]:
    """Return what is in a folder of modules, as a table names it."""
    found = [
        each for each in folder.iterdir() if not each.name.startswith(("__pycache__", "__init__", "py.typed"))
    ]
    return {f"`{each.name}/`" if each.is_dir() else f"`{each.name}`" for each in found}


def test_the_parts_of_the_suite_are_those_that_there_are() -> None:
    cells = " ".join(TESTS.first_cells("The parts of the suite"))
    folders = {f"tests/{file.parent.name}" for file in (ROOT / "tests").glob("*/__init__.py")}
    assert set(re.findall(r"`([^`]+)`", cells)) == folders


def test_the_marks_are_those_that_there_are() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    marks = {mark.partition(":")[0] for mark in project["tool"]["pytest"]["ini_options"]["markers"]}
    assert {cell.strip("`") for cell in TESTS.first_cells("Marks")} == marks


def test_the_files_of_a_deployment_are_those_that_there_are() -> None:
    cells = " ".join(DEPLOY.first_cells("The files here"))
    there = {each.name for each in (ROOT / "deploy").iterdir() if each.is_file()} - {"README.md"}
    assert set(re.findall(r"`([^`]+)`", cells)) == there


def test_the_service_is_where_the_page_says() -> None:
    service = (ROOT / "deploy" / "tickertape.service").read_text(encoding="utf-8")
    chapter = DEPLOY.text.split("## A service of systemd")[1].split("\n## ")[0]
    for path in (
        "/opt/tickertape",
        "/etc/tickertape/tickertape.env",
        "sqlite:////var/lib/tickertape/tickertape.db",
    ):
        assert path in chapter
        assert path in service


def test_the_short_table_says_what_the_long_ones_say() -> None:
    figures = {figure for cell in README.chapter("Measured").splitlines() if cell.startswith("| ")
               for figure in re.findall(r"(?<=\| )[\d.]+|(?<=lag of )\d+|(?<=with )\d+(?= ms)", cell)}  # fmt: skip
    assert len(figures) > 8
    cells = set(re.findall(r"[\d.]+", TESTS.chapter("Measured")))
    assert figures <= cells
