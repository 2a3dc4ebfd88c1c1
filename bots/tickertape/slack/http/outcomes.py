"""What Slack's error codes mean for an answer: the outcome that the core acts on, and what a person has to grant."""

from __future__ import annotations

from tickertape.languages import Sentence
from tickertape.screen.budget import Budget
from tickertape.screen.outcome import Gone, Outcome, RateLimited, Refused, Unconfirmed
from tickertape.slack import words
from tickertape.slack.http.lookup import Limited
from tickertape.slack.http.web import CallFailed, CallRateLimited, CallRefused

MEMBERSHIP = Sentence("slack-lacks-membership")
_TOKEN = Sentence("slack-lacks-token")
_LACKS = {
    "not_in_channel": MEMBERSHIP,
    "channel_not_found": MEMBERSHIP,
    "missing_scope": words.lacks_scope("chat:write"),
    "no_permission": Sentence("slack-lacks-posting"),
    "restricted_action": Sentence("slack-lacks-restricted"),
    "restricted_action_read_only_channel": Sentence("slack-lacks-read-only"),
    "restricted_action_thread_only_channel": Sentence("slack-lacks-outside-threads"),
    "restricted_action_non_threadable_channel": Sentence("slack-lacks-in-threads"),
    "restricted_action_thread_locked": Sentence("slack-lacks-locked-thread"),
    "cant_update_message": Sentence("slack-lacks-own-message"),
    "edit_window_closed": Sentence("slack-lacks-edit-window"),
    "ekm_access_denied": Sentence("slack-lacks-keys"),
    "token_revoked": _TOKEN,
    "token_expired": _TOKEN,
    "invalid_auth": _TOKEN,
    "not_authed": _TOKEN,
    "account_inactive": Sentence("slack-lacks-bot-user"),
}
_GONE_ON_POST = frozenset({"thread_not_found"})
_GONE_ON_EDIT = frozenset({"message_not_found", "channel_not_found", "thread_not_found"})


def of_post(failed: CallFailed, budget: Budget) -> Outcome:
    """Return what a failed chat.postMessage comes to; `budget` is the one that a 429 closes, unless it was on a look."""
    return _outcome(failed, budget, _GONE_ON_POST)


def of_edit(failed: CallFailed, budget: Budget) -> Outcome:
    """Return what a failed chat.update comes to; `budget` is the one that a 429 closes."""
    return _outcome(failed, budget, _GONE_ON_EDIT)


def _outcome(failed: CallFailed, budget: Budget, gone: frozenset[str]) -> Outcome:
    match failed:
        case Limited():
            return RateLimited(failed.budget, failed.retry_after)
        case CallRateLimited():
            return RateLimited(budget, failed.retry_after)
        case CallRefused() if failed.code in gone:
            return Gone()
        case CallRefused():
            return Refused(str(failed), lacking(failed))
        case _:
            return Unconfirmed(str(failed))


def lacking(refused: CallRefused) -> Sentence | None:
    """Return what the bot lacks, as an owner would look for it; None if Slack refuses for another reason."""
    if refused.needed:
        return words.lacks_scope(refused.needed)
    return _LACKS.get(refused.code)
