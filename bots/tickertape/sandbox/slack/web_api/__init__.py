"""The Web API's methods, one module per family. Importing the package registers all of them."""

from __future__ import annotations

from tickertape.sandbox.slack.web_api import (
    agents,
    apps,
    chat,
    conversations,
    files,
    reactions,
    streams,
    user_groups,
    users,
    views,
)
from tickertape.sandbox.slack.web_api.method import METHODS, Method

__all__ = [
    "METHODS",
    "Method",
    "agents",
    "apps",
    "chat",
    "conversations",
    "files",
    "reactions",
    "streams",
    "user_groups",
    "users",
    "views",
]
