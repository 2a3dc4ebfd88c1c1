"""Messages whose content is a list of parts, text and images: what is rejected, and what the images are.

The sentences are OpenAI's, as users report them: image_url for a model without vision (vllm#11629), another kind of part
(openai-kotlin#320), a file that is no image (STranslate#277).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass, field

from tickertape.sandbox.gateway.chunks import Json
from tickertape.sandbox.gateway.invalid import Invalid

_MAGIC = {
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
    "image/gif": b"GIF8",
    "image/webp": b"RIFF",
}
_UNSUPPORTED = (
    "You uploaded an unsupported image. Please make sure your image has of one the following formats: "
    "['png', 'jpeg', 'gif', 'webp']."
)


@dataclass(frozen=True, slots=True)
class ReceivedImage:
    """An image that came in a request."""

    media_type: str
    data: bytes = field(repr=False)


def check_parts(content: list[object], role: str, where: str, *, vision: bool) -> None:
    """Raise Invalid for a part that a real gateway rejects; `where` names the message."""
    for position, part in enumerate(content):
        place = f"{where}.content.[{position}]"
        match part:
            case {"type": "text", "text": str()}:
                continue
            case {"type": "image_url"} if not vision:
                raise Invalid(
                    "Invalid content type. image_url is only supported by certain models.",
                    param=f"{place}.type",
                )
            case {"type": "image_url"} if role != "user":
                raise Invalid("Image URLs are only allowed for messages with role 'user'.", param=where)
            case {"type": "image_url", "image_url": {"url": str(url)}}:
                _image(url)
            case _:
                raise Invalid(
                    "Invalid value. Supported values are: 'text' and 'image_url'.",
                    param=f"{place}.type",
                    code="invalid_value",
                )


def images_of(body: Json) -> Iterator[ReceivedImage]:
    """Yield the images of all messages of a valid request that hold their bytes, in order."""
    for message in body["messages"]:
        if isinstance(message["content"], str):
            continue
        for part in message["content"]:
            if part["type"] == "image_url" and part["image_url"]["url"].startswith("data:"):
                yield _image(part["image_url"]["url"])


def _image(url: str) -> ReceivedImage:
    """Read a data URL; raise Invalid for one that holds no image. An address is left unread: this stand-in fetches nothing."""
    if url.startswith(("https://", "http://")):
        return ReceivedImage("", b"")
    head, _, encoded = url.partition(",")
    media_type = head.removeprefix("data:").removesuffix(";base64")
    try:
        data = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise Invalid("Invalid base64 image_url.", code="invalid_base64") from None
    if media_type not in _MAGIC or not data.startswith(_MAGIC[media_type]):
        raise Invalid(_UNSUPPORTED, code="invalid_image_format")
    return ReceivedImage(media_type, data)
