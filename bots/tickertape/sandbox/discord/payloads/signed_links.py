"""The links of attachments, pure: signed, and valid for a while (API documentation, reference: signed attachment URLs)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

from tickertape.sandbox.discord.world.entities import Attachment, Channel


def signed(path: str, key: bytes, now: float, life: float) -> str:
    """Return a path with the parameters that make it a valid link for `life` seconds; `now` is Unix time."""
    issued, expires = f"{int(now):x}", f"{int(now + life):x}"
    return f"{path}?ex={expires}&is={issued}&hm={_signature(path, expires, issued, key)}&"


def is_valid(path: str, query: Mapping[str, str], key: bytes, now: float) -> bool:
    """Tell whether a link's parameters were signed for its path and have not expired."""
    expires, issued = query.get("ex", ""), query.get("is", "")
    known = hmac.compare_digest(query.get("hm", ""), _signature(path, expires, issued, key))
    return known and now < int(expires, 16)


def _signature(path: str, expires: str, issued: str, key: bytes) -> str:
    return hmac.new(key, f"{path}|{expires}|{issued}".encode(), hashlib.sha256).hexdigest()


def path_of(application: int, place: Channel, item: Attachment) -> str:
    """Return an attachment's path on the CDN; those of slash commands lie with the application."""
    if item.ephemeral:
        return f"/ephemeral-attachments/{application}/{item.id}/{item.filename}"
    return f"/attachments/{place.id}/{item.id}/{item.filename}"
