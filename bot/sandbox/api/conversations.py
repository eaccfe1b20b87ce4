"""conversations.*: channels and their members; what was said in them is in `reading`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox import render
from bot.sandbox.api.call import TIER_2, TIER_3, TIER_4, Call, Method, known_channel, page, scoped
from bot.sandbox.wire import Json, SlackError

if TYPE_CHECKING:
    from bot.sandbox.workspace import Channel


async def info(call: Call) -> Json:
    """Give a channel."""
    channel = known_channel(call, "read")
    count = call.flag("include_num_members")
    return {"channel": render.channel(channel, call.room.space.config, count=count)}


async def join(call: Call) -> Json:
    """Make the app a member of a public channel."""
    channel = known_channel(call, "read")
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
        scoped(call, scopes[kind])
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
    found, following = page(call, known_channel(call, "read").members)
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
    "conversations.info": Method(info, ("channels:read", "groups:read", "im:read"), TIER_3),
    "conversations.join": Method(join, ("channels:join",), TIER_3),
    "conversations.list": Method(list_all, ("channels:read", "groups:read", "im:read"), TIER_2),
    "conversations.members": Method(members, ("channels:read", "groups:read", "im:read"), TIER_4),
    "conversations.open": Method(open_direct, ("im:write",), TIER_3),
}
