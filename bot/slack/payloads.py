"""Slack's JSON as values of ours. Any ends here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.slack.talk import Spoken, message_in

Json = Mapping[str, Any]


_YES = ("white_check_mark", "heavy_check_mark")


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody does something; the channel is empty in the home tab and in windows."""

    person: str
    channel: str
    thread: str | None = None


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


def mention(event: Json) -> Mention:
    """An `app_mention` event."""
    return Mention(str(event["user"]), str(event["channel"]), str(event.get("thread_ts") or ""))


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
