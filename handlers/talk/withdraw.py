"""Take a yes back: by its button, or by taking the ✅ away."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from handlers.rules import NO_GROUPS, Groups, Refusal, Why, may_withdraw, people
from handlers.talk.progress import standing
from handlers.talk.show import show_draft, show_referral
from storage.store import Store
from storage.talk import Approval, ReactionRemoval, Withdrawal


async def withdraw(
    approval_id: UUID, *, by: str, groups: Groups = NO_GROUPS, store: Store, now: datetime
) -> Approval | Refusal:
    """Take back one approval that counts; the remark is open again, and nothing of it stands in the notat."""
    approval = await store.remarks.approval(approval_id)
    facts = await store.remarks.by_id(approval.remark_id) if approval is not None else None
    if approval is None or facts is None:
        return Refusal(Why.NOT_STANDING)
    await store.remarks.hold(facts.remark.referral_id)
    refusal = await _may(approval, facts.remark.referral_id, by=by, groups=groups, store=store)
    if refusal is not None:
        return refusal
    if not await _counts(approval, store=store):
        return Refusal(Why.NOT_STANDING)
    _take_back(approval, by=by, store=store, now=now)
    await _show(approval, store=store, now=now)
    await show_referral(facts.remark.referral_id, store=store)
    return approval


async def take_back(
    referral_id: UUID, message: str, *, by: str, removed_at: datetime, store: Store, now: datetime
) -> list[Approval]:
    """Take back what this approver approved with a reaction on this message; the approvals that fell.

    `removed_at` is by Slack's clock. It is kept, for Slack may tell only later that the reaction was put.
    An approval that a newer one had replaced is taken back too, but nothing falls with it.
    """
    await store.remarks.hold(referral_id)
    store.add(ReactionRemoval(referral_id=referral_id, message=message, person=by, removed_at=removed_at))
    ticks = await store.remarks.ticks(referral_id, message, by)
    older = [each for each in ticks if each.reacted_at is None or each.reacted_at <= removed_at]
    counted = [approval for approval in older if await _counts(approval, store=store)]
    for approval in older:
        _take_back(approval, by=by, store=store, now=now)
    for approval in counted:
        await _show(approval, store=store, now=now)
    if counted:
        await show_referral(referral_id, store=store)
    return counted


def _take_back(approval: Approval, *, by: str, store: Store, now: datetime) -> None:
    store.add(Withdrawal(approval_id=approval.id, withdrawn_by=by, withdrawn_at=now))
    store.note("approval_withdrawn", by=by, at=now, remark=approval.remark_id)


async def _show(approval: Approval, *, store: Store, now: datetime) -> None:
    await show_draft(approval.remark_id, store=store, now=now)


async def _counts(approval: Approval, *, store: Store) -> bool:
    facts = await store.remarks.by_id(approval.remark_id)
    newest = standing(facts).approval if facts is not None else None
    return newest is not None and newest.id == approval.id


async def _may(
    approval: Approval, referral_id: UUID, *, by: str, groups: Groups, store: Store
) -> Refusal | None:
    referral = await store.submissions.referral(referral_id)
    hearing = await store.hearings.by_id(referral.hearing_id)
    seat = await store.hearings.seat(referral.hearing_department_id)
    return may_withdraw(
        by, approver=approval.approver, coordinators=hearing.coordinators,
        approvers=people(seat.approvers | seat.deputies, groups),
    )  # fmt: skip
