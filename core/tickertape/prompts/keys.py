"""Keys: what names a message, a person, a place or a budget among all platforms."""

from __future__ import annotations

MessageKey = str
"""Names one message among all platforms, e.g. `discord:<channel>/<message>` or `slack:<team>/<channel>/<ts>`."""

BudgetKey = str
"""Names one counter of a platform, e.g. `discord PATCH /channels/{}/messages 42` or `slack chat.update T1`."""
