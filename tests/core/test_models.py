from __future__ import annotations

from decimal import Decimal

import pytest

from tests.support.english import english
from tests.support.scripted_model import model_of
from tickertape.languages import words
from tickertape.memory.models import ModelInfo, Models, UnknownModel
from tickertape.model.api import Usage
from tickertape.rules.costs import Prices, cost

FAST, CLEVER = model_of("fast"), model_of("clever")


def models(*names: str) -> Models:
    return Models([(ModelInfo(name), FAST) for name in names], names[0])


def test_the_default_is_picked_for_no_name() -> None:
    both = Models([(ModelInfo("fast"), FAST), (ModelInfo("clever", vision=True), CLEVER)], "clever")
    info, model = both.pick()
    assert (info.name, info.vision) == ("clever", True)
    assert model is CLEVER
    assert both.pick("fast")[1] is FAST
    assert both.names == ("fast", "clever")
    assert [info.name for info, _ in both] == ["fast", "clever"]
    assert "fast" in both
    assert len(both) == 2


def test_a_name_is_found_in_any_case_unless_that_would_be_a_guess() -> None:
    assert models("GPT-4.1", "local").pick("gpt-4.1 ")[0].name == "GPT-4.1"
    assert models("GPT", "gpt").pick("gpt")[0].name == "gpt"
    with pytest.raises(UnknownModel):
        models("GPT", "gpt").pick("Gpt")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("clevr", "There is no such model. Did you mean clever?"),
        ("FATS", "There is no such model. Did you mean fast?"),
        ("@everyone <@1>", "There is no such model."),
        ("", "There is no such model."),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(typed: str, sentence: str) -> None:
    with pytest.raises(UnknownModel) as raised:
        models("fast", "clever").pick(typed)
    assert english(raised.value.sentence) == sentence


def test_the_default_has_to_be_one_of_them() -> None:
    with pytest.raises(ValueError, match="none of the entries"):
        Models([(ModelInfo("fast"), FAST)], "clever")


def test_a_cost_is_exact() -> None:
    prices = Prices(prompt=Decimal("0.15"), completion=Decimal("0.60"))
    assert cost(Usage(1_000, 100), prices) == Decimal("0.00021")
    assert cost(Usage(1, 0), prices) == Decimal("0.00000015")
    assert cost(Usage(0, 10, reasoning_tokens=9), prices) == Decimal("0.000006")


@pytest.mark.parametrize(
    ("amount", "shown"),
    [("0", "0.00 EUR"), ("0.00021", "0.0002 EUR"), ("0.5", "0.5000 EUR"), ("1234.567", "1,234.57 EUR")],
)
def test_an_amount_is_written_with_as_many_decimals_as_it_needs(amount: str, shown: str) -> None:
    assert english(words.amount(Decimal(amount), "EUR")) == shown
