"""The bodies of events, as Slack's Events API writes them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bot.sandbox import render
from bot.sandbox.wire import Json

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from bot.sandbox.workspace import Channel, File, Message, Workspace


def callback(event: Json, space: Workspace) -> Json:
    """Wrap an event in the outer body that is sent to the app."""
    config = space.config
    return {
        "token": "verification-token",
        "team_id": config.team_id,
        "api_app_id": config.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": space.numbers.take("Ev"),
        "event_time": int(time.time()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": config.team_id,
                "user_id": config.bot_user,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{event['type']}-{config.team_id}",
    }


_NOT_IN_SHARES = frozenset(["bot_profile", "parent_user_id", "team"])


def posted(one: Message, channel: Channel, space: Workspace) -> Json:
    """Say that a message was posted; with files it is a file_share."""
    body = _without(render.message(one, space), render.THREAD_KEYS | {"app_id"})
    if one.files:
        body["subtype"] = "file_share"
    if "subtype" in body:
        body = _without(body, _NOT_IN_SHARES)
    if one.subtype == "thread_broadcast" and one.thread_ts in channel.kept:
        body["root"] = _without(render.message(channel.kept[one.thread_ts], space), {"app_id"})
    return body | {"channel": channel.id, "event_ts": one.ts, "channel_type": channel.kind}


def _without(body: Json, keys: AbstractSet[str]) -> Json:
    return {key: value for key, value in body.items() if key not in keys}


def changed(before: Json, after: Json, channel: Channel, space: Workspace) -> Json:
    """Say that a message was edited; `before` and `after` are the whole messages."""
    ts = space.clock.ts()
    return {
        "type": "message",
        "subtype": "message_changed",
        "message": _without(after, {"app_id"}),
        "previous_message": _without(before, {"app_id"}),
        "channel": channel.id,
        "hidden": True,
        "ts": ts,
        "event_ts": ts,
        "channel_type": channel.kind,
    }


def deleted(before: Json, channel: Channel, space: Workspace) -> Json:
    """Say that a message was deleted."""
    ts = space.clock.ts()
    return {
        "type": "message",
        "subtype": "message_deleted",
        "previous_message": _without(before, {"app_id"}),
        "channel": channel.id,
        "hidden": True,
        "deleted_ts": before["ts"],
        "event_ts": ts,
        "ts": ts,
        "channel_type": channel.kind,
    }


def mentioned(one: Message, channel: Channel, space: Workspace) -> Json:
    """Say that the app was mentioned."""
    body = posted(one, channel, space) | {"type": "app_mention"}
    return _without(body, {"channel_type", "parent_user_id", "subtype", "root"})


def reaction(kind: str, one: Message, *, name: str, user: str, space: Workspace) -> Json:
    """Say that a reaction was added or removed; `kind` is the event's type."""
    return {
        "type": kind,
        "user": user,
        "reaction": name,
        "item": {"type": "message", "channel": one.channel, "ts": one.ts},
        "item_user": one.user,
        "event_ts": space.clock.ts(),
    }


def membership(kind: str, channel: Channel, *, user: str, inviter: str, space: Workspace) -> Json:
    """Say that somebody joined or left; `inviter` is empty when nobody asked them in."""
    return {
        "type": kind,
        "user": user,
        "channel": channel.id,
        "channel_type": "G" if channel.private else "C",
        "team": space.config.team_id,
        "event_ts": space.clock.ts(),
        **({"inviter": inviter} if inviter else {}),
    }


def archived(kind: str, channel: Channel, *, user: str, space: Workspace) -> Json:
    """Say that a channel was archived or taken back into use."""
    return {
        "type": kind,
        "channel": channel.id,
        "user": user,
        **({"is_moved": 0} if kind == "channel_archive" else {}),
        "event_ts": space.clock.ts(),
    }


def renamed(channel: Channel, space: Workspace) -> Json:
    """Say that a channel has a new name."""
    return {
        "type": "channel_rename",
        "channel": {
            "id": channel.id,
            "is_channel": True,
            "is_mpim": False,
            "name": channel.name,
            "name_normalized": channel.name,
            "created": channel.created,
        },
        "event_ts": space.clock.ts(),
    }


def file_shared(one: File, channel: Channel, space: Workspace) -> Json:
    """Say that a file was shown in a channel."""
    return {
        "type": "file_shared",
        "file_id": one.id,
        "user_id": one.user,
        "file": {"id": one.id},
        "channel_id": channel.id,
        "event_ts": space.clock.ts(),
    }


def home_opened(user: str, channel: Channel, *, view: Json | None, space: Workspace) -> Json:
    """Say that a person opened the app's Home tab."""
    return {
        "type": "app_home_opened",
        "user": user,
        "channel": channel.id,
        "tab": "home",
        "event_ts": space.clock.ts(),
        **({"view": view} if view else {}),
    }
