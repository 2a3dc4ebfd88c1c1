"""How files look on the wire: whole, described by files.info only, deleted, or kept elsewhere.

Slack's reference of file objects, and its page on Slack Connect for `check_file_info`. The shapes of deleted and
hidden files are user-reported [I].
"""

from __future__ import annotations

from tickertape.sandbox.slack.files.types import filetype_of, mimetype_of, mode_of
from tickertape.sandbox.slack.world.models import File, FileState, Json, Message
from tickertape.sandbox.slack.world.world import World


def of_message(world: World, sent: Message, *, pushed: bool) -> list[Json]:
    """Return the files of a message; in events of a shared channel (`pushed`) they are not described."""
    files = [world.files[held["id"]] for held in sent.content.files]
    if pushed and world.channels[sent.channel].is_shared:
        return [_undescribed(held) for held in files]
    return [file(world, held) for held in files]


def _undescribed(held: File) -> Json:
    return {
        "id": held.id,
        "created": 0,
        "timestamp": 0,
        "mode": "file_access",
        "file_access": "check_file_info",
    }


def file(world: World, held: File) -> Json:
    """Return the file object of files.info, messages and uploads."""
    if held.state is not FileState.SHOWN:
        return {"id": held.id, "mode": held.state.value}
    mimetype = held.mimetype or mimetype_of(held.name)
    return {
        "id": held.id,
        "created": held.created,
        "timestamp": held.created,
        "name": held.name,
        "title": held.title or held.name,
        "mimetype": mimetype,
        "filetype": filetype_of(held.name),
        "pretty_type": filetype_of(held.name).upper(),
        "user": held.user,
        "user_team": world.team_id,
        "editable": mode_of(mimetype) == "snippet",
        "size": len(held.content) if held.size is None else held.size,
        "is_public": False,
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "file_access": "visible",
        **_place(world, held, mimetype),
    }


def _place(world: World, held: File, mimetype: str) -> Json:
    """Return where the file lies: in Slack, or at an address that is none of Slack's."""
    if held.external_url:
        return {
            "mode": "external",
            "is_external": True,
            "external_type": "gdrive",
            "url_private": held.external_url,
        }
    base = f"{world.files_url}files-pri/{world.team_id}-{held.id}"
    return {
        "mode": mode_of(mimetype),
        "is_external": False,
        "external_type": "",
        "url_private": f"{base}/{held.name}",
        "url_private_download": f"{base}/download/{held.name}",
    }
