"""The Stop button, and which messages of an answer carry it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import discord

from bots.discord.response import Json
from core import words
from core.surface import Body, MessageKey

if TYPE_CHECKING:
    from bots.discord.client import TickertapeClient


class StopButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]],
    template=r"tickertape:stop:(?P<answer>[0-9a-f]+)",
):
    """Stops the answer whose id its custom id carries, even if the process that showed it has been restarted."""

    def __init__(self, answer_id: str) -> None:
        super().__init__(
            discord.ui.Button(label=words.STOP_LABEL, emoji="⏹️", custom_id=f"tickertape:stop:{answer_id}")
        )
        self.answer_id = answer_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> StopButton:
        """Return the button that was pressed."""
        return cls(match["answer"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Stop the answer if the person may."""
        client: TickertapeClient = interaction.client
        await client.stop_pressed(interaction, self.answer_id)


class StopButtons:
    """Which messages of one answer carry its button: components are sent only when that changes.

    `answer_id` is set when the answer exists, before its first call.
    """

    def __init__(self) -> None:
        self.answer_id = ""
        self._on: dict[MessageKey, bool] = {}

    def change(self, body: Body, message: MessageKey | None = None) -> Json:
        """Return the part of a payload that gives `body` its button or takes it away, empty if nothing changes.

        Without `message`, a new one is meant, which has none yet.
        """
        has = self._on.get(message) if message is not None else False
        if has is body.stoppable:
            return {}
        return {"components": self._components() if body.stoppable else []}

    def confirm(self, message: MessageKey, body: Body) -> None:
        """Take note that `message` shows `body`."""
        self._on[message] = body.stoppable

    def forget(self, message: MessageKey) -> None:
        """Take note that it is not known what `message` shows: its next edit says all."""
        self._on.pop(message, None)

    def _components(self) -> list[Json]:
        button = StopButton(self.answer_id).item.to_component_dict()
        return [{"type": discord.ComponentType.action_row.value, "components": [button]}]
