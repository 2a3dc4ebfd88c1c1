"""A stand-in of an OpenAI-compatible model gateway, with a settable pace and every known fault.

    async with GatewaySandbox() as gateway:
        gateway.enqueue(Script(text="Hello", tokens_per_second=20))
        client = AsyncOpenAI(base_url=gateway.base_url, api_key=gateway.api_key)

A request is answered by the next script of the queue; without one, by `gateway.default`, changed by the model's name
and then by directives in the prompt.

Models: `sandbox` (the default), `sandbox-slow` (8 tokens/s, 2 s to the first), `sandbox-fast` (400 tokens/s),
`sandbox-thinking` (reasons first), `sandbox-text-only` (takes no images), and `sandbox-<fault>` for every `Fault`, e.g.
`sandbox-reset`. All others take images, and look at nothing of them but their kind; `GatewayRequest.images` has them.

Directives, anywhere in the last user message:

    /tokens 50/s      pace in tokens per second; `/tokens max` for no pace
    /length 2000      characters of the answer
    /delay 3          seconds to the first token
    /reasoning        reason before answering
    /finish length    another finish_reason; `/finish null` for none
    /burst 10         chunks of one write
    /fault stall      one of the faults, by its value in `Fault`
"""

from __future__ import annotations

from tickertape.sandbox.gateway.parts import ReceivedImage
from tickertape.sandbox.gateway.records import GatewayRequest
from tickertape.sandbox.gateway.script import Fault, Script
from tickertape.sandbox.gateway.server import GatewaySandbox

__all__ = ["Fault", "GatewayRequest", "GatewaySandbox", "ReceivedImage", "Script"]
