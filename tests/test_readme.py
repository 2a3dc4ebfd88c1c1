"""The README stays true: its manifest, its sentences, its links, its commands."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

import bots.discord.words as discord_words
import bots.slack.words as slack_words
from bots.slack.manifest import manifest
from core import words

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
LABELS = {"THINKING", "STOP_LABEL", "STOPPING", "VIEW", "SEND", "SEND_IN_THREAD", "HISTORY", "MANAGE_THREADS"}
LABELS |= {"ATTACH"}
LABELS |= {"ASK_DESCRIPTION", "PROMPT_DESCRIPTION", "STOP_DESCRIPTION"}
"""Words that need no explanation: labels, descriptions, and names of permissions."""


def between(name: str) -> str:
    return README.split(f"<!-- {name}:begin -->")[1].split(f"<!-- {name}:end -->")[0]


def test_the_manifest_is_the_one_that_the_bot_needs() -> None:
    pasted = between("manifest").replace("```json", "").replace("```", "")
    assert json.loads(pasted) == manifest()


def sentences() -> list[str]:
    """Return every sentence that the bot can say in a channel, without its placeholders' parts."""
    told = [*words._BEFORE_TEXT.values(), *words._AFTER_TEXT.values(), *words._FINISHED.values()]
    for module in (words, discord_words, slack_words):
        names = {name for name, value in vars(module).items() if name.isupper() and isinstance(value, str)}
        told += [getattr(module, name) for name in sorted(names - LABELS)]
    return [
        part for sentence in told for part in re.split(r"\{\w+\}", sentence) if part.endswith((".", ": "))
    ]


@pytest.mark.parametrize("sentence", sentences())
def test_every_sentence_is_explained(sentence: str) -> None:
    assert sentence.strip() in README


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
