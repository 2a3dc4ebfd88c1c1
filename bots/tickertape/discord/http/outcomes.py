"""What an answer of Discord means for the message that a call was to show. Pure.

Codes: API documentation, opcodes and status codes, JSON error codes.
"""

from __future__ import annotations

from tickertape.discord import words
from tickertape.discord.http.response import Response
from tickertape.discord.keys import message_key
from tickertape.languages import Sentence
from tickertape.screen.budget import Budget
from tickertape.screen.outcome import Gone, Outcome, RateLimited, Refused, Shown, Unconfirmed

UNKNOWN_CHANNEL = 10003
UNKNOWN_MESSAGE = 10008
UNKNOWN_WEBHOOK = 10015
UNKNOWN_INTERACTION = 10062
TOO_MANY_FOLLOW_UPS = 40094
MISSING_ACCESS = 50001
MISSING_PERMISSIONS = 50013
INVALID_WEBHOOK_TOKEN = 50027
ARCHIVED_THREAD = 50083
REPLY_NEEDS_HISTORY = 160002

TOKEN_EXPIRED = frozenset({UNKNOWN_WEBHOOK, INVALID_WEBHOOK_TOKEN})
"""What webhook routes answer once an interaction's 15 minutes are over."""

_GONE = frozenset({UNKNOWN_CHANNEL, UNKNOWN_MESSAGE})

_PERMISSIONS = {
    MISSING_ACCESS: words.VIEW,
    ARCHIVED_THREAD: words.MANAGE_THREADS,
    REPLY_NEEDS_HISTORY: words.HISTORY,
}


def outcome(
    answer: Response | RateLimited | Unconfirmed, budget: Budget, send_permission: Sentence
) -> Outcome:
    """Return the outcome; `send_permission` is what writing in this place needs, as people are told."""
    if not isinstance(answer, Response):
        return answer
    if answer.ok:
        return _shown(answer)
    if answer.status == 429:  # error 30046 (an old message) and 20028 (a channel's writes) come as such, too
        return RateLimited(budget, answer.retry_after)
    if answer.status >= 500:
        return Unconfirmed(answer.problem)
    if answer.code in _GONE:
        return Gone()
    known = _PERMISSIONS | {MISSING_PERMISSIONS: send_permission}
    return Refused(answer.problem, known.get(answer.code))


def _shown(answer: Response) -> Shown | Unconfirmed:
    """Return the message that a success tells of; without one, it may be a proxy that speaks, not Discord."""
    try:
        key = message_key(int(answer.fields["channel_id"]), int(answer.fields["id"]))
    except (KeyError, TypeError, ValueError):
        return Unconfirmed(f"{answer.status} without a message")
    return Shown(key, answer.at)
