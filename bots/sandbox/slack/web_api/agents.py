"""assistant.threads.* and agents.sessions.*: what an app shows about its work in a thread."""

from __future__ import annotations

from bots.sandbox.slack.models import AgentSession, Channel, Json, ThreadStatus
from bots.sandbox.slack.web_api.errors import ApiError
from bots.sandbox.slack.web_api.method import Context, method
from bots.sandbox.slack.world import World

STATUS_LIFETIME = 120.0
"""Seconds after which a thread's status disappears without a message: user-reported [I]."""
STATUSES = frozenset({"active", "processing", "suspended", "closed"})
MAX_PROMPTS = 4


def set_session(world: World, channel: Channel, root: str, status: str, title: str = "") -> AgentSession:
    """Give a thread's session a status, making one if there was none; the title counts only then."""
    session = world.sessions.setdefault((channel.id, root), AgentSession(status, title))
    session.status = status
    world.changed()
    return session


def _thread(ctx: Context) -> tuple[Channel, str]:
    """Return the channel and the thread that a call is about."""
    channel = ctx.joined_channel("channel_id")
    ctx.args.required("thread_ts")
    return channel, ctx.thread(channel) or ""


@method("assistant.threads.setStatus")
def set_status(ctx: Context) -> Json:
    """Show "is thinking…" or the like below a thread; an empty status clears it."""
    if "chat:write" not in ctx.world.scopes:
        ctx.need("assistant:write")
    channel, root = _thread(ctx)
    text = ctx.args.text("status")
    ctx.world.statuses.pop((channel.id, root), None)
    if text:
        until = ctx.world.clock.now() + STATUS_LIFETIME
        ctx.world.statuses[channel.id, root] = ThreadStatus(text, until)
    ctx.world.changed()
    return {}


@method("assistant.threads.setTitle", "assistant:write")
def set_title(ctx: Context) -> Json:
    """Name a thread in the app's history."""
    channel, root = _thread(ctx)
    ctx.world.titles[channel.id, root] = ctx.args.required("title")
    return {}


@method("assistant.threads.setSuggestedPrompts", "assistant:write")
def set_suggested_prompts(ctx: Context) -> Json:
    """Offer up to four prompts in a thread, or in a direct message as a whole."""
    channel = ctx.joined_channel("channel_id")
    prompts = ctx.args.json("prompts")
    if not isinstance(prompts, list) or not 0 < len(prompts) <= MAX_PROMPTS:
        raise ApiError("invalid_arguments", f"1 to {MAX_PROMPTS} prompts")
    ctx.world.suggested_prompts[channel.id, ctx.thread(channel) or ""] = prompts
    return {}


@method("agents.sessions.setStatus", "chat:write")
def set_session_status(ctx: Context) -> Json:
    """Set the status of a session. While it is `processing`, Slack shows its own stop button."""
    channel = ctx.joined_channel("channel_id")
    status = ctx.args.required("status")
    if status not in STATUSES:
        raise ApiError("invalid_arguments", "unknown status")
    session = set_session(ctx.world, channel, ctx.thread(channel) or "", status, ctx.args.text("title"))
    body: Json = {"status": session.status, "agent_status": session.status, "title": session.title}
    if "agent_session_stopped" not in ctx.world.subscriptions:
        body["warning"] = "missing_agent_session_stopped_event_subscription"
    return body
