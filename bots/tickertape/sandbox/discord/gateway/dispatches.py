"""What is dispatched to one session alone: READY with the guilds of its shard, and the members that it asks for."""

from __future__ import annotations

from tickertape.sandbox.discord.gateway.sessions import Session
from tickertape.sandbox.discord.payloads import payloads
from tickertape.sandbox.discord.world.entities import Json
from tickertape.sandbox.discord.world.events import Intent
from tickertape.sandbox.discord.world.people import Guild
from tickertape.sandbox.discord.world.world import World


def welcome(world: World, session: Session) -> None:
    """Send READY, then every guild of the shard."""
    guilds = [
        guild
        for guild in world.guilds.values()
        if world.bot.id in guild.members and session.has_guild(guild.id)
    ]
    session.dispatch("READY", _ready(world, session, guilds))
    if session.intents & Intent.GUILDS:
        everyone = bool(session.intents & Intent.GUILD_MEMBERS)
        for guild in guilds:
            data = payloads.guild_with_channels(world, guild, all_members=everyone)
            session.dispatch("GUILD_CREATE", data)
    world.notify()


def _ready(world: World, session: Session, guilds: list[Guild]) -> Json:
    me = {"verified": True, "mfa_enabled": True, "email": None}
    return {
        "v": 10,
        "user": payloads.user(world.bot) | me,
        "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
        "private_channels": [],
        "session_id": session.id,
        "resume_gateway_url": world.gateway_url,
        "shard": [session.shard, session.shards],
        "application": {"id": str(world.application_id), "flags": payloads.application_flags(world)},
    }


def members_chunk(world: World, session: Session, asked: Json) -> None:
    """Answer a request for guild members (opcode 8)."""
    guild = world.guilds.get(int(asked.get("guild_id", 0)))
    if guild is None:
        return
    wanted = asked.get("user_ids") or []
    ids = {int(each) for each in (wanted if isinstance(wanted, list) else [wanted])}
    query = str(asked.get("query") or "")
    found = [
        member
        for member in guild.members.values()
        if (member.user.id in ids if ids else member.user.name.startswith(query))
    ]
    data: Json = {
        "guild_id": str(guild.id),
        "members": [payloads.member(member) for member in found],
        "chunk_index": 0,
        "chunk_count": 1,
        "not_found": [str(each) for each in ids - guild.members.keys()],
    }
    session.dispatch("GUILD_MEMBERS_CHUNK", data | ({"nonce": asked["nonce"]} if "nonce" in asked else {}))
