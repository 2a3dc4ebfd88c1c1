"""A prompt as JSON values, there and back: what an answer's place keeps of it beside the store's own columns. Pure.

Who asked and which files came with the question stand under the names `ORIGIN` and `ATTACHMENTS` alone: there they are
erased when the question is forgotten or deleted, and a prompt can be read without them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from tickertape.files.attachment import Attachment
from tickertape.prompts.asker import Asker
from tickertape.prompts.keys import ConversationKey, MessageKey, PersonKey, PlaceKey
from tickertape.prompts.prompt import Origin, Prompt

Json = Mapping[str, Any]

PROMPT = "prompt"
"""The entry of a place that holds its prompt."""

ORIGIN = "origin"
"""Who asked, with their name; None if that is not known any more."""

ATTACHMENTS = "attachments"
"""The files of the question: a list."""


def to_json(prompt: Prompt) -> dict[str, Any]:
    """Return all of a prompt but its text, which can be forgotten, and what has a column of its own."""
    return {
        "asker": prompt.asker.id,
        "said_in": "" if prompt.said_in is None else str(prompt.said_in),
        "replaces": prompt.replaces,
        ORIGIN: None if prompt.origin is None else _origin_to_json(prompt.origin),
        ATTACHMENTS: [asdict(each) for each in prompt.attachments],
    }


def from_json(
    stored: Json,
    *,
    key: MessageKey,
    text: str,
    place: PlaceKey,
    conversation: ConversationKey | None,
    model: str,
    persona: str,
) -> Prompt:
    """Return the prompt of which `to_json` wrote `stored`.

    Raises `KeyError`, `TypeError` or `ValueError` for what it did not write.
    """
    origin, said_in = stored[ORIGIN], stored["said_in"]
    return Prompt(
        key=key,
        text=text,
        asker=PersonKey(key.platform, stored["asker"]),
        place=place,
        conversation=conversation,
        origin=None if origin is None else _origin_from_json(origin),
        attachments=_attachments(stored),
        model=model,
        persona=persona,
        said_in=MessageKey.parse(said_in) if said_in else None,
        replaces=stored["replaces"],
    )


def part_of(place: Json) -> Json:
    """Return what an answer's place holds of its prompt; once, Slack's had that beside the rest."""
    part: Json = place.get(PROMPT, place)
    return part


def attachments_of(place: Json) -> tuple[Attachment, ...]:
    """Return the files that came with the prompt of an answer at `place`, none if they were erased."""
    return _attachments(part_of(place))


def _attachments(stored: Json) -> tuple[Attachment, ...]:
    return tuple(Attachment(**each) for each in stored.get(ATTACHMENTS, ()))


def _origin_to_json(origin: Origin) -> dict[str, Any]:
    asker = origin.asker
    return {
        "name": origin.name,
        "channel": origin.channel,
        "locale": origin.locale,
        "user": str(asker.user),
        "channels": sorted(asker.channels),
        "roles": None if asker.roles is None else sorted(asker.roles),
        "workspace": asker.workspace,
    }


def _origin_from_json(stored: Json) -> Origin:
    roles = stored["roles"]
    asker = Asker(
        user=PersonKey.parse(stored["user"]),
        channels=frozenset(stored["channels"]),
        roles=None if roles is None else frozenset(roles),
        workspace=stored["workspace"],
    )
    return Origin(asker, stored["name"], stored["channel"], stored["locale"])
