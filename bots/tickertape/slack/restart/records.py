"""What is stored of an answer's place and prompt, so that a new process can go on with them: JSON there and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from tickertape.durable.journal import Place as Json
from tickertape.durable.store.records import AnswerRecord
from tickertape.files.attachment import Attachment
from tickertape.prompts.asker import Asker
from tickertape.prompts.prompt import Origin, Prompt
from tickertape.slack.showing.surface import Place


def write(place: Place, prompt: Prompt, *, native: bool) -> Json:
    """Return what is stored of an answer at `place`; `native` says whether it is shown by native streams."""
    return {
        "place": asdict(place),
        "native": native,
        "asker": prompt.asker,
        "said_in": prompt.said_in,
        "replaces": prompt.replaces,
        "origin": None if prompt.origin is None else _origin(prompt.origin),
        "attachments": [asdict(attachment) for attachment in prompt.attachments],
    }


def _origin(origin: Origin) -> Json:
    asker = origin.asker
    return {
        "name": origin.name,
        "channel": origin.channel,
        "locale": origin.locale,
        "user": asker.user,
        "channels": sorted(asker.channels),
        "roles": None if asker.roles is None else sorted(asker.roles),
        "workspace": asker.workspace,
    }


def read_place(stored: Json) -> Place | None:
    """Return where a stored answer is shown; None if that was not stored by this adapter."""
    place = stored.get("place")
    return Place(**place) if isinstance(place, Mapping) else None


def read_prompt(record: AnswerRecord) -> Prompt:
    """Return the prompt of a stored answer as it was asked. Its text is empty if it was forgotten."""
    stored = record.surface
    origin = stored["origin"]
    return Prompt(
        record.prompt_key,
        record.prompt or "",
        stored["asker"],
        record.place,
        record.conversation,
        None if origin is None else _read_origin(origin),
        tuple(Attachment(**each) for each in stored["attachments"]),
        record.model,
        record.persona,
        stored["said_in"],
        stored["replaces"],
    )


def _read_origin(stored: Mapping[str, Any]) -> Origin:
    roles = stored["roles"]
    asker = Asker(
        stored["user"],
        frozenset(stored["channels"]),
        None if roles is None else frozenset(roles),
        stored["workspace"],
    )
    return Origin(asker, stored["name"], stored["channel"], stored["locale"])
