"""Asking in Slack, end to end: mentions, direct messages, the slash command, and what gets no answer."""

from __future__ import annotations

import asyncio

import pytest

from tests.slack.stage import SENTENCE, assert_answer, has_button, on_stage, text_of
from tests.support.english import english
from tests.support.scripted_model import Script, ScriptedModel
from tickertape.languages import words
from tickertape.prompts.prompt import MAX_PROMPT
from tickertape.sandbox.slack.world.events import Event
from tickertape.slack.acknowledging import ACKNOWLEDGED_AFTER
from tickertape.slack.http.web import make_client, make_session
from tickertape.slack.settings import Mode, NativeStreams
from tickertape.slack.showing.dialect import DIALECT

both_modes = pytest.mark.parametrize("mode", list(Mode), ids=lambda mode: mode.name)


@both_modes
async def test_a_mention_is_answered_in_its_thread(mode: Mode) -> None:
    async with on_stage("The sky is blue.", mode) as stage:
        asked = await stage.slack.say("general", "alice", "Why is the sky blue?", mention_bot=True)
        await stage.until_over()
        assert_answer(stage.thread(asked), "The sky is blue.")
        assert stage.shown() == stage.thread(asked)
        stage.assert_clean()
        assert stage.model.asked[0][0].text == "Why is the sky blue?"


async def test_a_text_that_comes_soon_is_posted_itself_and_costs_no_edit() -> None:
    model = ScriptedModel([Script(["Text."], pause=1)])
    async with on_stage(model) as stage:
        asked = await stage.slack.say("general", "alice", "Why?", mention_bot=True)
        await stage.until_over()
        (message,) = stage.thread(asked)
        assert english(words.THINKING) not in message.versions[0].visible


async def test_a_message_with_a_stop_button_is_there_soon_when_the_text_is_not() -> None:
    model = ScriptedModel([Script(["Text."], pause=8)])
    async with on_stage(model) as stage:
        asked = await stage.slack.say("general", "alice", "Why?", mention_bot=True)
        message = await stage.until(lambda: next(iter(stage.thread(asked)), None), 2)
        assert text_of(message) == english(words.THINKING)
        assert has_button(message)
        await stage.until_over()
        assert_answer(stage.thread(asked), "Text.")


async def test_a_mention_within_a_thread_is_answered_there() -> None:
    async with on_stage() as stage:
        root = await stage.slack.say("general", "bob", "A discussion.")
        await stage.slack.say("general", "alice", "What do you say?", thread_ts=root.ts, mention_bot=True)
        await stage.until_over()
        assert_answer(stage.thread(root), "An answer.")


async def test_what_people_type_reaches_the_model_as_they_typed_it() -> None:
    async with on_stage() as stage:
        bob = stage.slack.world.user("bob").id
        await stage.slack.say("general", "alice", f"Is 1 < 2 && 3 > 2, <@{bob}>?", mention_bot=True)
        await stage.until_over()
        assert stage.model.asked[0][0].text == f"Is 1 < 2 && 3 > 2, @{bob}?"


@both_modes
async def test_a_direct_message_is_answered_in_the_conversation(mode: Mode) -> None:
    async with on_stage(mode=mode, native=NativeStreams.NEVER) as stage:
        direct = await stage.slack.open_dm("alice")
        await stage.slack.say(direct, "alice", "Why?")
        await stage.until_over()
        (message,) = stage.shown()
        assert (message.channel, message.thread_ts) == (direct.id, None)
        assert_answer([message], "An answer.")
        stage.assert_clean()


async def test_a_direct_message_in_a_thread_is_answered_in_that_thread() -> None:
    async with on_stage(native=NativeStreams.NEVER) as stage:
        direct = await stage.slack.open_dm("alice")
        root = await stage.slack.say(direct, "alice", "Why?")
        await stage.until_over()
        await stage.slack.say(direct, "alice", "And why that?", thread_ts=root.ts)
        await stage.until_over(2)
        assert_answer(stage.thread(root), "An answer.")


@both_modes
async def test_a_slash_command_becomes_a_question_with_the_answer_in_its_thread(mode: Mode) -> None:
    async with on_stage("Because.", mode) as stage:
        used = await stage.slack.slash("general", "alice", "/ask", "Why *is* 1 < 2?\nSay it to <!channel>.")
        assert used.error is None
        await stage.until_over()
        question, *answer = stage.shown()
        assert text_of(question).startswith("**alice** asked:\n\n> Why *is* 1 < 2?\n> Say it to @channel.")
        assert question.thread_ts is None
        assert_answer(answer, "Because.")
        assert answer == stage.thread(question)
        stage.assert_clean()
        assert stage.model.asked[0][0].text == "Why *is* 1 < 2?\nSay it to @channel."
        assert used.messages == []


@both_modes
async def test_a_slash_command_is_acknowledged_in_time_however_slow_slack_is(mode: Mode) -> None:
    async with on_stage(mode=mode) as stage:
        stage.slack.latency = 20
        used = await stage.slack.slash("general", "alice", "/ask", "Why?")
        assert used.error is None
        assert used.acked_at is not None
        assert used.acked_at - used.sent_at == pytest.approx(ACKNOWLEDGED_AFTER, abs=0.1)
        await stage.until_over()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("  ", english(words.PROMPT_EMPTY)), ("x" * (MAX_PROMPT + 1), english(words.PROMPT_TOO_LONG))],
)
@both_modes
async def test_a_bad_slash_command_is_refused_privately_and_at_once(
    mode: Mode, text: str, sentence: str
) -> None:
    async with on_stage(mode=mode) as stage:
        used = await stage.slack.slash("general", "alice", "/ask", text)
        (refusal,) = used.messages
        assert refusal.ephemeral_to == used.user.id
        assert refusal.visible == sentence
        assert stage.shown() == []
        assert stage.model.asked == []


async def test_a_slash_command_where_the_bot_is_no_member_says_what_to_do() -> None:
    async with on_stage() as stage:
        used = await stage.slack.slash("random", "alice", "/ask", "Why?")
        (told,) = await stage.until(lambda: used.messages)
        assert told.ephemeral_to == used.user.id
        assert "/invite @tickertape" in told.visible
        assert stage.model.asked == []


async def test_a_slash_command_that_breaks_while_it_is_posted_is_posted_once() -> None:
    async with on_stage() as stage:
        stage.slack.fail_next("chat.postMessage", drop="after")
        await stage.slack.slash("general", "alice", "/ask", "Why?")
        await stage.until_over()
        question, answer = stage.shown()
        assert answer.thread_ts == question.ts


async def test_a_slash_command_that_slack_never_takes_is_told_to_the_asker() -> None:
    async with on_stage() as stage:
        stage.slack.fail_next("chat.postMessage", status=503, times=4)
        used = await stage.slack.slash("general", "alice", "/ask", "Why?")
        await stage.until(lambda: used.messages)
        assert "try again" in used.messages[0].visible
        assert stage.model.asked == []


@pytest.mark.parametrize("line", ["&", "why? ", "x\n", "&\n"])
async def test_a_long_question_is_posted_in_part_and_asked_in_full(line: str) -> None:
    async with on_stage() as stage:
        text = "Q" + line * ((MAX_PROMPT - 2) // len(line)) + "?"
        await stage.slack.slash("general", "alice", "/ask", text)
        await stage.until_over()
        question, _ = stage.shown()
        assert DIALECT.size(text_of(question)) <= DIALECT.page
        assert text_of(question).endswith("…")
        assert stage.model.asked[0][0].text == text


async def test_a_429_on_the_question_is_waited_for() -> None:
    async with on_stage() as stage:
        stage.slack.fail_next("chat.postMessage", error="ratelimited", retry_after=7)
        await stage.slack.slash("general", "alice", "/ask", "Why?")
        await stage.until_over()
        first, second, *_ = stage.slack.calls_of("chat.postMessage")
        assert second.at - first.at >= 7
        assert len(stage.shown()) == 2


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("", english(words.PROMPT_EMPTY)), ("x" * (MAX_PROMPT + 1), english(words.PROMPT_TOO_LONG))],
)
async def test_a_bad_mention_is_refused_for_the_askers_eyes_once(text: str, sentence: str) -> None:
    async with on_stage() as stage:
        await stage.slack.say("general", "alice", text, mention_bot=True)
        (refusal,) = await stage.until(lambda: stage.slack.world.ephemerals_of("alice"))
        await stage.until(lambda: stage.slack.unacked == [])
        assert refusal.visible == sentence
        assert len(stage.slack.world.ephemerals_of("alice")) == 1
        assert stage.shown() == []
        assert stage.model.asked == []


async def test_a_bad_direct_message_is_refused_in_the_conversation() -> None:
    async with on_stage() as stage:
        direct = await stage.slack.open_dm("alice")
        await stage.slack.say(direct, "alice", "x" * (MAX_PROMPT + 1))
        (refusal,) = await stage.until(stage.shown)
        assert refusal.visible == english(words.PROMPT_TOO_LONG)
        assert refusal.channel == direct.id


async def test_what_is_no_question_gets_no_answer() -> None:
    async with on_stage() as stage:
        slack = stage.slack
        direct = await slack.open_dm("alice")
        await slack.say("general", "alice", "Nobody is mentioned.")
        await slack.say_as_bot("general", f"<@{slack.bot_user_id}> I am a bot.")
        written = await slack.say("general", "alice", "Typo")
        await slack.edit(written, "Typo mended")
        await slack.delete(written)
        await slack.say_as_bot(direct, "I am a bot, too.")
        await slack.open_home("alice")
        await stage.until(lambda: not slack.unacked)
        assert stage.model.asked == []
        assert stage.shown() == []


async def test_an_edit_that_adds_a_mention_is_no_question() -> None:
    async with on_stage() as stage:
        world = stage.slack.world
        body = {"type": "app_mention", "user": world.user("alice").id, "text": f"<@{world.bot.id}> why?", "ts": "1.1",
                "channel": world.channel("general").id, "edited": {"user": "U1", "ts": "2.2"}}  # fmt: skip
        world.publish(Event("app_mention", body))
        await stage.until(lambda: stage.slack.deliveries and not stage.slack.unacked)
        assert stage.model.asked == []


@both_modes
async def test_what_nobody_listens_for_is_acknowledged(mode: Mode) -> None:
    async with on_stage(mode=mode) as stage, make_session() as session:
        client = make_client(stage.slack.bot_token, stage.slack.api_url, session)
        button = {"type": "button", "action_id": "foreign", "text": {"type": "plain_text", "text": "Press"}}
        await client.chat_postMessage(
            channel="general", text="Old.", blocks=[{"type": "actions", "elements": [button]}]
        )
        pressed = await stage.slack.press(stage.shown()[0], "alice")
        used = await stage.slack.slash("general", "alice", "/other", "Why?")
        assert (pressed.error, used.error, used.messages) == (None, None, [])


async def test_a_shared_file_with_a_question_is_answered() -> None:
    async with on_stage() as stage:
        direct = await stage.slack.open_dm("alice")
        await stage.slack.share_file(direct, "alice", "notes.txt", b"notes", "What is this?")
        await stage.until_over()
        text = stage.model.asked[0][0].text
        assert "notes.txt" in text
        assert text.endswith("What is this?")


async def test_every_event_is_acknowledged_even_those_nobody_listens_for() -> None:
    async with on_stage() as stage:
        slack = stage.slack
        slack.subscriptions |= {"app_home_opened", "member_joined_channel", "reaction_removed"}
        slack.scopes |= {"channels:read"}
        await slack.open_home("alice")
        message = await slack.say("general", "alice", "Hello.")
        await slack.react(message, "bob", "x")
        await slack.unreact(message, "bob", "x")
        await slack.invite_bot("random")
        await stage.until(lambda: len(slack.deliveries) >= 4 and not slack.unacked)
        assert all(len(delivery.attempts) == 1 for delivery in slack.deliveries)
        await asyncio.sleep(1)
        (looked_up,) = slack.calls_of("users.info")
        assert looked_up.arguments["user"] == slack.world.user("alice").id, "whose Home it is"


@pytest.mark.parametrize("error", ["restricted_action", "missing_scope", "msg_too_long", "token_revoked"])
async def test_an_answer_that_slack_refuses_is_told_to_the_asker_and_not_generated_on(error: str) -> None:
    model = ScriptedModel([Script([SENTENCE] * 5, hold=True)])
    async with on_stage(model) as stage:
        stage.slack.fail_next("chat.postMessage", error=error)
        await stage.slack.say("general", "alice", "Why?", mention_bot=True)
        (told,) = await stage.until(lambda: stage.slack.world.ephemerals_of("alice"))
        assert told.visible.startswith("I could not show you the answer")
        assert len(model.closed_at) == 1
        assert stage.shown() == []


async def test_an_asker_who_cannot_be_told_in_the_channel_gets_a_direct_message() -> None:
    async with on_stage() as stage:
        general = stage.slack.world.channel("general")
        general.admins_only = True
        await stage.slack.say("general", "alice", "Why?", mention_bot=True)
        (told,) = await stage.until(stage.shown)
        assert stage.slack.world.channels[told.channel].is_direct
        assert "restricted" in told.visible


async def test_an_edit_that_slack_refuses_ends_the_answer_and_is_told() -> None:
    model = ScriptedModel([Script([SENTENCE] * 500)])
    async with on_stage(model) as stage:
        await stage.slack.say("general", "alice", "Why?", mention_bot=True)
        await stage.until_running()
        stage.slack.fail_next("chat.update", error="edit_window_closed")
        (told,) = await stage.until(lambda: stage.slack.world.ephemerals_of("alice"))
        assert "edit messages this old" in told.visible
        assert len(model.closed_at) == 1


async def test_no_prompts_are_taken_during_shutdown() -> None:
    async with on_stage() as stage:
        await stage.answering.close(grace=0)
        used = await stage.slack.slash("general", "alice", "/ask", "Why?")
        assert [message.visible for message in used.messages] == [english(words.SHUTTING_DOWN)]


async def test_a_command_does_not_wait_long_for_its_askers_name() -> None:
    async with on_stage() as stage:
        stage.slack.fail_next("users.info", delay=60, times=5)
        begins = asyncio.get_running_loop().time()
        await stage.slack.slash("general", "alice", "/ask", "Why?")
        (question, *_) = await stage.until(stage.shown, 10)
        assert "alice" in question.visible
        assert asyncio.get_running_loop().time() - begins < 6
