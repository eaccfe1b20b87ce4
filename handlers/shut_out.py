"""Note that Slack keeps us out of a channel, and tell the coordinators, who can do something about it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from handlers.owe import Priority, owe_post
from storage.models import PostKind
from storage.store import Store
from storage.words import Barred, Doing


async def shut_out(channel: str, doing: Doing, *, why: Barred, store: Store, now: datetime) -> bool:
    """Say so once in each coordination channel that we can write in; `/hoering mangler` goes on saying it.

    Whether it is news. Kept from more than one thing for one reason, we say so once.
    """
    known = await store.threads.kept_from(channel)
    if not await store.threads.shut(channel, doing, why=why, at=now):
        return False
    if why not in known.values():
        await _tell(channel, doing, why=why, store=store, now=now)
    return True


async def _tell(channel: str, doing: Doing, *, why: Barred, store: Store, now: datetime) -> None:
    for hearing_id, place_id in await store.threads.concerned(channel):
        hearing = await store.hearings.by_id(hearing_id)
        if hearing.coordination_channel == channel:
            continue
        department = await _name(place_id, store=store)
        owe_post(
            f"shut:{channel}:{doing}:{hearing_id}:{place_id}:{now.timestamp()}", PostKind.LINE,
            hearing_id=hearing_id, channel=hearing.coordination_channel, priority=Priority.TEXT, now=now,
            store=store, detail={"phrase": "barred", "department": department, "why": why.value},
        )  # fmt: skip


async def _name(place_id: UUID | None, *, store: Store) -> str:
    return (await store.hearings.seat(place_id)).name if place_id is not None else ""
