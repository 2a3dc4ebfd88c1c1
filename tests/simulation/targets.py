"""What the figures must be: the one place where the limits of every benchmark and regression test stand.

All are ratios but for two delays, which are one round trip and `DELAY`, and for the memory of an answer.
"""

from __future__ import annotations

LONG_ANSWERS = 1.15
"""Mean display lag of answers of 60 s over `optimum.lower_bound`: 1, 4 and 8 in one channel."""

ONE_ANSWER = 1.25
"""Mean display lag of one answer of 10 to 20 s over the offline optimum."""

SHARED_CHANNEL = 1.5
"""The same for 4 and 8 answers in one channel."""

WORKSPACE = 1.5
"""The same for 1, 4 and 10 answers in a Slack workspace with a fresh minute."""

WORKSPACE_REACHED = {1: 1.45, 4: 1.48, 10: 1.49}
"""What the simulation reaches of it, by the number of answers: a hundredth more is a regression."""

WORKSPACE_REACHED_UNEVENLY = {1: 1.48, 4: 1.49, 10: 1.49}
"""The same with the delays that the real clock adds."""

BASELINES = 0.7
"""Mean display lag over that of the better baseline: 8 answers in a channel, 10 in a workspace."""


def over_baseline(optimum: float | None, baseline: float, over_optimum: float) -> float:
    """Return the most that a mean lag may be over that of the better baseline, `baseline` seconds.

    It is `BASELINES` where that can be had. Where the offline optimum, which knows the future, has itself more than that
    share of the baseline's lag, nobody can: there it is the optimum's share times what is allowed over the optimum. So it
    is for 10 answers of 10 s in a workspace. The baselines' interval of 2 s happens to spend 10 x 5 edits of Slack's 50 by
    the time that all answers end, and the optimum has 0.99 of their lag. At 15 s the same interval runs into 429s, and has
    ten times the optimum's lag.
    """
    if optimum is not None and optimum > BASELINES * baseline:
        return optimum / baseline * over_optimum
    return BASELINES


DELAY = 0.05
"""Seconds beyond one round trip, at p99: first delta to first text, and end of stream to the full text, of one
answer whose budget is not spent."""

RATE_LIMITED = 0
"""429s in every scenario."""

FAIRNESS = 1.3
"""Mean lag of the worst-served of 8 equal answers over that of the best-served."""

CPU_PER_DELTA = 0.30
"""CPU from bytes to draft over that of the openai client's typed stream, paced at 50 tokens/s, in the same run."""

ANSWERS_PER_CORE = 5.0
"""Answers of 50 tokens/s that one core carries, edits included, over what the typed client alone carries."""

KIB_PER_ANSWER = 64.0
"""KiB of memory per open answer beyond the HTTP connection's."""

LONG_CONVERSATION = 1.25
"""Time that the store takes for a prompt in a conversation of 500 or 5,000 turns over one of 20."""
