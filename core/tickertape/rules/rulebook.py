"""Whether a prompt may be asked: the owner's rules, and the limits of people and workspaces as they are used up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import structlog

from tickertape.answer.preparation import PromptRefused
from tickertape.answer.registry import Registry
from tickertape.durable.store.errors import StoreError
from tickertape.durable.store.usage import Usage
from tickertape.prompts.asker import Asker
from tickertape.prompts.keys import MessageKey
from tickertape.prompts.prompt import Prompt
from tickertape.rules import quota
from tickertape.rules.access import Access
from tickertape.rules.quota import DAY, Counted, Limits, Scope, Spent

_log = structlog.get_logger(__name__)

_ADMITTED = 30.0
"""Seconds for which an admitted prompt counts as running before it has been asked."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the owner has set."""

    access: Access = field(default_factory=Access)
    limits: tuple[Limits, ...] = ()


class Rulebook:
    """Applies the rules. Where nobody is named (`Prompt.origin` is None), nothing is refused."""

    def __init__(self, rules: Rules, registry: Registry, usage: Usage, clock: Callable[[], float]) -> None:
        self._rules = rules
        self._registry = registry
        self._usage = usage
        self._clock = clock
        self._admitted: dict[MessageKey, tuple[float, Asker]] = {}

    def is_admin(self, asker: Asker) -> bool:
        """Whether the owner named `asker` as admin."""
        return self._rules.access.is_admin(asker)

    def check(self, asker: Asker, model: str | None = None) -> None:
        """Raise `PromptRefused` if `asker` may not use the bot there, or not that model."""
        refusal = self._rules.access.check(asker, model)
        if refusal is not None:
            raise PromptRefused(refusal.sentence)

    def allows(self, asker: Asker) -> bool:
        """Whether `asker` may use the bot there."""
        return self._rules.access.check(asker) is None

    def denies(self, asker: Asker) -> bool:
        """Whether a deny list names `asker`, or one of the roles of `asker` that are known."""
        return self._rules.access.deny.name_person(asker)

    def check_model(self, prompt: Prompt) -> None:
        """Raise `PromptRefused` if an admitted prompt, whose model is resolved, may not be asked of that: it counts no more."""
        if prompt.origin is None:
            return
        try:
            self.check(prompt.origin.asker, prompt.model or None)
        except PromptRefused:
            self._admitted.pop(prompt.key, None)
            raise

    def usable(self, asker: Asker, names: Iterable[str], *, models: bool) -> Sequence[str]:
        """Return those of the models, or of other names, that `asker` may use there."""
        if models:
            return self._rules.access.usable(asker, names)
        return tuple(names) if self._rules.access.check(asker) is None else ()

    async def admit(self, prompt: Prompt) -> None:
        """Return if `prompt` may be asked, of the model that it names if it names one; raise `PromptRefused` if not."""
        if prompt.origin is None:
            return
        asker = prompt.origin.asker
        self.check(asker, prompt.model or None)
        if self.is_admin(asker):
            return
        self._forget_admitted()
        others = [who for _, who in self._admitted.values()]
        self._admitted[prompt.key] = (self._clock(), asker)  # before anything is waited for: others count it
        try:
            refusals = [await self._reached(limits, asker, others) for limits in self._rules.limits]
        except asyncio.CancelledError:
            self._admitted.pop(prompt.key, None)
            raise
        if (reached := quota.strictest(refusals)) is not None:
            self._admitted.pop(prompt.key, None)
            raise PromptRefused(reached.sentence)

    async def _reached(self, limits: Limits, asker: Asker, others: Sequence[Asker]) -> quota.Refusal | None:
        if limits.scope is Scope.WORKSPACE and asker.workspace is None:
            return None
        now = self._clock()
        origins = [answer.prompt.origin for answer in self._registry.running()]
        running = [origin.asker for origin in origins if origin is not None]
        beginning = _those(limits.scope, asker, others)
        counted = Counted(_those(limits.scope, asker, running) + beginning)
        if limits.per_hour is not None or limits.tokens_per_day is not None:
            spent = await self._spent(limits.scope, asker, now)
            counted = Counted(counted.running, [*(each.at for each in spent), *[now] * beginning], spent)
        return quota.check(limits, counted, now)

    def _forget_admitted(self) -> None:
        """Forget prompts that were asked by now, or never will be."""
        now = self._clock()
        self._admitted = {
            key: (at, who)
            for key, (at, who) in self._admitted.items()
            if now - at < _ADMITTED and not self._registry.asked(key)
        }

    async def _spent(self, scope: Scope, asker: Asker, now: float) -> Sequence[Spent]:
        """Return what was begun within a day. If the database does not tell, nothing is held against anybody."""
        try:
            if scope is Scope.USER:
                window = await self._usage.window(now - DAY, asker=asker.user)
            else:
                window = await self._usage.window(now - DAY, workspace=asker.workspace)
        except StoreError as error:
            _log.error("limits_not_checked", error=error.detail)
            return ()
        return [Spent(each.started_at, each.tokens) for each in window]


def _those(scope: Scope, asker: Asker, askers: Sequence[Asker]) -> int:
    """Return how many of `askers` count for the same limit as `asker`."""
    if scope is Scope.USER:
        return sum(each.user == asker.user for each in askers)
    return sum(each.workspace == asker.workspace for each in askers)
