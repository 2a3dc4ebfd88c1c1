"""What an answer costs by the prices that its owner has set. Pure.

A cost is an exact `Decimal` in units of the currency.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from tickertape.model.api import Usage

_PRICED = 1_000_000
"""The tokens to which a price applies."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What a model's tokens cost: units of the currency per million tokens, as gateways print it."""

    prompt: Decimal
    completion: Decimal


def cost(usage: Usage, prices: Prices) -> Decimal:
    """Return what the tokens cost, in units of the currency.

    Reasoning tokens are among the completion tokens (OpenAI's API reference, `usage`), so they count once. Prompt
    tokens that the gateway had cached count in full: the real bill may be lower, not higher.
    """
    prompt = usage.prompt_tokens * prices.prompt
    completion = usage.completion_tokens * prices.completion
    return (prompt + completion) / _PRICED
