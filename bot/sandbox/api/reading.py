"""conversations.history and conversations.replies: what was said, page by page.

A cursor names the moment to go on from, so messages that come or go between two pages move nothing.
Source: https://docs.slack.dev/apis/web-api/pagination
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

from bot.sandbox import render
from bot.sandbox.api.call import TIER_3, Call, Method, known_channel
from bot.sandbox.wire import Json, SlackError

if TYPE_CHECKING:
    from bot.sandbox.workspace import Channel, Message

_TS = re.compile(r"^\d{1,11}(\.\d{1,6})?$")
_CURSOR = "next_ts:"


async def history(call: Call) -> Json:
    """Give a channel's messages, newest first; replies stand in their threads only."""
    rows = _between(call, _channel(call).messages)[::-1]
    start = _start(call)
    left = [each for each in rows if start is None or float(each.ts) <= start]
    return _told(call, left, limit=_limit(call, 100)) | {"pin_count": 0}


async def replies(call: Call) -> Json:
    """Give a thread, oldest first; every page begins with its first message, which counts in the limit."""
    channel = _channel(call)
    asked = channel.kept.get(call.needed("ts", "thread_not_found"))
    if asked is None:
        raise SlackError("thread_not_found")
    rows = channel.thread(asked.thread_ts or asked.ts)
    start, limit = _start(call), _limit(call, 1000)
    parent, rest = rows[:1], _between(call, rows[1:])
    if start is None:
        return _told(call, parent + rest, limit=limit)
    left = [each for each in rest if float(each.ts) >= start]
    return _told(call, parent + left, limit=max(limit, 2))


def _channel(call: Call) -> Channel:
    channel = known_channel(call, "history")
    if call.room.space.config.bot_user not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _limit(call: Call, default: int) -> int:
    return call.number("limit", default, most=call.room.space.config.most_per_page)


def _between(call: Call, rows: list[Message]) -> list[Message]:
    """Keep what lies between `oldest` and `latest`; the ends themselves only with `inclusive`."""
    oldest, latest = _bound(call, "oldest"), _bound(call, "latest")
    ends = call.flag("inclusive")

    def inside(one: Message) -> bool:
        ts = float(one.ts)
        late = latest is None or ts < latest or (ends and ts == latest)
        return late and (oldest is None or ts > oldest or (ends and ts == oldest))

    return [each for each in rows if inside(each)]


def _bound(call: Call, name: str) -> float | None:
    value = call.text(name)
    if not value:
        return None
    if not _TS.match(value):
        raise SlackError(f"invalid_ts_{name}")
    return float(value)


def _start(call: Call) -> float | None:
    """Give the moment that the cursor names. Raises `invalid_cursor`."""
    cursor = call.text("cursor")
    if not cursor:
        return None
    try:
        return float(base64.b64decode(cursor, validate=True).decode().removeprefix(_CURSOR))
    except ValueError as error:
        raise SlackError("invalid_cursor") from error


def _told(call: Call, rows: list[Message], *, limit: int) -> Json:
    shown, left = rows[:limit], rows[limit:]
    with_metadata = call.flag("include_all_metadata")
    messages = [render.message(each, call.room.space, metadata=with_metadata) for each in shown]
    more = {"response_metadata": {"next_cursor": _cursor(left[0])}} if left else {}
    return {"messages": messages, "has_more": bool(left), **more}


def _cursor(one: Message) -> str:
    return base64.b64encode(f"{_CURSOR}{one.ts}".encode()).decode()


_SCOPES = ("channels:history", "groups:history", "im:history")
METHODS = {
    "conversations.history": Method(history, _SCOPES, TIER_3),
    "conversations.replies": Method(replies, _SCOPES, TIER_3),
}
