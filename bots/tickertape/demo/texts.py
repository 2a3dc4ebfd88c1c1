"""What is asked and answered in the demo: real sentences, with what chat Markdown can do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question, and the answer that the stand-in of the model gives."""

    question: str
    answer: str


DISPLAY_LAG = Exchange(
    "What is display lag, and why should a chat bot care?",
    """\
**Display lag** is the time from the moment a character arrives from the model until you can read it.

1. The model sends a few characters every 20 ms.
2. Discord takes about **five edits in five seconds** per channel.
3. So a bot cannot show every token: it has to choose *when* an edit helps most.

```python
def lag(waiting: list[Character], now: float) -> float:
    return sum(now - character.arrived for character in waiting)
```

An edit that comes too early shows little. One that comes too late keeps you waiting. A burst of them earns a 429, \
and then **nobody** sees anything for a while.
""",
)

SHARED_BUDGET = Exchange(
    "Ten people ask at once. Who gets the next edit?",
    """\
In Slack *all* answers of a workspace share one budget of `chat.update` calls:

| answers | edits a minute, each |
|--------:|---------------------:|
| 1       | 50                   |
| 4       | 12                   |
| 10      | 5                    |

So the next edit goes to the answer whose readers have waited longest for most text. Three rules decide:

- **Ends first.** A finished answer is shown at the first legal moment.
- **Most lag next.** Characters that wait, times how long.
- **Nobody starves.** Whoever was passed over three rounds goes first.
""",
)

RATE_LIMITS = Exchange(
    "Tell me everything about rate limits. Take your time.",
    """\
Let me begin at the beginning. A rate limit is a promise between strangers: you will not ask more often than this, and
I will answer every time.

The first telephone exchanges already had one, although nobody called it that: the number of cords that an operator
could plug in at once. When all cords were in use, the next caller heard a tone and waited.

Computers made the cords invisible. A **token bucket** replaced them: it fills at a steady pace, and each call takes
one token out. When it is empty, you wait, exactly as the caller did.

Then came the fixed window, which counts the calls of a minute and forgets them when the minute is over. It is simple,
and everybody who waits for the new minute arrives at the same time.
""",
)
