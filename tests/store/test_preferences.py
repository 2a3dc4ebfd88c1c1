"""Choices of a channel or a conversation, on both kinds of database."""

from __future__ import annotations

import pytest

from tests.support.keys import person
from tickertape.durable.store import Store
from tickertape.durable.store.records import Choice, Preference

pytestmark = pytest.mark.real_time  # the server is a process of its own

CHANNEL, THREAD = "slack:T/C", "slack:T/C/1.2"


def chosen(scope: str, value: str, choice: Choice = Choice.MODEL, at: float = 100.0) -> Preference:
    return Preference(scope, choice, value, person("alice"), at)


async def test_the_narrowest_scope_with_a_choice_counts(store: Store) -> None:
    preferences = store.preferences
    assert await preferences.get(Choice.MODEL, THREAD, CHANNEL) is None
    await preferences.set(chosen(CHANNEL, "wide"))
    assert await preferences.get(Choice.MODEL, THREAD, CHANNEL) == chosen(CHANNEL, "wide")
    await preferences.set(chosen(THREAD, "narrow"))
    assert await preferences.get(Choice.MODEL, THREAD, CHANNEL) == chosen(THREAD, "narrow")
    assert await preferences.get(Choice.MODEL, CHANNEL) == chosen(CHANNEL, "wide")


async def test_a_later_choice_takes_the_place_of_an_earlier_one(store: Store) -> None:
    for at, value in ((100.0, "first"), (200.0, "second")):
        await store.preferences.set(chosen(CHANNEL, value, at=at))
    assert await store.preferences.get(Choice.MODEL, CHANNEL) == chosen(CHANNEL, "second", at=200.0)


async def test_models_and_personas_are_chosen_apart(store: Store) -> None:
    await store.preferences.set(chosen(CHANNEL, "large"))
    await store.preferences.set(chosen(CHANNEL, "pirate", Choice.PERSONA))
    for choice, value in ((Choice.MODEL, "large"), (Choice.PERSONA, "pirate")):
        found = await store.preferences.get(choice, CHANNEL)
        assert found is not None
        assert found.value == value
