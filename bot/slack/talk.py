"""What people say in channels and threads, as events and the Web API tell it. Any ends here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

Json = Mapping[str, Any]

UNEDITED = "0"
"""The version of a message before any edit: Slack gives edits in whole seconds, so a ts may be later."""

_TEXT_DOCUMENTS = (".docx", ".docm", ".dotx", ".dotm", ".doc", ".odt", ".rtf")


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
