"""Send what is still owed to Slack to another channel, when the hearing's file names another."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from handlers import acts
from storage.hearings import Seat
from storage.models import Hearing
from storage.store import Store


async def redirect(hearing: Hearing, seats: Iterable[Seat], *, store: Store) -> int:
    """Move to each department's channel, and to the coordinators', what is not in Slack yet; how much.

    What stands in the old channel stays there with its thread. A department that left moves nothing.
    """
    moved = await _move(hearing, hearing.coordination_channel, place_id=None, store=store)
    for seat in seats:
        if not seat.retired:
            moved += await _move(hearing, seat.channel, place_id=seat.id, store=store)
    return moved


async def _move(hearing: Hearing, channel: str, *, place_id: UUID | None, store: Store) -> int:
    posts = await store.posts.misdirected(hearing.id, channel, place_id=place_id)
    for post in posts:
        post.channel, post.refusal, post.tried_at, post.tries = channel, "", None, 0
    if posts:
        store.owe([acts.post_in(channel)])
    return len(posts)
