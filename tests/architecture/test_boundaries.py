from __future__ import annotations

import ast

import pytest

from tests.architecture.boundaries import Source, breaches, read_all

SOURCES = read_all()


def test_every_module_keeps_its_boundaries() -> None:
    assert len(SOURCES) > 300
    assert [str(breach) for source in SOURCES for breach in breaches(source)] == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("tickertape.screen.streamer", "import discord"),
        ("tickertape.screen.streamer", "def f():\n    from slack_sdk.errors import SlackApiError"),
        ("tickertape.screen.streamer", "from tickertape.discord import words"),
        ("tickertape.answer.answer", "from tickertape import settings"),
        ("tickertape.screen.streamer", "import importlib\nimportlib.import_module('discord.ext.commands')"),
        ("tickertape.discord.bot", "from slack_bolt.async_app import AsyncApp"),
        ("tickertape.discord.bot", "from tickertape import slack"),
        ("tickertape.discord.bot", "from .. import slack"),
        ("tickertape.slack.bot", "if TYPE_CHECKING:\n    import discord"),
        ("tickertape.slack.bot", "import tickertape.discord.words"),
        ("tickertape.sandbox.slack.server", "import slack_sdk"),
        ("tickertape.sandbox.discord.server", "from tickertape.discord.showing.dialect import page"),
        ("tickertape.sandbox.gateway.server", "from openai import AsyncOpenAI"),
        ("tickertape.model.chunks", "import openai"),
        ("tickertape.cli.app", "from tickertape import files\nfrom openai import OpenAIError"),
        ("tickertape.answer.answering", "from sqlalchemy.ext.asyncio import AsyncEngine"),
        ("tickertape.storekeeper", "import aiosqlite"),
        ("tickertape.cli.app", "import alembic.command"),
        ("tickertape.durable.store.answers", "from tickertape.answer.answering import Answering"),
        ("tickertape.cli.commands", "from pydantic_settings import BaseSettings"),
        ("tickertape.cli.commands", "import os\nkey = os.environ['OPENAI_API_KEY']"),
        ("tickertape.discord.bot", "import os\nkey = os.getenv('X')"),
        ("tickertape.answer.answering", "from os import environ"),
        ("tickertape.answer.registry", "import asyncio"),
        ("tickertape.slack.bot", "import time\ntime.sleep(1)"),
        ("tickertape.slack.bot", "from time import sleep"),
        ("tickertape.cli.app", "from tests import virtual_time"),
        ("tickertape.screen.streamer", "answer.refused = refused"),
        ("tickertape.screen.streamer", "answer.messages.append(key)"),
        ("tickertape.answer.running", "answer.prompt = moved"),
        ("tickertape.durable.repair", "self.answer.messages[0] = key"),
        ("tickertape.slack.gateway.prompts", "answer.notes += (note,)"),
        ("tickertape.discord.showing.asking", "answer.done.set()"),
        ("tickertape.screen.streamer", "stream.busy, stream.timer = True, None"),
        ("tickertape.screen.streamer", "stream.view.next_call = call"),
        ("tickertape.screen.stream", "lane.urgency = urgency"),
        ("tickertape.answer.answer", "self._life.state = state"),
    ],
)
def test_a_breach_is_found(module: str, source: str) -> None:
    assert breaches(Source(module, ast.parse(source)))


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("tickertape.model.client", "import openai"),
        ("tickertape.durable.store", "import sqlalchemy"),
        ("tickertape.durable.store.migrations.env", "from alembic import context"),
        ("tickertape.settings.section", "import os\nos.environ\nfrom pydantic_settings import BaseSettings"),
        (
            "tickertape.discord.bot",
            "import discord\nfrom tickertape.discord import words\nfrom tickertape.screen import surface",
        ),
        ("tickertape.slack.bot", "from slack_bolt import App\nimport discordant"),
        ("tickertape.cli.app", "import os\nos._exit(1)\nimport asyncio\nasyncio.sleep(1)"),
        ("tickertape.screen.streamer", "import asyncio\nasync def f() -> None: ..."),
    ],
)
def test_what_is_allowed_is_no_breach(module: str, source: str) -> None:
    assert breaches(Source(module, ast.parse(source))) == []
