"""The files that people share, and what becomes of them."""

from __future__ import annotations

from dataclasses import dataclass

from tickertape.sandbox.slack.changes import messages
from tickertape.sandbox.slack.payloads import file_payloads, payloads
from tickertape.sandbox.slack.people.base import Where, Who
from tickertape.sandbox.slack.people.writing import Writers, root
from tickertape.sandbox.slack.world.models import Content, File, FileState, Message


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to share. `mimetype` and `size` let Slack say something untrue of it; `url` is a place outside Slack."""

    name: str
    data: bytes = b""
    mimetype: str = ""
    size: int | None = None
    url: str = ""


class Sharers(Writers):
    """People who share files."""

    async def share(
        self,
        channel: Where,
        user: Who,
        *uploads: Upload,
        text: str = "",
        thread_ts: str | None = None,
        mention_bot: bool = False,
        forwarded: bool = False,
    ) -> Message:
        """Share files with a comment: subtype `file_share`.

        A mention in the comment is an `app_mention` with the same files; not if the files are `forwarded` by Slack's
        "share file" dialog, where the app gets the message alone [I] (bolt-python issue 925).
        """
        world, author, place = self.world, self.world.user(user), self.world.channel(channel)
        place.members.add(author.id)
        files = [file_payloads.file(world, self._keep(author.id, upload)) for upload in uploads]
        return messages.post(
            world,
            place,
            author,
            Content(text=self._written(text, mention_bot=mention_bot), files=files),
            thread_ts=root(place, thread_ts),
            subtype="file_share",
            mentions_app=not forwarded,
        )

    def _keep(self, user: str, upload: Upload) -> File:
        world = self.world
        held = File(
            id=world.new_id("F"),
            name=upload.name,
            length=len(upload.data),
            user=user,
            content=upload.data,
            uploaded=True,
            shared=True,
            created=int(world.clock.wall()),
            mimetype=upload.mimetype,
            size=upload.size,
            external_url=upload.url,
        )
        world.files[held.id] = held
        return held

    async def share_file(
        self,
        channel: Where,
        user: Who,
        name: str,
        data: bytes,
        text: str = "",
        *,
        thread_ts: str | None = None,
        mention_bot: bool = False,
    ) -> Message:
        """Share one file with a comment: see `share`."""
        upload = Upload(name, data)
        return await self.share(
            channel, user, upload, text=text, thread_ts=thread_ts, mention_bot=mention_bot
        )

    async def delete_file(self, file_id: str) -> None:
        """Delete a file for everyone: its messages keep a `tombstone` of it."""
        self._change_file(file_id, FileState.DELETED)

    async def hide_file(self, file_id: str) -> None:
        """Hide a file behind the limit of free workspaces: mode `hidden_by_limit`."""
        self._change_file(file_id, FileState.HIDDEN_BY_LIMIT)

    def _change_file(self, file_id: str, state: FileState) -> None:
        world, held = self.world, self.world.files[file_id]
        before = [
            (sent, payloads.message(world, sent, pushed=True))
            for sent in world.messages()
            if not sent.deleted and any(each["id"] == file_id for each in sent.content.files)
        ]
        held.state = state
        for sent, was in before:
            messages.refresh_files(world, sent, was)
        world.changed()
