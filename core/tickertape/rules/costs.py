"""What an answer costs by the prices that its owner has set. Pure.

Money is never a float. A cost is an exact `Decimal` in units of the currency; for a database, which adds up whole
numbers exactly, it is an integer of millionths.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from tickertape.model.api import Usage

MICROS = 1_000_000
"""Millionths in one unit of a currency, and the tokens to which a price applies."""


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
    return (prompt + completion) / MICROS


def micros(amount: Decimal) -> int:
    """Return an amount in millionths of the currency's unit; halves go to the even neighbour, so that sums don't drift."""
    return int((amount * MICROS).quantize(Decimal(1), ROUND_HALF_EVEN))


def from_micros(amount: int) -> Decimal:
    """Return the amount that `micros` made an integer."""
    return Decimal(amount) / MICROS
