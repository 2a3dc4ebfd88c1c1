"""Prompts as JSON values, there and back."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickertape.durable.store.forgetting import without_people
from tickertape.files.attachment import Attachment
from tickertape.prompts.asker import Asker
from tickertape.prompts.keys import ConversationKey, MessageKey, PersonKey, PlaceKey
from tickertape.prompts.prompt import Origin, Prompt
from tickertape.prompts.stored import PROMPT, attachments_of, from_json, part_of, to_json

words = st.text(max_size=20)
ids = st.text("0123456789", min_size=1, max_size=19)
places = st.one_of(
    st.builds(PlaceKey, st.just("discord"), ids),
    st.builds(PlaceKey, st.just("slack"), ids.map(lambda channel: f"T1/C{channel}")),
)
listed = st.frozensets(words, max_size=3)
origins = st.builds(
    Origin,
    st.builds(
        Asker,
        st.builds(PersonKey, st.sampled_from(("discord", "slack")), ids),
        listed,
        st.none() | listed,
        st.none() | words,
    ),
    words,
    words,
    words,
)
files = st.builds(Attachment, words, st.none() | words, st.none() | st.integers(0, 2**40), words)


@st.composite
def prompts(draw: st.DrawFn) -> Prompt:
    place = draw(places)
    key = MessageKey(place, draw(ids), draw(st.sampled_from(("", "a1b2"))))
    return Prompt(
        key=key,
        text=draw(words),
        asker=PersonKey(place.platform, draw(ids)),
        place=place,
        conversation=draw(
            st.sampled_from((None, ConversationKey(place), ConversationKey.below(key.message)))
        ),
        origin=draw(st.none() | origins),
        attachments=tuple(draw(st.lists(files, max_size=2))),
        model=draw(words),
        persona=draw(words),
        said_in=key.message if key.again else None,
        replaces=draw(st.none() | st.integers(1, 2**40)),
    )


def read(stored: dict[str, Any], prompt: Prompt) -> Prompt:
    """Read a prompt from its place, and from the columns that hold the rest of it."""
    return from_json(
        part_of(json.loads(json.dumps(stored))),
        key=prompt.key,
        text=prompt.text,
        place=prompt.place,
        conversation=prompt.conversation,
        model=prompt.model,
        persona=prompt.persona,
    )


@given(prompt=prompts())
def test_a_prompt_comes_back_as_it_was_asked(prompt: Prompt) -> None:
    stored = {"kind": "channel", PROMPT: to_json(prompt)}
    assert read(stored, prompt) == prompt
    assert attachments_of(stored) == prompt.attachments


@given(prompt=prompts())
def test_of_an_erased_one_neither_people_nor_files_come_back(prompt: Prompt) -> None:
    stored = without_people({"kind": "channel", PROMPT: to_json(prompt)})
    assert read(stored, prompt) == replace(prompt, origin=None, attachments=())
    assert attachments_of(stored) == ()


@given(prompt=prompts())
def test_a_prompt_beside_its_place_is_understood(prompt: Prompt) -> None:
    """As Slack's places were written once, which may lie in a database that was left then."""
    assert read({"place": {"team": "T1"}, "native": False, **to_json(prompt)}, prompt) == prompt


@pytest.mark.parametrize(
    "stored", [{}, {PROMPT: {}}, {PROMPT: {"origin": None, "said_in": "42", "asker": "1"}}]
)
def test_what_is_no_prompt_is_told(stored: dict[str, Any]) -> None:
    prompt = Prompt(key=MessageKey.parse("discord:42/77"), text="Why?", asker=PersonKey("discord", "1"), place=PlaceKey("discord", "42"))  # fmt: skip
    with pytest.raises((KeyError, ValueError)):
        read(stored, prompt)
