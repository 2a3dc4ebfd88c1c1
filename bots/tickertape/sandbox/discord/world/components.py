"""Message components: their types, how they nest, and what of them people can use. Pure (API documentation, components)."""

from __future__ import annotations

import enum
import itertools
from collections.abc import Set as AbstractSet
from typing import Any

Part = dict[str, Any]
"""A component's JSON object."""


class ComponentType(enum.IntEnum):
    """The types of component that have rules here."""

    ACTION_ROW = 1
    BUTTON = 2
    STRING_SELECT = 3
    TEXT_INPUT = 4
    USER_SELECT = 5
    ROLE_SELECT = 6
    MENTIONABLE_SELECT = 7
    CHANNEL_SELECT = 8
    TEXT_DISPLAY = 10
    LABEL = 18


SELECTS = frozenset(
    {
        ComponentType.STRING_SELECT,
        ComponentType.USER_SELECT,
        ComponentType.ROLE_SELECT,
        ComponentType.MENTIONABLE_SELECT,
        ComponentType.CHANNEL_SELECT,
    }
)


def flatten(components: list[Part]) -> list[Part]:
    """Return components with everything nested in them, parents first."""
    found = []
    for component in components:
        found.append(component)
        found.extend(flatten(component.get("components") or []))
        found.extend(flatten([component[key] for key in ("accessory", "component") if component.get(key)]))
    return found


def usable(components: list[Part], types: AbstractSet[ComponentType]) -> list[Part]:
    """Return all components of the types that people can use: enabled, and with a custom id."""
    return [
        part
        for part in flatten(components)
        if part.get("type") in types and not part.get("disabled") and "custom_id" in part
    ]


def numbered(components: list[Part]) -> list[Part]:
    """Return components with an id each: its own, or the next in order that no other has; 0 counts as none."""
    taken = {part["id"] for part in flatten(components) if part.get("id")}
    free = (number for number in itertools.count(1) if number not in taken)

    def number(part: Part) -> Part:
        made = part | {"id": part.get("id") or next(free)}
        if part.get("components"):
            made["components"] = [number(child) for child in part["components"]]
        for key in ("accessory", "component"):
            if part.get(key):
                made[key] = number(part[key])
        return made

    return [number(part) for part in components]


def component_text(components: list[dict[str, Any]]) -> str:
    """Return all text displays (component type 10) of a message, nested ones too: their text pings as well."""
    parts = []
    for component in components:
        if component.get("type") == 10:
            parts.append(str(component.get("content", "")))
        parts.append(component_text(component.get("components") or []))
    return "\n".join(part for part in parts if part)
