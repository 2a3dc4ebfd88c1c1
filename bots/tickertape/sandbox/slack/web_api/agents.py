"""assistant.threads.* and agents.sessions.*: what an app shows about its work in a thread."""

from __future__ import annotations

from tickertape.sandbox.slack.web_api.errors import ApiError
from tickertape.sandbox.slack.web_api.method import Context, method
from tickertape.sandbox.slack.world.models import AgentSession, Channel, Json, ThreadStatus
from tickertape.sandbox.slack.world.world import World

STATUS_LIFETIME = 120.0
"""Seconds after which a thread's status disappears without a message: user-reported [I]."""
STATUSES = frozenset({"active", "processing", "suspended", "closed"})
MAX_PROMPTS = 4
MAX_TITLE = 200
MAX_LOADING_MESSAGES = 10


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
    return channel, _root(ctx, channel)


def _root(ctx: Context, channel: Channel) -> str:
    """Return the thread of a call, empty without one, or raise `invalid_thread_ts`, these methods' own code."""
    try:
        return ctx.thread(channel) or ""
    except ApiError as error:
        raise ApiError("invalid_thread_ts") from error


@method("assistant.threads.setStatus")
def set_status(ctx: Context) -> Json:
    """Show "is thinking…" or the like below a thread; an empty status clears it."""
    if "chat:write" not in ctx.world.scopes:
        ctx.need("assistant:write")
    channel, root = _thread(ctx)
    text, loading = ctx.args.text("status"), ctx.args.json("loading_messages") or []
    if not isinstance(loading, list) or len(loading) > MAX_LOADING_MESSAGES:
        raise ApiError("invalid_arguments", f"at most {MAX_LOADING_MESSAGES} loading_messages")
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
    """Offer up to four prompts in a conversation; for an app with the agent view a `thread_ts` makes it a silent no-op."""
    channel, world = ctx.joined_channel("channel_id"), ctx.world
    prompts = ctx.args.json("prompts")
    if not isinstance(prompts, list) or not 0 < len(prompts) <= MAX_PROMPTS:
        raise ApiError("invalid_arguments", f"1 to {MAX_PROMPTS} prompts")
    if not all(
        isinstance(prompt, dict) and prompt.get("title") and prompt.get("message") for prompt in prompts
    ):
        raise ApiError("invalid_arguments", "each prompt needs title and message")
    root = _root(ctx, channel)
    if not (root and world.settings.agent_view):
        world.suggested_prompts[channel.id, root] = prompts
        world.changed()
    return {}


def _title(ctx: Context) -> str:
    title = ctx.args.text("title")
    if len(title) > MAX_TITLE:
        raise ApiError("invalid_arguments", f"title must be no more than {MAX_TITLE} characters")
    return title


@method("agents.sessions.setStatus", "chat:write")
def set_session_status(ctx: Context) -> Json:
    """Set the status of a session. While it is `processing`, Slack shows its own stop button."""
    channel = _agents_channel(ctx)
    status = ctx.args.required("status")
    if status not in STATUSES:
        raise ApiError("invalid_arguments", "unknown status")
    session = set_session(ctx.world, channel, ctx.thread(channel) or "", status, _title(ctx))
    body: Json = {"status": session.status, "agent_status": session.status, "title": session.title}
    if "agent_session_stopped" not in ctx.world.subscriptions:
        body["warning"] = "missing_agent_session_stopped_event_subscription"
    return body


@method("agents.sessions.rename", "chat:write")
def rename_session(ctx: Context) -> Json:
    """Give a session another title, 1 to 200 characters."""
    channel = _agents_channel(ctx)
    ctx.args.required("title")
    session = ctx.world.sessions.get((channel.id, ctx.thread(channel) or ""))
    if session is None:
        # The code is assumed.
        raise ApiError("session_not_found")
    session.title = _title(ctx)
    ctx.world.changed()
    return {"title": session.title}


def _agents_channel(ctx: Context) -> Channel:
    """Return the channel of a session, which only an app that is declared as an agent can have."""
    if not ctx.world.settings.agent_view:
        # That this is refused is documented, the code is assumed.
        raise ApiError("not_allowed")
    return ctx.joined_channel("channel_id")
