"""What the core is given is what was set."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest

from tests.support.keys import person
from tests.support.scripted_model import model_of
from tickertape.cli import catalogue
from tickertape.configuration import load
from tickertape.memory.models import ModelInfo
from tickertape.memory.personas import Persona
from tickertape.model.api import Model
from tickertape.model.reasoning import ReasoningMode
from tickertape.model.settings import ChatSettings, Clocks
from tickertape.prompts.asker import Asker
from tickertape.rules.access import Access, Lists, Reason, Refusal
from tickertape.rules.costs import Prices
from tickertape.rules.quota import Limits, Scope
from tickertape.settings import Settings


def settings_of(toml: str) -> Settings:
    Path("tickertape.toml").write_text(toml, encoding="utf-8")
    return load()


@dataclass
class Maker:
    """Makes models that answer with their own ids, and remembers what it was asked for."""

    asked: list[ChatSettings] = field(default_factory=list)

    def __call__(self, settings: ChatSettings) -> Model:
        self.asked.append(settings)
        return model_of(f"<think>Hm</think>{settings.model}")


TWO = """
    [model]
    name = "gpt-4.1"
    temperature = 1.0
    extra = { seed = 1 }
    first_event = 7.0
    [models.fast]
    name = "llama"
    base_url = "http://127.0.0.1:1/v1"
    description = "Quick"
    context = 8000
    max_tokens = 500
    vision = true
    reasoning = "shown"
    price_completion = 0.5
    [models.local]
    name = "qwen3:8b"
    base_url = "http://127.0.0.1:2/v1"
    [defaults]
    model = "fast"
"""


async def test_every_model_is_made_with_its_own_settings_and_the_common_clocks() -> None:
    maker = Maker()
    models = catalogue.models(settings_of(TWO), maker)
    assert models.names == ("gpt-4.1", "fast", "local")
    assert [(chat.model, chat.temperature, dict(chat.extra), chat.max_tokens) for chat in maker.asked] == [
        ("gpt-4.1", 1.0, {"seed": 1}, None), ("llama", None, {}, 500), ("qwen3:8b", None, {}, None),
    ]  # fmt: skip
    assert {chat.clocks for chat in maker.asked} == {Clocks(first_event=7.0)}
    info, model = models.pick()
    assert info == ModelInfo(
        "fast",
        "Quick",
        context=8000,
        max_tokens=500,
        vision=True,
        reasoning=ReasoningMode.SHOWN,
        prices=Prices(Decimal(0), Decimal("0.5")),
    )
    deltas = [delta async for delta in model.stream(())]
    assert "".join(delta.text for delta in deltas) == "llama"
    assert "".join(delta.reasoning for delta in deltas) == "Hm"


def test_a_model_without_a_description_says_what_it_is() -> None:
    models = catalogue.models(settings_of(TWO), Maker())
    assert [info.description for info, _ in models] == ["", "Quick", "qwen3:8b"]
    assert models.pick("local")[0] == ModelInfo("local", "qwen3:8b")


def test_the_simplest_settings_give_one_model_and_one_persona(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_MODEL", "gpt")
    settings = load()
    assert catalogue.models(settings, Maker()).names == ("gpt",)
    assert list(catalogue.personas(settings)) == [Persona("standard", "")]
    assert catalogue.access(settings) == Access()
    assert catalogue.limits(settings.limits) == (Limits(Scope.USER), Limits(Scope.WORKSPACE))


def test_without_a_model_there_is_no_catalogue() -> None:
    with pytest.raises(ValueError, match="default"):
        catalogue.models(load(), Maker())


@pytest.mark.parametrize(
    ("toml", "names", "default"),
    [
        ("[model]\nsystem_prompt = 'Be brief.'\n[personas.a]\nprompt = 'A'", ["standard", "a"], "Be brief."),
        ("[personas.a]\nprompt = 'A'", ["standard", "a"], ""),
        ("[personas.a]\nprompt = 'A'\n[defaults]\npersona = 'a'", ["a"], "A"),
        ("[personas.standard]\nprompt = 'S'", ["standard"], "S"),
        (
            "[model]\nsystem_prompt = 'S'\n[personas.a]\nprompt = 'A'\n[defaults]\npersona = 'a'",
            ["standard", "a"],
            "A",
        ),
    ],
)
def test_the_system_prompt_is_the_standard_persona(toml: str, names: list[str], default: str) -> None:
    personas = catalogue.personas(settings_of(toml))
    assert list(personas.names) == names
    assert personas.pick().prompt == default


def test_the_lists_of_access_are_those_that_were_set() -> None:
    access = catalogue.access(
        settings_of("""
        [models.dear]
        allow_users = ["discord:1"]
        allow_roles = ["slack:S1"]
        allow_channels = ["discord:7"]
        [access]
        admins = ["discord:2"]
        admin_roles = "slack:S2"
        allow_users = "discord:3"
        allow_roles = ["discord:4"]
        allow_channels = ["discord:direct"]
        deny_users = ["discord:5"]
        deny_roles = ["slack:S3"]
        deny_channels = ["slack:C1"]
    """)
    )

    def lists(users: str, roles: str, *channels: str) -> Lists:
        return Lists(frozenset({person(users)}), frozenset({roles}), frozenset(channels))

    assert access == Access(
        allow=lists("discord:3", "discord:4", "discord:direct"),
        deny=lists("discord:5", "slack:S3", "slack:C1"),
        admins=lists("discord:2", "slack:S2"),
        models={"dear": lists("discord:1", "slack:S1", "discord:7")},
    )
    stranger = Asker(person("discord:9"), frozenset({"discord:7"}))
    assert access.check(stranger) == Refusal(Reason.PERSON)


def test_the_limits_are_those_that_were_set() -> None:
    settings = settings_of("""
        [limits]
        user_at_once = 1
        user_per_hour = 2
        user_tokens_per_day = 3
        workspace_at_once = 4
        workspace_per_hour = 5
        workspace_tokens_per_day = 6
    """)
    user, workspace = catalogue.limits(settings.limits)
    assert user == Limits(Scope.USER, at_once=1, per_hour=2, tokens_per_day=3)
    assert workspace == Limits(Scope.WORKSPACE, at_once=4, per_hour=5, tokens_per_day=6)
