"""What the bot remembers in Slack: threads and direct messages; edits, deletions, and what was said before."""

from __future__ import annotations

from pathlib import Path

from tests.slack.lives import lives_in
from tests.support.keys import conversation
from tests.support.scripted_model import ScriptedModel, model_of
from tests.support.services import Setup
from tickertape.service import Everyday
from tickertape.slack.settings import NativeStreams

ANSWER = "Because it is so."


def given(model: ScriptedModel, number: int) -> list[str]:
    """Return what the model was told with prompt number `number`."""
    return [turn.text for turn in model.asked[number]]


async def test_a_direct_message_is_one_conversation_across_a_restart(tmp_path: Path) -> None:
    model = model_of(ANSWER)
    async with lives_in(tmp_path, Setup({"small": model})) as lives:
        slack = lives.slack
        dm = (await slack.open_dm("alice")).id
        await slack.say(dm, "alice", "Why?")
        await lives.settle()
        lives.kill()
        await lives.begin()
        await slack.say(dm, "alice", "And then?")
        await lives.settle()
        assert given(model, 1) == ["Why?", ANSWER, "And then?"]


async def test_a_thread_is_a_conversation_and_follow_ups_need_no_mention(tmp_path: Path) -> None:
    model = model_of(ANSWER)
    async with lives_in(tmp_path, Setup({"small": model})) as lives:
        slack = lives.slack
        root = await slack.say("general", "alice", "Why?", mention_bot=True)
        await lives.settle()
        await slack.say("general", "alice", "And then?", root.ts)
        await lives.settle()
        await slack.say("general", "alice", "Nobody is asked.")
        await slack.say("general", "alice", "Another matter?", mention_bot=True)
        await lives.settle()
        assert given(model, 1) == ["Why?", ANSWER, "And then?"]
        assert given(model, 2) == ["Another matter?"]
        assert slack.rate_limited == []


async def test_a_thread_from_before_the_bot_is_read_from_slack_once(tmp_path: Path) -> None:
    model = model_of(ANSWER)
    async with lives_in(tmp_path, Setup({"small": model})) as lives:
        slack = lives.slack
        root = await slack.say("general", "bob", "The server is down.")
        await slack.say("general", "alice", "Since noon.", root.ts)
        for question in ("Why?", "Really?"):
            await slack.say("general", "alice", question, root.ts, mention_bot=True)
            await lives.settle()
        told = [text.rpartition(": ")[2] for text in given(model, 1)]
        assert told == ["The server is down.", "Since noon.", "Why?", ANSWER, "Really?"]
        reads = [call for call in slack.calls if call.method == "conversations.replies"]
        assert len(reads) == 1


async def test_edits_and_deletions_are_respected(tmp_path: Path) -> None:
    model = model_of(ANSWER)
    async with lives_in(tmp_path, Setup({"small": model}), NativeStreams.NEVER) as lives:
        slack = lives.slack
        dm = (await slack.open_dm("alice")).id
        first = await slack.say(dm, "alice", "Why?")
        await lives.settle()
        second = await slack.say(dm, "alice", "My password is hunter2.")
        await lives.settle()
        await slack.edit(first, "How?")
        await slack.delete(second)
        await lives.settle()
        await slack.say(dm, "alice", "So?")
        await lives.settle()
        assert given(model, 2) == ["How?", ANSWER, ANSWER, "So?"]


async def test_follow_ups_without_a_mention_can_be_switched_off(tmp_path: Path) -> None:
    model = model_of(ANSWER)
    setup = Setup({"small": model}, everyday=Everyday(follow_ups=False))
    async with lives_in(tmp_path, setup) as lives:
        root = await lives.slack.say("general", "alice", "Why?", mention_bot=True)
        await lives.settle()
        await lives.slack.say("general", "alice", "And then?", root.ts)
        await lives.settle()
        assert len(model.asked) == 1


async def test_an_app_that_may_read_little_answers_with_what_it_gets(tmp_path: Path) -> None:
    model = model_of(ANSWER)
    async with lives_in(tmp_path, Setup({"small": model})) as lives:
        slack = lives.slack
        slack.restrict_reads()
        roots = [await slack.say("general", "alice", f"Fact {number}.") for number in range(2)]
        for root in roots:
            await slack.say("general", "alice", "It is so.", root.ts)
            await slack.say("general", "alice", "Really?", root.ts, mention_bot=True)
            await lives.settle()
        assert given(model, 0) == ["Fact 0.", "It is so.", "Really?"]
        assert given(model, 1) == ["Really?"]
        assert len(slack.rate_limited) == 1


async def test_a_preview_is_no_edit_and_a_tombstone_is_a_deletion(tmp_path: Path) -> None:
    model = model_of(ANSWER)
    async with lives_in(tmp_path, Setup({"small": model})) as lives:
        slack = lives.slack
        root = await slack.say("general", "alice", "Why?", mention_bot=True)
        await lives.settle()
        await slack.unfurl(root)
        await lives.settle()
        assert slack.world.ephemerals == []
        await slack.delete(root)  # its thread goes on
        await slack.say("general", "alice", "And then?", root.ts)
        await lives.settle()
        assert given(model, 1) == [ANSWER, "And then?"]


async def test_what_was_forgotten_does_not_come_back_from_slack(tmp_path: Path) -> None:
    model = model_of(ANSWER)
    async with lives_in(tmp_path, Setup({"small": model})) as lives:
        slack = lives.slack
        root = await slack.say("general", "alice", "Why?", mention_bot=True)
        await lives.settle()
        conversations = lives.now.service.store.conversations
        await conversations.forget(conversation(f"slack:{slack.team_id}/{root.channel}/{root.ts}"))
        await slack.say("general", "alice", "And then?", root.ts)
        await lives.settle()
        assert given(model, 1) == ["And then?"]
