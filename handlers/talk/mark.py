"""Make what somebody wrote (part of) a remark, by an explicit act."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from handlers.rules import Refusal, Why
from handlers.talk.collect import Said, collect
from handlers.talk.enclosed import enclosed
from handlers.talk.progress import ending, standing
from handlers.talk.show import show_draft, show_referral
from storage.store import Store
from storage.talk import Remark, RemarkPart, Reply

MOST_PARTS = 20
"""More than people put together in a thread, and no more than one form can show."""


async def mark(said: Said, *, by: str, alone: bool = False, store: Store, now: datetime) -> UUID | Refusal:
    """The id of the remark that the message is part of now.

    It joins the referral's remark that nobody has approved yet, else it begins one; `alone` it always
    begins one. A message that is part of a remark already stays there, and one that was taken out of a
    remark comes last.
    """
    await store.remarks.hold(said.referral_id)
    now = await store.endings.moment(said.referral_id, now)
    if await _is_sent_on(said.referral_id, store=store):
        return Refusal(Why.SENT_ON)
    reply = await collect(said, store=store, now=now)
    if reply.deleted or not reply.content:
        return Refusal(Why.ONLY_A_FILE if enclosed([reply]) else Why.EMPTY_REMARK)
    part = await store.remarks.part(said.referral_id, said.message)
    if part is not None:
        return part.remark_id
    remark = None if alone else await unapproved(said.referral_id, store=store)
    if remark is not None and await _is_full(remark.id, store=store):
        return Refusal(Why.TOO_MANY_PARTS)
    if remark is None:
        remark = await _begin(said.referral_id, by=reply.author, store=store, now=now)
    await _join(remark, reply, by=by, store=store, now=now)
    await show_draft(remark.id, store=store, now=now)
    await show_referral(said.referral_id, store=store)
    store.note("marked", by=by, at=now, remark=remark.id)
    return remark.id


async def unmarkable(referral_id: UUID, *, alone: bool, store: Store) -> Refusal | None:
    """Why what somebody writes now can be (part of) no remark."""
    if await _is_sent_on(referral_id, store=store):
        return Refusal(Why.SENT_ON)
    remark = None if alone else await unapproved(referral_id, store=store)
    is_full = remark is not None and await _is_full(remark.id, store=store)
    return Refusal(Why.TOO_MANY_PARTS) if is_full else None


async def unapproved(referral_id: UUID, *, store: Store) -> Remark | None:
    """The referral's last remark that nobody's yes stands to: what is marked now joins it."""
    for facts in reversed(await store.remarks.of_referrals([referral_id])):
        if standing(facts).approval is None:
            return facts.remark
    return None


async def _is_sent_on(referral_id: UUID, *, store: Store) -> bool:
    ends = (await store.endings.of([referral_id]))[referral_id]
    return bool(ending(ends).sent_on)


async def _is_full(remark_id: UUID, *, store: Store) -> bool:
    parts = await store.remarks.parts(remark_id)
    return sum(part.taken_out_at is None for part in parts) >= MOST_PARTS


async def _begin(referral_id: UUID, *, by: str, store: Store, now: datetime) -> Remark:
    referral = await store.submissions.referral(referral_id)
    position = await store.remarks.next_position(referral.submission_id)
    remark = Remark(
        submission_id=referral.submission_id, referral_id=referral.id, position=position, begun_by=by,
        begun_at=now,
    )  # fmt: skip
    store.add(remark)
    return remark


async def _join(remark: Remark, reply: Reply, *, by: str, store: Store, now: datetime) -> None:
    position = len(await store.remarks.parts(remark.id)) + 1
    store.add(
        RemarkPart(
            remark_id=remark.id, referral_id=reply.referral_id, position=position,
            message=reply.message, reply_id=reply.id, marked_by=by, marked_at=now,
        )
    )  # fmt: skip
    await store.session.flush()
