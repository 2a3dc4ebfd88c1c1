"""Responses that are no stream: error statuses in the wording of real gateways, redirects, pages, documents."""

from __future__ import annotations

import json
from email.utils import formatdate

from aiohttp import web

from tickertape.sandbox.gateway.chunks import Json, error_of
from tickertape.sandbox.gateway.records import GatewayRequest
from tickertape.sandbox.gateway.script import Fault, Script

_PAGE = "<!DOCTYPE html>\n<html><head><title>Welcome</title></head><body><h1>It works!</h1></body></html>\n"
_BAD_GATEWAY = "<html><head><title>502 Bad Gateway</title></head><body><center>nginx</center></body></html>\n"
_QUOTA = "You exceeded your current quota, please check your plan and billing details."

_ERRORS: dict[Fault, tuple[int, Json]] = {
    Fault.STATUS_400: (
        400,
        error_of("Invalid value for 'temperature'.", "invalid_request_error", None, "temperature"),
    ),
    Fault.STATUS_401: (
        401,
        error_of("Incorrect API key provided.", "invalid_request_error", "invalid_api_key"),
    ),
    Fault.STATUS_402: (402, error_of("Insufficient Balance", "unknown_error", "invalid_request_error")),
    Fault.STATUS_403: (403, error_of("Your key may not use this model.", "permission_error")),
    Fault.STATUS_404: (
        404,
        error_of("The model does not exist.", "invalid_request_error", "model_not_found", "model"),
    ),
    Fault.STATUS_408: (408, error_of("The request took too long to arrive.", "timeout")),
    Fault.STATUS_409: (409, error_of("The request conflicts with another one.", "conflict")),
    Fault.STATUS_429: (429, error_of("Rate limit reached for requests.", "requests", "rate_limit_exceeded")),
    Fault.STATUS_429_DATE: (
        429,
        error_of("Rate limit reached for requests.", "requests", "rate_limit_exceeded"),
    ),
    Fault.INSUFFICIENT_QUOTA: (429, error_of(_QUOTA, "insufficient_quota", "insufficient_quota")),
    Fault.STATUS_500: (500, error_of("The server had an error.", "server_error")),
    Fault.STATUS_503: (503, error_of("The engine is overloaded.", "service_unavailable")),
    Fault.STATUS_529: (529, error_of("Overloaded", "overloaded_error")),
    Fault.ERROR_BODY_CUT: (402, error_of("Insufficient Balance", "unknown_error", "invalid_request_error")),
}
_NO_STREAM_OPTIONS = error_of(
    "Unrecognized request argument supplied: stream_options", "invalid_request_error", None, "stream_options"
)


def refusal_of(script: Script, record: GatewayRequest, wall: float) -> web.Response | None:
    """Return the response that the script's fault gives in place of a stream, None when there is to be one.

    `wall` is the present Unix time.
    """
    fault = script.fault
    if fault in _ERRORS:
        return _error(*_ERRORS[fault], script, wall)
    match fault:
        case Fault.STATUS_400_STREAM_OPTIONS if "stream_options" in record.body:
            return _error(400, _NO_STREAM_OPTIONS, script, wall)
        case Fault.STATUS_502_HTML:
            return web.Response(status=502, text=_BAD_GATEWAY, content_type="text/html")
        case Fault.REDIRECT:
            return web.Response(status=302, headers={"Location": "/login?next=secret"})
        case Fault.STATUS_204:
            return web.Response(status=204)
        case Fault.HTML_200:
            return web.Response(text=_PAGE, content_type="text/html")
        case Fault.JSON_ERROR_200:
            return web.json_response(error_of("upstream failed", "server_error"))
    return None


def _error(status: int, body: Json, script: Script, wall: float) -> web.Response:
    response = web.Response(status=status, text=json.dumps(body), content_type="application/json")
    if script.retry_after is not None and script.fault is Fault.STATUS_429_DATE:
        response.headers["Date"] = formatdate(wall, usegmt=True)
        response.headers["Retry-After"] = formatdate(wall + script.retry_after, usegmt=True)
    elif script.retry_after is not None:
        response.headers["Retry-After"] = f"{script.retry_after:g}"
    return response
