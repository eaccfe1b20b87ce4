"""What the sandbox remembers: people, channels, messages, files, and who has what on the screen."""

from __future__ import annotations

import asyncio
import contextlib
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from bot.sandbox.wire import Clock, Json, Numbers, SlackError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.config import ChannelSpec, Config, GroupSpec, PersonSpec

T = TypeVar("T")
_LOOK_AGAIN = 0.1


@dataclass(slots=True)
class File:
    """An uploaded file; `shares` says where it was shown: channel id → message timestamps."""

    id: str
    name: str
    title: str
    user: str
    content: bytes
    mimetype: str
    created: int
    length: int = 0
    uploaded: bool = False
    complete: bool = False
    shares: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flags:
    """What the sender asked of Slack beside the words; None where nothing was said."""

    unfurl_links: bool | None = None
    unfurl_media: bool | None = None
    link_names: bool = False
    parse: str = ""


@dataclass(slots=True)
class Message:
    """One message as the workspace keeps it; `text` is escaped as Slack escapes it."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    by_bot: bool = False
    subtype: str | None = None
    client_msg_id: str | None = None
    metadata: Json | None = None
    edited: Json | None = None
    files: list[File] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    flags: Flags = field(default_factory=Flags)

    @property
    def is_reply(self) -> bool:
        """Tell whether it stands in a thread under another message."""
        return self.thread_ts is not None and self.thread_ts != self.ts


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What somebody is about to say. A `guest` may say it in a channel they are no member of."""

    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    metadata: Json | None = None
    files: list[File] = field(default_factory=list)
    broadcast: bool = False
    guest: bool = False
    flags: Flags = field(default_factory=Flags)


@dataclass(slots=True)
class Ephemeral:
    """A message that one person sees and nobody keeps."""

    ts: str
    channel: str
    to: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None


@dataclass(slots=True)
class Channel:
    """A channel or a direct message, with everything said in it."""

    id: str
    name: str
    members: list[str]
    private: bool = False
    archived: bool = False
    im_with: str | None = None
    topic: str = ""
    created: int = field(default_factory=lambda: int(time.time()))
    kept: dict[str, Message] = field(default_factory=dict)
    _replies: dict[str, list[Message]] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """Give the `channel_type` of message events: channel, group or im."""
        if self.im_with:
            return "im"
        return "group" if self.private else "channel"

    @property
    def messages(self) -> list[Message]:
        """Give what stands in the channel itself, oldest first; replies are in their threads."""
        return [
            each for each in self.kept.values() if not each.is_reply or each.subtype == "thread_broadcast"
        ]

    def thread(self, ts: str) -> list[Message]:
        """Give a thread's first message and its replies, oldest first; empty when there is none."""
        first = self.kept.get(ts)
        return [*([first] if first else []), *self._replies.get(ts, [])]

    def keep(self, one: Message) -> None:
        """Add a message at the end."""
        self.kept[one.ts] = one
        if one.is_reply and one.thread_ts:
            self._replies.setdefault(one.thread_ts, []).append(one)

    def forget(self, one: Message) -> None:
        """Take a message out."""
        del self.kept[one.ts]
        if one.is_reply and one.thread_ts:
            self._replies[one.thread_ts].remove(one)

    def message(self, ts: str) -> Message:
        """Give one message. Raises `message_not_found`."""
        if ts not in self.kept:
            raise SlackError("message_not_found")
        return self.kept[ts]


class Changes:
    """Wakes those who wait for the workspace to change."""

    def __init__(self) -> None:
        self.version = 0
        self._next: asyncio.Event = asyncio.Event()

    def tell(self) -> None:
        """Say that something changed."""
        self.version += 1
        woken, self._next = self._next, asyncio.Event()
        woken.set()

    async def wait(self) -> None:
        """Return at the next change."""
        await self._next.wait()

    async def until(self, found: Callable[[], T | None], *, timeout_seconds: float) -> T:
        """Return what `found` gives as soon as it is true; raises `TimeoutError`."""
        async with asyncio.timeout(timeout_seconds):
            while not (answer := found()):
                # What the app itself remembers may change with no change here: look again now and then.
                # Not wait_for: in Python 3.11 it may swallow that we are cancelled (python/cpython#86296).
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_LOOK_AGAIN):
                        await self.wait()
        return answer


class Workspace:
    """The memory of one team with one app in it. Lives as long as the process."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.clock = Clock()
        self.numbers = Numbers()
        self.changes = Changes()
        self.people: dict[str, PersonSpec] = {each.id: each for each in config.people}
        self.groups: dict[str, GroupSpec] = {each.id: each for each in config.groups}
        self.channels: dict[str, Channel] = {each.id: self._channel(each) for each in config.channels}
        self.files: dict[str, File] = {}
        self.ephemerals: list[Ephemeral] = []
        self.dead_tokens: dict[str, str] = {}

    def _channel(self, spec: ChannelSpec) -> Channel:
        members = [*spec.members, *([self.config.bot_user] if spec.bot else [])]
        return Channel(spec.id, spec.name, members, spec.private, spec.archived, topic=spec.topic)

    def is_user(self, user: str) -> bool:
        """Tell whether somebody, a person or the bot, has this id."""
        return user in self.people or user == self.config.bot_user

    def channel(self, wanted: str) -> Channel:
        """Give a channel by id, or by name with or without `#`. Raises `channel_not_found`."""
        if wanted in self.channels:
            return self.channels[wanted]
        for each in self.channels.values():
            if each.name and each.name == wanted.removeprefix("#"):
                return each
        raise SlackError("channel_not_found")

    def seen_by_bot(self, wanted: str) -> Channel:
        """Give a channel that the app may know of: a private one only when it is a member."""
        channel = self.channel(wanted)
        if (channel.private or channel.im_with) and self.config.bot_user not in channel.members:
            raise SlackError("channel_not_found")
        return channel

    def direct(self, user: str) -> Channel:
        """Give the direct message between the app and a person, opened if need be."""
        if user not in self.people:
            raise SlackError("user_not_found")
        for each in self.channels.values():
            if each.im_with == user:
                return each
        new = Channel(self.numbers.take("D"), "", [user, self.config.bot_user], im_with=user)
        self.channels[new.id] = new
        return new

    def file(self, wanted: str) -> File:
        """Give a file whose upload is complete. Raises `file_not_found`."""
        file = self.files.get(wanted)
        if file is None or not file.complete:
            raise SlackError("file_not_found")
        return file
