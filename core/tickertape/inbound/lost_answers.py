"""Tells whoever asked that their platform did not take the answer."""

from __future__ import annotations

import structlog

from tickertape.answer.answer import Answer
from tickertape.inbound.facts import Sender
from tickertape.inbound.spot import Spot
from tickertape.languages import in_english

_log = structlog.get_logger(__name__)


async def tell_if_lost(answer: Answer, spot: Spot, sender: Sender) -> None:
    """Wait until an answer is over, and tell `sender` if it was not taken, unless the question was taken back."""
    await answer.done.wait()
    refused, ending = answer.refused, answer.ending
    if refused is None or (ending is not None and not ending.repeatable):
        return
    _log.error("answer_lost", answer=answer.id, place=str(answer.prompt.place), reason=refused.reason,
               permission=in_english(refused.permission))  # fmt: skip
    await sender.tell(spot.sorry(refused))
