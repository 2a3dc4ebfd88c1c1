"""What people do in the workspace, one module per subject: write, share, invoke, view, administer."""

from __future__ import annotations

from tickertape.sandbox.slack.people.administration import Administrators
from tickertape.sandbox.slack.people.base import Where, Who, typed
from tickertape.sandbox.slack.people.sharing import Sharers, Upload
from tickertape.sandbox.slack.people.viewing import Viewers

__all__ = ["People", "Upload", "Where", "Who", "typed"]


class People(Sharers, Viewers, Administrators):
    """The people of a workspace. Users and channels are given as objects, ids, or names such as `alice`, `general`."""
