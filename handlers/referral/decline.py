"""Say that a department has no remarks, or open again what had ended."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from handlers import acts
from handlers.referral.hold import hold
from handlers.rules import NO_GROUPS, Groups, Refusal, Why, may_decline, people
from handlers.talk.show import show_referral
from storage.ending import NoRemarks, Reopening
from storage.store import Store


async def decline(
    referral_id: UUID, *, by: str, clicked_at: datetime, groups: Groups = NO_GROUPS, store: Store,
    now: datetime,
) -> NoRemarks | Refusal:  # fmt: skip
    """The department has no remarks; said by who may not settle that, it waits for somebody who may.

    `clicked_at` is when it was said; read late, it says nothing of a referral that was opened again since.
    """
    held = await hold(referral_id, store=store)
    approvers = people(held.seat.approvers | held.seat.deputies, groups)
    settled = may_decline(by, approvers=approvers, four_eyes=held.hearing.four_eyes)
    said = held.ending.no_remarks
    if said is not None and (said.settled or not settled):
        return Refusal(Why.ALREADY_DECLINED if said.settled else Why.DECLINE_WAITS, by=said.said_by)
    refusal = held.still_open or held.unapproved or held.overtaken(clicked_at)
    if refusal is not None:
        return refusal
    fact = NoRemarks(referral_id=referral_id, said_by=by, settled=settled, said_at=held.moment(now))
    store.add(fact)
    act = "declined" if settled else "decline_proposed"
    store.note(act, by=by, at=now, hearing_id=held.hearing.id, referral=referral_id)
    await show_referral(referral_id, store=store)
    return fact


async def reopen(referral_id: UUID, *, by: str, store: Store, now: datetime) -> Reopening | Refusal:
    """It is to be answered after all. Whoever was asked instead stays asked."""
    held = await hold(referral_id, store=store)
    end = held.ending
    if not end.sent_on and end.no_remarks is None:
        return Refusal(Why.NOT_ENDED)
    fact = Reopening(referral_id=referral_id, reopened_by=by, reopened_at=held.moment(now))
    store.add(fact)
    store.note("reopened", by=by, at=now, hearing_id=held.hearing.id, referral=referral_id)
    await show_referral(referral_id, store=store)
    for handover in end.sent_on:
        question = await store.posts.by_key(f"placement:{handover.id}")
        if question is not None:
            store.owe([acts.refresh(question.id, urgent=True)])
    return fact
