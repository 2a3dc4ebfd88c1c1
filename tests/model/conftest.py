"""The stand-in of a gateway, and our client for it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace

import pytest

from tickertape.model.api import Delta, Finish, ModelError, Usage
from tickertape.model.client import ChatModel
from tickertape.model.settings import ChatSettings, Retries
from tickertape.prompts.turns import Conversation, Role, Turn
from tickertape.sandbox.gateway import GatewaySandbox, Script

QUESTION: Conversation = (Turn(Role.SYSTEM, "Be brief."), Turn(Role.USER, "Why?"))
FAST = Script(text="Because the answer is long enough to be cut.", tokens_per_second=None, first_token=0.0)


@dataclass(slots=True)
class Answer:
    """Everything that came of one stream."""

    text: str = ""
    reasoning: str = ""
    deltas: list[Delta] = field(default_factory=list)
    finish: Finish | None = None
    usage: Usage | None = None
    error: ModelError | None = None


async def listen(model: ChatModel, conversation: Conversation = QUESTION) -> Answer:
    """Read a whole stream, and keep its error."""
    answer = Answer()
    try:
        async for delta in model.stream(conversation):
            answer.deltas.append(delta)
            answer.text += delta.text
            answer.reasoning += delta.reasoning
            answer.finish = answer.finish or delta.finish
            answer.usage = answer.usage or delta.usage
    except ModelError as error:
        answer.error = error
    return answer


def open_connections(model: ChatModel) -> int:
    """Return how many of the pool's connections are in use."""
    transport = model._client._client._transport
    connector = transport._session.connector  # type: ignore[attr-defined]  # our own transport
    return len(connector._acquired)


@pytest.fixture
async def gateway() -> AsyncIterator[GatewaySandbox]:
    async with GatewaySandbox(default=FAST) as sandbox:
        yield sandbox


@pytest.fixture
async def make_model(gateway: GatewaySandbox) -> AsyncIterator[Callable[..., ChatModel]]:
    """Build models for the stand-in; keyword arguments change their settings."""
    models: list[ChatModel] = []

    def make(**changes: object) -> ChatModel:
        settings = ChatSettings(
            model=gateway.model,
            api_key=gateway.api_key,
            base_url=gateway.base_url,
            retries=Retries(attempts=0),
        )
        model = ChatModel(replace(settings, **changes), chance=lambda: 0.0)  # type: ignore[arg-type]  # any field
        models.append(model)
        return model

    yield make
    for model in models:
        await model.close()
