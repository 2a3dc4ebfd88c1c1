"""Whether a request is made again, and after how long. Pure."""

from __future__ import annotations

from collections.abc import Callable

from tickertape.model.api import CutOff, ModelError, ServerFailed, TooManyRequests, Unreachable
from tickertape.model.failures import Unsettled
from tickertape.model.settings import Retries

_WORTH_REPEATING = (Unreachable, CutOff, ServerFailed, TooManyRequests, Unsettled)
"""Never a missing balance, credentials or a bad request, which repeating cannot mend; nor a model that is too slow."""


def pause_before_retry(
    error: ModelError, failed: int, retries: Retries, chance: Callable[[], float]
) -> float | None:
    """Return the seconds to wait before the request is made again, None when it is not.

    `failed` counts the tries so far, from 1. `chance` gives a number from 0 to 1, which takes away up to half of
    a wait that we choose ourselves, so that many answers don't come back at once. What the gateway asks for is
    waited for in full, or not at all when it is more than `retries.retry_after_cap`.
    """
    if failed > retries.attempts or not isinstance(error, _WORTH_REPEATING):
        return None
    asked = error.retry_after if isinstance(error, TooManyRequests | ServerFailed) else None
    if asked is not None and asked > retries.retry_after_cap:
        return None
    ours = min(retries.base * 2.0 ** (failed - 1), retries.longest) * (1 - chance() / 2)
    return max(asked or 0.0, ours)
