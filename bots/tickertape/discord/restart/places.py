"""Where an answer is shown, as it is written down: what another process needs to go on with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from tickertape.prompts.prompt import Prompt
from tickertape.prompts.stored import PROMPT, to_json

Json = dict[str, Any]

CHANNEL = "channel"
INTERACTION = "interaction"
THREAD = "thread"
KIND = "kind"
PRIVATE = "private"
"""The entry that says whether only the asker sees the answer; absent for a channel's."""


@dataclass(frozen=True, slots=True)
class ChannelPlace:
    """An answer in messages of a channel; the first one is a reply to `reply_to`, if that is set."""

    channel_id: int
    reply_to: int | None = None

    def to_json(self, prompt: Prompt) -> Json:
        """Return the place and its prompt as JSON values."""
        return {KIND: CHANNEL, **asdict(self), PROMPT: to_json(prompt)}


@dataclass(frozen=True, slots=True)
class InteractionPlace:
    """An answer in the response to an interaction, whose token lives until `expires` (Unix time in seconds).

    `present` says that the bot itself can write in the channel, `files` that it may post files there, `user_only` that
    the app is installed for the user alone, `private` that only the asker sees the answer.
    """

    interaction_id: int
    application_id: int
    channel_id: int
    expires: float
    token: str = field(repr=False)
    present: bool
    user_only: bool
    files: bool
    private: bool

    def to_json(self, prompt: Prompt) -> Json:
        """Return the place and its prompt as JSON values."""
        return {KIND: INTERACTION, **asdict(self), PROMPT: to_json(prompt)}


@dataclass(frozen=True, slots=True)
class ThreadPlace:
    """An answer in a thread that is about to start from the response to an interaction, in the channel `channel_id`.

    The interaction's token lives until `expires` (Unix time in seconds). Once the thread is there, a `ChannelPlace` takes
    the place of this.
    """

    interaction_id: int
    application_id: int
    channel_id: int
    expires: float
    token: str = field(repr=False)

    def to_json(self, prompt: Prompt) -> Json:
        """Return the place and its prompt as JSON values."""
        return {KIND: THREAD, **asdict(self), PROMPT: to_json(prompt)}


DiscordPlace = ChannelPlace | InteractionPlace | ThreadPlace


def place_from_json(fields: Mapping[str, Any]) -> DiscordPlace:
    """Return what `to_json` wrote. Raises `KeyError` or `TypeError` for what it did not write."""
    kinds: dict[str, type[DiscordPlace]] = {
        CHANNEL: ChannelPlace,
        INTERACTION: InteractionPlace,
        THREAD: ThreadPlace,
    }
    kind = kinds[fields[KIND]]
    return kind(**{name: fields[name] for name in kind.__dataclass_fields__})
