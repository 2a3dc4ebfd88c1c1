"""Where an answer is shown, as it is written down: what another process needs to go on with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from tickertape.durable.store.records import AnswerRecord
from tickertape.files.attachment import Attachment
from tickertape.prompts.asker import Asker
from tickertape.prompts.prompt import Origin, Prompt

Json = dict[str, Any]

CHANNEL = "channel"
INTERACTION = "interaction"
THREAD = "thread"
KIND = "kind"
PROMPT = "prompt"
PRIVATE = "private"
"""The entry that says whether only the asker sees the answer; absent for a channel's."""


@dataclass(frozen=True, slots=True)
class ChannelPlace:
    """An answer in messages of a channel; the first one is a reply to `reply_to`, if that is set."""

    channel_id: int
    reply_to: int | None = None

    def to_json(self, prompt: Prompt) -> Json:
        """Return the place and all of the prompt but its text, which can be forgotten, as JSON values."""
        return {KIND: CHANNEL, **asdict(self), PROMPT: prompt_to_json(prompt)}


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
        """Return the place and all of the prompt but its text, which can be forgotten, as JSON values."""
        return {KIND: INTERACTION, **asdict(self), PROMPT: prompt_to_json(prompt)}


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
        """Return the place and all of the prompt but its text, which can be forgotten, as JSON values."""
        return {KIND: THREAD, **asdict(self), PROMPT: prompt_to_json(prompt)}


Place = ChannelPlace | InteractionPlace | ThreadPlace


def place_from_json(fields: Mapping[str, Any]) -> Place:
    """Return what `to_json` wrote. Raises `KeyError` or `TypeError` for what it did not write."""
    kinds: dict[str, type[Place]] = {
        CHANNEL: ChannelPlace,
        INTERACTION: InteractionPlace,
        THREAD: ThreadPlace,
    }
    kind = kinds[fields[KIND]]
    return kind(**{name: fields[name] for name in kind.__dataclass_fields__})


def prompt_to_json(prompt: Prompt) -> Json:
    """Return what the store's records do not keep of a prompt anyway."""
    origin = prompt.origin
    return {
        "asker": prompt.asker,
        "said_in": prompt.said_in,
        "replaces": prompt.replaces,
        "attachments": attachments_to_json(prompt.attachments),
        "origin": None if origin is None else _origin_to_json(origin),
    }


def prompt_from_json(record: AnswerRecord) -> Prompt:
    """Return the prompt of an answer that was written down."""
    fields = record.surface[PROMPT]
    origin = fields["origin"]
    return Prompt(
        record.prompt_key,
        record.prompt or "",
        fields["asker"],
        record.place,
        record.conversation,
        None if origin is None else _origin_from_json(record.asker, origin),
        attachments_of(record),
        record.model,
        record.persona,
        fields["said_in"],
        fields["replaces"],
    )


def attachments_to_json(attachments: tuple[Attachment, ...]) -> list[Json]:
    """Return attachments as JSON values."""
    return [asdict(each) for each in attachments]


def attachments_of(record: AnswerRecord) -> tuple[Attachment, ...]:
    """Return the files that came with the prompt of an answer."""
    return tuple(Attachment(**each) for each in record.surface.get(PROMPT, {}).get("attachments", ()))


def _origin_to_json(origin: Origin) -> Json:
    asker = origin.asker
    return {
        "name": origin.name,
        "channel": origin.channel,
        "locale": origin.locale,
        "channels": sorted(asker.channels),
        "roles": None if asker.roles is None else sorted(asker.roles),
        "workspace": asker.workspace,
        "user": asker.user,
    }


def _origin_from_json(user: str, fields: Mapping[str, Any]) -> Origin:
    roles = fields["roles"]
    asker = Asker(
        user=user,
        channels=frozenset(fields["channels"]),
        roles=None if roles is None else frozenset(roles),
        workspace=fields["workspace"],
    )
    return Origin(asker, fields["name"], fields["channel"], fields["locale"])
