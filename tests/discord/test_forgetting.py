"""What is left of somebody in the database who had everything forgotten."""

from __future__ import annotations

from pathlib import Path

from tests.discord.lives import on_lives
from tests.store.facts import traces
from tickertape.sandbox.discord import File

NAME, WORD, FILE, CONTENT, ANSWER = "Zzname", "Zzword", "Zzfile", "Zzcontent", "Zzanswer"


async def test_no_word_name_or_file_is_left_of_a_person(tmp_path: Path) -> None:
    async with on_lives(tmp_path, f"{ANSWER}.") as lives:
        discord, store = lives.discord, lives.service.store

        async def found() -> list[str]:
            left = await traces(store)
            return [
                marker for marker in (NAME, WORD, FILE, CONTENT, ANSWER, discord.cdn_url) if marker in left
            ]

        discord.alice.global_name = NAME
        await discord.say(discord.general, discord.alice, f"{WORD}?", mention_bot=True,
                          files=[File(f"{FILE}.txt", CONTENT.encode())])  # fmt: skip
        await lives.until_quiet()
        await lives.stage.slash(f"{WORD}?")
        await lives.until_quiet()
        assert {NAME, WORD, FILE, ANSWER} <= set(await found())
        await discord.slash(discord.general, discord.alice, "forget", {"everything": True})
        await lives.until_quiet()
        assert await found() == []
