"""What people do in the app's home, its modals and its messages tab."""

from __future__ import annotations

from collections.abc import Mapping

from tickertape.sandbox.slack.blocks import elements, views
from tickertape.sandbox.slack.changes import agent_view, messages
from tickertape.sandbox.slack.delivery.delivery import Ack, Kind
from tickertape.sandbox.slack.payloads import interaction_payloads
from tickertape.sandbox.slack.people.base import Where, Who, typed
from tickertape.sandbox.slack.people.invoking import Invokers
from tickertape.sandbox.slack.web_api.streams import is_live
from tickertape.sandbox.slack.world.events import Event
from tickertape.sandbox.slack.world.invocations import Invocation, ViewPress, ViewSubmission
from tickertape.sandbox.slack.world.models import Content, Json, Message, StreamState


class Viewers(Invokers):
    """People who open what the app shows."""

    async def open_home(self, user: Who) -> Json | None:
        """Open the app's home and return what it shows at that moment, None if nothing was published yet.

        Raises LookupError if the app has no Home tab.
        """
        if not self.world.settings.home_tab:
            raise LookupError("the app has no Home tab")
        shown = self.world.home_of(user)
        self._tell_opened(user, "home", {"view": shown} if shown else {})
        return shown

    async def open_messages(self, user: Who) -> list[Json]:
        """Open the direct messages with the app, and return the prompts that they suggest at that moment.

        Raises LookupError if the app has no Messages tab.
        """
        world, person = self.world, self.world.user(user)
        if not world.settings.messages_tab:
            raise LookupError("the app has no Messages tab")
        context = agent_view.app_context(world, person.id)
        self._tell_opened(person, "messages", {} if context is None else {"context": context})
        return agent_view.prompts(world, world.open_direct(person).id)

    def _tell_opened(self, user: Who, tab: str, more: Json) -> None:
        world, person = self.world, self.world.user(user)
        body = {
            "type": "app_home_opened",
            "user": person.id,
            "channel": world.open_direct(person).id,
            "tab": tab,
            "event_ts": world.clock.ts(),
        }
        world.publish(Event("app_home_opened", body | more))

    async def look_at(self, user: Who, channel: Where) -> None:
        """Have a channel on screen beside the app: `app_context_changed`."""
        agent_view.look_at(self.world, self.world.user(user), self.world.channel(channel).id)

    async def use_prompt(self, user: Who, number: int = 0) -> Message:
        """Press a suggested prompt of the direct messages with the app: its message is sent.

        Raises LookupError if none of that number is suggested.
        """
        world, person = self.world, self.world.user(user)
        channel = world.open_direct(person)
        suggested = agent_view.prompts(world, channel.id)
        if number >= len(suggested):
            raise LookupError(f"no suggested prompt {number}")
        content = Content(text=typed(suggested[number]["message"]))
        return messages.post(world, channel, person, content)

    async def press_in_view(
        self, view: Json, user: Who, action_id: str | None = None, *, positive: bool = True
    ) -> ViewPress:
        """Press a button of a home or a modal, as `press` does in a message."""
        block_id, element = self._element(view["blocks"], action_id)
        action = elements.pressed(element, positive=positive)
        return await self._use_in_view(view, user, block_id, action, action.get("value", ""))

    async def choose_in_view(self, view: Json, user: Who, action_id: str, value: str) -> ViewPress:
        """Choose an option in a menu of a home or a modal, as `choose` does in a message."""
        block_id, element = self._element(view["blocks"], action_id)
        if element["type"] == "external_select":
            container = interaction_payloads.view_container(view)
            suggested = await self._suggest(user, element, block_id, value, container)
            element = element | {"options": suggested.options}
        action = elements.chosen(element, views.option(element, value))
        return await self._use_in_view(view, user, block_id, action, value)

    async def _use_in_view(self, view: Json, user: Who, block_id: str, action: Json, value: str) -> ViewPress:
        used = ViewPress(view=view, action_id=action["action_id"], value=value, **self._invocation(user))
        payload = interaction_payloads.view_actions(self.world, used, block_id, action)
        await self._invoke(used, Kind.INTERACTIVE, payload)
        return used

    async def submit(self, user: Who, values: Mapping[str, str]) -> ViewSubmission:
        """Submit the topmost modal of `user` with what was entered, by `action_id`.

        It closes unless the app answers errors, another view, or nothing in time. Raises LookupError if no modal is
        open, or if Slack's client would not let it be submitted.
        """
        world, person = self.world, self.world.user(user)
        view = self._modal(user)
        filled = view | {"state": views.state(view, values)}
        used = ViewSubmission(view=filled, **self._invocation(person))
        result = await self._invoke(used, Kind.INTERACTIVE, interaction_payloads.view_submission(world, used))
        if isinstance(result, Ack):
            self._settle(used, result.body if isinstance(result.body, dict) else {})
        return used

    def _settle(self, used: ViewSubmission, answer: Json) -> None:
        """Do with a submitted modal what the app answered (Slack's guide to modals)."""
        world, user = self.world, used.user.id
        action, view = answer.get("response_action"), answer.get("view")
        match action:
            case None | "clear":
                views.close_modal(world, user, all_of_them=action == "clear")
            case "errors" if self._concerns(used, answer.get("errors")):
                used.errors = answer["errors"]
            case "update" if isinstance(view, dict) and views.problem(view, "modal") is None:
                views.store(world, view, used.view["id"], used.view["previous_view_id"])
            case "push" if isinstance(view, dict) and self._can_push(user, view):
                views.open_modal(world, user, view)
            case _:
                used.error = "invalid_response"

    def _concerns(self, used: ViewSubmission, errors: object) -> bool:
        known = {block["block_id"] for block in used.view["blocks"] if block["type"] == "input"}
        return isinstance(errors, dict) and bool(errors) and errors.keys() <= known

    def _can_push(self, user: str, view: Json) -> bool:
        return views.problem(view, "modal") is None and len(self.world.modals[user]) < views.MAX_STACK

    async def close_modal(self, user: Who) -> None:
        """Close the topmost modal of `user`; the app is told if it asked for that (`notify_on_close`)."""
        view = self._modal(user)
        used = Invocation(**self._invocation(user))
        views.close_modal(self.world, used.user.id, all_of_them=view["clear_on_close"])
        if view["notify_on_close"]:
            payload = interaction_payloads.view_closed(self.world, used, view)
            await self._invoke(used, Kind.INTERACTIVE, payload)

    def _modal(self, user: Who) -> Json:
        view = self.world.modal_of(user)
        if view is None:
            raise LookupError("no modal is open")
        return view

    async def stop_session(self, channel: Where, user: Who, thread_ts: str = "") -> list[Message]:
        """Press Slack's own stop button: live streams of the thread stop, and the app is told.

        Returns those streams. Raises LookupError if the button is not there: no session is processing.
        """
        world, place = self.world, self.world.channel(channel)
        session = world.sessions.get((place.id, thread_ts))
        if session is None or session.status != "processing":
            raise LookupError("no session is processing there")
        streams = [sent for sent in world.thread(place, thread_ts) if is_live(world, sent)]
        for sent in streams:
            if sent.stream is not None:
                sent.stream.state = StreamState.STOPPED_BY_USER
        body = {
            "type": "agent_session_stopped",
            "channel": place.id,
            "thread_ts": thread_ts,
            "user": world.user(user).id,
            "streaming_message_ts": [sent.ts for sent in streams],
            "event_ts": world.clock.ts(),
        }
        world.publish(Event("agent_session_stopped", body))
        world.changed()
        return streams
