"""Where an answer is shown, as it is written down: what another process needs to go on with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tickertape.durable.journal import SurfaceJson
from tickertape.prompts.keys import ConversationKey, MessageKey, PlaceKey
from tickertape.prompts.prompt import Prompt
from tickertape.prompts.stored import PROMPT, to_json
from tickertape.slack.keys import conversation_of, message_key, place_of

_PLACE = "place"
_NATIVE = "native"


@dataclass(frozen=True, slots=True)
class SlackPlace:
    """Where an answer is shown: a channel, its thread or None, and the ts of what was asked there."""

    team: str
    channel: str
    thread_ts: str | None
    asked_ts: str

    def to_json(self, prompt: Prompt, *, native: bool) -> dict[str, Any]:
        """Return the place and its prompt as JSON values; `native` says whether the answer is shown by native streams."""
        return {_PLACE: asdict(self), _NATIVE: native, PROMPT: to_json(prompt)}

    def message(self, ts: str) -> MessageKey:
        """Return the key of the message at `ts` of this channel."""
        return message_key(self.team, self.channel, ts)

    @property
    def key(self) -> PlaceKey:
        """The channel's key."""
        return place_of(self.team, self.channel)

    @property
    def conversation(self) -> ConversationKey:
        """What is asked here belongs to it."""
        return conversation_of(self.team, self.channel, self.thread_ts or self.asked_ts)


def place_from_json(stored: SurfaceJson) -> SlackPlace | None:
    """Return the place of which `to_json` wrote `stored`; None for what it did not write."""
    place = stored.get(_PLACE)
    return SlackPlace(**place) if isinstance(place, Mapping) else None


def is_native(stored: SurfaceJson) -> bool:
    """Whether the answer at a stored place is shown by native streams."""
    return bool(stored[_NATIVE])
