"""REST routes of interactions: the first response, then edits and follow-ups through the token."""

from __future__ import annotations

from aiohttp import web

from tickertape.sandbox.discord.changes import interactions, messages
from tickertape.sandbox.discord.changes.body import Body
from tickertape.sandbox.discord.errors import ApiError, Code, invalid
from tickertape.sandbox.discord.payloads import message_payloads
from tickertape.sandbox.discord.rest.bodies import flag, ident, no_content, read_body, reply
from tickertape.sandbox.discord.world.entities import Interaction, Json, Message
from tickertape.sandbox.discord.world.world import World


class InteractionRoutes:
    """Handlers of interaction responses; their tokens stand in the paths, so no header is needed."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        """Return the routes, relative to the API's root."""
        webhook = "/webhooks/{webhook_id}/{webhook_token}"
        one = webhook + "/messages/{message_id}"
        return [
            web.post("/interactions/{interaction_id}/{interaction_token}/callback", self.respond),
            web.post(webhook, self.follow_up),
            web.get(one, self.read),
            web.patch(one, self.edit),
            web.delete(one, self.delete),
        ]

    async def respond(self, request: web.Request) -> web.Response:
        """POST /interactions/{id}/{token}/callback, with `with_response` or without."""
        body = await read_body(request)
        interaction = self._world.interactions.get(ident(request, "interaction_id"))
        if interaction is None or interaction.token != request.match_info["interaction_token"]:
            raise ApiError(Code.UNKNOWN_INTERACTION)
        callback = body.fields.get("type")
        data = body.fields.get("data") or {}
        if not isinstance(callback, int) or not isinstance(data, dict):
            raise invalid("type", "BASE_TYPE_CHOICES", "A callback has a type, and data if any.")
        inner = Body(data, body.files)
        interactions.respond(self._world, interaction, callback, inner)
        if not flag(request, "with_response"):
            return no_content()
        return reply(self._callback_response(interaction, callback))

    async def follow_up(self, request: web.Request) -> web.Response:
        """POST /webhooks/{app}/{token}; interaction webhooks always answer with the message."""
        body = await read_body(request)
        message = interactions.follow_up(self._world, self._interaction(request), body)
        return reply(message_payloads.message(self._world, message))

    async def read(self, request: web.Request) -> web.Response:
        """GET …/messages/@original or an id."""
        return reply(message_payloads.message(self._world, self._message(request)))

    async def edit(self, request: web.Request) -> web.Response:
        """PATCH …/messages/@original or an id."""
        body = await read_body(request)
        interaction, message = self._interaction(request), self._message(request)
        interactions.edit_response(self._world, interaction, message, body)
        return reply(message_payloads.message(self._world, message))

    async def delete(self, request: web.Request) -> web.Response:
        """DELETE …/messages/@original or an id."""
        messages.delete(self._world, self._message(request))
        return no_content()

    def _interaction(self, request: web.Request) -> Interaction:
        if ident(request, "webhook_id") != self._world.application_id:
            raise ApiError(Code.UNKNOWN_WEBHOOK)
        return interactions.by_token(self._world, request.match_info["webhook_token"])

    def _message(self, request: web.Request) -> Message:
        """Return the message of a token's path; raise error 10008 for one that is not its own."""
        interaction = self._interaction(request)
        name = request.match_info["message_id"]
        candidates = [*interaction.follow_ups, *([interaction.original] if interaction.original else [])]
        wanted = interaction.original.id if name == "@original" and interaction.original else name
        for message in candidates:
            if str(message.id) == str(wanted) and not message.deleted:
                return message
        raise ApiError(Code.UNKNOWN_MESSAGE)

    def _callback_response(self, interaction: Interaction, callback: int) -> Json:
        data: Json = {"id": str(interaction.id), "type": int(interaction.kind)}
        resource: Json = {"type": callback}
        message = interaction.original
        if message is not None:
            data |= {
                "response_message_id": str(message.id),
                "response_message_loading": message.loading,
                "response_message_ephemeral": message.ephemeral,
            }
            resource["message"] = message_payloads.message(self._world, message)
        return {"interaction": data, "resource": resource}
