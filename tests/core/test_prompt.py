"""Turns and their images."""

from __future__ import annotations

import base64

import pytest

from tickertape.prompts.turns import Image, Role, Turn

IMAGE = Image("image/png", b"\x89PNG\xff", "cat.png")


def test_an_image_as_an_address() -> None:
    head, _, encoded = IMAGE.data_url.partition(",")
    assert head == "data:image/png;base64"
    assert base64.b64decode(encoded, validate=True) == IMAGE.data


def test_bytes_stay_out_of_the_log() -> None:
    assert repr(Turn(Role.USER, "x", (IMAGE,))).count("PNG") == 0


@pytest.mark.parametrize("role", [Role.SYSTEM, Role.ASSISTANT])
def test_only_a_user_has_images(role: Role) -> None:
    with pytest.raises(ValueError, match=role.value):
        Turn(role, "x", (IMAGE,))
