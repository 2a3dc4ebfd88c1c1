"""What the stand-in remembers of each request."""

from __future__ import annotations

from dataclasses import dataclass, field

from tickertape.sandbox.gateway.chunks import Json
from tickertape.sandbox.gateway.parts import ReceivedImage, images_of
from tickertape.sandbox.gateway.script import Script


@dataclass(slots=True)
class GatewayRequest:
    """One completion request and how far its answer got. Times are of the loop's clock, in seconds."""

    number: int
    """1 for the first."""
    body: Json
    script: Script
    started: float
    status: int = 200
    sent: list[str] = field(default_factory=list)
    """The text of each piece, as a client shows it that reads the stream rightly."""
    tokens: list[float] = field(default_factory=list)
    """When each piece was sent."""
    finished: float | None = None
    """When the response was complete."""
    broken: float | None = None
    """When the stand-in itself broke the connection, as the script's fault demands."""
    disconnected: float | None = None
    """When the client closed the connection before the response was complete."""

    @property
    def text(self) -> str:
        """All text that was sent."""
        return "".join(self.sent)

    @property
    def images(self) -> tuple[ReceivedImage, ...]:
        """The images that came with it, in order."""
        return tuple(images_of(self.body))

    @property
    def request_id(self) -> str:
        """What the response's `X-Request-Id` says."""
        return f"req_sandbox_{self.number}"

    @property
    def over(self) -> bool:
        """Whether nothing more will be sent."""
        return any(at is not None for at in (self.finished, self.broken, self.disconnected))
