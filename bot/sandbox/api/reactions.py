"""reactions.*: the small signs under a message."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.sandbox import render
from bot.sandbox.api.call import TIER_2, TIER_3, Call, Method
from bot.sandbox.wire import Json, SlackError

if TYPE_CHECKING:
    from bot.sandbox.workspace import Message

_NOT_TOLD = render.THREAD_KEYS | {"thread_ts", "parent_user_id", "edited"}
_NAME = re.compile(r"^[a-z0-9_+\-'æøåäö]+(::skin-tone-[2-6])?$")


def _message(call: Call) -> Message:
    channel = call.room.space.seen_by_bot(call.needed("channel", "channel_not_found"))
    if call.room.space.config.bot_user not in channel.members:
        raise SlackError("not_in_channel")
    if channel.archived and call.method != "reactions.get":
        raise SlackError("is_archived")
    return channel.message(call.needed("timestamp", "no_item_specified"))


def _name(call: Call) -> str:
    name = call.needed("name", "invalid_name").strip(":")
    if not _NAME.match(name):
        raise SlackError("invalid_name")
    return name


async def add(call: Call) -> Json:
    """Add the app's reaction."""
    call.room.talk.react(_message(call), _name(call), user=call.room.space.config.bot_user)
    return {}


async def remove(call: Call) -> Json:
    """Take the app's reaction back."""
    call.room.talk.unreact(_message(call), _name(call), user=call.room.space.config.bot_user)
    return {}


async def get(call: Call) -> Json:
    """Give a message with its reactions; with `full` everybody stands on them."""
    one = _message(call)
    whole = render.message(one, call.room.space, full=call.flag("full"))
    body = {key: value for key, value in whole.items() if key not in _NOT_TOLD}
    body["permalink"] = render.permalink(one, call.room.space)
    return {"type": "message", "channel": one.channel, "message": body}


METHODS = {
    "reactions.add": Method(add, ("reactions:write",), TIER_3),
    "reactions.remove": Method(remove, ("reactions:write",), TIER_2),
    "reactions.get": Method(get, ("reactions:read",), TIER_3),
}
