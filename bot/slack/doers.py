"""Who did what a payload tells of, and where: to whom it matters when nobody can read it."""

from __future__ import annotations

from collections.abc import Mapping

from bot.slack.payloads import Json, Place
from storage.inbox import DOER

_ACTS = frozenset({"message", "reaction_added", "reaction_removed", "app_mention"})


def envelope(who: Place | None) -> dict[str, str]:
    """What is kept of it beside the payload."""
    return {DOER: who.person, "channel": who.channel, "thread": who.thread or ""} if who else {}


def doer(body: Json) -> Place | None:
    """Whoever acted; None where nobody did, as when a tab was opened or Slack tells of itself."""
    event = body.get("event")
    if event is not None:
        return _of_event(event) if event.get("type") in _ACTS else None
    by = str(body.get("user_id") or _id(body.get("user")))
    message = body.get("message") or {}
    thread = str(message.get("thread_ts") or (body.get("container") or {}).get("thread_ts") or "")
    return Place(by, str(body.get("channel_id") or _id(body.get("channel"))), thread) if by else None


def _of_event(event: Json) -> Place | None:
    told = event.get("message") or event.get("previous_message") or event
    by, item = str(told.get("user") or ""), event.get("item") or {}
    if not by or told.get("bot_id"):
        return None
    return Place(by, str(event.get("channel") or item.get("channel") or ""), str(told.get("thread_ts") or ""))


def _id(named: object) -> str:
    return str(named.get("id", "")) if isinstance(named, Mapping) else ""
