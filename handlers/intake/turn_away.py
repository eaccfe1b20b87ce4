"""Turn away a mail that is too large for the door: whoever coordinates the hearing it was for hears of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from uuid import UUID

from handlers.doubt.ask import tell, was_told
from storage.addresses import without_tag
from storage.models import Door, Hearing
from storage.store import Store


async def turn_away(recipients: Collection[str], *, store: Store, now: datetime, limit: int) -> None:
    """Say so in the hearings that receive mail at these addresses, once in each hearing and hour.

    `limit` is the bytes that the mail exceeded. Nothing of the mail itself is known or kept.
    """
    addresses = await store.hearings.addresses()
    shared = [addresses.get(without_tag(each), frozenset()) for each in recipients]
    hearings = {each.id: each for each in await store.hearings.among(frozenset[UUID]().union(*shared))}
    meant = {
        each.id for ids in shared for each in _open(now, (hearings[one] for one in ids if one in hearings))
    }
    for hearing_id in sorted(meant):
        await _tell(hearings[hearing_id], store=store, now=now, limit=limit)


def _open(now: datetime, hearings: Iterable[Hearing]) -> list[Hearing]:
    """Those of the hearings at one address that still take answers; all of them when none does."""
    them = list(hearings)
    return [each for each in them if each.opens <= now <= each.deadline] or them


async def _tell(hearing: Hearing, *, store: Store, now: datetime, limit: int) -> None:
    of = f"{hearing.id}:{now.astimezone(UTC):%Y-%m-%dT%H}"
    if await was_told("too_large_refused", of=of, store=store):
        return  # mails that are turned away in numbers must not hold the hearing against those that come in
    await store.hearings.hold(hearing.id)
    if not await was_told("too_large_refused", of=of, store=store):
        tell("too_large_refused", of=of, hearing=hearing, store=store, now=now, limit=limit)
        store.note("turned_away", by=Door.SMTP, at=now, hearing_id=hearing.id, limit=limit)
