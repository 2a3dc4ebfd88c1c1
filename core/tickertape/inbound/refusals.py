"""What somebody is told whose wish the database did not fulfil."""

from __future__ import annotations

import structlog

from tickertape.answer.preparation import PromptRefused
from tickertape.durable.store.errors import StoreError

_log = structlog.get_logger(__name__)


def sorry(error: StoreError) -> PromptRefused:
    """Return the refusal to somebody whose wish the database did not fulfil, after noting why in the log."""
    _log.error("store_failed", error=error.detail)
    return PromptRefused(error.sentence)
