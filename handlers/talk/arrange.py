"""Put the parts of a remark in another order, or take some out again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from handlers.rules import Refusal, Why
from handlers.talk.progress import standing
from handlers.talk.sequence import sequence
from handlers.talk.show import show_changed, show_draft, show_referral
from storage.columns import ordered_id
from storage.store import Store
from storage.talk import PartOrder


async def arrange(
    remark_id: UUID, places: Mapping[str, int], *, by: str, store: Store, now: datetime
) -> Refusal | None:
    """Give each message its place (from 1; `sequence.OUT` takes it out); those without one keep theirs.

    What was approved stays in the notat as it was approved.
    """
    facts = await store.remarks.by_id(remark_id)
    if facts is None:
        return Refusal(Why.NOTHING_TO_APPROVE)
    await store.remarks.hold(facts.remark.referral_id)
    facts = await store.remarks.by_id(remark_id) or facts
    stood = [part.message for part in facts.parts]
    ordered = sequence(stood, places)
    if list(ordered) == stood:
        return None
    await _take_out(remark_id, set(stood) - set(ordered), by=by, store=store, now=now)
    change = await _order(remark_id, ordered, by=by, store=store, now=now)
    store.note("arranged", by=by, at=now, remark=remark_id)
    await show_draft(remark_id, store=store, now=now)
    facts = await store.remarks.by_id(remark_id) or facts
    if standing(facts).changed:
        store.note("changed_after_approval", by=by, at=now, remark=remark_id)
        await show_changed(remark_id, change, store=store, now=now)
    await show_referral(facts.remark.referral_id, store=store)
    return None


async def _take_out(remark_id: UUID, messages: set[str], *, by: str, store: Store, now: datetime) -> None:
    for part in await store.remarks.parts(remark_id):
        if part.message in messages and part.taken_out_at is None:
            part.taken_out_by, part.taken_out_at = by, now


async def _order(remark_id: UUID, messages: Sequence[str], *, by: str, store: Store, now: datetime) -> UUID:
    order = PartOrder(
        id=ordered_id(), remark_id=remark_id, messages=list(messages), ordered_by=by, ordered_at=now
    )
    store.add(order)
    await store.session.flush()
    return order.id
