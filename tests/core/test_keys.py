from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.keys import conversation
from tickertape.prompts.keys import BudgetKey, ConversationKey, MessageKey, PersonKey, PlaceKey

PLACES = (PlaceKey("discord", "42"), PlaceKey("slack", "T1/C1"), PlaceKey("slack", "T1/D1"))

ids = st.text("0123456789.F", min_size=1, max_size=20)
places = st.sampled_from(PLACES)
messages = st.builds(MessageKey, places, ids, st.sampled_from(("", "a1b2")))


@pytest.mark.parametrize("text", ["discord:42", "slack:U1"])
def test_a_person_is_read_as_it_is_written(text: str) -> None:
    assert str(PersonKey.parse(text)) == text


@given(key=messages)
def test_a_message_is_read_as_it_is_written(key: MessageKey) -> None:
    assert MessageKey.parse(str(key)) == key
    assert key.message == MessageKey(key.place, key.id)


@pytest.mark.parametrize("text", ["", "42", "discord:", ":42", "discord"])
def test_what_names_nobody_is_no_key(text: str) -> None:
    for kind in (PersonKey, PlaceKey, MessageKey):
        with pytest.raises(ValueError, match="no key"):
            kind.parse(text)


@pytest.mark.parametrize("text", ["discord:42", "discord:42/", "discord:42/#a1b2", "/42"])
def test_a_place_without_a_message_is_no_key_of_one(text: str) -> None:
    with pytest.raises(ValueError, match="no key"):
        MessageKey.parse(text)


@given(place=places, root=st.one_of(st.just(""), ids))
def test_a_conversation_is_read_as_it_is_written_at_its_place(place: PlaceKey, root: str) -> None:
    key = ConversationKey(place, root)
    assert ConversationKey.parse(str(key), place) == key


@pytest.mark.parametrize(
    ("text", "place", "read"),
    [
        ("discord:interaction/99", "discord:42", ConversationKey(PlaceKey("discord", "interaction"), "99")),
        ("discord:77", "discord:42", ConversationKey(PlaceKey("discord", "77"))),
        ("slack:T1/D1", "slack:T1/D1", ConversationKey(PlaceKey("slack", "T1/D1"))),
    ],
)
def test_a_conversation_may_have_begun_elsewhere(text: str, place: str, read: ConversationKey) -> None:
    assert ConversationKey.parse(text, PlaceKey.parse(place)) == read


def test_a_message_begins_the_conversation_that_its_replies_go_on_with() -> None:
    assert ConversationKey.below(MessageKey.parse("discord:42/77")) == conversation("discord:42/77")


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (BudgetKey("discord", "global"), "discord global"),
        (
            BudgetKey("discord", "PATCH /channels/{}/messages/{}", "42"),
            "discord PATCH /channels/{}/messages/{} 42",
        ),
        (BudgetKey("slack", "chat.update", "T1"), "slack chat.update T1"),
    ],
)
def test_a_budget_says_what_it_counts(key: BudgetKey, text: str) -> None:
    assert str(key) == text
