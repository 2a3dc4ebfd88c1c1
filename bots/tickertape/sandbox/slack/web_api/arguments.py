"""The arguments of a Web API call: a JSON body, a form or a query string, whatever the client sent."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from tickertape.sandbox.slack.web_api.errors import ApiError

_FALSE = frozenset({"", "0", "false"})


class Arguments:
    """The arguments by name. In forms everything is text, so that numbers, flags and JSON are read from text too."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values

    def given(self, name: str) -> bool:
        """Whether the argument is there and not null."""
        return self.values.get(name) is not None

    def text(self, name: str, default: str = "") -> str:
        """Return an argument as text."""
        value = self.values.get(name)
        return default if value is None else str(value)

    def required(self, name: str) -> str:
        """Return an argument that must be there, or raise `invalid_arguments`."""
        if not self.text(name):
            raise ApiError("invalid_arguments", f"missing required field: {name}")
        return self.text(name)

    def flag(self, name: str) -> bool | None:
        """Return an argument as a boolean, None if it is absent."""
        return self.text(name).lower() not in _FALSE if self.given(name) else None

    def number(self, name: str, default: int) -> int:
        """Return an argument as a whole number, or raise `invalid_arguments`."""
        try:
            return int(self.text(name, str(default)))
        except ValueError:
            raise ApiError("invalid_arguments", f"must be a number: {name}") from None

    def json(self, name: str, error: str = "invalid_arguments") -> object:
        """Return an argument that holds JSON, parsed if it came as text; raise `error` if it cannot be parsed."""
        value: object = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            parsed: object = json.loads(value)
        except ValueError:
            raise ApiError(error, f"not valid JSON: {name}") from None
        return parsed


async def read(request: web.Request) -> Arguments:
    """Read a request's arguments; the body's win over the query's."""
    values: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        return Arguments(values | _parse(await request.text()))
    return Arguments(values | dict(await request.post()))


def _parse(text: str) -> dict[str, Any]:
    try:
        body = json.loads(text or "{}")
    except ValueError:
        raise ApiError("invalid_json") from None
    if not isinstance(body, dict):
        raise ApiError("json_not_object")
    return body
