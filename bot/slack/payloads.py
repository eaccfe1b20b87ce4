"""Slack's JSON as values of ours. Any ends here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

Json = Mapping[str, Any]

UNEDITED = "0"
"""The version of a message before any edit: Slack gives edits in whole seconds, so a ts may be later."""

_TEXT_DOCUMENTS = (".docx", ".docm", ".dotx", ".dotm", ".doc", ".odt", ".rtf")
_YES = ("white_check_mark", "heavy_check_mark")


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody does something; the channel is empty in the home tab and in windows."""

    person: str
    channel: str
    thread: str | None = None


@dataclass(frozen=True, slots=True)
class Spoken:
    """A message in a thread as Slack told us; `deleted` when it is gone."""

    channel: str
    thread: str
    ts: str
    version: str
    author: str
    body: dict[str, Any]
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Stray:
    """A message beside all threads, where a person may have meant one."""

    by: str
    channel: str
    ts: str
    text: str


@dataclass(frozen=True, slots=True)
class SharedFile:
    """A file in a message; Slack gives its bytes at `url` to who has our token, empty when it does not."""

    id: str
    name: str
    url: str
    size: int


@dataclass(frozen=True, slots=True)
class HandedIn:
    """Text documents that a person put into a thread."""

    by: str
    channel: str
    thread: str
    files: tuple[SharedFile, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody spoke to us; `thread` is empty outside threads."""

    by: str
    channel: str
    thread: str

    @property
    def place(self) -> Place:
        return Place(self.by, self.channel, self.thread or None)


@dataclass(frozen=True, slots=True)
class Reaction:
    """Somebody put a ✅ on a message, or took it away, as Slack names it; `at` is by Slack's clock."""

    channel: str
    ts: str
    by: str
    at: datetime
    name: str


@dataclass(frozen=True, slots=True)
class Click:
    """A button in a message, with the choices made beside it."""

    by: str
    channel: str
    ts: str
    thread: str
    value: str
    trigger: str
    chosen: tuple[str, ...]

    @property
    def place(self) -> Place:
        return Place(self.by, self.channel, self.thread or None)


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A message shortcut, with the message as it stood when it was clicked: `spoken` when a person's."""

    by: str
    channel: str
    ts: str
    thread: str
    spoken: Spoken | None

    @property
    def place(self) -> Place:
        return Place(self.by, self.channel, self.thread or None)


@dataclass(frozen=True, slots=True)
class Form:
    """A modal sent in: what it is about, its rich text, and what stands in its other fields by block.

    Where a modal has several rich texts, `texts` holds each by its block.
    """

    by: str
    view: str
    about: str
    body: dict[str, Any]
    fields: Mapping[str, str]
    texts: Mapping[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command: its words, lower case, and where it was typed.

    Of the channel's names that Slack gives, only its id is what it says: each private one is "privategroup".
    """

    by: str
    channel: str
    words: tuple[str, ...]
    trigger: str
    key: str

    @property
    def place(self) -> Place:
        return Place(self.by, self.channel)


def key_of(body: Json) -> str:
    """What tells this delivery from every other, and is the same when Slack delivers it again."""
    named = body.get("event_id") or body.get("trigger_id")
    if named:
        return str(named)
    canonical = json.dumps(body, sort_keys=True, ensure_ascii=True).encode("ascii")
    return hashlib.sha256(canonical).hexdigest()


def is_talk(body: Json) -> bool:
    """Whether this is somebody's message, or a change of one, outside any thread."""
    event = body.get("event") or {}
    if event.get("type") != "message":
        return False
    told = (event, event.get("message") or {}, event.get("previous_message") or {})
    return not any(message.get("thread_ts") for message in told)


def stray(body: Json) -> Stray | None:
    """A person's new message that stands in no thread and speaks to nobody by name; None for all else."""
    event = body.get("event") or {}
    text, by = str(event.get("text", "")), str(event.get("user", ""))
    is_new = event.get("type") == "message" and event.get("subtype") in {None, "file_share"}
    is_plain = is_new and by and not event.get("bot_id") and not event.get("thread_ts")
    if not is_plain or "<@" in text or not text.strip():
        return None
    return Stray(by, str(event.get("channel", "")), str(event.get("ts", "")), text)


def handed_in(event: Json) -> HandedIn | None:
    """A person's message with text documents in a thread; None for all else."""
    by, thread = str(event.get("user", "")), str(event.get("thread_ts", ""))
    if event.get("subtype") != "file_share" or event.get("bot_id") or not (by and thread):
        return None
    files = tuple(
        SharedFile(
            str(each["id"]), str(each.get("name", "")),
            str(each.get("url_private_download") or each.get("url_private") or ""), int(each.get("size", 0)),
        )
        for each in event.get("files") or ()
        if str(each.get("name", "")).lower().endswith(_TEXT_DOCUMENTS)
    )  # fmt: skip
    return HandedIn(by, str(event.get("channel", "")), thread, files) if files else None


def rewritten(body: Json) -> Spoken | None:
    """A person's message outside any thread that was edited or deleted, as it is now; None for all else."""
    event = body.get("event") or {}
    if not is_talk(body) or event.get("subtype") not in {"message_changed", "message_deleted"}:
        return None
    message = event.get("message") or {}
    is_gone = event["subtype"] == "message_deleted" or is_tombstone(message)
    shown = (event.get("previous_message") or {}) if is_gone else message
    at = str(event.get("event_ts") or event.get("ts") or "")
    return beside(str(event.get("channel", "")), shown, at=at, deleted=is_gone)


def is_tombstone(message: Json) -> bool:
    """Whether it was deleted, and stands only for what was said under it."""
    return message.get("subtype") == "tombstone"


def beside(channel: str, message: Json, *, at: str, deleted: bool = False) -> Spoken | None:
    """A person's message that stands in no thread; deleted, it is as new as the moment `at`."""
    edited = str((message.get("edited") or {}).get("ts") or UNEDITED)
    spoken = _reply(
        channel, {**message, "thread_ts": "outside"}, version=at if deleted else edited, deleted=deleted
    )
    return None if spoken is None else replace(spoken, thread="")


def words_of(message: Json) -> dict[str, Any]:
    """What a message says, and the names of its files, without all else about it."""
    said = {name: message[name] for name in ("text", "blocks", "attachments") if message.get(name)}
    files = [{"name": str(each.get("title") or each.get("name") or "")} for each in _files(message)]
    return said | ({"files": files} if files else {})


def _files(message: Json) -> list[Json]:
    """The files that are still there: of one that was deleted a tombstone stays."""
    return [each for each in message.get("files") or () if each.get("mode") != "tombstone"]


def mention(event: Json) -> Mention:
    """An `app_mention` event."""
    return Mention(str(event["user"]), str(event["channel"]), str(event.get("thread_ts") or ""))


def spoken(event: Json) -> Spoken | None:
    """A `message` event of any subtype as what it says of one reply in a thread; None for all else."""
    subtype, channel = event.get("subtype"), str(event.get("channel", ""))
    if subtype == "message_deleted":
        gone = event.get("previous_message") or {}
        ts = str(event.get("deleted_ts", ""))
        return _reply(channel, {**gone, "ts": ts}, version=str(event.get("ts", ts)), deleted=True)
    if subtype == "message_changed":
        return message_in(channel, event.get("message") or {})
    return message_in(channel, event)


def message_in(channel: str, message: Json) -> Spoken | None:
    """A message as the Web API or an event gives it; None unless it is a person's reply in a thread."""
    if is_tombstone(message):
        return None
    edited = message.get("edited") or {}
    return _reply(channel, message, version=str(edited.get("ts") or UNEDITED))


def _reply(channel: str, message: Json, *, version: str, deleted: bool = False) -> Spoken | None:
    ts, thread = str(message.get("ts", "")), str(message.get("thread_ts", ""))
    author = str(message.get("user", ""))
    if not (channel and ts and thread and author) or thread == ts or message.get("bot_id"):
        return None
    body = words_of(message)
    return Spoken(channel, thread, ts, version, author, {} if deleted else body, deleted)


def reaction(event: Json) -> Reaction | None:
    """A ✅ on a message, any skin tone; None for other reactions."""
    item = event.get("item") or {}
    if not is_yes(str(event.get("reaction", ""))) or item.get("type") != "message":
        return None
    at = datetime.fromtimestamp(float(event.get("event_ts") or 0), UTC)
    name = str(event["reaction"]).partition("::")[0]
    return Reaction(str(item["channel"]), str(item["ts"]), str(event["user"]), at, name)


def is_yes(name: str) -> bool:
    """Whether a reaction is a ✅, of any skin tone."""
    return name.partition("::")[0] in _YES


def ticked_by(message: Json, *, besides: str = "") -> frozenset[str]:
    """Whose ✅ stand on a message as the Web API gives it; `besides` is the sign that does not count."""
    names = ((each, str(each.get("name", "")).partition("::")[0]) for each in message.get("reactions") or ())
    yes = (each for each, name in names if is_yes(name) and name != besides)
    return frozenset(str(person) for each in yes for person in each.get("users") or ())


def click(body: Json) -> Click:
    """A `block_actions` body, as docs.slack.dev/reference/interaction-payloads describes it."""
    action, container = body["actions"][0], body.get("container") or {}
    message = body.get("message") or {}
    ts = str(container.get("message_ts", ""))
    states = (body.get("state") or {}).get("values") or {}
    selected = (
        option["value"]
        for block in states.values()
        for element in block.values()
        for option in element.get("selected_options") or ()
    )
    return Click(
        by=str(body["user"]["id"]), channel=str((body.get("channel") or {}).get("id", "")), ts=ts,
        thread=str(message.get("thread_ts") or container.get("thread_ts") or ts), value=_picked(action),
        trigger=str(body.get("trigger_id", "")), chosen=tuple(selected),
    )  # fmt: skip


def _picked(action: Json) -> str:
    """A button's value, or that of what was picked in its menu."""
    return str(action.get("value") or (action.get("selected_option") or {}).get("value") or "")


def shortcut(body: Json) -> Shortcut:
    """A `message_action` body."""
    channel, message = str(body["channel"]["id"]), body.get("message") or {}
    ts, thread = str(message.get("ts", "")), str(message.get("thread_ts", ""))
    return Shortcut(str(body["user"]["id"]), channel, ts, thread, message_in(channel, message))


def form(body: Json) -> Form:
    """A `view_submission` body of a form with one element a block."""
    view = body["view"]
    values = {block: next(iter(elements.values())) for block, elements in view["state"]["values"].items()}
    texts = {
        block: {"blocks": [value["rich_text_value"]]} if value.get("rich_text_value") else {}
        for block, value in values.items()
        if value.get("type") == "rich_text_input"
    }
    return Form(
        by=str(body["user"]["id"]), view=str(view["id"]), about=str(view.get("private_metadata", "")),
        body=next(iter(texts.values()), {}), texts=texts,
        fields={block: _typed(value) for block, value in values.items() if block not in texts},
    )  # fmt: skip


def _typed(value: Json) -> str:
    return _picked(value)


def command(body: Json) -> Command:
    """A slash command's body."""
    return Command(
        by=str(body["user_id"]), channel=str(body["channel_id"]), trigger=str(body.get("trigger_id", "")),
        words=tuple(str(body.get("text", "")).lower().split()), key=key_of(body),
    )  # fmt: skip
