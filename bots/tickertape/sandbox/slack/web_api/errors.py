"""How a Web API method says no."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """Slack's answer `{"ok": false, "error": code}` with whatever else belongs into the body."""

    def __init__(self, code: str, detail: str | None = None, **body: str) -> None:
        super().__init__(code)
        self.code = code
        self.body: dict[str, Any] = {"ok": False, "error": code, **body}
        if detail:
            self.body["response_metadata"] = {"messages": [f"[ERROR] {detail}"]}


def missing_scope(needed: str, provided: frozenset[str]) -> ApiError:
    """Return the error of a token without the scope `needed`."""
    return ApiError("missing_scope", needed=needed, provided=",".join(sorted(provided)))
