"""Say yes to one exact text."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from handlers.content import dump
from handlers.rules import NO_GROUPS, Groups, Refusal, Why, may_approve, people
from handlers.talk.collect import Said, is_as_seen
from handlers.talk.mark import mark
from handlers.talk.progress import Standing, ending, standing
from handlers.talk.show import show_approved, show_draft, show_referral
from storage.models import How
from storage.store import Store
from storage.talk import Approval


async def approve(
    remark_id: UUID, *, by: str, how: How, shown: str, message: str = "",
    reacted_at: datetime | None = None, clicked_at: datetime | None = None, groups: Groups = NO_GROUPS,
    store: Store, now: datetime,
) -> Approval | Refusal:  # fmt: skip
    """Approve the content with the digest `shown`, which the approver had before their eyes.

    `message` is the ts of the message that carries the approver's reaction and `reacted_at` when they put
    it there by Slack's clock; other ways have neither, but `clicked_at`, when the click came in: a click that
    is read late says nothing of a remark whose approval was taken back since.
    `groups` tells who is in user groups that may approve.
    """
    facts = await store.remarks.by_id(remark_id)
    if facts is None:
        return Refusal(Why.NOTHING_TO_APPROVE)
    await store.remarks.hold(facts.remark.referral_id)
    remark = standing(await store.remarks.by_id(remark_id) or facts)
    refusal = (
        await _may(remark.referral_id, authors=remark.authors, by=by, groups=groups, store=store)
        or await _open(remark.referral_id, store=store)
        or await _removed(remark.referral_id, message, by=by, reacted_at=reacted_at, store=store)
        or await _overtaken(remark_id, clicked_at=clicked_at, store=store)
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
    if how != How.BUTTON:
        await show_approved(approval, store=store, now=now)
    await show_draft(remark_id, store=store, now=now)
    await show_referral(remark.referral_id, store=store)
    return approval


async def approve_message(
    said: Said, *, by: str, how: How, reacted_at: datetime | None = None, clicked_at: datetime | None = None,
    groups: Groups = NO_GROUPS, store: Store, now: datetime,
) -> Approval | Refusal:  # fmt: skip
    """Approve what a message says as it stood for the approver, making it a remark if it is none yet.

    `reacted_at` is when a reaction was put on it, by Slack's clock, `clicked_at` when any other way came in.
    """
    await store.remarks.hold(said.referral_id)
    refusal = (
        await _may(said.referral_id, authors={said.author}, by=by, groups=groups, store=store)
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
    if facts is None or newest is None or not is_as_seen(said, newest):
        return Refusal(Why.CHANGED_MEANWHILE)
    if [part.message for part in facts.parts if not part.deleted] != [said.message]:
        return Refusal(Why.ONE_OF_SEVERAL)
    return await approve(
        remark_id, by=by, how=how, shown=standing(facts).digest, reacted_at=reacted_at, clicked_at=clicked_at,
        groups=groups, message=said.message if how == How.REACTION else "", store=store, now=now,
    )  # fmt: skip


async def _removed(
    referral_id: UUID, message: str, *, by: str, reacted_at: datetime | None, store: Store
) -> Refusal | None:
    """A reaction that its owner took away again says nothing, whichever of the two we heard of first.

    Nor does one whose yes was taken back by a button, when Slack tells of it only after we had found it.
    """
    if reacted_at is None:
        return None
    removed_at = await store.remarks.removed_at(referral_id, message, by)
    if removed_at is not None and reacted_at <= removed_at:
        return Refusal(Why.TAKEN_BACK)
    fell = await store.remarks.fell(referral_id, message, by, put_at=reacted_at, after=removed_at)
    return Refusal(Why.TAKEN_BACK, by=by) if fell else None


async def _overtaken(remark_id: UUID, *, clicked_at: datetime | None, store: Store) -> Refusal | None:
    """Who took a yes back did so after this click, though the click is read only now."""
    if clicked_at is None:
        return None
    taken_back_at = await store.remarks.taken_back_at(remark_id)
    return Refusal(Why.OVERTAKEN) if taken_back_at is not None and clicked_at <= taken_back_at else None


def _edited(said: Said, *, reacted_at: datetime | None) -> Refusal | None:
    """A reaction is a yes to what stood when it was put, not to what the message says when we read it.

    Slack gives edits in whole seconds, so one in the very second of the reaction may have come after it.
    """
    if reacted_at is None or float(said.version) < int(reacted_at.timestamp()):
        return None
    return Refusal(Why.CHANGED_MEANWHILE)


async def _open(referral_id: UUID, *, store: Store) -> Refusal | None:
    """Nothing is approved any more in a thread that was closed."""
    ends = (await store.endings.of([referral_id]))[referral_id]
    return Refusal(Why.SENT_ON) if ending(ends).sent_on else None


async def _may(
    referral_id: UUID, *, authors: Collection[str], by: str, groups: Groups, store: Store
) -> Refusal | None:
    """Approvers and their deputies are those of the department that was asked."""
    referral = await store.submissions.referral(referral_id)
    hearing = await store.hearings.by_id(referral.hearing_id)
    seat = await store.hearings.seat(referral.hearing_department_id)
    approvers = people(seat.approvers | seat.deputies, groups)
    return may_approve(by, approvers=approvers, authors=authors, four_eyes=hearing.four_eyes)


def _fits(remark: Standing, *, shown: str) -> Refusal | None:
    if not remark.content:
        return Refusal(Why.EMPTY_REMARK)
    if remark.digest != shown:
        return Refusal(Why.CHANGED_MEANWHILE)
    if remark.approval is not None and not remark.changed:
        return Refusal(Why.ALREADY_APPROVED, by=remark.approval.approver)
    return None
