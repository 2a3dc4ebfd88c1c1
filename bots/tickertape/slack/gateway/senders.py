"""The way back to whoever wrote a message, pressed a button or reacted; implements `tickertape.inbound.facts.Sender`."""

from __future__ import annotations

from tickertape.inbound.facts import Caller
from tickertape.languages import Sentence
from tickertape.prompts.keys import PersonKey
from tickertape.slack.gateway.callers import Callers
from tickertape.slack.http.notices import Notices, Recipient
from tickertape.slack.keys import person_key


class Senders:
    """Makes the ways back."""

    def __init__(self, callers: Callers, notices: Notices) -> None:
        self.callers = callers
        self.notices = notices

    def at(self, user: str, channel: str, thread_ts: str | None = None) -> SlackSender:
        """Return the way back to `user`, who did something in a channel."""
        return SlackSender(self, Recipient(user, channel, thread_ts))

    def by_url(self, user: str, channel: str, response_url: str) -> CommandSender:
        """Return the way back to `user`, who used a command in a channel."""
        return CommandSender(self, Recipient(user, channel), response_url)


class SlackSender:
    """Somebody in a channel, told there for their eyes only, or in a direct message. Slack is asked who it is."""

    def __init__(self, senders: Senders, recipient: Recipient) -> None:
        self._senders = senders
        self._recipient = recipient

    @property
    def key(self) -> PersonKey:
        """Who it is."""
        return person_key(self._recipient.user)

    async def caller(self) -> Caller:
        """Return what Slack tells of them, or told lately."""
        return await self._senders.callers.of(self._recipient.user, self._recipient.channel)

    async def tell(self, sentence: Sentence) -> None:
        """Tell them in private."""
        await self._senders.notices.tell(self._recipient, sentence)


class CommandSender(SlackSender):
    """Somebody who used a command, told in its response."""

    def __init__(self, senders: Senders, recipient: Recipient, response_url: str) -> None:
        super().__init__(senders, recipient)
        self._response_url = response_url

    async def tell(self, sentence: Sentence) -> None:
        """Tell them in private."""
        await self._senders.notices.say(self._recipient.user, self._response_url, sentence)
