"""Let a department answer a submission in two threads, each about a theme of its own."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from handlers.content import clean
from handlers.referral.hold import Held, hold
from handlers.referral.refer import Desk
from handlers.routing.suggest import Suggestion
from handlers.rules import Refusal, Why
from handlers.talk.show import show_referral
from storage.store import Store

LONGEST = 60  # signs of a theme's name


async def split(
    referral_id: UUID, *, this: str, other: str, by: str, store: Store, now: datetime
) -> UUID | Refusal:
    """The id of the new referral, about the theme `other`; the old one gets `this`, if it has none yet."""
    referral = await store.submissions.referral(referral_id)
    await store.hearings.hold(referral.hearing_id)
    held = await hold(referral_id, store=store)
    own, new = held.referral.theme or _name(this), _name(other)
    refusal = held.still_open or await _may(held, own, new, store=store)
    if refusal is not None:
        return refusal
    held.referral.theme = own
    submission = await store.submissions.by_id(held.referral.submission_id)
    desk = Desk(held.hearing, held.seats, store=store, now=now)
    made = desk.refer(submission, Suggestion(held.seat.key, 0.0, ()), by=by, theme=new)
    store.note("split", by=by, at=now, hearing_id=held.hearing.id, referral=referral_id, other=made)
    await show_referral(referral_id, store=store)
    return made


def _name(typed: str) -> str:
    """A theme's name on one line."""
    return " ".join(clean(typed).split())[:LONGEST].strip()


async def _may(held: Held, own: str, new: str, *, store: Store) -> Refusal | None:
    if not own or not new:
        return Refusal(Why.NO_THEME)
    taken = {own.casefold()} | {
        each.theme.casefold()
        for each in await store.submissions.referrals(held.referral.submission_id)
        if each.hearing_department_id == held.seat.id and each.id != held.referral.id
    }
    if new.casefold() in taken or held.seat.retired:
        return Refusal(Why.THEME_TAKEN if not held.seat.retired else Why.NO_SUCH_CHOICE)
    return None
