"""files.*: uploads in three steps, and what is known of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox import render
from bot.sandbox.api.call import TIER_3, TIER_4, Call, Method
from bot.sandbox.wire import Json, SlackError
from bot.sandbox.workspace import Draft

if TYPE_CHECKING:
    from bot.sandbox.workspace import Channel, File


async def get_upload_url(call: Call) -> Json:
    """Give the address for a file's bytes; name and length are told beforehand."""
    name = call.needed("filename")
    length = call.text("length")
    if not length.isdigit() or int(length) == 0:
        raise SlackError("invalid_arguments")
    space = call.room.space
    file = call.room.talk.new_file(space.config.bot_user, name, length=int(length))
    return {"upload_url": f"{space.config.public_url}/upload/v1/{file.id}", "file_id": file.id}


async def complete_upload(call: Call) -> Json:
    """Finish uploads and, with a channel, let them appear there a moment later."""
    wanted = call.structure("files", "invalid_arguments")
    if not isinstance(wanted, list) or not wanted:
        raise SlackError("invalid_arguments")
    channel = _channel(call)
    files = [_uploaded(call, each) for each in wanted]
    for file in files:
        file.complete = True
    if channel:
        draft = Draft(
            text=call.text("initial_comment"), thread_ts=call.text("thread_ts") or None, files=files
        )
        call.room.tasks.start(call.room.talk.share_later(channel, draft))
    return {"files": [render.file_in_full(each, call.room.space) for each in files]}


def _channel(call: Call) -> Channel | None:
    """Give the channel to share in, by id only. Raises `invalid_channel` or `thread_not_found`."""
    wanted = call.text("channel_id")
    if not wanted:
        return None
    if wanted not in call.room.space.channels:
        raise SlackError("invalid_channel")
    channel = call.room.space.seen_by_bot(wanted)
    call.room.talk.open_to(call.room.space.config.bot_user, channel)
    thread = call.text("thread_ts")
    if thread and thread not in channel.kept:
        raise SlackError("thread_not_found")
    return channel


def _uploaded(call: Call, row: Json) -> File:
    file = call.room.space.files.get(row.get("id", "")) if isinstance(row, dict) else None
    if file is None or not file.uploaded:
        raise SlackError("file_not_found")
    if file.complete:
        raise SlackError("file_already_completed")
    file.title = row.get("title") or file.name
    return file


async def info(call: Call) -> Json:
    """Give a file and where it was shared."""
    file = call.room.space.file(call.needed("file", "file_not_found"))
    return {"file": render.file_in_full(file, call.room.space), "comments": []}


async def delete(call: Call) -> Json:
    """Delete one of the app's own files; it is gone from the messages that showed it."""
    space = call.room.space
    file = space.file(call.needed("file", "file_not_found"))
    if file.user != space.config.bot_user:
        raise SlackError("cant_delete_file")
    del space.files[file.id]
    for channel_id, stamps in file.shares.items():
        for one in filter(None, map(space.channels[channel_id].kept.get, stamps)):
            one.files = [each for each in one.files if each.id != file.id]
    return {}


METHODS = {
    "files.getUploadURLExternal": Method(get_upload_url, ("files:write",), TIER_4),
    "files.completeUploadExternal": Method(complete_upload, ("files:write",), TIER_4),
    "files.info": Method(info, ("files:read",), TIER_4),
    "files.delete": Method(delete, ("files:write",), TIER_3),
}
