"""Models and personas in tables with names, and what settings say of one another."""

from __future__ import annotations

from pathlib import Path

import pytest

from tickertape.configuration import SettingsError, load, named_rows
from tickertape.model.reasoning import ReasoningMode
from tickertape.settings import NAMED_TABLES, Settings

KEY = "gsk_a_Secret"


def settings_of(toml: str) -> Settings:
    Path("tickertape.toml").write_text(toml, encoding="utf-8")
    return load()


def problems_of(toml: str) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as raised:
        settings_of(toml)
    return raised.value.problems


def test_a_model_has_everything_that_was_said_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GROQ_API_KEY", KEY)
    settings = settings_of("""
        [models.fast]
        name = "llama-3.3-70b"
        base_url = "https://api.groq.example/v1/"
        api_key_variable = "GROQ_API_KEY"
        description = "Quick answers"
        context = 128000
        vision = true
        reasoning = "hidden"
        temperature = 0.2
        max_tokens = 4000
        extra = { reasoning_effort = "low" }
        price_prompt = 0.15
        price_completion = 0.6
        allow_users = ["discord:1"]
        allow_roles = ["slack:S1"]
        allow_channels = ["discord:direct"]
    """)
    (entry,) = settings.model_entries
    table = settings.models["fast"]
    assert (entry.name, entry.id, entry.base_url) == ("fast", "llama-3.3-70b", "https://api.groq.example/v1")
    assert entry.api_key.get_secret_value() == KEY
    assert entry.fields is table
    assert table.reasoning is ReasoningMode.HIDDEN
    assert (str(table.price_prompt), str(table.price_completion)) == ("0.15", "0.6")
    assert table.allow_channels == ("discord:direct",)
    assert set(table.model_fields_set) == set(type(table).model_fields)
    assert settings.secrets() == (KEY,)
    assert KEY not in repr(settings)
    assert settings.missing == ()


def test_the_model_of_the_variables_comes_first_and_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_MODEL", "gpt")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-1")
    toml = "[models.b]\n[models.a]\n"
    assert [entry.name for entry in settings_of(toml).model_entries] == ["gpt", "b", "a"]
    assert load().default_model == "gpt"
    assert settings_of(f"{toml}[defaults]\nmodel = 'a'").default_model == "a"


def test_without_it_the_first_table_is_the_default() -> None:
    settings = settings_of("[models.b]\n[models.a]\n")
    assert [entry.name for entry in settings.model_entries] == ["b", "a"]
    assert settings.default_model == "b"
    assert settings_of("").default_model == ""
    assert load().missing == ("OPENAI_MODEL", "OPENAI_API_KEY")


def test_a_key_is_sent_to_no_other_gateway(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_MODEL", "gpt")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-1")
    monkeypatch.setenv("OTHER_KEY", "sk-2")
    settings = settings_of("""
        [models.same]
        [models.local]
        base_url = "http://127.0.0.1:1/v1"
        [models.own]
        base_url = "http://127.0.0.1:2/v1"
        api_key_variable = "OTHER_KEY"
        [models.paid_apart]
        api_key_variable = "OTHER_KEY"
    """)
    keys = {entry.name: entry.api_key.get_secret_value() for entry in settings.model_entries}
    assert keys == {"gpt": "sk-1", "same": "sk-1", "local": "", "own": "sk-2", "paid_apart": "sk-2"}


def test_a_model_of_openai_without_a_key_is_not_ready() -> None:
    settings = settings_of("""
        [models.a]
        [models.b]
        base_url = "https://api.openai.com/v1"
        [models.c]
        base_url = "http://127.0.0.1:1/v1"
    """)
    assert settings.missing == ("OPENAI_API_KEY", "models.b.api_key_variable")


def test_a_key_may_stand_in_the_env_file_whatever_its_variable_is_called(bare: Path) -> None:
    (bare / ".env").write_text(f"TICKERTAPE_FAST_KEY={KEY}\nOPENAI_API_KEY2={KEY}\n")
    settings = settings_of("""
        [models.a]
        api_key_variable = "TICKERTAPE_FAST_KEY"
        [models.b]
        api_key_variable = "OPENAI_API_KEY2"
    """)
    assert [entry.api_key.get_secret_value() for entry in settings.model_entries] == [KEY, KEY]


def test_personas_are_read() -> None:
    settings = settings_of("""
        [models.a]
        [personas.pirate]
        prompt = "You are a pirate. It is {time}. {{user}} {"
        description = "Arr"
        model = "a"
        [defaults]
        persona = "pirate"
    """)
    assert settings.personas["pirate"].description == "Arr"
    assert settings.default_persona == "pirate"
    assert settings_of("").default_persona == "standard"


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("models = 1", "The TOML file has models = …, but there are only tables [models.NAME]."),
        ("[models]\na = 1", "The TOML file has models.a = …, but [models.NAME] is a table."),
        ("[models.a]\nnmae = 1", "The TOML file has models.a.nmae, which is unknown. Did you mean models.a.name?"),
        ("[personas.a]\nprompt = ''\nx = 1", "The TOML file has personas.a.x, which is unknown."),
        ("[model.a]\nname = 'x'", "The TOML file has model.a, which is unknown. Did you mean model.name?"),
        ("[modles.a]", "The TOML file has [modles], which is unknown. Did you mean models?"),
        ("[models.'a b']", "The TOML file has [models.'a b'], but names have at most 60 characters and no spaces."),
        ("[models.a]\ncontext = 'Secret'", "models.a.context in the TOML file is wrong: input should be a valid integer, unable to parse string as an integer."),
        ("[models.a]\ntemperature = 3", "models.a.temperature in the TOML file is wrong: input should be less than or equal to 2."),
        ("[models.a]\nbase_url = 'https://me:Secret@x/v1'", "models.a.base_url in the TOML file must not hold a user name or password."),
        ("[models.a]\nallow_users = ['Secret']", "models.a.allow_users in the TOML file must hold ids such as discord:1234567890 or slack:U0123ABCD, not names, which anybody can take; number 1 is none."),
        ("[models.a]\napi_key_variable = 'gsk_a_Secret'", "models.a.api_key_variable in the TOML file must be the name of a variable in capitals, such as GROQ_API_KEY, which holds the key."),
        ("[models.a]\napi_key_variable = 'A_KEY'", "A_KEY, which models.a.api_key_variable in the TOML file names, is not set."),
        ("[personas.a]", "personas.a.prompt in the TOML file is missing."),
        ("[personas.a]\nprompt = 'Hi {usr}'", "personas.a.prompt in the TOML file holds {usr}, which is no placeholder (did you mean {user}?); written {{usr}} it is text."),
        ("[personas.a]\nprompt = 'Hi'\nmodel = 'cleverr'\n[models.clever]", "personas.a.model in the TOML file names a model that there is not. Did you mean clever?"),
        ("[defaults]\nmodel = 'fsat'\n[models.fast]", "TICKERTAPE_DEFAULTS_MODEL (defaults.model in the TOML file) names a model that there is not. Did you mean fast?"),
        ("[defaults]\npersona = 'x'", "TICKERTAPE_DEFAULTS_PERSONA (defaults.persona in the TOML file) names a persona that there is not."),
        ("[model]\nname = 'a'\n[models.a]", "[models.a] in the TOML file has the name of the model in OPENAI_MODEL. Give it another, or leave OPENAI_MODEL empty."),
        ("[model]\nsystem_prompt = 'a'\n[personas.standard]\nprompt = 'b'", "[personas.standard] in the TOML file has the name of the persona that TICKERTAPE_MODEL_SYSTEM_PROMPT is. Give it another, or leave that empty."),
        ("[model]\nsystem_prompt = '{wombat}'", "TICKERTAPE_MODEL_SYSTEM_PROMPT (model.system_prompt in the TOML file) holds {wombat}, which is no placeholder; written {{wombat}} it is text."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_sentence_without_values(toml: str, said: str) -> None:
    assert problems_of(toml) == (said,)
    assert "Secret" not in said


def test_a_key_that_was_pasted_badly_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_KEY", f" {KEY}")
    said = problems_of("[models.a]\napi_key_variable = 'A_KEY'")
    assert said == ("A_KEY, which models.a.api_key_variable in the TOML file names, begins or ends with white space; remove it.",)  # fmt: skip


def test_a_table_that_is_not_accepted_can_still_be_referred_to() -> None:
    said = problems_of(
        "[models.a]\ncontext = 0\n[defaults]\nmodel = 'a'\n[personas.b]\n[access]\nadmins = 'x'"
    )
    assert len(said) == 3
    assert not any("there is not" in problem for problem in said)


def test_a_variable_of_a_table_is_told_where_it_belongs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TICKERTAPE_MODELS_FAST_NAME", "x")
    assert problems_of("") == (
        "The variable TICKERTAPE_MODELS_FAST_NAME is unknown. Tables [models.NAME] are in the TOML file only.",
    )


def test_every_field_of_a_table_is_documented() -> None:
    assert len(named_rows()) == sum(len(kind.model_fields) for kind in NAMED_TABLES)
    assert all(row.description.endswith(".") for row in named_rows())
    assert all(not row.variable for row in named_rows())
