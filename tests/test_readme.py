"""The README stays true: its manifest, its sentences, its links, its commands."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from fluent.syntax import ast

from tests.core.test_languages import DESCRIPTION
from tests.support.catalogues import messages, pattern_of
from tests.support.english import english
from tickertape.languages import Sentence
from tickertape.slack.manifest import manifest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def between(name: str) -> str:
    return README.split(f"<!-- {name}:begin -->")[1].split(f"<!-- {name}:end -->")[0]


def test_the_manifest_is_the_one_that_the_bot_needs() -> None:
    pasted = between("manifest").replace("```json", "").replace("```", "")
    assert json.loads(pasted) == manifest()


UNEXPLAINED = re.compile(
    r"(thinking|label|slack-is|slack-about|slack-asked|slack-somebody|waiting|wait|time|size|amount|usage|choices|chosen|help"
    r"|suggested|discord-permission|slack-lacks|slack-figures)(-.*)?|forgotten|discord-stopped|stopped-by-moderator|discord-about|discord-about-question"
)
"""What needs no explanation: labels, lists, and parts of sentences."""


def explained() -> list[str]:
    """Return what the README says that the bot says in chat."""
    chapter = README.split("### In the channel")[1].split("### At the start")[0]
    rows = [line.split("|")[1].strip() for line in chapter.splitlines() if line.startswith("| ")]
    return [row for row in rows if row != "It says"]


def told() -> dict[str, ast.Message]:
    return {
        name: message
        for name, message in messages("en").items()
        if not UNEXPLAINED.fullmatch(name) and not re.fullmatch(DESCRIPTION, name)
    }


@pytest.mark.parametrize("name", told())
def test_every_sentence_is_explained(name: str) -> None:
    assert any(pattern_of(told()[name]).fullmatch(row) for row in explained()), english(Sentence(name))


def test_only_sentences_are_explained() -> None:
    patterns = [pattern_of(message) for message in messages("en").values()]
    assert [row for row in explained() if not any(each.fullmatch(row) for each in patterns)] == []


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)#]+)\)", README))
def test_every_local_link_leads_somewhere(target: str) -> None:
    assert target.startswith("https://") or (ROOT / target).exists()


@pytest.mark.parametrize("target", re.findall(r"\]\(#([^)]+)\)", README))
def test_every_anchor_is_a_heading(target: str) -> None:
    headings = {
        line.lstrip("# ").lower().replace(" ", "-") for line in README.splitlines() if line[:1] == "#"
    }
    assert target in headings


@pytest.mark.parametrize("line", between("demo").splitlines() + between("test").splitlines())
def test_the_commands_name_files_that_exist(line: str) -> None:
    for word in shlex.split(line):
        if word.startswith("deploy/"):
            assert (ROOT / word).is_file()


def test_the_map_names_files_that_exist() -> None:
    block = README.split("## Where things are")[1].split("```")[1]
    top = ""
    for line in block.strip("\n").splitlines():
        names = re.split(r"\s{3,}", line.strip())[0].split()
        top = top if line.startswith(" ") else names.pop(0)
        for name in names:
            assert (ROOT / top / name).exists(), top + name
        assert (ROOT / top).is_dir()
