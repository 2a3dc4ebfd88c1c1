"""Puts a file beside a message into one request, as discord.py's HTTP client takes it."""

from __future__ import annotations

import io
import json
from typing import Any

import discord

from tickertape.discord.http.response import Json
from tickertape.screen.body import File

MAX_FILE = 10 * 1024 * 1024
"""Bytes of one file where nobody has paid for more (API documentation, reference, uploading files)."""


def multipart(payload: Json, file: File) -> dict[str, Any]:
    """Return the arguments of a multipart request: the payload, and the file.

    discord.py winds the file back if it makes the request again after a broken connection.
    """
    upload = discord.File(io.BytesIO(file.data), file.name)
    form = [
        {"name": "payload_json", "value": json.dumps(payload), "content_type": "application/json"},
        {
            "name": "files[0]",
            "value": upload.fp,
            "filename": file.name,
            "content_type": "text/markdown; charset=utf-8",
        },
    ]
    return {"form": form, "files": [upload]}
