"""Reads request bodies and writes answers in the form that Discord's clients expect."""

from __future__ import annotations

import json
from collections.abc import Mapping

from aiohttp import BodyPartReader, web

from tickertape.sandbox.discord.changes.body import Body, Upload
from tickertape.sandbox.discord.errors import ApiError, Code, invalid
from tickertape.sandbox.discord.world.attachments import MAX_FILE, File
from tickertape.sandbox.discord.world.entities import Json

MAX_REQUEST = 25 * 1024 * 1024
"""Bytes of a whole request (API documentation, reference: uploading files)."""


async def read_body(request: web.Request) -> Body:
    """Return the body of a request that may carry files; raise ApiError for what is no body."""
    if request.content_type != "multipart/form-data":
        return Body(_object(await request.read()))
    fields: Json = {}
    files: list[Upload] = []
    size = 0
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        data = bytes(await part.read())
        size += len(data)
        if size > MAX_REQUEST or len(data) > MAX_FILE:
            raise ApiError(Code.ENTITY_TOO_LARGE)
        if part.name == "payload_json":
            fields = _object(data)
        elif part.filename:
            files.append(_upload(part, data))
    return Body(fields, tuple(files))


async def read_json(request: web.Request) -> object:
    """Return the JSON of a request, None for an empty body."""
    return _parse(await request.read())


def _upload(part: BodyPartReader, data: bytes) -> Upload:
    """Return a file; its field is `files[n]`, or `file` in older clients."""
    digits = (part.name or "").removeprefix("files[").removesuffix("]")
    kind = part.headers.get("Content-Type", "application/octet-stream")
    file = File(part.filename or "file", data, kind)
    return Upload(int(digits) if digits.isdecimal() else 0, file)


def _object(raw: bytes) -> Json:
    """Return a body's JSON object; an empty body is an empty object."""
    parsed = _parse(raw)
    if parsed is None:
        return {}
    if isinstance(parsed, dict):
        return parsed
    raise invalid("_root", "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")


def _parse(raw: bytes) -> object:
    if not raw.strip():
        return None
    try:
        return json.loads(raw)
    except ValueError as error:
        raise ApiError(Code.INVALID_JSON) from error


def ident(request: web.Request, name: str) -> int:
    """Return a path parameter that is a snowflake."""
    raw = request.match_info[name]
    return snowflake(raw, name)


def snowflake(raw: object, name: str) -> int:
    """Return a snowflake given as text or number; raise error 50035 for anything else."""
    if isinstance(raw, int) or (isinstance(raw, str) and raw.isascii() and raw.isdecimal()):
        return int(raw)
    raise invalid(name, "NUMBER_TYPE_COERCE", f'Value "{raw}" is not snowflake.')


def reply(data: object, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """Return JSON whose Content-Type is exactly `application/json`: discord.py takes anything else for text."""
    body = json.dumps(data).encode()
    return web.Response(body=body, status=status, headers=headers, content_type="application/json")


def no_content() -> web.Response:
    """Return the empty answer."""
    return web.Response(status=204)


def flag(request: web.Request, name: str) -> bool:
    """Tell whether a boolean query parameter is set."""
    return request.query.get(name, "").lower() in {"1", "true"}
