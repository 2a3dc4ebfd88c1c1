"""Every sentence that only Slack's people read. What both platforms say is in `tickertape.languages.words`."""

from __future__ import annotations

from tickertape.languages import Lines, Sentence
from tickertape.languages.words import answer_lost
from tickertape.slack.commands.names import ASK_ABOUT_NAME

QUESTION_LOST = Sentence("slack-question-lost")
EDITED = Sentence("slack-edited")

ASK_ABOUT_TITLE = Sentence("slack-about-title")
ASK_LABEL = Sentence("label-ask")
CHOOSE = Sentence("label-choose")

SUGGESTED = (
    (Sentence("suggested-abilities"), Sentence("suggested-abilities-prompt")),
    (Sentence("suggested-writing"), Sentence("suggested-writing-prompt")),
    (Sentence("suggested-explanation"), Sentence("suggested-explanation-prompt")),
)
"""Prompts to begin with, as title and message."""

FIGURES = Sentence("slack-figures")
EXPORTED = Sentence("slack-exported")
NOT_EXPORTED = Sentence("slack-not-exported")
EXPORT_LOST = Sentence("slack-export-lost")

IS_THINKING = Sentence("slack-is-thinking")
IS_WAITING = Sentence("slack-is-waiting")
"""Slack puts the app's name before it."""


def cannot_answer(permission: Sentence | None) -> Sentence:
    """Return what the asker is told when Slack refuses the answer."""
    if permission is None:
        return answer_lost("Slack")
    return Sentence("slack-answer-lost-lacking", {"permission": permission})


def not_in_channel(bot: str) -> Sentence:
    """Return what somebody is told who asks where the bot, of the handle `bot`, cannot write."""
    return Sentence("slack-not-in-channel", {"bot": bot})


def asked(name: str) -> Sentence:
    """Return the line above a question that came by slash command; `name` is already escaped, empty if unknown."""
    return Sentence("slack-asked", {"name": name}) if name else Sentence("slack-somebody-asked")


def cannot_post(permission: Sentence | None) -> Sentence:
    """Return what somebody is told whose question Slack does not let the bot post."""
    if permission is None:
        return Sentence("slack-cannot-post")
    return Sentence("slack-cannot-post-lacking", {"permission": permission})


def lacks_scope(scope: str) -> Sentence:
    """Return what the bot lacks, where Slack names a scope."""
    return Sentence("slack-lacks-scope", {"scope": scope})


def help_text(command: str) -> Lines:
    """Return how to use the bot; `command` is the name of the slash command that asks."""
    return Lines(
        (
            Sentence("help-ask-slack", {"command": command}),
            Sentence("help-stop-slack", {"command": command}),
            Sentence("help-about-slack", {"entry": ASK_ABOUT_NAME}),
            Sentence("help-choose-slack", {"command": command}),
        )
    )
