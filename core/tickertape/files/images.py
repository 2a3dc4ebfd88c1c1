"""Recognises images by their bytes and measures them, without decoding a pixel. Pure.

Only what the large vendors take: PNG, JPEG, GIF and WebP that do not move. An image that ends too early is found out here,
because a gateway would reject the whole question for it.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass

from tickertape.files.problems import ImageAnimated, ImageDamaged

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_JPEG_END = b"\xff\xd9"
_NO_FRAME = frozenset({0xC4, 0xC8, 0xCC})
"""Markers between C0 and CF that do not begin a frame (ITU-T T.81, table B.1)."""
_GIF_EXTENSION, _GIF_FRAME, _GIF_END = 0x21, 0x2C, 0x3B
_WEBP_MOVES = 0x02
"""The flag of an extended WebP file that is an animation (RFC 9649, section 2.7)."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What an image's bytes say: its media type, and its width and height in pixels."""

    media_type: str
    width: int
    height: int


def recognise(data: bytes) -> Picture | None:
    """Return what kind of image `data` is, None if it is none of the four.

    Raises `ImageDamaged` and `ImageAnimated` for one that no model would take.
    """
    for media_type, (is_kind, measure) in _KINDS.items():
        if is_kind(data):
            return Picture(media_type, *_checked(measure, data))
    return None


def _checked(measure: Callable[[bytes], tuple[int, int]], data: bytes) -> tuple[int, int]:
    try:
        width, height = measure(data)
    except (IndexError, struct.error):
        raise ImageDamaged("ends too early") from None
    if not (width and height):
        raise ImageDamaged(f"{width} x {height} pixels")
    return width, height


def _png(data: bytes) -> tuple[int, int]:
    """Follow the chunks to the last one (PNG specification, section 5.3)."""
    header, width, height = struct.unpack_from(">4sII", data, 12)
    if header != b"IHDR":
        raise ImageDamaged(f"begins with a chunk {header!r}")
    position, kind = len(_PNG), b""
    while kind != b"IEND":
        length, kind = struct.unpack_from(">I4s", data, position)
        position += 12 + length
    if position > len(data):
        raise ImageDamaged("its last chunk is cut")
    return width, height


def _jpeg(data: bytes) -> tuple[int, int]:
    """Follow the segments to the first frame header (ITU-T T.81, annex B), then see that there is an end."""
    position = 2
    while not _begins_frame(data, position):
        (length,) = struct.unpack_from(">H", data, position + 2)
        position += 2 + length
    height, width = struct.unpack_from(">HH", data, position + 5)
    if data.rfind(_JPEG_END, position) < 0:
        raise ImageDamaged("has no end marker")
    return width, height


def _begins_frame(data: bytes, position: int) -> bool:
    if data[position] != 0xFF:
        raise ImageDamaged(f"no marker at {position}")
    marker = data[position + 1]
    return 0xC0 <= marker <= 0xCF and marker not in _NO_FRAME


def _gif(data: bytes) -> tuple[int, int]:
    """Follow the blocks to the trailer (GIF89a, appendix A) and count the frames on the way."""
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    position, frames = 13 + _color_table(flags), 0
    while data[position] != _GIF_END:
        if data[position] == _GIF_FRAME:
            frames += 1
            position += 11 + _color_table(data[position + 9])
        elif data[position] == _GIF_EXTENSION:
            position += 2
        else:
            raise ImageDamaged(f"no block at {position}")
        position = _after_sub_blocks(data, position)
    if frames > 1:
        raise ImageAnimated(f"{frames} frames")
    return (width, height) if frames else (0, 0)


def _color_table(flags: int) -> int:
    """Return the bytes of the table of colours that a descriptor's flags announce."""
    return 3 * 2 ** ((flags & 0x07) + 1) if flags & 0x80 else 0


def _after_sub_blocks(data: bytes, position: int) -> int:
    while data[position]:
        position += 1 + data[position]
    return position + 1


def _webp(data: bytes) -> tuple[int, int]:
    """Read the first chunk (RFC 9649, section 2), which is one of three kinds."""
    if 8 + struct.unpack_from("<I", data, 4)[0] > len(data):
        raise ImageDamaged("ends too early")
    match data[12:16]:
        case b"VP8X" if data[20] & _WEBP_MOVES:
            raise ImageAnimated("an animation")
        case b"VP8X":
            return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
        case b"VP8L":
            (bits,) = struct.unpack_from("<I", data, 21)
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        case b"VP8 ":
            width, height = struct.unpack_from("<HH", data, 26)
            return width & 0x3FFF, height & 0x3FFF
        case kind:
            raise ImageDamaged(f"begins with a chunk {kind!r}")


_KINDS: dict[str, tuple[Callable[[bytes], bool], Callable[[bytes], tuple[int, int]]]] = {
    "image/png": (lambda data: data.startswith(_PNG), _png),
    "image/jpeg": (lambda data: data.startswith(_JPEG), _jpeg),
    "image/gif": (lambda data: data[:6] in {b"GIF87a", b"GIF89a"}, _gif),
    "image/webp": (lambda data: data[:4] == b"RIFF" and data[8:12] == b"WEBP", _webp),
}
"""Each media type, how its files begin, and how they are measured."""
