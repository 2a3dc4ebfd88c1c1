"""Images: recognised by their bytes, measured, and found out when they are incomplete."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.files.samples import IMAGES, ZIP, gif, jpeg, pdf, png, webp
from tickertape.files.images import Picture, recognise
from tickertape.files.problems import ImageAnimated, ImageDamaged, UnreadableFile


@pytest.mark.parametrize(
    ("data", "picture"),
    [
        (png(640, 480), Picture("image/png", 640, 480)),
        (jpeg(800, 600), Picture("image/jpeg", 800, 600)),
        (gif(32, 16), Picture("image/gif", 32, 16)),
        (webp(b"VP8 ", 100, 50), Picture("image/webp", 100, 50)),
        (webp(b"VP8L", 16384, 1), Picture("image/webp", 16384, 1)),
        (webp(b"VP8X", 70000, 2), Picture("image/webp", 70000, 2)),
        (png() + b"what some programs append", Picture("image/png", 2, 2)),
        (jpeg() + b"what some cameras append", Picture("image/jpeg", 3, 2)),
    ],
)
def test_kinds_and_sizes(data: bytes, picture: Picture) -> None:
    assert recognise(data) == picture


@pytest.mark.parametrize(
    "data", [b"", b"text", ZIP, pdf("text"), b"GIF90a", b"RIFF\0\0\0\0WAVE", b"BM\0\0", b"\xff\xd8"]
)
def test_everything_else_is_no_image(data: bytes) -> None:
    assert recognise(data) is None


@pytest.mark.parametrize("data", [gif(frames=2), webp(b"VP8X", moves=True)])
def test_moving_images_are_refused(data: bytes) -> None:
    with pytest.raises(ImageAnimated):
        recognise(data)


@pytest.mark.parametrize(
    "data",
    [
        png(0, 5),
        png().replace(b"IHDR", b"JUNK"),
        gif(frames=0),
        gif()[:-1] + b"?",
        webp(b"ALPH"),
        jpeg().replace(b"\xff\xdb", b"\x00\xdb"),
    ],
)
def test_images_that_make_no_sense(data: bytes) -> None:
    with pytest.raises(ImageDamaged):
        recognise(data)


@given(st.sampled_from(sorted(IMAGES)), st.data())
def test_an_image_that_ends_too_early_is_damaged(kind: str, data: st.DataObject) -> None:
    whole = IMAGES[kind]
    part = whole[: data.draw(st.integers(16, len(whole) - 1))]
    with pytest.raises(ImageDamaged):
        recognise(part)


@given(st.sampled_from(sorted(IMAGES)), st.binary(max_size=200))
def test_any_bytes_behind_a_right_beginning_are_measured_or_refused(kind: str, rest: bytes) -> None:
    try:
        picture = recognise(IMAGES[kind][:12] + rest)
    except UnreadableFile:
        return
    assert picture is not None
    assert picture.media_type == kind
    assert picture.width > 0 < picture.height
