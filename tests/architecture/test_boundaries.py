from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.boundaries import PURE, Source, breaches, read, within

ROOT = Path(__file__).parents[2]
FILES = sorted([*ROOT.glob("core/**/*.py"), *ROOT.glob("bots/**/*.py")])


def test_every_module_keeps_its_boundaries() -> None:
    assert len(FILES) > 50
    assert [str(breach) for file in FILES for breach in breaches(read(file, ROOT))] == []


def test_every_pure_module_exists() -> None:
    modules = [read(file, ROOT).module for file in FILES]
    assert [pure for pure in PURE if not any(within(module, pure) for module in modules)] == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("core.streamer", "import discord"),
        ("core.streamer", "def f():\n    from slack_sdk.errors import SlackApiError"),
        ("core.streamer", "from bots.discord import words"),
        ("core.answer", "from ..bots import settings"),
        ("core.streamer", "import importlib\nimportlib.import_module('discord.ext.commands')"),
        ("bots.discord.bot", "from slack_bolt.async_app import AsyncApp"),
        ("bots.discord.bot", "from bots import slack"),
        ("bots.discord.bot", "from ..slack import words"),
        ("bots.slack.bot", "if TYPE_CHECKING:\n    import discord"),
        ("bots.slack.bot", "import bots.discord.words"),
        ("bots.sandbox.slack.server", "import slack_sdk"),
        ("bots.sandbox.discord.server", "from bots.discord.dialect import page"),
        ("bots.sandbox.gateway.server", "from openai import AsyncOpenAI"),
        ("core.model.chunks", "import openai"),
        ("bots.app", "from core import x\nfrom openai import OpenAIError"),
        ("core.answering", "from sqlalchemy.ext.asyncio import AsyncEngine"),
        ("core.storekeeper", "import aiosqlite"),
        ("bots.app", "import alembic.command"),
        ("core.store.answers", "from core.answering import Answering"),
        ("core.store.schema", "import asyncio"),
        ("bots.cli", "from pydantic_settings import BaseSettings"),
        ("bots.cli", "import os\nkey = os.environ['OPENAI_API_KEY']"),
        ("bots.discord.bot", "import os\nkey = os.getenv('X')"),
        ("core.answering", "from os import environ"),
        ("core.pacing", "import asyncio"),
        ("core.render.split", "from time import monotonic"),
        ("core.render", "import structlog"),
        ("core.view", "import logging.handlers"),
        ("core.model.sse", "async def f() -> None: ..."),
        ("core.budget", "async def f():\n    async with g():\n        await h()"),
        ("bots.slack.bot", "import time\ntime.sleep(1)"),
        ("bots.slack.bot", "from time import sleep"),
        ("bots.app", "from tests import virtual_time"),
    ],
)
def test_a_breach_is_found(module: str, source: str) -> None:
    assert breaches(Source(module, ast.parse(source)))


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("core.model.client", "import openai"),
        ("core.store", "import sqlalchemy"),
        ("core.store.migrations.env", "from alembic import context"),
        ("bots.settings.section", "import os\nos.environ\nfrom pydantic_settings import BaseSettings"),
        ("bots.discord.bot", "import discord\nfrom bots.discord import words\nfrom core import surface"),
        ("bots.slack.bot", "from slack_bolt import App\nimport discordant"),
        ("bots.app", "import os\nos._exit(1)\nimport asyncio\nasyncio.sleep(1)"),
        ("core.streamer", "import asyncio\nasync def f() -> None: ..."),
    ],
)
def test_what_is_allowed_is_no_breach(module: str, source: str) -> None:
    assert breaches(Source(module, ast.parse(source))) == []
