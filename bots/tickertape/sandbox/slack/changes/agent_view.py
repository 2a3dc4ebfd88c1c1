"""The agent messaging experience: what an app learns of what a person has on screen, and its suggested prompts.

Slack's guide "Migrating to the agent messaging experience" and the reference of `app_context_changed`. That direct
messages carry `app_context`, and only for apps that subscribed to the event, is user-reported [I].
"""

from __future__ import annotations

from tickertape.sandbox.slack.world.events import Event
from tickertape.sandbox.slack.world.models import Json, User
from tickertape.sandbox.slack.world.world import World


def app_context(world: World, user: str) -> Json | None:
    """Return what `user` (an id) is looking at; empty if nothing is known, None if the app is not told."""
    if not (world.settings.agent_view and "app_context_changed" in world.subscriptions):
        return None
    channel = world.looking_at.get(user)
    if channel is None or user not in world.users:
        return {}
    entity = {"type": "slack#/types/channel_id", "value": channel, "team_id": world.team_id}
    return {"entities": [entity]}


def look_at(world: World, user: User, channel: str) -> None:
    """Let `user` have a channel (an id) on screen beside the app, and tell the app."""
    world.looking_at[user.id] = channel
    context = app_context(world, user.id)
    if context is not None:
        body = {"type": "app_context_changed", "user": user.id, "context": context}
        world.publish(Event("app_context_changed", body | {"event_ts": world.clock.ts()}))
    world.changed()


def prompts(world: World, channel: str) -> list[Json]:
    """Return the prompts that a conversation with the app suggests: the app's latest, else the manifest's."""
    given = world.suggested_prompts.get((channel, ""))
    if given is not None:
        return given
    return [{"title": title, "message": message} for title, message in world.settings.suggested_prompts]
