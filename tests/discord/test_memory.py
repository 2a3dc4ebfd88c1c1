"""What the bot remembers in Discord: direct messages, threads, chains of replies; edits, deletions, what was before."""

from __future__ import annotations

from pathlib import Path

from bots.sandbox.discord import Message
from tests.discord.lives import Lives, on_lives
from tests.support.scripted_model import ScriptedModel, model_of

ANSWER = "Because it is so."


def given(model: ScriptedModel, number: int) -> list[str]:
    """Return what the model was told with prompt number `number`."""
    return [turn.text for turn in model.asked[number]]


async def answer_to(lives: Lives, asked: Message) -> Message:
    """Return the answer to a mention once it is over."""
    await lives.until_quiet()
    shown = lives.stage.shown(asked.channel)
    return next(each for each in reversed(shown) if each.reply_to is asked)


async def test_a_direct_message_is_one_conversation_across_a_restart(tmp_path: Path) -> None:
    model = model_of(ANSWER)
    async with on_lives(tmp_path, model) as lives:
        discord = lives.discord
        dm = await discord.open_dm(discord.alice)
        await discord.say(dm, discord.alice, "Why?")
        await lives.until_quiet()
        await lives.restart()
        await discord.say(dm, discord.alice, "And then?")
        await lives.until_quiet()
        assert given(model, 1) == ["Why?", ANSWER, "And then?"]


async def test_a_reply_goes_on_with_its_answer_and_a_new_mention_does_not(tmp_path: Path) -> None:
    model = model_of(ANSWER)
    async with on_lives(tmp_path, model) as lives:
        discord = lives.discord
        first = await answer_to(lives, await lives.stage.ask("Why?"))
        await discord.say(discord.general, discord.alice, "How?", mention_bot=True, reply_to=first)
        await lives.until_quiet()
        await lives.stage.ask("Something else?")
        await lives.until_quiet()
        assert given(model, 1) == ["Why?", ANSWER, "How?"]
        assert given(model, 2) == ["Something else?"]


async def test_a_chain_from_before_the_bot_is_read_from_discord(tmp_path: Path) -> None:
    model = model_of(ANSWER)
    async with on_lives(tmp_path, model, message_content=True) as lives:
        discord = lives.discord
        first = await discord.say(discord.general, discord.bob, "The server is down.")
        second = await discord.say(discord.general, discord.alice, "Since noon.", reply_to=first)
        await discord.say(discord.general, discord.alice, "Why?", mention_bot=True, reply_to=second)
        await lives.until_quiet()
        (told,) = model.asked
        assert [turn.text.rpartition(": ")[2] for turn in told] == [
            "The server is down.",
            "Since noon.",
            "Why?",
        ]
        assert lives.discord.calls.select(status=429) == []


async def test_follow_ups_in_a_thread_need_no_mention(tmp_path: Path) -> None:
    model = model_of(ANSWER)
    async with on_lives(tmp_path, model, message_content=True) as lives:
        discord = lives.discord
        thread = await discord.start_thread(discord.general, discord.alice, "A thread")
        await discord.say(thread, discord.alice, "Nobody is asked.")
        await lives.until_quiet()
        assert model.asked == []
        await discord.say(thread, discord.alice, "Why?", mention_bot=True)
        await lives.until_quiet()
        await discord.say(thread, discord.alice, "And then?")
        await lives.until_quiet()
        assert given(model, 1)[-3:] == ["Why?", ANSWER, "And then?"]


async def test_edits_and_deletions_are_respected(tmp_path: Path) -> None:
    model = model_of(ANSWER)
    async with on_lives(tmp_path, model) as lives:
        discord = lives.discord
        dm = await discord.open_dm(discord.alice)
        first = await discord.say(dm, discord.alice, "Why?")
        await lives.until_quiet()
        second = await discord.say(dm, discord.alice, "My password is hunter2.")
        await lives.until_quiet()
        await discord.edit(first, "How?")
        await discord.delete(second)
        await lives.until_quiet()
        await discord.say(dm, discord.alice, "So?")
        await lives.until_quiet()
        assert given(model, 2) == ["How?", ANSWER, ANSWER, "So?"]
