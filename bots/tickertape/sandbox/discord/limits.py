"""What the stand-in of Discord allows: budgets, deadlines and lifetimes, all of them settable."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Budget:
    """`calls` in every window of `seconds`."""

    calls: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Limits:
    """Every figure that the stand-in enforces; times in seconds.

    Discord publishes no figures of its route budgets. Those marked [U] are what users report; those marked [A] are
    assumptions of this stand-in. A bot must learn both from the headers of the answers.
    """

    posts: Budget = Budget(5, 5.0)
    """Creating messages, per channel [U]."""
    edits: Budget = Budget(5, 5.0)
    """Editing messages, per channel [U]."""
    deletes: Budget = Budget(5, 1.0)
    """Deleting messages, per channel [U]."""
    reactions: Budget = Budget(1, 0.25)
    """Adding and removing reactions, per channel and method [U]."""
    typing: Budget = Budget(5, 5.0)
    """Typing notices, per channel [U]."""
    histories: Budget = Budget(5, 5.0)
    """Listing messages, per channel [U] (discord-api-docs#8161)."""
    webhooks: Budget = Budget(5, 2.0)
    """Follow-ups and edits of interaction responses, per method and interaction token [U]."""
    others: Budget = Budget(50, 1.0)
    """Every other route [A]."""
    everything: Budget = Budget(50, 1.0)
    """All calls of a bot but those to interaction endpoints (API documentation, rate limits)."""
    share_message_bucket: bool = True
    """Whether creates and edits name one bucket hash though they are counted apart (discord-api-docs#8073)."""
    invalid_answers: Budget = Budget(10_000, 600.0)
    """Answers of 401, 403 and unshared 429 before the address is banned (API documentation, rate limits)."""
    ban: float = 3600.0
    """Length of that ban [A]."""
    channel_writes: Budget | None = None
    """Writes to one channel before error 20028; Discord publishes no figure, so the default is no limit."""
    old_message: float = 3600.0
    """Age from which edits of a message are counted for error 30046 (API documentation, error codes)."""
    old_edits: Budget = Budget(30, 3600.0)
    """Edits of one message of that age [A]."""
    response: float = 3.0
    """Time for the first response to an interaction (API documentation, interactions)."""
    token_life: float = 900.0
    """Life of an interaction token (API documentation, interactions)."""
    user_follow_ups: int = 5
    """Follow-ups where the app is only installed for the user, else error 40094 (API documentation)."""
    attachment_links: float = 86_400.0
    """Life of an attachment's link: "a preset expiry time" in the documentation, a day according to users [U]."""
    thread_notices: float = 1.0
    """Age of a message from which a thread started on it is told of by a notice: "a very small value" in the
    documentation [A]."""
    active_threads: int = 1000
    """Threads of a guild that are not archived, else error 160006 [U]."""
    nonce_memory: float = 300.0
    """How long an enforced nonce is remembered: "the past few minutes" in the documentation, five here [A]."""
    command_creates: Budget = Budget(200, 86_400.0)
    """New application commands per scope, else error 30034 (API documentation, application commands)."""
    identifies: Budget = Budget(1, 5.0)
    """Identifies per concurrency key; `calls` is `max_concurrency` (API documentation, gateway)."""
    identifies_a_day: Budget = Budget(1000, 86_400.0)
    """Identifies before the token would be reset (API documentation, gateway)."""
    gateway_sends: Budget = Budget(120, 60.0)
    """Payloads of a client per gateway connection, else close code 4008 (API documentation, gateway)."""
    gateway_payload: int = 4096
    """Bytes of a client's gateway payload, else close code 4002 (API documentation, gateway)."""
    heartbeat: float = 41.25
    """Heartbeat interval that HELLO announces."""
    session_life: float = 180.0
    """How long a session can be resumed after its connection was lost [A]."""
    session_events: int = 2000
    """How many events a session keeps for a resume [A]."""
    shards: int = 1
    """The number of shards that GET /gateway/bot recommends."""
    require_sharding: bool = False
    """Whether an identify with fewer shards than that is closed with 4011."""

    def budget(self, method: str, route: str) -> Budget:
        """Return the budget of a route, whose parameters are written `{}`."""
        if route.startswith("/webhooks/"):
            return self.webhooks
        return self._channel_budget(method, route.removeprefix("/channels/{}")) or self.others

    def _channel_budget(self, method: str, rest: str) -> Budget | None:
        """Return the budget of a channel's route, given what follows the channel."""
        if rest.startswith("/messages/{}/reactions") and method != "GET":
            return self.reactions
        return {
            ("GET", "/messages"): self.histories,
            ("POST", "/messages"): self.posts,
            ("PATCH", "/messages/{}"): self.edits,
            ("DELETE", "/messages/{}"): self.deletes,
            ("POST", "/typing"): self.typing,
        }.get((method, rest))

    def bucket_name(self, method: str, route: str) -> str:
        """Return what the bucket hash of a route is made of."""
        messages = {("POST", "/channels/{}/messages"), ("PATCH", "/channels/{}/messages/{}")}
        if self.share_message_bucket and (method, route) in messages:
            return "messages"
        return f"{method} {route}"
