"""What one person sees on the page, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox import render

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.sandbox.mail import Mail
    from bot.sandbox.people import Person
    from bot.sandbox.server import Sandbox
    from bot.sandbox.views import View
    from bot.sandbox.wire import Json
    from bot.sandbox.workspace import Channel, Ephemeral

MOST_MESSAGES = 300
MOST_MAILS = 100


def everybody(sandbox: Sandbox) -> Json:
    """Give who there is to be, before somebody is chosen."""
    config = sandbox.space.config
    people = [
        {
            "id": each.id,
            "name": each.name,
            "real_name": each.real_name,
            "title": each.title,
            "initials": each.initials,
        }
        for each in sandbox.space.people.values()
    ]
    return {
        "ok": True,
        "team": config.team_name,
        "bot": {"id": config.bot_user, "name": config.app_name},
        "people": people,
        "groups": {each.id: each.handle for each in sandbox.space.groups.values()},
        "names": {each.id: each.name for each in sandbox.space.channels.values()},
        "connected": bool(sandbox.connections or sandbox.events_url),
        "hearing_addresses": list(config.hearing_addresses),
        "mails": [_mail(each) for each in sandbox.mailbox.mails[-MOST_MAILS:]][::-1],
    }


def of(sandbox: Sandbox, person: Person, query: Mapping[str, str]) -> Json:
    """Give the channels, the chosen channel and thread, and what is open before this person."""
    config = sandbox.space.config
    seen = [each for each in sandbox.space.channels.values() if _visible(each, person.id)]
    chosen = next((each for each in seen if each.id == query.get("channel")), None)
    return everybody(sandbox) | {
        "me": person.id,
        "channels": [_channel(each, person.id) for each in seen],
        "channel": _open(sandbox, chosen, person) if chosen else None,
        "thread": _thread(sandbox, chosen, person, ts=query.get("thread", "")) if chosen else [],
        "modal": _view(sandbox, person.modal()),
        "home": _view(sandbox, person.home()),
        "commands": [
            {"command": each.command, "description": each.description, "usage_hint": each.usage_hint}
            for each in config.commands
        ],
        "shortcuts": [{"callback_id": each.callback_id, "name": each.name} for each in config.shortcuts],
    }


def _visible(one: Channel, user: str) -> bool:
    return user in one.members or one.kind == "channel"


def _channel(one: Channel, user: str) -> Json:
    return {
        "id": one.id,
        "name": one.name,
        "kind": one.kind,
        "archived": one.archived,
        "member": user in one.members,
        "latest": next(reversed(one.kept), ""),
    }


def _open(sandbox: Sandbox, one: Channel, person: Person) -> Json:
    shown = [render.message(each, sandbox.space) for each in one.messages[-MOST_MESSAGES:]]
    mine = [_ephemeral(each, sandbox) for each in person.ephemerals(one) if not each.thread_ts]
    rows = sorted(shown + mine, key=lambda row: float(row["ts"]))
    return _channel(one, person.id) | {
        "topic": one.topic,
        "members": list(one.members),
        "bot": sandbox.space.config.bot_user in one.members,
        "messages": rows,
    }


def _thread(sandbox: Sandbox, one: Channel, person: Person, *, ts: str) -> list[Json]:
    shown = [render.message(each, sandbox.space) for each in one.thread(ts)]
    mine = [_ephemeral(each, sandbox) for each in person.ephemerals(one) if each.thread_ts == ts]
    return sorted(shown + mine, key=lambda row: float(row["ts"])) if shown else []


def _ephemeral(one: Ephemeral, sandbox: Sandbox) -> Json:
    return {
        "ephemeral": True,
        "ts": one.ts,
        "user": sandbox.space.config.bot_user,
        "text": one.text,
        "blocks": one.blocks,
    }


def _view(sandbox: Sandbox, view: View | None) -> Json | None:
    return sandbox.rendered(view) if view else None


def _mail(one: Mail) -> Json:
    return {
        "from": str(one.message.get("From", one.sender)),
        "to": ", ".join(one.recipients),
        "subject": one.subject,
        "date": str(one.message.get("Date", "")),
        "text": one.text,
        "files": [each.get_filename() or "" for each in one.message.iter_attachments()],
    }
