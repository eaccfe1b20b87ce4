"""chat.*: posting, changing, deleting and whispering."""

from __future__ import annotations

from typing import Any

from bot.sandbox import render
from bot.sandbox.api.call import TIER_3, TIER_4, UNLIMITED, Call, Method, TooFast
from bot.sandbox.blockkit import check_blocks
from bot.sandbox.blockkit.walk import text_length
from bot.sandbox.wire import Json, SlackError, complaints
from bot.sandbox.workspace import Channel, Draft, Flags, Message

MOST_TEXT = 40_000
MOST_TEXT_IN_UPDATE = 4_000
MOST_IN_BLOCKS = 9_600
_NOT_IN_UPDATE = render.THREAD_KEYS | {"ts", "thread_ts", "reactions"}


def _place(call: Call) -> Channel:
    """Give the channel to write in; a person's id means the direct message with them."""
    wanted = call.needed("channel", "channel_not_found")
    if wanted in call.room.space.people:
        return call.room.space.direct(wanted)
    return call.room.space.seen_by_bot(wanted)


def _blocks(call: Call) -> list[Json]:
    blocks = call.structure("blocks", "invalid_blocks_format")
    if blocks in (None, ""):
        return []
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    if wrong := check_blocks(blocks):
        raise complaints("invalid_blocks", wrong)
    if text_length(blocks) > MOST_IN_BLOCKS:
        raise SlackError("msg_blocks_too_long")
    return blocks


def _metadata(call: Call) -> Json | None:
    metadata: Any = call.structure("metadata", "invalid_metadata_format")
    if metadata in (None, "", {}):
        return None
    fits = isinstance(metadata, dict) and set(metadata) == {"event_type", "event_payload"}
    if not fits or not isinstance(metadata["event_payload"], dict) or not metadata["event_type"]:
        raise SlackError("invalid_metadata_format")
    return dict(metadata)


def _content(call: Call) -> Json:
    """Give text, blocks and attachments of a message that has something to show."""
    blocks = _blocks(call)
    attachments = call.structure("attachments", "invalid_attachments") or []
    text = call.text("text")
    if not (text.strip() or blocks or attachments):
        raise SlackError("no_text")
    return {"text": text, "blocks": blocks, "attachments": attachments}


def _flags(call: Call, before: Flags) -> Flags:
    """Give what is asked of Slack beside the words; what is not said about unfolding stays as it was."""

    def said(name: str, held: bool | None) -> bool | None:
        return call.flag(name) if call.arguments.get(name) is not None else held

    return Flags(
        unfurl_links=said("unfurl_links", before.unfurl_links),
        unfurl_media=said("unfurl_media", before.unfurl_media),
        link_names=call.flag("link_names"),
        parse=call.text("parse"),
    )


async def post_message(call: Call) -> Json:
    """Post a message; over 40,000 characters are cut, as Slack cuts them."""
    channel = _place(call)
    call.room.talk.open_to(call.room.space.config.bot_user, channel)
    content = _content(call)
    metadata = _metadata(call)
    if wait := call.room.limits.of_channel(channel.id):
        raise TooFast(wait)
    draft = Draft(
        **content | {"text": content["text"][:MOST_TEXT]},
        thread_ts=call.text("thread_ts") or None,
        metadata=metadata,
        broadcast=call.flag("reply_broadcast"),
        flags=_flags(call, Flags()),
    )
    one = call.room.talk.post(channel, draft, by=call.room.space.config.bot_user)
    return {
        "channel": channel.id,
        "ts": one.ts,
        "message": render.message(one, call.room.space, metadata=True),
    }


def _own_message(call: Call, error: str) -> tuple[Channel, Message]:
    channel = call.room.space.seen_by_bot(call.needed("channel", "channel_not_found"))
    one = channel.message(call.needed("ts", "message_not_found"))
    if not one.by_bot or one.subtype == "tombstone":
        raise SlackError(error)
    return channel, one


async def update(call: Call) -> Json:
    """Change one of the app's own messages; blocks that are not sent again are gone."""
    channel, one = _own_message(call, "cant_update_message")
    if channel.archived:
        raise SlackError("is_archived")
    if len(call.text("text")) > MOST_TEXT_IN_UPDATE:
        raise SlackError("msg_too_long")
    content = _content(call)
    metadata = _metadata(call)
    changes = content | {"flags": _flags(call, one.flags)}
    if metadata is not None:
        changes["metadata"] = metadata
    call.room.talk.edit(one, by=call.room.space.config.bot_user, **changes)
    body = render.message(one, call.room.space, metadata=True)
    shown = {key: value for key, value in body.items() if key not in _NOT_IN_UPDATE}
    return {"channel": channel.id, "ts": one.ts, "text": one.text, "message": shown}


async def delete(call: Call) -> Json:
    """Delete one of the app's own messages."""
    channel, one = _own_message(call, "cant_delete_message")
    call.room.talk.delete(one)
    return {"channel": channel.id, "ts": one.ts}


async def post_ephemeral(call: Call) -> Json:
    """Show a message to one member of a channel."""
    channel = _place(call)
    user = call.needed("user", "user_not_found")
    call.room.talk.open_to(call.room.space.config.bot_user, channel)
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    content = _content(call)
    draft = Draft(text=content["text"], blocks=content["blocks"], thread_ts=call.text("thread_ts") or None)
    one = call.room.talk.whisper(channel, draft, to=user)
    return {"message_ts": one.ts}


async def get_permalink(call: Call) -> Json:
    """Give the address of a message."""
    channel = call.room.space.seen_by_bot(call.needed("channel", "channel_not_found"))
    one = channel.message(call.needed("message_ts", "message_not_found"))
    return {"permalink": render.permalink(one, call.room.space), "channel": channel.id}


METHODS = {
    "chat.postMessage": Method(post_message, ("chat:write",), UNLIMITED),
    "chat.update": Method(update, ("chat:write",), TIER_3),
    "chat.delete": Method(delete, ("chat:write",), TIER_3),
    "chat.postEphemeral": Method(post_ephemeral, ("chat:write",), TIER_4),
    "chat.getPermalink": Method(get_permalink, (), UNLIMITED),
}
