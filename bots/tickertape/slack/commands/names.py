"""The slash commands and shortcuts of the app: the manifest declares them, the handlers listen for them. Pure.

A workspace shares its commands among all apps, and the latest one installed wins. So the further commands begin with
the name of the first, which the owner can choose: `/ask`, `/ask-model`.
"""

from __future__ import annotations

import enum

ASK_ABOUT = "tickertape_ask_about"
FORGET_THIS = "tickertape_forget"
"""The callback_ids of the message shortcuts."""

ASK_ABOUT_NAME = "Ask about this message"
FORGET_THIS_NAME = "Forget this conversation"
"""What Slack's menu calls them. Slack has no translations of a manifest, so they are English for everybody."""


class Further(enum.Enum):
    """What a further command is for; the value is the end of its name."""

    MODEL = "model"
    PERSONA = "persona"
    USAGE = "usage"
    FORGET = "forget"
    STOP = "stop"
    HELP = "help"

    def under(self, command: str) -> str:
        """Return its name beside the command that asks, e.g. `/ask-model`."""
        return f"{command}-{self.value}"
