"""Say whether a department's answer changes the proposal."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from handlers.content import clean
from handlers.referral.hold import Held, hold
from handlers.rules import NO_GROUPS, Groups, Refusal, Why, may_approve, people
from handlers.talk.show import show_referral
from storage.ending import Change, ProposalChange
from storage.store import Store


async def judge_change(
    referral_id: UUID, verdict: Change, *, what: str, by: str, groups: Groups = NO_GROUPS, store: Store,
    now: datetime,
) -> ProposalChange | Refusal:  # fmt: skip
    """A new judgement beside the earlier ones; the same again is one only when it settles the other.

    It reaches the notat when somebody says it who may approve what whoever said it first has written.
    """
    held = await hold(referral_id, store=store)
    refusal, told = unjudgeable(held, verdict, what=what), _told(verdict, what)
    if refusal is not None:
        return refusal
    newest = held.ends.change
    same = newest if newest is not None and (newest.verdict, newest.what) == (verdict, told) else None
    settled = _settles(held, same.said_by if same else by, by=by, groups=groups)
    if same is not None and (same.settled or not settled):
        return same
    fact = ProposalChange(
        referral_id=referral_id, verdict=verdict, what=told, said_by=by, settled=settled, said_at=now
    )
    store.add(fact)
    store.note(
        "change_judged", by=by, at=now, hearing_id=held.hearing.id, referral=referral_id, verdict=verdict
    )
    await show_referral(referral_id, store=store)
    return fact


def unjudgeable(held: Held, verdict: Change, *, what: str) -> Refusal | None:
    """Why nothing is said of a change: the thread is closed, or it is not told what changes."""
    is_told = verdict == Change.NO or _told(verdict, what)
    return held.still_open or (None if is_told else Refusal(Why.NOTHING_TOLD))


def _told(verdict: Change, what: str) -> str:
    return "" if verdict == Change.NO else clean(what).strip()


def _settles(held: Held, author: str, *, by: str, groups: Groups) -> bool:
    approvers = people(held.seat.approvers | held.seat.deputies, groups)
    refusal = may_approve(by, approvers=approvers, authors={author}, four_eyes=held.hearing.four_eyes)
    return refusal is None
