"""Every sentence that the core says to the people in a channel; `tickertape.languages` has the text in each language.

Details for operators go to the log instead.
"""

from __future__ import annotations

import math
from decimal import Decimal

from tickertape.languages import Sentence
from tickertape.model.api import (
    BadCredentials,
    BadRequest,
    BalanceUsedUp,
    Busy,
    Clock,
    CutOff,
    EmptyAnswer,
    Finish,
    ModelError,
    ModelNotFound,
    NotAStream,
    ServerFailed,
    TimedOut,
    TooManyRequests,
    Unreachable,
)
from tickertape.prompts.prompt import MAX_PROMPT

PROMPT_EMPTY = Sentence("prompt-empty")
PROMPT_TOO_LONG = Sentence("prompt-too-long", {"most": MAX_PROMPT})
SHUTTING_DOWN = Sentence("shutting-down")

THINKING = Sentence("thinking")
WAITING_TURN = Sentence("waiting-turn")
STOP_LABEL = Sentence("label-stop")
NOT_RUNNING = Sentence("not-running")
NOTHING_RUNNING = Sentence("nothing-running")
NOT_YOURS = Sentence("not-yours")
TOO_SLOW = Sentence("too-slow")

REST_IN_FILE = Sentence("rest-in-file")

STOPPED = Sentence("stopped")
SUPERSEDED = Sentence("superseded")
INTERRUPTED = Sentence("interrupted")
DELETED = Sentence("deleted")
QUESTION_DELETED = Sentence("question-deleted")
CANNOT_GO_ON = Sentence("cannot-go-on")
BUG = Sentence("bug")

NO_SUCH_MODEL = Sentence("no-such-model")
NO_SUCH_PERSONA = Sentence("no-such-persona")

PERSON_NOT_ALLOWED = Sentence("person-not-allowed")
CHANNEL_NOT_ALLOWED = Sentence("channel-not-allowed")

ONLY_ADMINS = Sentence("only-admins")
ONLY_MODERATORS_CHOOSE = Sentence("only-moderators-choose")
ONLY_MODERATORS_FORGET = Sentence("only-moderators-forget")
NOT_YOURS_AGAIN = Sentence("not-yours-again")
ANSWER_UNKNOWN = Sentence("answer-unknown")
PROMPT_GONE = Sentence("prompt-gone")
NOTHING_TO_FORGET = Sentence("nothing-to-forget")
RATED = Sentence("rated")
MODEL_CHOICES = Sentence("choices-model")
PERSONA_CHOICES = Sentence("choices-persona")
USAGE_YOURS = Sentence("usage-yours")
USAGE_ALL = Sentence("usage-all")
LAST_DAY = Sentence("usage-last-day")
LAST_MONTH = Sentence("usage-last-month")

AGAIN_LABEL = Sentence("label-again")
CONTINUE_LABEL = Sentence("label-continue")
QUESTION_LABEL = Sentence("label-question")

_CUT_OFF = Sentence("cut-off")

_BEFORE_TEXT: dict[type[ModelError], Sentence] = {
    BadCredentials: Sentence("bad-credentials"),
    BalanceUsedUp: Sentence("balance-used-up"),
    ModelNotFound: Sentence("model-not-found"),
    TooManyRequests: Sentence("too-many-requests"),
    BadRequest: Sentence("bad-request"),
    ServerFailed: Sentence("server-failed"),
    Unreachable: Sentence("unreachable"),
    CutOff: Sentence("connection-broke"),
    NotAStream: Sentence("not-a-stream"),
    EmptyAnswer: Sentence("empty-answer"),
    Busy: Sentence("busy"),
}

_AFTER_TEXT: dict[type[ModelError], Sentence] = {
    NotAStream: Sentence("not-streamed"),
    BalanceUsedUp: Sentence("cut-off-balance"),
    TooManyRequests: Sentence("cut-off-too-often"),
    ServerFailed: Sentence("cut-off-server"),
}

_FINISHED: dict[Finish, Sentence | None] = {
    Finish.COMPLETE: None,
    Finish.UNCONFIRMED: Sentence("unconfirmed"),
    Finish.LENGTH: Sentence("length-limit"),
    Finish.FILTERED: Sentence("content-filter"),
    Finish.REFUSED: Sentence("model-refused"),
}


def answer_lost(platform: str) -> Sentence:
    """Return what the asker is told when a platform of this name did not take the answer."""
    return Sentence("answer-lost", {"platform": platform})


def stopped_here(count: int) -> Sentence:
    """Return the reply to a command that stopped `count` answers, one or more."""
    return Sentence("stopped-here", {"answers": count})


def thinking(seconds: int | None) -> Sentence:
    """Return what stands in for an answer whose model thinks; None or 0 seconds are not told."""
    return Sentence("thinking-for", {"time": short_duration(seconds)}) if seconds else THINKING


def thought_for(seconds: int | None) -> Sentence | None:
    """Return the closing line of an answer whose model thought; None for None or 0 seconds."""
    return Sentence("thought-for", {"time": short_duration(seconds)}) if seconds else None


def not_remembered(reason: Sentence) -> Sentence:
    """Return the closing line of an answer whose question the database did not take; `reason` says why."""
    return Sentence("not-remembered", {"reason": reason})


def forgotten(turns: int) -> Sentence:
    """Return what is said when so many turns were erased."""
    return Sentence("forgotten", {"turns": turns})


def duration(seconds: float) -> Sentence:
    """Return a time to wait, rounded up so that it is over then: `40 seconds`, `12 minutes`, `2 hours 5 minutes`."""
    whole = max(math.ceil(seconds), 1)
    if whole < 60:
        return Sentence("wait-seconds", {"seconds": whole})
    in_hours, in_minutes = divmod(math.ceil(whole / 60), 60)
    hours, minutes = (
        Sentence("wait-hours", {"hours": in_hours}),
        Sentence("wait-minutes", {"minutes": in_minutes}),
    )
    if in_hours and in_minutes:
        return Sentence("wait-hours-minutes", {"hours": hours, "minutes": minutes})
    return hours if in_hours else minutes


def short_duration(seconds: int) -> Sentence:
    """Return a time that has passed: `12 s`, `2 min 5 s`."""
    minutes, rest = divmod(seconds, 60)
    if minutes and rest:
        return Sentence("time-minutes-seconds", {"minutes": minutes, "seconds": rest})
    return (
        Sentence("time-minutes", {"minutes": minutes})
        if minutes
        else Sentence("time-seconds", {"seconds": rest})
    )


def amount(number: Decimal, currency: str) -> Sentence:
    """Return an amount with two decimals, or four where two would hide most of it: `0.0123 EUR`."""
    if not number or number >= 1:
        return Sentence("amount", {"amount": number, "currency": currency})
    return Sentence("amount-small", {"amount": number, "currency": currency})


def usage(when: Sentence, model: str, answers: int, tokens: int, cost: Sentence | None) -> Sentence:
    """Return the line of what one model's answers took."""
    if cost is None:
        return Sentence(
            "usage-of-model", {"when": when, "model": model, "answers": answers, "tokens": tokens}
        )
    return Sentence(
        "usage-of-model-cost",
        {"when": when, "model": model, "answers": answers, "tokens": tokens, "cost": cost},
    )


def no_usage(when: Sentence) -> Sentence:
    """Return the line of a time in which there were no answers."""
    return Sentence("usage-none", {"when": when})


def no_such_model(nearest: str | None) -> Sentence:
    """Return that there is no such model, and which one may be meant."""
    return NO_SUCH_MODEL if nearest is None else Sentence("no-such-model-but", {"name": nearest})


def no_such_persona(nearest: str | None) -> Sentence:
    """Return that there is no such persona, and which one may be meant."""
    return NO_SUCH_PERSONA if nearest is None else Sentence("no-such-persona-but", {"name": nearest})


def model_not_allowed(model: str) -> Sentence:
    """Return what somebody is told who may not use that model."""
    return Sentence("model-not-allowed", {"model": model})


def chosen(name: str, *, for_channel: bool) -> Sentence:
    """Return that a model or persona answers from now on, in the channel or the conversation."""
    if for_channel:
        return Sentence("chosen-for-channel", {"name": name})
    return Sentence("chosen-for-conversation", {"name": name})


def stopped_by(name: str | None) -> Sentence:
    """Return the closing line of an answer that `name` stopped: None is the asker, an empty name a moderator without one."""
    if name is None:
        return STOPPED
    return Sentence("stopped-by", {"name": name}) if name else Sentence("stopped-by-moderator")


def finished(finish: Finish) -> Sentence | None:
    """Return the closing line of an answer that ended without an error; None if there is nothing to say."""
    return _FINISHED[finish]


def failed(error: ModelError, *, after_text: bool) -> Sentence:
    """Return the one sentence that tells the user of the bot what went wrong."""
    if isinstance(error, TimedOut):
        return _timed_out(error.clock, after_text=after_text)
    if after_text:
        return _look_up(_AFTER_TEXT, error, _CUT_OFF)
    return _look_up(_BEFORE_TEXT, error, BUG)


def _timed_out(clock: Clock, *, after_text: bool) -> Sentence:
    if clock is Clock.WHOLE:
        return Sentence("cut-off-whole") if after_text else Sentence("took-too-long")
    return Sentence("cut-off-silent") if after_text else Sentence("no-answer-in-time")


def _look_up(sentences: dict[type[ModelError], Sentence], error: ModelError, otherwise: Sentence) -> Sentence:
    return next((said for kind, said in sentences.items() if isinstance(error, kind)), otherwise)
