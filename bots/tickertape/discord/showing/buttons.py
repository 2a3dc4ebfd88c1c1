"""The buttons below an answer: Stop while it grows, then what can be done with it; and which of its messages has them.

A button's custom id carries the answer's id, so that it works after a restart as well.
"""

from __future__ import annotations

import re
from typing import Any, Protocol

import discord

from tickertape.discord.http.response import Json
from tickertape.languages import ENGLISH, Language, Sentence, words
from tickertape.prompts.keys import MessageKey
from tickertape.screen.body import Body, Offer

Button = discord.ui.Button[discord.ui.View]

STOP_ID = "tickertape:stop:"
"""How the custom id of every Stop button begins; the answer's id follows."""


class Presses(Protocol):
    """What a button needs of the client: who handles its press."""

    async def stop_pressed(self, interaction: discord.Interaction[Any], answer_id: str) -> None:
        """Handle a press of an answer's Stop button."""
        ...

    async def offer_pressed(
        self, interaction: discord.Interaction[Any], offer: Offer, answer_id: str
    ) -> None:
        """Handle a press of a button below an answer that is over."""
        ...


class StopButton(discord.ui.DynamicItem[Button], template=rf"{STOP_ID}(?P<answer>[0-9a-f]+)"):
    """Stops an answer."""

    def __init__(self, answer_id: str, language: Language = ENGLISH) -> None:
        label = language.say(words.STOP_LABEL)
        super().__init__(discord.ui.Button(label=label, emoji="⏹️", custom_id=f"{STOP_ID}{answer_id}"))
        self.answer_id = answer_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> StopButton:
        """Return the button that was pressed."""
        return cls(match["answer"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Stop the answer if the person may."""
        client: Presses = interaction.client
        await client.stop_pressed(interaction, self.answer_id)


class OfferButton(
    discord.ui.DynamicItem[Button],
    template=rf"tickertape:(?P<offer>{'|'.join(offer.value for offer in Offer)}):(?P<answer>[0-9a-f]+)",
):
    """Does what an answer that is over offers."""

    def __init__(self, offer: Offer, answer_id: str, language: Language = ENGLISH) -> None:
        said, emoji = _FACES[offer]
        label = None if said is None else language.say(said)
        custom_id = f"tickertape:{offer.value}:{answer_id}"
        super().__init__(discord.ui.Button(label=label, emoji=emoji, custom_id=custom_id))
        self.offer = offer
        self.answer_id = answer_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> OfferButton:
        """Return the button that was pressed."""
        return cls(Offer(match["offer"]), match["answer"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do it if the person may."""
        client: Presses = interaction.client
        await client.offer_pressed(interaction, self.offer, self.answer_id)


_FACES: dict[Offer, tuple[Sentence | None, str]] = {
    Offer.AGAIN: (words.AGAIN_LABEL, "🔁"),
    Offer.CONTINUE: (words.CONTINUE_LABEL, "▶️"),
    Offer.GOOD: (None, "👍"),
    Offer.BAD: (None, "👎"),
}
"""Label and emoji of each button."""


class AnswerButtons:
    """Which messages of one answer carry which buttons: components are sent only when that changes.

    `answer_id` is set when the answer exists, before its first call. Labels are in `language`.
    """

    def __init__(self, answer_id: str = "", language: Language = ENGLISH) -> None:
        self.answer_id = answer_id
        self._language = language
        self._on: dict[MessageKey, tuple[bool, tuple[Offer, ...]]] = {}

    def change(self, body: Body, message: MessageKey | None = None) -> Json:
        """Return the part of a payload that gives `body` its buttons or takes them away, empty if nothing changes.

        Without `message`, a new one is meant, which has none yet.
        """
        has = self._on.get(message) if message is not None else (False, ())
        if has == (body.stoppable, body.offers):
            return {}
        return {"components": self._components(body)}

    def confirm(self, message: MessageKey, body: Body) -> None:
        """Take note that `message` shows `body`."""
        self._on[message] = (body.stoppable, body.offers)

    def forget(self, message: MessageKey) -> None:
        """Take note that it is not known what `message` shows: its next edit says all."""
        self._on.pop(message, None)

    def are_on(self, message: Json) -> bool:
        """Whether a message, as Discord's API writes it, carries buttons of this answer."""
        rows: list[Json] = message.get("components") or []
        buttons = [button for row in rows for button in row.get("components") or []]
        return any(str(button.get("custom_id")).endswith(f":{self.answer_id}") for button in buttons)

    def _components(self, body: Body) -> list[Json]:
        stop = [StopButton(self.answer_id, self._language).item] * body.stoppable
        items = stop + [OfferButton(offer, self.answer_id, self._language).item for offer in body.offers]
        if not items:
            return []
        buttons = [item.to_component_dict() for item in items]
        return [{"type": discord.ComponentType.action_row.value, "components": buttons}]
