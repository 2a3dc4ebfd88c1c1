"""A plain dialect for tests: no platform's, but with each habit that a platform may have."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass


class Unit(enum.Enum):
    """What a platform counts."""

    CODE_POINTS = enum.auto()
    UTF16 = enum.auto()


@dataclass(frozen=True, slots=True)
class PlainDialect:
    """Breaks mentions with a zero-width space, writes markers as small print."""

    page: int = 2000
    unit: Unit = Unit.CODE_POINTS

    def size(self, shown: str) -> int:
        if self.unit is Unit.CODE_POINTS:
            return len(shown)
        return len(shown.encode("utf-16-le", "surrogatepass")) // 2

    def show(self, text: str) -> str:
        return re.sub(r"@(?=everyone|here)|<(?=[@#!])", "\\g<0>\u200b", text)

    def marker(self, sentence: str) -> str:
        return f"-# {sentence}"


class CountingDialect:
    """The plain dialect, which counts the characters that it is given."""

    def __init__(self) -> None:
        self._plain = PlainDialect()
        self.worked = 0

    @property
    def page(self) -> int:
        return self._plain.page

    def size(self, shown: str) -> int:
        self.worked += len(shown)
        return self._plain.size(shown)

    def show(self, text: str) -> str:
        self.worked += len(text)
        return self._plain.show(text)

    def marker(self, sentence: str) -> str:
        return self._plain.marker(sentence)
