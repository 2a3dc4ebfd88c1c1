"""Who may ask, where, and with which model. Pure.

People, roles and channels are named by the platform's immutable ids, never by names, which anybody can take:
`discord:1234`, `slack:U123`. One check serves prompts, commands, reactions and buttons, and it is made anew for each.

The rules, the first that applies:

    1. A deny list that names the asker, one of their roles or the channel refuses. It wins over everything, so that a
       channel can be kept free of the bot, and a mistake in an allow list stays harmless; admins obey it as well.
    2. An admin may do everything else. Limits (`tickertape.rules.quota`) do not apply to admins either: ask `is_admin`.
    3. An allow list of people (users or roles, either suffices) that is not empty refuses whoever it does not name.
    4. An allow list of channels that is not empty refuses everywhere else.
    5. The model's own allow lists do the same for that model.

Lists hold for all platforms: an allow list that names only Discord's users keeps everybody on Slack out.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tickertape.languages import Sentence, words
from tickertape.prompts.asker import Asker
from tickertape.prompts.keys import PersonKey


@dataclass(frozen=True, slots=True)
class Lists:
    """Users, and the ids of roles and of channels as the owner writes them."""

    users: frozenset[PersonKey] = frozenset()
    roles: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()

    def name_person(self, asker: Asker) -> bool:
        """Whether they name the asker or one of the asker's roles."""
        return asker.user in self.users or not self.roles.isdisjoint(asker.roles or ())

    def name_channel(self, asker: Asker) -> bool:
        """Whether they name the channel."""
        return not self.channels.isdisjoint(asker.channels)

    def may_name_person(self, asker: Asker) -> bool:
        """Whether they name the asker as far as is known: unknown roles count as named if any of the platform is."""
        if asker.roles is not None:
            return self.name_person(asker)
        return asker.user in self.users or any(role.startswith(f"{asker.platform}:") for role in self.roles)

    def missing(self, asker: Asker) -> Reason | None:
        """Return what these lists, as allow lists, have against the asker. An empty list allows everybody."""
        if (self.users or self.roles) and not self.name_person(asker):
            return Reason.PERSON
        if self.channels and not self.name_channel(asker):
            return Reason.CHANNEL
        return None


class Reason(enum.Enum):
    """What it is that may not ask."""

    PERSON = "person"
    CHANNEL = "channel"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the asker gets no answer. `model` is the one that they may not use there, if that is why."""

    reason: Reason
    model: str | None = None

    @property
    def sentence(self) -> Sentence:
        """What to tell the asker, privately."""
        match self.reason:
            case Reason.PERSON:
                return words.PERSON_NOT_ALLOWED
            case Reason.CHANNEL:
                return words.CHANNEL_NOT_ALLOWED
            case Reason.MODEL:
                return words.model_not_allowed(self.model or "")


@dataclass(frozen=True, slots=True)
class Access:
    """The owner's rules. `admins` names people only; `models` are the allow lists of the models that have any."""

    allow: Lists = Lists()
    deny: Lists = Lists()
    admins: Lists = Lists()
    models: Mapping[str, Lists] = field(default_factory=dict)

    def is_admin(self, asker: Asker) -> bool:
        """Whether the owner named the asker, or one of their roles, as admin."""
        return self.admins.name_person(asker)

    def check(self, asker: Asker, model: str | None = None) -> Refusal | None:
        """Return why `asker` may not ask there, or not with the model of this name; None if they may."""
        if self.deny.may_name_person(asker):
            return Refusal(Reason.PERSON)
        if self.deny.name_channel(asker):
            return Refusal(Reason.CHANNEL)
        if self.is_admin(asker):
            return None
        if (reason := self.allow.missing(asker)) is not None:
            return Refusal(reason)
        if model is not None and self.models.get(model, Lists()).missing(asker) is not None:
            return Refusal(Reason.MODEL, model)
        return None

    def usable(self, asker: Asker, models: Iterable[str]) -> tuple[str, ...]:
        """Return those of the models that `asker` may use there, for lists and autocompletion."""
        return tuple(model for model in models if self.check(asker, model) is None)
