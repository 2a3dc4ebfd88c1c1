"""Answers on their way into Slack, end to end: every size, rate limits, broken calls, many at once, errors."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from tests.slack.stage import SENTENCE, assert_answer, on_stage, text_of
from tests.support.english import english
from tests.support.scripted_model import Script, ScriptedModel, model_of, pieces_of
from tickertape.languages import words
from tickertape.model.api import BalanceUsedUp, CutOff, Finish, ModelError
from tickertape.sandbox.slack import Limit
from tickertape.sandbox.slack.web_api.rate_limits import DEFAULT_LIMITS
from tickertape.slack.http.lookup import HISTORY, MAX_LIMITED, REPLIES
from tickertape.slack.settings import Mode, NativeStreams

both_modes = pytest.mark.parametrize("mode", list(Mode), ids=lambda mode: mode.name)

PARAGRAPHS = (SENTENCE * 12).strip() + "\n\n"
RICH = """# Heading

Some **bold**, *italic*, ~~struck~~ and `code < & >` text with a [link](https://example.com/?a=1&b=2).

| left | right |
|:-----|------:|
| a    | 1 < 2 |

1. one
2. two
   - nested

> quoted

```python
if a < b && c > d:
    print("<!DOCTYPE html>", vec![1])
```
"""


def of_length(length: int) -> str:
    """Return prose of just so many characters, without white space at its end."""
    text = (PARAGRAPHS * (length // len(PARAGRAPHS) + 1))[: length - 1]
    return text[:-1] + "x." if text[-1].isspace() else text + "."


@pytest.mark.parametrize("length", [10, 2_000, 12_000, 60_000])
async def test_the_final_text_is_exactly_the_models(length: int) -> None:
    text = of_length(length)
    assert len(text) == length
    async with on_stage(ScriptedModel([Script(pieces_of(text, max(4, length // 600)))])) as stage:
        asked = await stage.slack.say("general", "alice", "Why?", mention_bot=True)
        await stage.until_over()
        messages = stage.thread(asked)
        assert_answer(messages, text)
        assert len(messages) == -(-length // 11_500)
        stage.assert_clean()


async def test_markdown_arrives_as_it_was_written() -> None:
    async with on_stage(RICH.strip()) as stage:
        asked = await stage.slack.say("general", "alice", "Why?", mention_bot=True)
        await stage.until_over()
        (message,) = stage.thread(asked)
        assert text_of(message) == RICH.strip()
        assert len(message.text) <= 1_100
        written = [*stage.slack.calls_of("chat.postMessage"), *stage.slack.calls_of("chat.update")]
        assert {(call.arguments["unfurl_links"], call.arguments["unfurl_media"]) for call in written} == {
            (False, False)
        }
        stage.assert_clean()


@both_modes
async def test_nothing_in_model_text_pings_on_create_and_on_edit(mode: Mode) -> None:
    forms = "<!channel> <!here> <!everyone> <!subteam^S123|team> <#C123> <!date^1^{date}|x> @here @channel "
    async with on_stage(ScriptedModel([Script([""])]), mode) as stage:
        everybody = " ".join(f"<@{user}>" for user in stage.slack.world.users)
        text = f"{forms} {everybody}\n\n```\n{forms} {everybody}\n```\n\n`{forms}` &lt;!channel&gt; <\\!here>".strip()
        stage.model.scripts[0].pieces = pieces_of(text * 3, 7)
        asked = await stage.slack.say("general", "alice", "Ping them all!", mention_bot=True)
        await stage.until_over()
        assert_answer(stage.thread(asked), text * 3)
        stage.assert_clean()


async def test_a_429_in_mid_stream_is_obeyed_for_the_whole_method_and_loses_nothing() -> None:
    text = of_length(3_000)
    async with on_stage(model_of(text)) as stage:
        asked = await stage.slack.say("general", "alice", "Why?", mention_bot=True)
        await stage.until_running()
        stage.slack.fail_next("chat.update", error="ratelimited", retry_after=6)
        await stage.until_over()
        assert_answer(stage.thread(asked), text)
        (limited,) = stage.slack.rate_limited
        later = [call.at for call in stage.slack.calls_of("chat.update") if call.at > limited.at]
        assert min(later) - limited.at >= 6


async def test_a_stricter_slack_than_published_is_learned() -> None:
    strict = {**DEFAULT_LIMITS, "chat.update": (Limit(20),)}
    async with on_stage(ScriptedModel([Script([SENTENCE] * 600, pause=0.2)]), limits=strict) as stage:
        asked = await stage.slack.say("general", "alice", "Why?", mention_bot=True)
        await stage.until_over()
        assert_answer(stage.thread(asked), (SENTENCE * 600).strip())
        assert len(stage.slack.rate_limited) <= 3


@pytest.mark.parametrize("drop", ["before", "after"])
async def test_a_create_whose_fate_is_unknown_makes_one_message(drop: str) -> None:
    text = of_length(25_000)
    async with on_stage(ScriptedModel([Script(pieces_of(text, 100))])) as stage:
        stage.slack.fail_next("chat.postMessage", drop=drop)
        asked = await stage.slack.say("general", "alice", "Why?", mention_bot=True)
        await stage.until_running(6_000)
        stage.slack.fail_next("chat.postMessage", drop=drop)
        await stage.until_over()
        assert_answer(stage.thread(asked), text)
        assert len(stage.thread(asked)) == 3
        assert len(stage.slack.calls_of("conversations.replies")) == 2
        stage.assert_clean()


async def test_a_create_in_a_direct_message_is_looked_up_as_well() -> None:
    async with on_stage(native=NativeStreams.NEVER) as stage:
        direct = await stage.slack.open_dm("alice")
        stage.slack.fail_next("chat.postMessage", drop="after")
        await stage.slack.say(direct, "alice", "Why?")
        await stage.until_over()
        assert_answer(stage.shown(), "An answer.")


async def test_a_look_up_that_is_rate_limited_is_made_again_when_slack_allows() -> None:
    async with on_stage() as stage:
        stage.slack.fail_next("chat.postMessage", drop="after")
        stage.slack.fail_next("conversations.replies", error="ratelimited", retry_after=30)
        asked = await stage.slack.say("general", "alice", "Why?", mention_bot=True)
        await stage.until_over()
        first, second = stage.slack.calls_of("conversations.replies")
        assert 30 <= second.at - first.at < 35
        assert_answer(stage.thread(asked), "An answer.")
        assert len(stage.slack.calls_of("chat.postMessage")) == 1


@pytest.mark.parametrize("native", [NativeStreams.DIRECT, NativeStreams.NEVER])
async def test_an_answer_that_can_not_be_looked_for_is_posted_again(native: NativeStreams) -> None:
    create = "chat.startStream" if native is NativeStreams.DIRECT else "chat.postMessage"
    async with on_stage(native=native) as stage:
        direct = await stage.slack.open_dm("alice")
        stage.slack.fail_next(create, drop="before")
        for method in (REPLIES, HISTORY):
            stage.slack.fail_next(method, error="ratelimited", retry_after=60, times=100)
        await stage.slack.say(direct, "alice", "Why?")
        await stage.until_over()
        assert_answer(stage.shown(), "An answer.")
        lost = stage.slack.calls_of(create)[0].at
        looks = [call for call in stage.slack.calls if call.method in {REPLIES, HISTORY}]
        times = [call.at for call in looks if call.at > lost]  # what was said before is read before that
        assert len(times) == MAX_LIMITED
        assert all(after - before >= 60 for before, after in pairwise(times))


async def test_a_message_found_after_a_broken_create_survives_a_429_on_its_edit() -> None:
    async with on_stage() as stage:
        stage.slack.fail_next("chat.postMessage", drop="after")
        stage.slack.fail_next("chat.update", error="ratelimited", retry_after=3)
        asked = await stage.slack.say("general", "alice", "Why?", mention_bot=True)
        await stage.until_over()
        assert_answer(stage.thread(asked), "An answer.")


async def test_without_the_scope_to_look_the_answer_is_posted_anyway() -> None:
    async with on_stage() as stage:
        stage.slack.scopes -= {"channels:history"}
        stage.slack.subscriptions = frozenset({"app_mention"})
        stage.slack.fail_next("chat.postMessage", status=500)
        asked = await stage.slack.say("general", "alice", "Why?", mention_bot=True)
        await stage.until_over()
        assert_answer(stage.thread(asked), "An answer.")


@pytest.mark.parametrize(
    "fault", [{"drop": "before"}, {"drop": "after"}, {"status": 502}, {"error": "internal_error"}]
)
async def test_edits_that_break_are_made_again(fault: dict[str, str | int]) -> None:
    text = of_length(2_000)
    async with on_stage(model_of(text)) as stage:
        asked = await stage.slack.say("general", "alice", "Why?", mention_bot=True)
        await stage.until_running()
        stage.slack.fail_next("chat.update", times=3, **fault)  # type: ignore[arg-type]  # keywords of fail_next
        await stage.until_over()
        assert_answer(stage.thread(asked), text)


async def test_twenty_answers_at_once_earn_no_429() -> None:
    scripts = [Script([SENTENCE] * 400, pause=0.1)]
    async with on_stage(ScriptedModel(scripts)) as stage:
        channels = [await stage.slack.add_channel(f"room-{number}", "alice") for number in range(10)]
        asked = [
            await stage.slack.say(channel, "alice", "Why?", mention_bot=True)
            for channel in channels
            for _ in range(2)
        ]
        await stage.until_over(20)
        for question in asked:
            assert_answer(stage.thread(question), (SENTENCE * 400).strip())
        stage.assert_clean()
        ended = max(stage.model.closed_at)
        assert max(call.at for call in stage.slack.calls_of("chat.update")) - ended < 60


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (BalanceUsedUp("402"), "The balance for this model is used up. Please tell this bot's owner."),
        (CutOff("reset"), "The connection to the model broke before any text came. Please try again."),
    ],
)
async def test_an_error_before_the_first_text_takes_the_placeholders_place(
    error: ModelError, sentence: str
) -> None:
    async with on_stage(ScriptedModel([Script([], error=error)])) as stage:
        asked = await stage.slack.say("general", "alice", "Why?", mention_bot=True)
        await stage.until_over()
        (message,) = stage.thread(asked)
        assert text_of(message) == f"_{sentence}_"
        stage.assert_clean()


async def test_an_error_in_mid_stream_keeps_the_text() -> None:
    async with on_stage(ScriptedModel([Script([SENTENCE] * 10, error=CutOff("reset"))])) as stage:
        asked = await stage.slack.say("general", "alice", "Why?", mention_bot=True)
        await stage.until_over()
        sentence = "Cut off: the connection to the model broke."
        assert_answer(stage.thread(asked), (SENTENCE * 10).strip(), sentence)


async def test_a_length_limit_is_said() -> None:
    async with on_stage(ScriptedModel([Script([SENTENCE], finish=Finish.LENGTH)])) as stage:
        asked = await stage.slack.say("general", "alice", "Why?", mention_bot=True)
        await stage.until_over()
        assert_answer(stage.thread(asked), SENTENCE.strip(), english(words.finished(Finish.LENGTH)))


async def test_shutdown_in_mid_stream_keeps_the_text_and_says_so() -> None:
    async with on_stage(ScriptedModel([Script([SENTENCE] * 30, hold=True)])) as stage:
        asked = await stage.slack.say("general", "alice", "Why?", mention_bot=True)
        await stage.until_running(len(SENTENCE) * 20)
        await asyncio.sleep(5)
        await stage.answering.close(grace=1)
        assert_answer(stage.thread(asked), (SENTENCE * 30).strip(), english(words.INTERRUPTED))
