"""The keys that Slack is known to send, noun by noun; a star marks those that must always be there.

Keys were gathered from Slack's reference pages and observed answers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Shape:
    """The keys an object may have and must have, and the shapes of the objects within."""

    may: frozenset[str]
    must: frozenset[str]
    within: dict[str, Shape] = field(default_factory=dict)


def shape(keys: str, **within: Shape) -> Shape:
    """Read keys separated by space; `key*` must be there."""
    names = keys.split()
    inner = frozenset(within)
    return Shape(
        frozenset(each.rstrip("*") for each in names) | inner,
        frozenset(each[:-1] for each in names if each.endswith("*")),
        within,
    )


ANSWER = "ok* error needed provided warning"
BOT = shape("id* deleted* name* updated* app_id* user_id icons* team_id")
REACTION = shape("name* users* count*")
EDITED = shape("user* ts*")
THREAD = (
    "reply_count reply_users_count latest_reply reply_users is_locked subscribed thread_ts parent_user_id"
)
FILE = shape(
    """id* created* timestamp* name* title* mimetype* filetype* pretty_type* user* user_team editable
    size* mode* is_external external_type is_public public_url_shared display_as_bot username
    url_private* url_private_download* media_display_type permalink* permalink_public
    has_rich_preview file_access channels groups ims shares has_more_shares comments_count
    is_starred"""
)
SAID = (
    f"type* subtype text* user* team bot_id client_msg_id app_id blocks attachments metadata upload {THREAD}"
)
MESSAGE = shape(
    f"{SAID} ts* display_as_bot hidden permalink",
    bot_profile=BOT,
    reactions=REACTION,
    edited=EDITED,
    files=FILE,
)
UPDATED = shape(SAID, bot_profile=BOT, edited=EDITED, files=FILE)
NOTE = shape("value* creator* last_set*")
CHANNEL = shape(
    """id* name is_channel is_group is_im* is_mpim is_private created* is_archived* is_general unlinked
    name_normalized is_shared is_org_shared is_ext_shared is_pending_ext_shared pending_shared
    shared_team_ids pending_connected_team_ids context_team_id updated creator is_member
    previous_names num_members user priority is_user_deleted last_read""",
    topic=NOTE,
    purpose=NOTE,
)
PROFILE = shape(
    """title phone skype real_name* real_name_normalized display_name* display_name_normalized
    first_name last_name status_text status_emoji status_expiration avatar_hash api_app_id
    always_active bot_id image_24 image_48 image_72 team email"""
)
USER = shape(
    """id* team_id* name* deleted* color real_name* tz* tz_label tz_offset* is_admin is_owner
    is_primary_owner is_restricted is_ultra_restricted is_bot* is_app_user updated
    is_email_confirmed who_can_share_contact_card has_2fa locale""",
    profile=PROFILE,
)
GROUP = shape(
    """id* team_id* is_usergroup* name* description handle* is_external date_create date_update
    date_delete auto_type created_by updated_by deleted_by prefs users user_count"""
)
VIEW = shape(
    """id* team_id* type* title* submit* close* blocks* private_metadata* callback_id* external_id*
    state* hash* clear_on_close* notify_on_close* submit_disabled root_view_id* previous_view_id*
    app_id* app_installed_team_id* bot_id*"""
)
TEAM = shape("id* name* url domain* email_domain icon avatar_base_url is_verified enterprise_id")
PAGE = f"{ANSWER} response_metadata has_more pin_count"

ANSWERS: dict[str, Shape] = {
    "apps.connections.open": shape(f"{ANSWER} url*"),
    "auth.test": shape(f"{ANSWER} url* team* user* team_id* user_id* bot_id* is_enterprise_install*"),
    "bots.info": shape(ANSWER, bot=BOT),
    "chat.delete": shape(f"{ANSWER} channel* ts*"),
    "chat.getPermalink": shape(f"{ANSWER} permalink* channel*"),
    "chat.postEphemeral": shape(f"{ANSWER} message_ts*"),
    "chat.postMessage": shape(f"{ANSWER} channel* ts*", message=MESSAGE),
    "chat.update": shape(f"{ANSWER} channel* ts* text*", message=UPDATED),
    "conversations.history": shape(PAGE, messages=MESSAGE),
    "conversations.info": shape(ANSWER, channel=CHANNEL),
    "conversations.join": shape(f"{ANSWER} response_metadata", channel=CHANNEL),
    "conversations.list": shape(PAGE, channels=CHANNEL),
    "conversations.members": shape(f"{PAGE} members*"),
    "conversations.open": shape(ANSWER, channel=CHANNEL),
    "conversations.replies": shape(PAGE, messages=MESSAGE),
    "files.completeUploadExternal": shape(ANSWER, files=FILE),
    "files.delete": shape(ANSWER),
    "files.getUploadURLExternal": shape(f"{ANSWER} upload_url* file_id*"),
    "files.info": shape(f"{ANSWER} comments", file=FILE),
    "reactions.add": shape(ANSWER),
    "reactions.get": shape(f"{ANSWER} type* channel*", message=MESSAGE),
    "reactions.remove": shape(ANSWER),
    "team.info": shape(ANSWER, team=TEAM),
    "usergroups.list": shape(ANSWER, usergroups=GROUP),
    "usergroups.users.list": shape(f"{ANSWER} users*"),
    "users.info": shape(ANSWER, user=USER),
    "users.list": shape(f"{PAGE} cache_ts", members=USER),
    "users.lookupByEmail": shape(ANSWER, user=USER),
    "views.open": shape(ANSWER, view=VIEW),
    "views.publish": shape(ANSWER, view=VIEW),
    "views.push": shape(ANSWER, view=VIEW),
    "views.update": shape(ANSWER, view=VIEW),
}


def event(inner: Shape) -> Shape:
    """Give the outer body around an event."""
    return shape(
        """token* team_id* api_app_id* type* event_id* event_time*
    is_ext_shared_channel* event_context*""",
        event=inner,
        authorizations=shape("enterprise_id* team_id* user_id* is_bot* is_enterprise_install*"),
    )


HEARD = "channel* event_ts* channel_type*"
REACTED = event(shape("type* user* reaction* item_user* event_ts*", item=shape("type* channel* ts*")))
MEMBER = event(shape("type* user* channel* channel_type* team* event_ts* inviter"))
SPOKEN = Shape(
    MESSAGE.may | {"channel", "event_ts", "channel_type"}, MESSAGE.must | {"channel"}, MESSAGE.within
)

EVENTS: dict[str, Shape] = {
    "app_home_opened": event(shape("type* user* channel* tab* event_ts*", view=VIEW)),
    "app_mention": event(SPOKEN),
    "channel_archive": event(shape("type* channel* user* is_moved* event_ts*")),
    "channel_rename": event(
        shape("type* event_ts*", channel=shape("id* is_channel* is_mpim* name* name_normalized* created*"))
    ),
    "channel_unarchive": event(shape("type* channel* user* event_ts*")),
    "file_shared": event(shape("type* file_id* user_id* channel_id* event_ts*", file=shape("id*"))),
    "member_joined_channel": MEMBER,
    "member_left_channel": MEMBER,
    "message": event(SPOKEN),
    "message.file_share": event(SPOKEN),
    "message.message_changed": event(
        shape(f"type* subtype* hidden* ts* {HEARD}", message=MESSAGE, previous_message=MESSAGE)
    ),
    "message.message_deleted": event(
        shape(f"type* subtype* hidden* ts* deleted_ts* {HEARD}", previous_message=MESSAGE)
    ),
    "message.thread_broadcast": event(
        Shape(SPOKEN.may | {"root"}, SPOKEN.must, {**SPOKEN.within, "root": MESSAGE})
    ),
    "reaction_added": REACTED,
    "reaction_removed": REACTED,
}

ACTOR = {
    "user": shape("id* username name* team_id*"),
    "team": shape("id* domain*"),
    "channel": shape("id* name*"),
}
BASE = "type* token* trigger_id enterprise is_enterprise_install*"

INTERACTIONS: dict[str, Shape] = {
    "block_actions": shape(
        f"{BASE} api_app_id* response_url state",
        container=shape("type* message_ts channel_id is_ephemeral view_id thread_ts"),
        actions=shape("action_id* block_id* type* action_ts* text value style url confirm placeholder"),
        message=MESSAGE,
        view=VIEW,
        **ACTOR,
    ),
    "command": shape(
        """token* team_id* team_domain* channel_id* channel_name* user_id* user_name* command* text*
    api_app_id* is_enterprise_install* response_url* trigger_id*"""
    ),
    "message_action": shape(
        f"{BASE} action_ts* callback_id* message_ts* response_url*", message=MESSAGE, **ACTOR
    ),
    "view_closed": shape(f"{BASE} api_app_id* is_cleared*", view=VIEW, **ACTOR),
    "view_submission": shape(f"{BASE} api_app_id* response_urls*", view=VIEW, **ACTOR),
}

HOST = shape("host* build_number approximate_connection_time")
ENVELOPE = "type* envelope_id* payload* accepts_response_payload*"
SOCKET: dict[str, Shape] = {
    "hello": shape("type* num_connections*", debug_info=HOST, connection_info=shape("app_id*")),
    "disconnect": shape("type* reason* num_connections", debug_info=HOST, connection_info=shape("app_id*")),
    "events_api": shape(f"{ENVELOPE} retry_attempt* retry_reason*"),
    "interactive": shape(ENVELOPE),
    "slash_commands": shape(ENVELOPE),
}

ALL = {
    f"{kind}.{name}": each
    for kind, shapes in (
        ("api", ANSWERS),
        ("event", EVENTS),
        ("interactive", INTERACTIONS),
        ("socket", SOCKET),
    )
    for name, each in shapes.items()
}


def differences(body: object, wanted: Shape, place: str = "") -> list[str]:
    """Give the keys that Slack does not send, and those that are missing, with their places."""
    if isinstance(body, list):
        return [found for each in body for found in differences(each, wanted, f"{place}[]")]
    if not isinstance(body, dict):
        return []
    extra = [f"extra {place}.{key}" for key in body.keys() - wanted.may]
    missing = [f"missing {place}.{key}" for key in wanted.must - body.keys()]
    deeper = [
        found
        for key, inner in wanted.within.items()
        if key in body
        for found in differences(body[key], inner, f"{place}.{key}")
    ]
    return sorted({re.sub(r"^(\w+) \.", r"\1 ", each) for each in extra + missing + deeper})
