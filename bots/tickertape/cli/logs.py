"""The process's log: structlog and the standard library's loggers on one stream, with every secret taken out.

Redaction works on the finished line, so that nothing can slip by: values, messages of libraries, tracebacks.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterable
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

REDACTED = "[redacted]"

NOISY_LOGGERS = (
    "aiohttp",
    "alembic",
    "asyncio",
    "discord",
    "httpcore2",
    "httpx2",
    "openai",
    "slack_bolt",
    "slack_sdk",
)
"""Loggers of libraries: at debug or info level they tell every request, some with its headers, and every migration."""

_SECRETS = re.compile(
    r"""
      (?:xoxe\.)?xox[a-z]-[\w.-]+                                    # Slack tokens
    | xapp-[\w-]+                                                    # Slack app-level tokens
    | \bsk-[\w-]{8,}                                                 # keys of model gateways
    | (?<=\b[Bb]earer\s)[\w.~+/=-]+                                     # any authorization header
    | (?<=\bBot\s)[\w.-]{20,}                                        # Discord's authorization header
    | \b[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}                         # Discord bot tokens
    | (?:(?<=/webhooks/)|(?<=/interactions/))\d+/[\w-]{20,}          # Discord interaction tokens: 15 min of posting
    | (?<=[?&]ticket=)[^&\s"']+                                      # Slack's Socket Mode address
    | (?<=hooks\.slack\.com/)[\w./-]+                                # Slack's response_url
    """,
    re.VERBOSE,
)

_SHORTEST_SECRET = 6
"""Characters below which a configured secret is not searched for: it would tear holes into every line."""


class Redactor:
    """A structlog processor, the last one: takes secrets out of the rendered line."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        forms = {form for secret in secrets if len(secret) >= _SHORTEST_SECRET for form in _forms(secret)}
        longest_first = sorted(forms, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, longest_first))) if forms else None

    def __call__(self, _logger: WrappedLogger, _method: str, line: EventDict | str) -> str:
        """Return the line without secrets."""
        return self.redact(str(line))

    def redact(self, text: str) -> str:
        """Return `text` without the configured secrets and without anything that looks like one."""
        if self._known is not None:
            text = self._known.sub(REDACTED, text)
        return _SECRETS.sub(REDACTED, text)


def configure(
    *, level: str = "info", style: str = "auto", secrets: Iterable[str] = (), stream: TextIO | None = None
) -> None:
    """Send all logging to `stream` (standard error by default), in the style `console`, `json` or `auto`.

    `auto` is console on a terminal and JSON otherwise. Can be called again: the last call holds. Uncaught exceptions
    go the same way.
    """
    stream = stream or sys.stderr
    least = logging.getLevelNamesMapping()[level.upper()]
    console = style == "console" or (style == "auto" and stream.isatty())
    _configure_structlog()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_formatter(Redactor(secrets), console=console, colors=console and stream.isatty()))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(least)
    for name in NOISY_LOGGERS:
        logging.getLogger(name).setLevel(max(least, logging.WARNING))
    logging.captureWarnings(capture=True)
    sys.excepthook = _log_uncaught


def _configure_structlog() -> None:
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared_processors(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,  # `configure` may be called again
    )


def _shared_processors() -> list[Processor]:
    """Return what every event goes through, ours and the libraries'."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]


def _formatter(redactor: Redactor, *, console: bool, colors: bool) -> logging.Formatter:
    renderer: list[Processor] = (
        # A pretty traceback would wrap its lines, and with them a secret.
        [structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=structlog.dev.plain_traceback)]
        if console
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_shared_processors(),
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderer, redactor],
    )


def _forms(secret: str) -> set[str]:
    """Return the secret as it stands and as Python's repr writes it, and both as JSON writes them."""
    plain = (secret, repr(secret)[1:-1])
    as_json = (
        json.dumps(form, ensure_ascii=ascii_only)[1:-1] for form in plain for ascii_only in (True, False)
    )
    return {*plain, *as_json}


def _log_uncaught(kind: type[BaseException], error: BaseException, traceback: object) -> None:
    """Log what nobody caught, redacted like everything else; an interrupt from the keyboard is no error."""
    if issubclass(kind, KeyboardInterrupt):
        return
    structlog.get_logger(__name__).critical("crashed", exc_info=(kind, error, traceback))
