"""Every sentence that the core says to the people in a channel. Details for operators go to the log instead."""

from __future__ import annotations

import math

from core.model.api import (
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
from core.prompt import MAX_PROMPT

PROMPT_EMPTY = "There is no question in your message. Write it after my name or the command."
PROMPT_TOO_LONG = f"Your question is too long: at most {MAX_PROMPT:,} characters."
SHUTTING_DOWN = "I am restarting. Please ask again in a minute."

THINKING = "Thinking…"
WAITING_TURN = "Waiting for the answer before this one…"
STOP_LABEL = "Stop"
NOT_RUNNING = "This answer has already ended."
NOTHING_RUNNING = "No answer of yours is being written here."
NOT_YOURS = "Only the person who asked, or a moderator, can stop this answer."
STOPPING = "Stopped."

REST_IN_FILE = "The rest of the answer is in the file."

STOPPED = "Stopped."
SUPERSEDED = "Stopped: a new question came."
INTERRUPTED = "Interrupted: I had to restart."
DELETED = "Stopped: a message of this answer was deleted."
QUESTION_DELETED = "Stopped: the question was deleted."
CANNOT_GO_ON = "Cut off: I am not allowed to go on here."
BUG = "Something went wrong on my side. The operator's log says what."

NO_SUCH_MODEL = "There is no such model."
NO_SUCH_PERSONA = "There is no such persona."
DID_YOU_MEAN = "Did you mean {name}?"

PERSON_NOT_ALLOWED = "I may not answer you here. Please ask this bot's owner."
CHANNEL_NOT_ALLOWED = "I may not answer in this channel. Please ask in another one."
MODEL_NOT_ALLOWED = "You may not use the model {model} here. Please choose another one."

USER_AT_ONCE = "I write at most {answers} for you at a time. Please ask again when one has ended."
USER_PER_HOUR = "I write at most {answers} for you in an hour. Please ask again in {wait}."
USER_TOKENS_PER_DAY = "Your {tokens} tokens for 24 hours are used up. Please ask again in {wait}."
WORKSPACE_AT_ONCE = "I write at most {answers} here at a time. Please ask again when one has ended."
WORKSPACE_PER_HOUR = "I write at most {answers} here in an hour. Please ask again in {wait}."
WORKSPACE_TOKENS_PER_DAY = "The {tokens} tokens for 24 hours are used up here. Please ask again in {wait}."

ONLY_ADMINS = "Only this bot's admins can do that."
ONLY_MODERATORS_CHOOSE = "Only a moderator can choose for the whole channel."
ONLY_MODERATORS_FORGET = "Only a moderator can make me forget what several people said."
NOT_YOURS_AGAIN = "Only the person who asked, or a moderator, can have it answered again."
ANSWER_UNKNOWN = "I do not know this answer any more."
PROMPT_GONE = "The question was deleted, so I can't answer it again."
NOTHING_TO_FORGET = "There is no conversation here to forget."
RATED = "Thank you, noted."
CHOSEN = "From now on, {name} answers {where}."
IN_CHANNEL = "in this channel"
IN_CONVERSATION = "in this conversation"
CHOICES = {"model": "Models that you can choose here:", "persona": "Personas that you can choose here:"}
USAGE_YOURS = "**Your answers**"
USAGE_ALL = "**All answers**"
LAST_DAY = "Last 24 hours"
LAST_MONTH = "Last 30 days"

NOT_REMEMBERED = "{reason} I will not remember this question."

AGAIN_LABEL = "Again"
CONTINUE_LABEL = "Continue"

THINKING_FOR = "Thinking… {duration}"
THOUGHT_FOR = "Thought for {duration}."

_BEFORE_TEXT: dict[type[ModelError], str] = {
    BadCredentials: "The model's gateway does not accept this bot's key. Please tell its owner.",
    BalanceUsedUp: "The balance for this model is used up. Please tell this bot's owner.",
    ModelNotFound: "The gateway does not know the model that this bot asks for. Please tell its owner.",
    TooManyRequests: "The model is being asked too often right now. Please try again in a moment.",
    BadRequest: "The model's gateway did not accept this question.",
    ServerFailed: "The model's gateway reports a failure of its own. Please try again in a moment.",
    Unreachable: "The model's gateway cannot be reached. Please try again in a moment.",
    CutOff: "The connection to the model broke before any text came. Please try again.",
    NotAStream: "The model's gateway did not answer as expected. Please tell this bot's owner.",
    EmptyAnswer: "The model gave an empty answer.",
    Busy: "Too many answers are being written right now. Please try again in a moment.",
}

_AFTER_TEXT: dict[type[ModelError], str] = {
    NotAStream: "The model's gateway sent this in one piece, not as a stream.",
    BalanceUsedUp: "Cut off: the balance for this model is used up.",
    TooManyRequests: "Cut off: the model is being asked too often.",
    ServerFailed: "Cut off: the model's gateway reported a failure.",
}

_FINISHED: dict[Finish, str] = {
    Finish.COMPLETE: "",
    Finish.UNCONFIRMED: "The model did not confirm that this is the whole answer.",
    Finish.LENGTH: "The answer reached the model's length limit.",
    Finish.FILTERED: "The model's content filter ended this answer.",
    Finish.REFUSED: "The model declined to answer this.",
}


def thinking(seconds: int | None) -> str:
    """Return what stands in for an answer whose model thinks; None or 0 seconds are not told."""
    return THINKING_FOR.format(duration=short_duration(seconds)) if seconds else THINKING


def thought_for(seconds: int | None) -> str:
    """Return the closing line of an answer whose model thought; empty for None or 0 seconds."""
    return THOUGHT_FOR.format(duration=short_duration(seconds)) if seconds else ""


def not_remembered(reason: str) -> str:
    """Return the closing line of an answer whose question the database did not take; `reason` is a sentence."""
    return NOT_REMEMBERED.format(reason=reason)


def forgotten(turns: int) -> str:
    """Return what is said when so many turns were erased."""
    return f"Forgotten: {count(turns, 'message')}."


def duration(seconds: float) -> str:
    """Return a time to wait, rounded up so that it is over then: `40 seconds`, `12 minutes`, `2 hours 5 minutes`."""
    whole = max(math.ceil(seconds), 1)
    if whole < 60:
        return count(whole, "second")
    hours, minutes = divmod(math.ceil(whole / 60), 60)
    parts = [count(hours, "hour")] * bool(hours) + [count(minutes, "minute")] * bool(minutes)
    return " ".join(parts)


def short_duration(seconds: int) -> str:
    """Return a time that has passed: `12 s`, `2 min 5 s`."""
    minutes, rest = divmod(seconds, 60)
    parts = [f"{minutes} min"] * bool(minutes) + [f"{rest} s"] * bool(rest or not minutes)
    return " ".join(parts)


def count(number: int, thing: str) -> str:
    """Return a number of things: `1 answer`, `1,000 answers`."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def stopped_by(name: str | None) -> str:
    """Return the closing line of an answer that `name` stopped; None says that the asker did."""
    return STOPPED if name is None else f"Stopped by {name}."


def finished(finish: Finish) -> str:
    """Return the closing line of an answer that ended without an error; empty if there is nothing to say."""
    return _FINISHED[finish]


def failed(error: ModelError, *, after_text: bool) -> str:
    """Return the one sentence that tells the user of the bot what went wrong."""
    if isinstance(error, TimedOut):
        return _timed_out(error.clock, after_text=after_text)
    if after_text:
        return _look_up(_AFTER_TEXT, error, "Cut off: the connection to the model broke.")
    return _look_up(_BEFORE_TEXT, error, BUG)


def _timed_out(clock: Clock, *, after_text: bool) -> str:
    if clock is Clock.WHOLE:
        return "Cut off: the answer took too long." if after_text else "The answer took too long."
    if after_text:
        return "Cut off: the model fell silent."
    return "The model did not answer in time. Please try again."


def _look_up(sentences: dict[type[ModelError], str], error: ModelError, otherwise: str) -> str:
    return next((said for kind, said in sentences.items() if isinstance(error, kind)), otherwise)
