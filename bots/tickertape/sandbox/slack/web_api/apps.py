"""apps.connections.open: the way into Socket Mode."""

from __future__ import annotations

from tickertape.sandbox.slack.web_api.method import Context, TokenKind, method
from tickertape.sandbox.slack.world.models import Json


@method("apps.connections.open", token=TokenKind.APP)
def open_connection(ctx: Context) -> Json:
    """Return the address of a new socket; its ticket is good for one connection."""
    return {"url": ctx.socket_url()}
