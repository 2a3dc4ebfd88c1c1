"""Errors of the REST API: their codes, statuses and texts (API documentation, opcodes and status codes)."""

from __future__ import annotations

import enum
from typing import Any


class Code(enum.Enum):
    """One kind of refusal: HTTP status, JSON code, message."""

    UNAUTHORIZED = (401, 0, "401: Unauthorized")
    NOT_FOUND = (404, 0, "404: Not Found")
    METHOD_NOT_ALLOWED = (405, 0, "405: Method Not Allowed")
    UNKNOWN_APPLICATION = (404, 10002, "Unknown Application")
    UNKNOWN_CHANNEL = (404, 10003, "Unknown Channel")
    UNKNOWN_GUILD = (404, 10004, "Unknown Guild")
    UNKNOWN_MEMBER = (404, 10007, "Unknown Member")
    UNKNOWN_MESSAGE = (404, 10008, "Unknown Message")
    UNKNOWN_USER = (404, 10013, "Unknown User")
    UNKNOWN_EMOJI = (400, 10014, "Unknown Emoji")
    UNKNOWN_WEBHOOK = (404, 10015, "Unknown Webhook")
    UNKNOWN_INTERACTION = (404, 10062, "Unknown interaction")
    UNKNOWN_COMMAND = (404, 10063, "Unknown application command")
    CHANNEL_WRITES = (
        429,
        20028,
        "The write action you are performing on the channel has hit the write rate limit",
    )
    TOO_MANY_REACTIONS = (400, 30010, "Maximum number of reactions reached (20)")
    TOO_MANY_FILES = (400, 30015, "Maximum number of attachments in a message reached (10)")
    TOO_MANY_COMMANDS = (400, 30032, "Maximum number of application commands reached.")
    COMMAND_CREATES = (429, 30034, "Max number of daily application command creates has been reached (200)")
    OLD_EDITS = (429, 30046, "Maximum number of edits to messages older than 1 hour reached. Try again later")
    ENTITY_TOO_LARGE = (413, 40005, "Request entity too large")
    ALREADY_ACKNOWLEDGED = (400, 40060, "Interaction has already been acknowledged.")
    TOO_MANY_FOLLOW_UPS = (
        400,
        40094,
        "Maximum number of follow up messages for this interaction reached (5)",
    )
    MISSING_ACCESS = (403, 50001, "Missing Access")
    NOT_THE_AUTHOR = (403, 50005, "Cannot edit a message authored by another user")
    EMPTY_MESSAGE = (400, 50006, "Cannot send an empty message")
    CANNOT_MESSAGE_USER = (403, 50007, "Cannot send messages to this user")
    MISSING_PERMISSIONS = (403, 50013, "Missing Permissions")
    INVALID_WEBHOOK_TOKEN = (401, 50027, "Invalid Webhook Token")
    SYSTEM_MESSAGE = (400, 50021, "Cannot execute action on a system message")
    WRONG_CHANNEL_TYPE = (400, 50024, "Cannot execute action on this channel type")
    INVALID_FORM = (400, 50035, "Invalid Form Body")
    ARCHIVED_THREAD = (400, 50083, "Thread is archived")
    INVALID_JSON = (400, 50109, "The request body contains invalid JSON.")
    REPLY_NEEDS_HISTORY = (400, 160002, "Cannot reply without permission to read message history")
    THREAD_EXISTS = (400, 160004, "A thread has already been created for this message")
    THREAD_LOCKED = (400, 160005, "Thread is locked")
    TOO_MANY_THREADS = (400, 160006, "Maximum number of active threads reached")

    @property
    def status(self) -> int:
        """HTTP status."""
        return self.value[0]

    @property
    def number(self) -> int:
        """The `code` of the body."""
        return self.value[1]

    @property
    def text(self) -> str:
        """The `message` of the body."""
        return self.value[2]


class ApiError(Exception):
    """A refusal on its way to the client.

    `errors` is the nested object of an invalid form; `retry_after` are the seconds of a 429.
    """

    def __init__(
        self, code: Code, *, errors: dict[str, Any] | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(code.text)
        self.code = code
        self.errors = errors
        self.retry_after = retry_after

    def body(self) -> dict[str, Any]:
        """Return the JSON body of the answer."""
        body: dict[str, Any] = {"message": self.code.text, "code": self.code.number}
        if self.errors is not None:
            body["errors"] = self.errors
        if self.retry_after is not None:
            body |= {"retry_after": self.retry_after, "global": False}
        return body


class CannotDo(Exception):
    """What Discord's own app would not let a person do, e.g. react to an ephemeral message."""


class FormErrors:
    """Collects the faults of a body and raises them together, nested as Discord nests them."""

    def __init__(self) -> None:
        self._tree: dict[str, Any] = {}

    def __bool__(self) -> bool:
        return bool(self._tree)

    def add(self, path: str, code: str, message: str) -> None:
        """Note one fault at a dotted path such as `embeds.0.description`."""
        node = self._tree
        for key in path.split("."):
            node = node.setdefault(key, {})
        node.setdefault("_errors", []).append({"code": code, "message": message})

    def too_long(self, path: str, most: int) -> None:
        """Note text of more than `most` characters."""
        self.add(path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")

    def check(self) -> None:
        """Raise error 50035 if anything was noted."""
        if self._tree:
            raise ApiError(Code.INVALID_FORM, errors=self._tree)


def invalid(path: str, code: str, message: str) -> ApiError:
    """Return error 50035 with one fault."""
    return ApiError(Code.INVALID_FORM, errors={path: {"_errors": [{"code": code, "message": message}]}})
