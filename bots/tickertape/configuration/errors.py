"""What is raised when something is set wrongly."""

from __future__ import annotations

from collections.abc import Iterable


class SettingsError(Exception):
    """Something is set wrongly. `problems` holds one sentence for each, without any secret."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))
