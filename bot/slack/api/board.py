"""What we post, show, share and read in Slack: the only place that calls its Web API."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.slack.api.calls import Json, RefusedError, UnknownOutcomeError
from bot.slack.api.directory import Directory

EVENT = "hoeringsbot"
_UPLOAD, _DOWNLOAD = "file upload", "file download"
_UPLOADS_WITHIN = aiohttp.ClientTimeout(total=300)  # seconds; an appendix may be large
_GONE = frozenset({"message_not_found", "cant_delete_message", "file_not_found", "file_deleted"})


@dataclass(frozen=True, slots=True)
class Picture:
    """What a message shows: blocks, and the short text for notifications and screen readers."""

    text: str
    blocks: Sequence[Json]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to share."""

    name: str
    payload: bytes
    title: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """A modal before somebody, by Slack's id for it or, while that is not known, by the trigger it came of.

    `hash` tells what stands in it, empty where that is not known.
    """

    id: str = ""
    hash: str = ""
    trigger: str = ""


@dataclass(slots=True)
class Board(Directory):
    """A workspace, where our bot user posts and reads."""

    async def post(
        self, channel: str, picture: Picture, *, key: str, thread: str | None = None
    ) -> tuple[str, str]:
        """Post a message that carries `key` in its metadata; the channel's id and the message's ts."""
        answer = await self._in_channel(
            channel, "chat.postMessage", text=picture.text, blocks=list(picture.blocks), thread_ts=thread,
            metadata=_metadata(key), unfurl_links=False, unfurl_media=False,
        )  # fmt: skip
        return answer["channel"], answer["ts"]

    async def update(self, channel: str, ts: str, picture: Picture, *, key: str) -> None:
        """Show something else in our message."""
        await self._call(
            "chat.update", channel=channel, ts=ts, text=picture.text, blocks=list(picture.blocks),
            metadata=_metadata(key),
        )  # fmt: skip

    async def find(
        self, channel: str, *, key: str, since: float, thread: str | None
    ) -> tuple[str, str] | None:
        """Our message that carries `key`, posted after `since` (Unix seconds), if it is there."""
        channel_id = await self.channel_id(channel)
        async for message in self._messages(channel_id, thread=thread, oldest=f"{since:.6f}"):
            metadata = message.get("metadata", {})
            if metadata.get("event_type") == EVENT and metadata.get("event_payload", {}).get("key") == key:
                self.silence.answered("chat.postMessage")  # it was carried out, whatever we heard of it
                return channel_id, message["ts"]
        return None

    async def holds_file(self, channel: str, file_id: str, *, since: float, thread: str | None) -> bool:
        """Whether a file is shared there already."""
        channel_id = await self.channel_id(channel)
        async for message in self._messages(channel_id, thread=thread, oldest=f"{since:.6f}"):
            if any(file.get("id") == file_id for file in message.get("files", ())):
                self.silence.answered("files.completeUploadExternal")
                return True
        return False

    async def knows_file(self, file_id: str) -> bool:
        """Whether Slack has a file that was to be shared, be it that nobody sees it yet.

        Where we may not ask, it may have it.
        """
        try:
            await self._call("files.info", file=file_id)
        except RefusedError as refusal:
            return refusal.reason not in {"file_not_found", "file_deleted"}
        return True

    async def upload(self, upload: Upload) -> str:
        """Hand a file's bytes to Slack; its id. Nobody sees it before it is shared."""
        place = await self._call(
            "files.getUploadURLExternal", filename=upload.name, length=len(upload.payload)
        )
        try:
            await _send_bytes(place["upload_url"], upload.payload)
        except UnknownOutcomeError as fault:
            self.silence.noted(_UPLOAD, str(fault))
            raise
        self.silence.answered(_UPLOAD)
        return str(place["file_id"])

    async def share(
        self, channel: str, files: Iterable[tuple[str, str]], *, thread: str | None, comment: str = ""
    ) -> None:
        """Share uploaded files (id, title) in one message."""
        channel_id = await self.channel_id(channel)
        await self._in_channel(
            channel_id, "files.completeUploadExternal", as_="channel_id", thread_ts=thread,
            initial_comment=comment or None, files=[{"id": key, "title": title} for key, title in files],
        )  # fmt: skip

    async def take_away(self, channel: str, ts: str, *, file_id: str = "") -> None:
        """Delete a message of ours, or a file with the messages that show it, unless it is gone already."""
        places = [(channel, ts)] if ts else []
        if file_id:
            shares = (await self._unless_gone("files.info", file=file_id)).get("file", {}).get("shares", {})
            places += [
                (where, each["ts"])
                for seen in shares.values()
                for where, stood in seen.items()
                for each in stood
            ]
        for where, at in places:
            await self._unless_gone("chat.delete", channel=where, ts=at)
        if file_id:
            await self._unless_gone("files.delete", file=file_id)

    async def _unless_gone(self, method: str, **arguments: Any) -> Json:
        try:
            return await self._call(method, **arguments)
        except RefusedError as refusal:
            if refusal.reason not in _GONE:
                raise
            return {}

    async def download(self, url: str, *, most: int) -> bytes:
        """The bytes of a file that somebody shared, which Slack gives to who has our token.

        https://docs.slack.dev/reference/objects/file-object: without the scope it is a page to sign in on.

        Raises:
            RefusedError: it is not ours to read, is gone, is larger than `most` bytes, or not at Slack's.
            UnknownOutcomeError: Slack does not answer.
        """
        if not _is_at(url, self.client.base_url):
            raise RefusedError(_DOWNLOAD, "file_not_found")
        token = {"Authorization": f"Bearer {self.client.token}"}
        try:
            async with (
                aiohttp.ClientSession(headers=token, timeout=_UPLOADS_WITHIN) as session,
                session.get(url, allow_redirects=False) as answer,
            ):
                status, kind, payload = answer.status, answer.content_type, await _at_most(answer, most)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise UnknownOutcomeError(f"{_DOWNLOAD}: {type(error).__name__}") from error
        if status == 429 or status >= 500:
            raise UnknownOutcomeError(f"{_DOWNLOAD}: {status}", answered=True)
        if status != 200 or kind == "text/html" or payload is None:
            raise RefusedError(_DOWNLOAD, "file_not_found")
        return payload

    async def message(self, channel: str, ts: str) -> Json | None:
        """One message (a reply too) as it stands now, None when it is gone."""
        try:
            # A thread's first message may come before the reply that was asked for.
            answer = await self._call(
                "conversations.replies", channel=channel, ts=ts, latest=ts, oldest=ts, inclusive=True, limit=5
            )
        except RefusedError as refusal:
            if refusal.reason in {"thread_not_found", "message_not_found"}:
                return None
            raise
        return next((message for message in answer["messages"] if message["ts"] == ts), None)

    async def thread(self, channel: str, ts: str) -> dict[str, Json]:
        """All messages of a thread as they stand, by ts; none when there is no such thread any more.

        Of each reaction all who put it are named, though Slack leaves some out where there are many.
        """
        try:
            return await self._thread(channel, ts)
        except RefusedError as refusal:
            if refusal.reason != "not_in_channel":
                raise
        await self._call("conversations.join", channel=channel)
        return await self._thread(channel, ts)

    async def _thread(self, channel: str, ts: str) -> dict[str, Json]:
        found: dict[str, Json] = {}
        pages = self._pages("conversations.replies", "messages", pace=self.reads, channel=channel, ts=ts)
        try:
            async for message in pages:
                found[message["ts"]] = message  # each page begins with the thread's first message
        except RefusedError as refusal:
            if refusal.reason not in {"thread_not_found", "message_not_found"}:
                raise
        for message in found.values():
            if any(each["count"] > len(each["users"]) for each in message.get("reactions", ())):
                message["reactions"] = await self._reactions(channel, message["ts"])
        return found

    async def reactions(self, channel: str, ts: str) -> list[Json]:
        """The reactions to one message with all who put them; none when it is gone."""
        try:
            return await self._reactions(channel, ts)
        except RefusedError as refusal:
            if refusal.reason not in {"message_not_found", "no_reaction"}:
                raise
            return []

    async def _reactions(self, channel: str, ts: str) -> list[Json]:
        await self.reads.wait("reactions.get")
        answer = await self._call("reactions.get", channel=channel, timestamp=ts, full=True)
        return list(answer["message"].get("reactions", ()))

    async def permalink(self, channel: str, ts: str) -> str:
        """The address of a message."""
        return str((await self._call("chat.getPermalink", channel=channel, message_ts=ts))["permalink"])

    async def whisper(
        self, channel: str, person: str, text: str, *, blocks: Sequence[Json] = (), thread: str | None = None
    ) -> None:
        """Say something that one person sees."""
        await self._in_channel(
            channel, "chat.postEphemeral", user=person, text=text, thread_ts=thread,
            blocks=list(blocks) or None,
        )  # fmt: skip

    async def open(self, trigger: str, view: Json) -> Window:
        """Open a modal; the trigger lives three seconds."""
        named = view | {"external_id": trigger}
        opened = (await self._call("views.open", trigger_id=trigger, view=named))["view"]
        return Window(str(opened["id"]), str(opened["hash"]))

    async def fill(self, window: Window, view: Json) -> None:
        """Show something else in an open modal, unless it has been changed since."""
        await self._call(
            "views.update", view_id=window.id or None, external_id=None if window.id else window.trigger,
            hash=window.hash or None, view=view,
        )  # fmt: skip

    async def publish(self, person: str, view: Json) -> None:
        """Set somebody's home tab."""
        await self._call("views.publish", user_id=person, view=view)

    async def _messages(self, channel: str, *, thread: str | None, oldest: str) -> AsyncIterator[Json]:
        method = "conversations.replies" if thread else "conversations.history"
        place: Json = {"channel": channel, "oldest": oldest, "inclusive": True, "include_all_metadata": True}
        if thread:
            place["ts"] = thread
        try:
            async for message in self._pages(method, "messages", **place):
                yield message
        except RefusedError as refusal:
            # Nothing of ours can stand where we never were.
            if refusal.reason not in {"not_in_channel", "thread_not_found"}:
                raise


def _is_at(url: str, api: str) -> bool:
    """Whether an address is at the workspace's own: nobody else is shown our token."""
    there, home = urlsplit(url), urlsplit(api)
    host, own = there.hostname or "", home.hostname or ""
    return there.scheme == home.scheme and (host == own or host.endswith(f".{own}"))


async def _at_most(answer: aiohttp.ClientResponse, most: int) -> bytes | None:
    """The body; None when it is larger."""
    payload = bytearray()
    async for piece in answer.content.iter_chunked(65_536):
        payload += piece
        if len(payload) > most:
            return None
    return bytes(payload)


def _metadata(key: str) -> Json:
    """Other apps can read metadata: it holds our key and nothing else."""
    return {"event_type": EVENT, "event_payload": {"key": key}}


async def _send_bytes(url: str, payload: bytes) -> None:
    try:
        async with (
            aiohttp.ClientSession(timeout=_UPLOADS_WITHIN) as session,
            session.post(url, data=payload) as answer,
        ):
            status = answer.status
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise UnknownOutcomeError(f"{_UPLOAD}: {type(error).__name__}") from error
    if status != 200:
        raise UnknownOutcomeError(f"{_UPLOAD}: {status}", answered=True)
