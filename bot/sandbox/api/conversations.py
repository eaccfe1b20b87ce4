"""conversations.*: channels, their members and what was said in them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.sandbox import render
from bot.sandbox.api.call import TIER_2, TIER_3, TIER_4, Call, Method, page
from bot.sandbox.wire import Json, SlackError

if TYPE_CHECKING:
    from bot.sandbox.workspace import Channel, Message

_TS = re.compile(r"^\d{1,11}(\.\d{1,6})?$")


def _channel(call: Call) -> Channel:
    channel = call.room.space.seen_by_bot(call.needed("channel", "channel_not_found"))
    kinds = {"channel": "channels", "group": "groups", "im": "im"}
    _scope(call, f"{kinds[channel.kind]}:{'history' if _reads(call) else 'read'}")
    return channel


def _reads(call: Call) -> bool:
    return call.method in {"conversations.history", "conversations.replies"}


def _scope(call: Call, needed: str) -> None:
    """Check the scope for this kind of channel; what is known of direct messages comes with im:write too."""
    held = call.room.space.config.scopes
    if needed not in held and not (needed == "im:read" and "im:write" in held):
        raise SlackError("missing_scope", needed=needed, provided=",".join(sorted(held)))


def _bound(call: Call, name: str) -> float | None:
    value = call.text(name)
    if not value:
        return None
    if not _TS.match(value):
        raise SlackError(f"invalid_ts_{name}")
    return float(value)


def _between(call: Call, rows: list[Message]) -> list[Message]:
    """Keep what lies between `oldest` and `latest`; the ends themselves only with `inclusive`."""
    oldest, latest = _bound(call, "oldest"), _bound(call, "latest")
    ends = call.flag("inclusive")

    def inside(one: Message) -> bool:
        ts = float(one.ts)
        late = latest is None or ts < latest or (ends and ts == latest)
        return late and (oldest is None or ts > oldest or (ends and ts == oldest))

    return [each for each in rows if inside(each)]


def _told(call: Call, rows: list[Message], following: str) -> Json:
    with_metadata = call.flag("include_all_metadata")
    messages = [render.message(each, call.room.space, metadata=with_metadata) for each in rows]
    more = {"response_metadata": {"next_cursor": following}} if following else {}
    return {"messages": messages, "has_more": bool(following), **more}


def _member(call: Call, channel: Channel) -> None:
    if call.room.space.config.bot_user not in channel.members:
        raise SlackError("not_in_channel")


async def history(call: Call) -> Json:
    """Give a channel's messages, newest first; replies stand in their threads only."""
    channel = _channel(call)
    _member(call, channel)
    rows = _between(call, channel.messages)[::-1]
    found, following = page(call, rows)
    return _told(call, found, following) | {"pin_count": 0}


async def replies(call: Call) -> Json:
    """Give a thread: its first message, then the replies, oldest first."""
    channel = _channel(call)
    _member(call, channel)
    asked = channel.kept.get(call.needed("ts", "thread_not_found"))
    if asked is None:
        raise SlackError("thread_not_found")
    rows = channel.thread(asked.thread_ts or asked.ts)
    parent, rest = rows[:1], _between(call, rows[1:])
    found, following = page(call, parent + rest, default=1000)
    return _told(call, found, following)


async def info(call: Call) -> Json:
    """Give a channel."""
    channel = _channel(call)
    count = call.flag("include_num_members")
    return {"channel": render.channel(channel, call.room.space.config, count=count)}


async def join(call: Call) -> Json:
    """Make the app a member of a public channel."""
    channel = _channel(call)
    if channel.kind != "channel":
        raise SlackError("method_not_supported_for_channel_type")
    bot = call.room.space.config.bot_user
    already = bot in channel.members
    call.room.talk.join(bot, channel)
    body: Json = {"channel": render.channel(channel, call.room.space.config)}
    if already:
        body |= {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
    return body


async def list_all(call: Call) -> Json:
    """Give the channels that the app may know of, of the types asked for."""
    kinds = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
    asked = call.text("types", "public_channel").split(",")
    if unknown := [each for each in asked if each.strip() not in kinds]:
        raise SlackError("invalid_types", arg=unknown[0])
    scopes = {"channel": "channels:read", "group": "groups:read", "im": "im:read", "mpim": "mpim:read"}
    wanted = [kinds[each.strip()] for each in asked]
    for kind in wanted:
        _scope(call, scopes[kind])
    rows = [each for each in call.room.space.channels.values() if _listed(call, each, wanted)]
    found, following = page(call, rows)
    channels = [render.channel(each, call.room.space.config, count=not each.im_with) for each in found]
    return {"channels": channels, "response_metadata": {"next_cursor": following}}


def _listed(call: Call, one: Channel, kinds: list[str]) -> bool:
    if one.kind not in kinds or (one.archived and call.flag("exclude_archived")):
        return False
    return one.kind == "channel" or call.room.space.config.bot_user in one.members


async def members(call: Call) -> Json:
    """Give the ids of a channel's members."""
    found, following = page(call, _channel(call).members)
    return {"members": found, "response_metadata": {"next_cursor": following}}


async def open_direct(call: Call) -> Json:
    """Open the direct message with one person."""
    users = call.needed("users", "users_list_not_supplied").split(",")
    if len(users) > 1:
        raise SlackError("missing_scope", needed="mpim:write", provided="")
    channel = call.room.space.direct(users[0])
    whole = render.channel(channel, call.room.space.config)
    del whole["is_user_deleted"]
    return {"channel": whole if call.flag("return_im") else {"id": channel.id}}


METHODS = {
    "conversations.history": Method(history, ("channels:history", "groups:history", "im:history"), TIER_3),
    "conversations.replies": Method(replies, ("channels:history", "groups:history", "im:history"), TIER_3),
    "conversations.info": Method(info, ("channels:read", "groups:read", "im:read"), TIER_3),
    "conversations.join": Method(join, ("channels:join",), TIER_3),
    "conversations.list": Method(list_all, ("channels:read", "groups:read", "im:read"), TIER_2),
    "conversations.members": Method(members, ("channels:read", "groups:read", "im:read"), TIER_4),
    "conversations.open": Method(open_direct, ("im:write",), TIER_3),
}
