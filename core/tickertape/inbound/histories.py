"""How each platform's own history is read: for what was said before the bot came, and for what is replied to."""

from __future__ import annotations

from tickertape.inbound.history import History, MessageHistory, Witness
from tickertape.inbound.reply_chains import MessageReader, ReplyChains
from tickertape.memory.memory import Memory


class Histories:
    """Takes the histories of platforms as they come up."""

    def __init__(self, memory: Memory, chains: ReplyChains, witness: Witness) -> None:
        self._memory = memory
        self._chains = chains
        self._witness = witness

    def serve(self, platform: str, messages: MessageHistory, *, replies: MessageReader | None = None) -> None:
        """Let the history of a platform be read, by its name in keys; `replies` where messages reply to others."""
        self._memory.histories[platform] = History(messages, self._witness)
        if replies is not None:
            self._chains.readers[platform] = replies
