"""People, the bot and user groups as Slack writes them in JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.wire import Json

if TYPE_CHECKING:
    from bot.sandbox.config import Config, GroupSpec, PersonSpec


def person(one: PersonSpec, config: Config) -> Json:
    """Give a person as users.info has them; the address only with users:read.email."""
    profile: Json = {
        "title": one.title,
        "phone": "",
        "skype": "",
        "real_name": one.real_name,
        "real_name_normalized": one.real_name,
        "display_name": one.name,
        "display_name_normalized": one.name,
        "first_name": one.real_name.split(" ")[0],
        "last_name": one.real_name.split(" ")[-1],
        "status_text": "",
        "status_emoji": "",
        "status_expiration": 0,
        "avatar_hash": "g0",
        "image_24": "",
        "image_48": "",
        "image_72": "",
        "team": config.team_id,
    }
    if one.email and "users:read.email" in config.scopes:
        profile["email"] = one.email
    return _user(one.id, one.name, one.real_name, config=config, admin=one.admin) | {"profile": profile}


def bot_user(config: Config) -> Json:
    """Give the app's own user as users.info has it."""
    profile = {
        "real_name": config.app_name,
        "real_name_normalized": config.app_name,
        "display_name": config.bot_name,
        "display_name_normalized": config.bot_name,
        "avatar_hash": "g0",
        "api_app_id": config.app_id,
        "always_active": True,
        "bot_id": config.bot_id,
        "image_24": "",
        "image_48": "",
        "image_72": "",
        "team": config.team_id,
    }
    user = _user(config.bot_user, config.bot_name, config.app_name, config=config)
    return user | {"profile": profile, "is_bot": True}


def _user(user: str, name: str, real_name: str, *, config: Config, admin: bool = False) -> Json:
    return {
        "id": user,
        "team_id": config.team_id,
        "name": name,
        "deleted": False,
        "color": "9f69e7",
        "real_name": real_name,
        "tz": "Europe/Copenhagen",
        "tz_label": "Central European Time",
        "tz_offset": 3600,
        "is_admin": admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_bot": False,
        "is_app_user": False,
        "updated": 1700000000,
        "is_email_confirmed": True,
        "who_can_share_contact_card": "EVERYONE",
    }


def group(one: GroupSpec, config: Config) -> Json:
    """Give a user group as usergroups.list has it."""
    return {
        "id": one.id,
        "team_id": config.team_id,
        "is_usergroup": True,
        "name": one.name,
        "description": "",
        "handle": one.handle,
        "is_external": False,
        "date_create": 1700000000,
        "date_update": 1700000000,
        "date_delete": 0,
        "auto_type": None,
        "created_by": one.members[0] if one.members else config.bot_user,
        "updated_by": one.members[0] if one.members else config.bot_user,
        "deleted_by": None,
        "prefs": {"channels": [], "groups": []},
        "users": list(one.members),
        "user_count": len(one.members),
    }
