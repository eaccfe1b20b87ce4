"""Say yes to one exact text, or take that yes back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from handlers.content import digest, dump
from handlers.rules import Refusal, Why, may_approve
from handlers.talk.collect import Said
from handlers.talk.mark import mark
from handlers.talk.progress import Standing, standing
from handlers.talk.show import show_draft, show_referral
from storage.hearings import Seat
from storage.models import How
from storage.store import Store
from storage.talk import Approval, ReactionRemoval, Withdrawal


async def approve(
    remark_id: UUID, *, by: str, how: How, shown: str, message: str = "",
    reacted_at: datetime | None = None, store: Store, now: datetime,
) -> Approval | Refusal:  # fmt: skip
    """Approve the content with the digest `shown`, which the approver had before their eyes.

    `message` is the ts of the message that carries the approver's reaction and `reacted_at` when they put
    it there by Slack's clock; other ways have neither.
    """
    facts = await store.remarks.by_id(remark_id)
    if facts is None:
        return Refusal(Why.NOTHING_TO_APPROVE)
    await store.remarks.hold(facts.remark.referral_id)
    remark = standing(await store.remarks.by_id(remark_id) or facts)
    refusal = (
        await _may(remark, by=by, store=store)
        or await _removed(remark.referral_id, message, by=by, reacted_at=reacted_at, store=store)
        or _fits(remark, shown=shown)
    )
    if refusal is not None:
        return refusal
    approval = Approval(
        remark_id=remark_id, content=dump(remark.content), digest=remark.digest, approver=by, how=how,
        message=message, reacted_at=reacted_at, approved_at=now,
    )  # fmt: skip
    store.add(approval)
    store.note("approved", by=by, at=now, remark=remark_id, digest=remark.digest, how=how)
    await show_draft(remark_id, store=store, now=now)
    await show_referral(remark.referral_id, store=store)
    return approval


async def approve_message(
    said: Said, *, by: str, how: How, reacted_at: datetime | None = None, store: Store, now: datetime
) -> Approval | Refusal:
    """Approve what a message says as it stood for the approver, making it a remark if it is none yet.

    `reacted_at` is when a reaction was put on it, by Slack's clock, and None for other ways.
    """
    seat, four_eyes = await _seat(said.referral_id, store=store)
    await store.remarks.hold(said.referral_id)
    refusal = (
        may_approve(by, approvers=seat.approvers, authors={said.author}, four_eyes=four_eyes)
        or await _removed(said.referral_id, said.message, by=by, reacted_at=reacted_at, store=store)
        or _edited(said, reacted_at=reacted_at)
    )
    if refusal is not None:
        return refusal
    remark_id = await mark(said, by=by, alone=True, store=store, now=now)
    if isinstance(remark_id, Refusal):
        return remark_id
    facts = await store.remarks.by_id(remark_id)
    newest = await store.remarks.newest(said.referral_id, said.message)
    if facts is None or newest is None or newest.digest != digest(said.content):
        return Refusal(Why.CHANGED_MEANWHILE)
    if [part.message for part in facts.parts if not part.deleted] != [said.message]:
        return Refusal(Why.ONE_OF_SEVERAL)
    return await approve(
        remark_id, by=by, how=how, shown=standing(facts).digest, reacted_at=reacted_at,
        message=said.message if how == How.REACTION else "", store=store, now=now,
    )  # fmt: skip


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
        store.add(Withdrawal(approval_id=approval.id, withdrawn_by=by, withdrawn_at=now))
        store.note("approval_withdrawn", by=by, at=now, remark=approval.remark_id)
    for approval in counted:
        await show_draft(approval.remark_id, store=store, now=now)
    if counted:
        await show_referral(referral_id, store=store)
    return counted


async def _counts(approval: Approval, *, store: Store) -> bool:
    facts = await store.remarks.by_id(approval.remark_id)
    newest = standing(facts).approval if facts is not None else None
    return newest is not None and newest.id == approval.id


async def _removed(
    referral_id: UUID, message: str, *, by: str, reacted_at: datetime | None, store: Store
) -> Refusal | None:
    """A reaction that its owner took away again says nothing, whichever of the two we heard of first."""
    if reacted_at is None:
        return None
    removed_at = await store.remarks.removed_at(referral_id, message, by)
    return Refusal(Why.TAKEN_BACK) if removed_at is not None and reacted_at <= removed_at else None


def _edited(said: Said, *, reacted_at: datetime | None) -> Refusal | None:
    """A reaction is a yes to what stood when it was put, not to what the message says when we read it.

    Slack gives edits in whole seconds, so one in the very second of the reaction may have come after it.
    """
    if reacted_at is None or float(said.version) < int(reacted_at.timestamp()):
        return None
    return Refusal(Why.CHANGED_MEANWHILE)


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
