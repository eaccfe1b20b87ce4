"""users.*, usergroups.*, bots.*, team.* and auth.*: who is who."""

from __future__ import annotations

from bot.sandbox import faces, render
from bot.sandbox.api.call import TIER_2, TIER_3, TIER_4, UNLIMITED, Call, Method, page
from bot.sandbox.wire import Json, SlackError


async def auth_test(call: Call) -> Json:
    """Say whose token it is."""
    config = call.room.space.config
    return {
        "url": f"{config.public_url}/",
        "team": config.team_name,
        "user": config.bot_name,
        "team_id": config.team_id,
        "user_id": config.bot_user,
        "bot_id": config.bot_id,
        "is_enterprise_install": False,
    }


async def open_connection(call: Call) -> Json:
    """Give the address of a new websocket."""
    base = call.room.space.config.public_url.replace("http", "ws", 1)
    return {"url": f"{base}/link/?ticket={call.room.ticket()}&app_id={call.room.space.config.app_id}"}


async def info(call: Call) -> Json:
    """Give one person or the bot."""
    user = call.needed("user", "user_not_found")
    if not call.room.space.is_user(user):
        raise SlackError("user_not_found")
    return {"user": _user(call, user)}


def _user(call: Call, user: str) -> Json:
    space = call.room.space
    if user == space.config.bot_user:
        return faces.bot_user(space.config)
    return faces.person(space.people[user], space.config)


async def list_all(call: Call) -> Json:
    """Give everybody, and the bot."""
    everybody = [*call.room.space.people, call.room.space.config.bot_user]
    found, following = page(call, everybody)
    return {
        "members": [_user(call, each) for each in found],
        "cache_ts": 1700000000,
        "response_metadata": {"next_cursor": following},
    }


async def by_email(call: Call) -> Json:
    """Find a person by address, whatever its case."""
    wanted = call.needed("email", "users_not_found").lower()
    for each in call.room.space.people.values():
        if each.email and each.email.lower() == wanted:
            return {"user": faces.person(each, call.room.space.config)}
    raise SlackError("users_not_found")


async def group_users(call: Call) -> Json:
    """Give the ids of a user group's members."""
    group = call.room.space.groups.get(call.needed("usergroup", "no_such_subteam"))
    if group is None:
        raise SlackError("no_such_subteam")
    return {"users": list(group.members)}


async def groups(call: Call) -> Json:
    """Give the user groups; members and counts only when asked for."""
    rows = [faces.group(each, call.room.space.config) for each in call.room.space.groups.values()]
    for row in rows:
        if not call.flag("include_users"):
            del row["users"]
        if not call.flag("include_count"):
            del row["user_count"]
    return {"usergroups": rows}


async def team(call: Call) -> Json:
    """Give the workspace."""
    config = call.room.space.config
    return {
        "team": {
            "id": config.team_id,
            "name": config.team_name,
            "url": f"{config.public_url}/",
            "domain": config.team_domain,
            "email_domain": "",
            "icon": {"image_default": True},
            "avatar_base_url": "",
            "is_verified": False,
        }
    }


async def bot(call: Call) -> Json:
    """Give the app's bot."""
    config = call.room.space.config
    if call.text("bot", config.bot_id) != config.bot_id:
        raise SlackError("bot_not_found")
    profile = render.bot_profile(config) | {"user_id": config.bot_user}
    del profile["team_id"]
    return {"bot": profile}


METHODS = {
    "auth.test": Method(auth_test, (), UNLIMITED),
    "apps.connections.open": Method(open_connection, (), TIER_2, app_token=True),
    "users.info": Method(info, ("users:read",), TIER_4),
    "users.list": Method(list_all, ("users:read",), TIER_2),
    "users.lookupByEmail": Method(by_email, ("users:read.email",), TIER_3),
    "usergroups.users.list": Method(group_users, ("usergroups:read",), TIER_2),
    "usergroups.list": Method(groups, ("usergroups:read",), TIER_2),
    "team.info": Method(team, ("team:read",), TIER_3),
    "bots.info": Method(bot, ("users:read",), TIER_3),
}
