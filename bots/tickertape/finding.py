"""What an owner has to set right: a finding of `tickertape check`, or the error that ends `tickertape run`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `problem` and `fix` are plain sentences, empty when all is well."""

    ok: bool
    subject: str
    problem: str = ""
    fix: str = ""


class SetupError(Exception):
    """A platform cannot be used as it is set up: `problem` says why, `fix` what its owner can do about it.

    `may_pass` says that it may be an outage, so that trying again later can help.
    """

    def __init__(self, problem: str, fix: str, *, may_pass: bool = False) -> None:
        super().__init__(f"{problem} {fix}")
        self.problem = problem
        self.fix = fix
        self.may_pass = may_pass
