"""What Slack's error codes mean for an answer: the outcome that the core acts on, and what a person has to grant."""

from __future__ import annotations

from bots.slack.lookup import Limited
from bots.slack.web import CallFailed, CallRateLimited, CallRefused
from core.budget import Budget
from core.surface import Gone, Outcome, RateLimited, Refused, Unconfirmed

MEMBERSHIP = "membership of the channel (invite the bot with /invite)"
_LACKS = {
    "not_in_channel": MEMBERSHIP,
    "channel_not_found": MEMBERSHIP,
    "missing_scope": "the scope chat:write",
    "no_permission": "the permission to post here",
    "restricted_action": "the permission to post in this channel (its posting is restricted)",
    "restricted_action_read_only_channel": "the permission to post in this read-only channel",
    "restricted_action_thread_only_channel": "the permission to post in this channel outside threads",
    "restricted_action_non_threadable_channel": "the permission to post in threads of this channel",
    "restricted_action_thread_locked": "the permission to post in this locked thread",
    "cant_update_message": "the permission to edit this message (it is not the bot's own)",
    "edit_window_closed": "the permission to edit messages this old (a workspace setting)",
    "ekm_access_denied": "the permission to post (the workspace's keys are suspended)",
    "token_revoked": "a valid bot token (reinstall the app)",
    "token_expired": "a valid bot token (reinstall the app)",
    "invalid_auth": "a valid bot token (reinstall the app)",
    "not_authed": "a valid bot token (reinstall the app)",
    "account_inactive": "an active bot user (reinstall the app)",
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


def lacking(refused: CallRefused) -> str | None:
    """Return what the bot lacks, as an owner would look for it; None if Slack refuses for another reason."""
    if refused.needed:
        return f"the scope {refused.needed}"
    return _LACKS.get(refused.code)
