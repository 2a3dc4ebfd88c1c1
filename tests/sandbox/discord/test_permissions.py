from __future__ import annotations

from tickertape.sandbox.discord.world.permissions import ALL, EVERYONE, Overwrite, Permission, resolve

GUILD, ROLE, OTHER, USER = 1, 2, 3, 4
VIEW, SEND = Permission.VIEW_CHANNEL, Permission.SEND_MESSAGES


def bits(*overwrites: Overwrite, role: int = 0) -> int:
    return resolve(everyone=GUILD, roles={ROLE: role}, member=USER, base=EVERYONE, overwrites=overwrites)


def test_roles_add_up() -> None:
    assert bits(role=Permission.MANAGE_MESSAGES) == EVERYONE | Permission.MANAGE_MESSAGES


def test_administrators_may_do_everything_whatever_a_channel_denies() -> None:
    assert bits(Overwrite(GUILD, deny=VIEW), role=Permission.ADMINISTRATOR) == ALL


def test_overwrites_apply_from_everyone_to_roles_to_the_member() -> None:
    assert bits(Overwrite(GUILD, deny=VIEW)) == 0
    assert bits(Overwrite(GUILD, deny=VIEW), Overwrite(ROLE, allow=VIEW)) & VIEW
    assert not bits(Overwrite(USER, deny=VIEW, member=True), Overwrite(ROLE, allow=VIEW)) & VIEW
    assert bits(Overwrite(OTHER, deny=VIEW)) == EVERYONE


def test_without_sending_there_are_no_files_or_mentions() -> None:
    left = bits(Overwrite(GUILD, deny=SEND))
    assert left & VIEW
    assert not left & (Permission.ATTACH_FILES | Permission.MENTION_EVERYONE | Permission.EMBED_LINKS)
