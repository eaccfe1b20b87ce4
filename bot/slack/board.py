"""The only place that calls Slack's Web API, and what its answers mean for what we owe.

No call is repeated by the client: a connection that drops after Slack stored a message would post it
twice. A 429 was not carried out (https://docs.slack.dev/apis/web-api/rate-limits), so it alone is
waited for and repeated here.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.pace import Pace, reading
from bot.slack.refusals import remedy

log = logging.getLogger(__name__)

Json = dict[str, Any]
EVENT = "hoeringsbot"
_PAGE = 200
_CURBED_PAGE = 15  # https://docs.slack.dev/changelog/2025/05/29/rate-limit-changes-for-non-marketplace-apps
_POINTER = re.compile(r"json-pointer:[/\w-]*")
_PEOPLE_LAST = 300.0  # seconds for which we remember who is in a channel
_GROUPS_LAST = 60.0  # seconds for which we remember who is in a user group
_PASSING = {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "ratelimited"}


class RefusedError(Exception):
    """Slack understood and said no; `reason` is its word for it.

    Of its `details` only the pointers into our blocks are kept: the rest may quote what we posted.
    """

    def __init__(self, method: str, reason: str, details: Sequence[str] = (), *, needed: str = "") -> None:
        """`needed` are the scopes that the app lacks, as Slack names them."""
        places = [place for detail in details for place in _POINTER.findall(detail)]
        super().__init__(" ".join([f"{method}: {reason}", *places]))
        self.reason, self.needed = reason, needed

    @property
    def remedy(self) -> str:
        """What an operator can do about it; empty when it is about one post."""
        return remedy(self.reason, needed=self.needed)


class UnknownOutcomeError(Exception):
    """The call may or may not have been carried out; `answered` when Slack itself said that it failed."""

    def __init__(self, what: str, *, answered: bool = False) -> None:
        super().__init__(what)
        self.answered = answered


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


@dataclass(slots=True)
class Board:
    """A workspace, seen by our bot user; `reads` paces the reading of whole threads."""

    client: AsyncWebClient
    reads: Pace = field(default_factory=lambda: reading(Pace()))
    _names: dict[str, str] = field(default_factory=dict)
    _channels: dict[str, str] = field(default_factory=dict)
    _us: Json = field(default_factory=dict)
    _curbed: bool = False
    _members: dict[str, tuple[float, frozenset[str]]] = field(default_factory=dict)
    _people: dict[str, tuple[float, frozenset[str]]] = field(default_factory=dict)

    async def ask(self, method: str, **arguments: Any) -> Json:
        """What Slack answers to a question that changes nothing."""
        return await self._call(method, **arguments)

    async def us(self) -> Json:
        """What `auth.test` says of us: team_id, user_id, bot_id. Asked once."""
        self._us = self._us or await self._call("auth.test")
        return self._us

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
                return channel_id, message["ts"]
        return None

    async def holds_file(self, channel: str, file_id: str, *, since: float, thread: str | None) -> bool:
        """Whether a file is shared there already."""
        channel_id = await self.channel_id(channel)
        async for message in self._messages(channel_id, thread=thread, oldest=f"{since:.6f}"):
            if any(file.get("id") == file_id for file in message.get("files", ())):
                return True
        return False

    async def upload(self, upload: Upload) -> str:
        """Hand a file's bytes to Slack; its id. Nobody sees it before it is shared."""
        place = await self._call(
            "files.getUploadURLExternal", filename=upload.name, length=len(upload.payload)
        )
        await _send_bytes(place["upload_url"], upload.payload)
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

    async def open(self, trigger: str, view: Json) -> None:
        """Open a modal; the trigger lives three seconds."""
        await self._call("views.open", trigger_id=trigger, view=view)

    async def publish(self, person: str, view: Json) -> None:
        """Set somebody's home tab."""
        await self._call("views.publish", user_id=person, view=view)

    async def people_in(self, channel: str) -> frozenset[str]:
        """Who is in a channel, as of some minutes ago at most; nobody, where Slack does not tell."""
        until, found = self._people.get(channel, (0.0, frozenset[str]()))
        if time.monotonic() < until:
            return found
        try:
            place = await self.channel_id(channel)
            pages = self._pages("conversations.members", "members", channel=place)
            found = frozenset([str(each) async for each in pages])
        except RefusedError as refusal:
            log.warning("it cannot be told who is in %s: %s", channel, refusal)
        self._people[channel] = time.monotonic() + _PEOPLE_LAST, found
        return found

    async def names(self, ids: Iterable[str]) -> dict[str, str]:
        """Names of people and channels by id; those that Slack does not tell are left out."""
        for key in ids:
            if key not in self._names:
                try:
                    self._names[key] = await self._name(key)
                except RefusedError:
                    log.warning("Slack does not tell the name of %s", key)
        return {key: self._names[key] for key in ids if key in self._names}

    async def members(self, groups: Iterable[str]) -> dict[str, frozenset[str]]:
        """Who is in these user groups, as of a minute ago at most; nobody, where Slack does not tell."""
        return {group: await self._members_of(group) for group in groups}

    async def channel_id(self, channel: str) -> str:
        """The id of a channel given as an id or `#name`.

        Raises:
            RefusedError: no channel that the bot can see has the name.
        """
        if not channel.startswith("#"):
            return channel
        if channel not in self._channels:
            pages = self._pages(
                "conversations.list",
                "channels",
                types="public_channel,private_channel",
                exclude_archived=True,
            )
            async for found in pages:
                self._channels[f"#{found['name']}"] = found["id"]
        if channel not in self._channels:
            raise RefusedError("conversations.list", "channel_not_found")
        return self._channels[channel]

    async def _members_of(self, group: str) -> frozenset[str]:
        until, found = self._members.get(group, (0.0, frozenset[str]()))
        if time.monotonic() < until:
            return found
        try:
            answer = await self._call("usergroups.users.list", usergroup=group)
        except RefusedError as refusal:
            log.error("it cannot be told who is in %s: %s. %s", group, refusal, refusal.remedy)
            return frozenset()
        self._members[group] = time.monotonic() + _GROUPS_LAST, frozenset(answer["users"])
        return self._members[group][1]

    async def _name(self, key: str) -> str:
        if key.startswith("S"):
            groups = (await self._call("usergroups.list"))["usergroups"]
            self._names |= {group["id"]: group["name"] for group in groups}
            if key not in self._names:
                raise RefusedError("usergroups.list", "no_such_subteam")
            return self._names[key]
        if key.startswith("C"):
            return str((await self._call("conversations.info", channel=key))["channel"]["name"])
        user = (await self._call("users.info", user=key))["user"]
        return str(user.get("real_name") or user.get("profile", {}).get("display_name") or user["name"])

    async def _in_channel(self, channel: str, method: str, *, as_: str = "channel", **arguments: Any) -> Json:
        """Call a method that wants us in the channel, and join a public one when we are not."""
        place = {as_: await self.channel_id(channel)}
        try:
            return await self._call(method, **place, **arguments)
        except RefusedError as refusal:
            if refusal.reason != "not_in_channel":
                raise
        await self._call("conversations.join", channel=place[as_])
        return await self._call(method, **place, **arguments)

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

    async def _pages(
        self, method: str, items: str, *, pace: Pace | None = None, **arguments: Any
    ) -> AsyncIterator[Json]:
        cursor = ""
        while True:
            if pace is not None:
                await pace.wait(method)
            answer = await self._call(
                method, limit=_PAGE, **arguments, **({"cursor": cursor} if cursor else {})
            )
            self._watch(method, answer, items)
            for item in answer[items]:
                yield item
            cursor = answer.get("response_metadata", {}).get("next_cursor", "")
            if not cursor:
                return

    def _watch(self, method: str, answer: Json, items: str) -> None:
        """Say once when Slack gives us the small share of apps that are sold to many workspaces."""
        if not self._curbed and answer.get("has_more") and len(answer[items]) == _CURBED_PAGE:
            self._curbed = True
            log.warning(
                "Slack gives %d of the %d messages a page that we ask %s for, as it does for apps that are"
                " sold: reading threads is too slow so. Make an app of your own from the manifest.",
                _CURBED_PAGE, _PAGE, method,
            )  # fmt: skip

    async def _call(self, method: str, **arguments: Any) -> Json:
        given = {name: value for name, value in arguments.items() if value is not None}
        call: Callable[..., Awaitable[Any]] = getattr(
            self.client, _PYTHON.get(method, method.replace(".", "_"))
        )
        while True:
            try:
                return dict((await call(**given)).data)
            except SlackApiError as error:
                await _wait_or_raise(method, error)
            except (aiohttp.ClientError, SlackClientError, TimeoutError, OSError, ValueError) as error:
                raise UnknownOutcomeError(f"{method}: {type(error).__name__}") from error


_PYTHON = {
    "chat.postMessage": "chat_postMessage",
    "chat.postEphemeral": "chat_postEphemeral",
    "chat.getPermalink": "chat_getPermalink",
    "files.getUploadURLExternal": "files_getUploadURLExternal",
    "files.completeUploadExternal": "files_completeUploadExternal",
}


def _metadata(key: str) -> Json:
    """Other apps can read metadata: it holds our key and nothing else."""
    return {"event_type": EVENT, "event_payload": {"key": key}}


async def _wait_or_raise(method: str, error: SlackApiError) -> None:
    status = error.response.status_code
    if status == 429:
        seconds = float(error.response.headers.get("Retry-After", 1))
        log.warning("Slack asks us to wait %s s before %s", seconds, method)
        await asyncio.sleep(seconds)
        return
    reason = str(error.response.get("error", "")) if isinstance(error.response.data, dict) else ""
    if status >= 500 or not reason or reason in _PASSING:
        raise UnknownOutcomeError(f"{method}: {status} {reason}", answered=True) from error
    details, needed = error.response.get("response_metadata") or {}, error.response.get("needed") or ""
    raise RefusedError(method, reason, details.get("messages", ()), needed=str(needed)) from error


async def _send_bytes(url: str, payload: bytes) -> None:
    try:
        async with aiohttp.ClientSession() as session, session.post(url, data=payload) as answer:
            status = answer.status
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise UnknownOutcomeError(f"file upload: {type(error).__name__}") from error
    if status != 200:
        raise UnknownOutcomeError(f"file upload: {status}", answered=True)
