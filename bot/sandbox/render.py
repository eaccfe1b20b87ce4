"""Messages, files and channels as Slack writes them in JSON."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING
from urllib.parse import quote

from bot.sandbox.wire import Json

if TYPE_CHECKING:
    from bot.sandbox.config import Config
    from bot.sandbox.workspace import Channel, File, Message, Workspace

_PRETTY = {
    "pdf": "PDF",
    "txt": "Plain Text",
    "docx": "Word Document",
    "html": "HTML",
    "png": "PNG",
    "csv": "CSV",
}
_MEDIA = {"image/png", "image/jpeg", "image/gif"}
THREAD_KEYS = frozenset(
    ["reply_count", "reply_users_count", "latest_reply", "reply_users", "is_locked", "subscribed"]
)
_TOMBSTONE = "This message was deleted."


def bot_profile(config: Config) -> Json:
    """Give the app's face, as it stands on every message of its own."""
    return {
        "id": config.bot_id,
        "deleted": False,
        "name": config.app_name,
        "updated": 1700000000,
        "app_id": config.app_id,
        "icons": {"image_36": "", "image_48": "", "image_72": ""},
        "team_id": config.team_id,
    }


def message(one: Message, space: Workspace, *, metadata: bool = False, full: bool = False) -> Json:
    """Give a message as conversations.history has it; metadata, and everybody who reacted, only if asked."""
    if one.subtype == "tombstone":
        body: Json = {"subtype": "tombstone", "text": _TOMBSTONE, "user": "USLACKBOT", "hidden": True}
    else:
        body = _said(one, space.config)
    body |= {"type": "message", "ts": one.ts} | _thread(one, space)
    if metadata and one.metadata:
        body["metadata"] = one.metadata
    if one.reactions:
        most = None if full else space.config.most_reactors
        body["reactions"] = [
            {"name": name, "users": users[:most], "count": len(users)}
            for name, users in one.reactions.items()
        ]
    return body


def _said(one: Message, config: Config) -> Json:
    body: Json = {"user": one.user, "text": one.text, "team": config.team_id}
    if one.by_bot:
        body |= {"bot_id": config.bot_id, "app_id": config.app_id, "bot_profile": bot_profile(config)}
    if one.client_msg_id:
        body["client_msg_id"] = one.client_msg_id
    if one.subtype == "thread_broadcast":
        body["subtype"] = one.subtype
    for key, value in (("blocks", one.blocks), ("attachments", one.attachments), ("edited", one.edited)):
        if value:
            body[key] = value
    if one.files:
        body |= {
            "files": [file(each, config) for each in one.files],
            "upload": False,
            "display_as_bot": False,
        }
    return body


def permalink(one: Message, space: Workspace) -> str:
    """Give the address of a message; a reply's names its thread."""
    thread = f"?thread_ts={quote(one.thread_ts)}&cid={one.channel}" if one.is_reply and one.thread_ts else ""
    return f"{space.config.public_url}/archives/{one.channel}/p{one.ts.replace('.', '')}{thread}"


def _thread(one: Message, space: Workspace) -> Json:
    if one.is_reply and one.thread_ts:
        parent = space.channels[one.channel].kept.get(one.thread_ts)
        return {"thread_ts": one.thread_ts} | ({"parent_user_id": parent.user} if parent else {})
    replies = space.channels[one.channel].thread(one.ts)[1:]
    gone = one.subtype == "tombstone"
    if not replies and not gone:
        return {}
    users = list(dict.fromkeys(each.user for each in replies))
    return {
        "thread_ts": one.ts,
        "reply_count": len(replies),
        "reply_users_count": len(users),
        "latest_reply": replies[-1].ts if replies else "0000000000.000000",
        "reply_users": users[:5],
        "is_locked": False,
        "subscribed": False,
        **({"parent_user_id": "USLACKBOT"} if gone else {}),
    }


def file(one: File, config: Config) -> Json:
    """Give a file as it stands on a message; the addresses are filled in by the server's own."""
    kind = PurePath(one.name).suffix.removeprefix(".").lower() or "text"
    base = f"{config.public_url}/files-pri/{config.team_id}-{one.id}"
    return {
        "id": one.id,
        "created": one.created,
        "timestamp": one.created,
        "name": one.name,
        "title": one.title,
        "mimetype": one.mimetype,
        "filetype": kind,
        "pretty_type": _PRETTY.get(kind, kind.upper()),
        "user": one.user,
        "user_team": config.team_id,
        "editable": False,
        "size": len(one.content),
        "mode": "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": True,
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": f"{base}/{one.name}",
        "url_private_download": f"{base}/download/{one.name}",
        "media_display_type": "image" if one.mimetype in _MEDIA else "unknown",
        "permalink": f"{config.public_url}/files/{one.user}/{one.id}/{one.name}",
        "permalink_public": f"{config.public_url}/public/{config.team_id}-{one.id}",
        "has_rich_preview": False,
        "file_access": "visible",
    }


def file_in_full(one: File, space: Workspace) -> Json:
    """Give a file as files.info has it, with where it was shared."""
    public: Json = {}
    private: Json = {}
    for channel_id, stamps in one.shares.items():
        channel = space.channels[channel_id]
        place = private if channel.kind != "channel" else public
        place[channel_id] = [_share(ts, channel, space.config) for ts in stamps]
    groups = [each for each in private if space.channels[each].kind == "group"]
    return file(one, space.config) | {
        "channels": list(public),
        "groups": groups,
        "ims": [each for each in private if each not in groups],
        "shares": {name: place for name, place in (("public", public), ("private", private)) if place},
        "has_more_shares": False,
        "comments_count": 0,
        "is_starred": False,
    }


def _share(ts: str, channel: Channel, config: Config) -> Json:
    one = channel.kept.get(ts)
    thread = {"thread_ts": one.thread_ts} if one and one.thread_ts else {}
    return {
        "reply_users": [],
        "reply_users_count": 0,
        "reply_count": 0,
        "ts": ts,
        "channel_name": channel.name,
        "team_id": config.team_id,
        "share_user_id": one.user if one else "",
        "source": "UNKNOWN",
        **thread,
    }


def channel(one: Channel, config: Config, *, count: bool = False) -> Json:
    """Give a channel as conversations.info has it; the number of members when asked for."""
    if one.im_with:
        return _direct(one)
    note = {"value": one.topic, "creator": "", "last_set": 0}
    return {
        "id": one.id,
        "name": one.name,
        "name_normalized": one.name,
        "is_channel": True,
        "is_private": one.private,
        "created": one.created,
        "updated": one.created * 1000,
        "is_archived": one.archived,
        "shared_team_ids": [config.team_id],
        "context_team_id": config.team_id,
        "creator": one.members[0] if one.members else config.bot_user,
        "is_member": config.bot_user in one.members,
        "topic": note,
        "purpose": note,
        **_NOT_SHARED,
        **({"num_members": len(one.members)} if count else {}),
    }


_NOT_SHARED: Json = {
    "is_group": False,
    "is_im": False,
    "is_mpim": False,
    "is_general": False,
    "is_shared": False,
    "is_org_shared": False,
    "is_ext_shared": False,
    "is_pending_ext_shared": False,
    "pending_shared": [],
    "pending_connected_team_ids": [],
    "previous_names": [],
    "unlinked": 0,
}


def _direct(one: Channel) -> Json:
    return {
        "id": one.id,
        "created": one.created,
        "is_archived": one.archived,
        "is_im": True,
        "is_org_shared": False,
        "user": one.im_with,
        "priority": 0,
        "is_user_deleted": False,
    }
