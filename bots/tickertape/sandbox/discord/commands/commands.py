"""The application commands that the bot has registered, and how often it registered them."""

from __future__ import annotations

from tickertape.sandbox.discord.commands.forms import (
    CHAT_INPUT,
    MESSAGE_COMMAND,
    USER_COMMAND,
    check_command,
    normalised,
)
from tickertape.sandbox.discord.errors import ApiError, Code, FormErrors
from tickertape.sandbox.discord.limits import Limits
from tickertape.sandbox.discord.rate_limits import FixedWindows
from tickertape.sandbox.discord.world.clock import Clock
from tickertape.sandbox.discord.world.entities import Json

MAX_COMMANDS = {CHAT_INPUT: 100, USER_COMMAND: 15, MESSAGE_COMMAND: 15}
"""Commands of an application per scope and type (API documentation, application commands)."""

Scope = int | None
"""None for global commands, else the id of the guild that has them."""


class Commands:
    """Commands by scope. `bulk_puts` and `creates` count what a bot should not do at every start."""

    def __init__(self, clock: Clock, limits: Limits) -> None:
        self._clock = clock
        self._budget = limits.command_creates
        self._windows = FixedWindows()
        self._scopes: dict[Scope, dict[int, Json]] = {}
        self.bulk_puts = 0
        self.creates = 0

    def all(self, scope: Scope = None) -> list[Json]:
        """Return the commands of a scope, oldest first."""
        return list(self._scopes.get(scope, {}).values())

    def find(self, name: str, kind: int, guild: int | None) -> Json | None:
        """Return the command that an app in `guild` would offer: the guild's own before the global one."""
        for scope in (guild, None):
            for command in self.all(scope):
                if (command["name"], command["type"]) == (name, kind):
                    return command
        return None

    def get(self, scope: Scope, ident: int) -> Json:
        """Return one command; raise error 10063 if there is none."""
        try:
            return self._scopes.get(scope, {})[ident]
        except KeyError:
            raise ApiError(Code.UNKNOWN_COMMAND) from None

    def replace_all(self, scope: Scope, application: int, raw: list[Json]) -> list[Json]:
        """Put a whole list in place of a scope's commands; only new names count as created."""
        errors = FormErrors()
        for index, definition in enumerate(raw):
            check_command(definition, errors, f"{index}.")
        keys = [_key(definition) for definition in raw]
        if len(keys) != len(set(keys)):
            errors.add(
                "_root", "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique"
            )
        errors.check()
        _check_count(keys)
        self.bulk_puts += 1
        known = {_key(command): command for command in self.all(scope)}
        self._count_creates(scope, sum(_key(definition) not in known for definition in raw))
        fresh = [self._made(scope, application, item, known.get(_key(item))) for item in raw]
        self._scopes[scope] = {int(command["id"]): command for command in fresh}
        return fresh

    def upsert(self, scope: Scope, application: int, raw: Json) -> tuple[Json, bool]:
        """Create a command or replace that of the same name; also tell whether it is new."""
        errors = FormErrors()
        check_command(raw, errors)
        errors.check()
        known = {_key(command): command for command in self.all(scope)}
        old = known.get(_key(raw))
        _check_count([*(known.keys() - {_key(raw)}), _key(raw)])
        self._count_creates(scope, int(old is None))
        command = self._made(scope, application, raw, old)
        self._scopes.setdefault(scope, {})[int(command["id"])] = command
        return command, old is None

    def change(self, scope: Scope, ident: int, raw: Json) -> Json:
        """Change the named fields of a command."""
        old = self.get(scope, ident)
        merged = old | raw
        errors = FormErrors()
        check_command(merged, errors)
        errors.check()
        command = self._made(scope, int(old["application_id"]), merged, old)
        self._scopes[scope][ident] = command
        return command

    def remove(self, scope: Scope, ident: int) -> None:
        """Delete a command."""
        self.get(scope, ident)
        del self._scopes[scope][ident]

    def _count_creates(self, scope: Scope, number: int) -> None:
        """Count new commands; raise error 30034 when the day's are used up."""
        now = self._clock.now()
        for _ in range(number):
            grant = self._windows.take(scope, self._budget, now)
            if not grant.allowed:
                raise ApiError(Code.COMMAND_CREATES, retry_after=grant.reset_after)
            self.creates += 1

    def _made(self, scope: Scope, application: int, raw: Json, old: Json | None) -> Json:
        """Return a command with its ids; one that did not change keeps its version."""
        definition = normalised(raw)
        if old is not None and old | definition == old:
            return old
        ident = old["id"] if old else str(self._clock.snowflake())
        data = {
            "id": ident,
            "application_id": str(application),
            "version": str(self._clock.snowflake()),
            "default_permission": True,
        } | definition
        return data if scope is None else data | {"guild_id": str(scope)}


def _key(command: Json) -> tuple[str, int]:
    return command["name"], command.get("type") or 1


def _check_count(keys: list[tuple[str, int]]) -> None:
    """Raise error 30032 for more commands of a type than an application may have."""
    for kind, most in MAX_COMMANDS.items():
        if sum(each == kind for _, each in keys) > most:
            raise ApiError(Code.TOO_MANY_COMMANDS)
