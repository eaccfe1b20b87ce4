"""Say yes to one exact text, or take that yes back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from handlers.collect import Said
from handlers.content import digest, dump
from handlers.mark import mark
from handlers.progress import Standing, standing
from handlers.rules import Refusal, Why, may_approve
from handlers.show import show_draft, show_referral
from storage.hearings import Seat
from storage.models import How
from storage.store import Store
from storage.talk import Approval, Withdrawal


async def approve(
    remark_id: UUID, *, by: str, how: How, shown: str, message: str = "", store: Store, now: datetime
) -> Approval | Refusal:
    """Approve the content with the digest `shown`, which the approver had before their eyes.

    `message` is the ts of the message that carries the approver's reaction, empty for other ways.
    """
    facts = await store.remarks.by_id(remark_id)
    if facts is None:
        return Refusal(Why.NOTHING_TO_APPROVE)
    await store.remarks.hold(facts.remark.referral_id)
    remark = standing(await store.remarks.by_id(remark_id) or facts)
    refusal = await _may(remark, by=by, store=store) or _fits(remark, shown=shown)
    if refusal is not None:
        return refusal
    approval = Approval(
        remark_id=remark_id, content=dump(remark.content), digest=remark.digest, approver=by, how=how,
        message=message, approved_at=now,
    )  # fmt: skip
    store.add(approval)
    store.note("approved", by=by, at=now, remark=remark_id, digest=remark.digest, how=how)
    await show_draft(remark_id, store=store, now=now)
    await show_referral(remark.referral_id, store=store)
    return approval


async def approve_message(
    said: Said, *, by: str, how: How, store: Store, now: datetime
) -> Approval | Refusal:
    """Approve what a message says as it stood for the approver, making it a remark if it is none yet."""
    seat, four_eyes = await _seat(said.referral_id, store=store)
    refusal = may_approve(by, approvers=seat.approvers, authors={said.author}, four_eyes=four_eyes)
    if refusal is not None:
        return refusal
    remark_id = await mark(said, by=by, alone=True, store=store, now=now)
    if isinstance(remark_id, Refusal):
        return remark_id
    facts = await store.remarks.by_id(remark_id)
    newest = await store.remarks.newest(said.referral_id, said.message)
    if facts is None or newest is None or newest.digest != digest(said.content):
        return Refusal(Why.CHANGED_MEANWHILE)
    shown, message = standing(facts).digest, said.message if how == How.REACTION else ""
    return await approve(remark_id, by=by, how=how, shown=shown, message=message, store=store, now=now)


async def take_back(
    referral_id: UUID, message: str, *, by: str, store: Store, now: datetime
) -> list[Approval]:
    """Take back what this approver approved with a reaction on this message; the approvals that fell."""
    await store.remarks.hold(referral_id)
    fallen = await store.remarks.approvals_by_message(referral_id, message, by)
    for approval in fallen:
        store.add(Withdrawal(approval_id=approval.id, withdrawn_by=by, withdrawn_at=now))
        store.note("approval_withdrawn", by=by, at=now, remark=approval.remark_id)
        await show_draft(approval.remark_id, store=store, now=now)
    if fallen:
        await show_referral(referral_id, store=store)
    return fallen


async def _may(remark: Standing, *, by: str, store: Store) -> Refusal | None:
    seat, four_eyes = await _seat(remark.referral_id, store=store)
    return may_approve(by, approvers=seat.approvers, authors=remark.authors, four_eyes=four_eyes)


async def _seat(referral_id: UUID, *, store: Store) -> tuple[Seat, bool]:
    """The department that was asked, and whether the hearing wants four eyes."""
    referral = await store.submissions.referral(referral_id)
    hearing = await store.hearings.by_id(referral.hearing_id)
    seats = await store.hearings.seats(referral.hearing_id)
    return next(seat for seat in seats if seat.id == referral.hearing_department_id), hearing.four_eyes


def _fits(remark: Standing, *, shown: str) -> Refusal | None:
    if not remark.content:
        return Refusal(Why.EMPTY_REMARK)
    if remark.digest != shown:
        return Refusal(Why.CHANGED_MEANWHILE)
    if remark.approval is not None and not remark.changed:
        return Refusal(Why.ALREADY_APPROVED, by=remark.approval.approver)
    return None
