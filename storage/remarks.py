"""Questions about the talk in threads: replies, remarks and approvals."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import collate
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, func, literal, select

from storage.models import Referral
from storage.rows import among
from storage.talk import (
    Approval,
    PartOrder,
    ReactionPut,
    ReactionRemoval,
    Remark,
    RemarkPart,
    Reply,
    SlackPost,
    Withdrawal,
)

# Versions go by their signs, as Python compares them, and not by some language's idea of order.
_NEWEST_FIRST = (
    col(Reply.deleted).desc(), collate(col(Reply.version), "C").desc(), col(Reply.seen_at).desc(),
)  # fmt: skip

MESSAGE = r"^[0-9]+\.[0-9]+$"
"""What a ts looks like; what was written in a form has another name."""


@dataclass(frozen=True, slots=True)
class RemarkFacts:
    """A remark with its parts in order, each as its message stands now, and every approval ever given.

    Parts that were taken out are not among them. `writers` are all who ever wrote in one of its messages: a
    form may be edited by several. `withdrawn` tells of the approvals that were taken back, by id, who did.
    The newest of its parts was marked at `marked_at`.
    """

    remark: Remark
    parts: tuple[Reply, ...]
    approvals: tuple[Approval, ...]
    writers: frozenset[str] = frozenset()
    withdrawn: Mapping[UUID, str] = field(default_factory=dict)
    marked_at: datetime | None = None


class Remarks:
    """What is said in threads, and what of it is meant for the notat."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def hold(self, referral_id: UUID) -> None:
        """Until we commit, nobody else changes what stands in this referral's thread."""
        key = func.hashtextextended(str(referral_id), 0)
        await self._session.execute(select(func.pg_advisory_xact_lock(key)))

    async def newest(self, referral_id: UUID, message: str) -> Reply | None:
        """A message as we last saw it; a deletion outlasts every edit."""
        found = select(Reply).where(col(Reply.referral_id) == referral_id, col(Reply.message) == message)
        return (await self._session.execute(found.order_by(*_NEWEST_FIRST).limit(1))).scalar_one_or_none()

    async def seen(self, referral_id: UUID, message: str, version: str, digest: str) -> Reply | None:
        """A version of a message with just these words, if we have had it before."""
        found = select(Reply).where(
            col(Reply.referral_id) == referral_id, col(Reply.message) == message,
            col(Reply.version) == version, col(Reply.digest) == digest,
        )  # fmt: skip
        return (await self._session.execute(found)).scalar_one_or_none()

    async def replied(self, referral_ids: Collection[UUID]) -> set[UUID]:
        """Those of the referrals in whose thread somebody has written."""
        found = select(Reply.referral_id).where(among(col(Reply.referral_id), referral_ids)).distinct()
        return set((await self._session.execute(found)).scalars())

    async def written_by(self, person: str, hearing_ids: Collection[UUID]) -> set[UUID]:
        """The referrals of these hearings in whose thread a person has written."""
        found = select(Reply.referral_id).join(Referral, col(Referral.id) == col(Reply.referral_id)).where(
            col(Reply.author) == person, among(col(Referral.hearing_id), hearing_ids)
        )  # fmt: skip
        return set((await self._session.execute(found.distinct())).scalars())

    async def part(self, referral_id: UUID, message: str) -> RemarkPart | None:
        """The part that a message is of some remark, if it is."""
        found = select(RemarkPart).where(
            col(RemarkPart.referral_id) == referral_id, col(RemarkPart.message) == message,
            col(RemarkPart.taken_out_at).is_(None),
        )  # fmt: skip
        return (await self._session.execute(found)).scalar_one_or_none()

    async def parts(self, remark_id: UUID) -> list[RemarkPart]:
        """All that ever was part of a remark, in the order in which it was marked."""
        found = select(RemarkPart).where(col(RemarkPart.remark_id) == remark_id)
        return list((await self._session.execute(found.order_by(col(RemarkPart.position)))).scalars())

    async def approval(self, approval_id: UUID) -> Approval | None:
        return await self._session.get(Approval, approval_id)

    async def by_id(self, remark_id: UUID) -> RemarkFacts | None:
        found = await self._with_facts(
            (await self._session.execute(select(Remark).where(col(Remark.id) == remark_id))).scalars().all()
        )
        return found[0] if found else None

    async def of_referrals(self, referral_ids: Collection[UUID]) -> list[RemarkFacts]:
        """The referrals' remarks, in the order of their positions within a submission."""
        found = select(Remark).where(among(col(Remark.referral_id), referral_ids))
        rows = await self._session.execute(found.order_by(col(Remark.submission_id), col(Remark.position)))
        return await self._with_facts(rows.scalars().all())

    async def next_position(self, submission_id: UUID) -> int:
        """The place after the last remark of a submission; the caller holds the submission."""
        key = func.hashtextextended(f"positions of {submission_id}", 0)
        await self._session.execute(select(func.pg_advisory_xact_lock(key)))
        found = select(func.max(Remark.position)).where(col(Remark.submission_id) == submission_id)
        return int((await self._session.execute(found)).scalar_one() or 0) + 1

    async def ticks(self, referral_id: UUID, message: str, approver: str) -> list[Approval]:
        """What this approver approved with a reaction on this message and has not taken back."""
        found = (
            select(Approval)
            .join(Remark, col(Remark.id) == col(Approval.remark_id))
            .outerjoin(Withdrawal, col(Withdrawal.approval_id) == col(Approval.id))
            .where(col(Remark.referral_id) == referral_id, col(Withdrawal.approval_id).is_(None))
            .where(col(Approval.message) == message, col(Approval.approver) == approver)
        )
        return list((await self._session.execute(found)).scalars())

    async def taken_back_at(self, remark_id: UUID) -> datetime | None:
        """When a yes to this remark was last taken back; None when none ever was."""
        found = (
            select(func.max(Withdrawal.withdrawn_at))
            .join(Approval, col(Approval.id) == col(Withdrawal.approval_id))
            .where(col(Approval.remark_id) == remark_id)
        )
        return (await self._session.execute(found)).scalar_one()

    async def fell(
        self, referral_id: UUID, message: str, approver: str, *, put_at: datetime, after: datetime | None
    ) -> bool:
        """Whether a ✅ put at a moment said yes already, and that yes was taken back by other means.

        Of one that we found we know between which moments it was put; one from before `after` is another.
        """
        found = (
            select(Approval.id)
            .join(Remark, col(Remark.id) == col(Approval.remark_id))
            .join(Withdrawal, col(Withdrawal.approval_id) == col(Approval.id))
            .where(col(Remark.referral_id) == referral_id, col(Approval.message) == message)
            .where(col(Approval.approver) == approver)
            .where(col(Approval.reacted_at) <= put_at, col(Approval.approved_at) >= put_at)
        )
        if after is not None:
            found = found.where(col(Approval.reacted_at) > after)
        return (await self._session.execute(found.limit(1))).first() is not None

    async def removed_at(self, referral_id: UUID, message: str, person: str) -> datetime | None:
        """When this person last took a ✅ away from this message; None when they never did."""
        found = select(func.max(ReactionRemoval.removed_at)).where(
            col(ReactionRemoval.referral_id) == referral_id, col(ReactionRemoval.message) == message,
            col(ReactionRemoval.person) == person,
        )  # fmt: skip
        return (await self._session.execute(found)).scalar_one()

    async def alive(self, referral_id: UUID) -> dict[str, Reply]:
        """The thread's messages that stand, by their ts, each as we last saw it; forms are no messages."""
        found = (
            select(Reply)
            .where(col(Reply.referral_id) == referral_id, col(Reply.message).regexp_match(MESSAGE))
            .ext(distinct_on(col(Reply.message)))
            .order_by(col(Reply.message), *_NEWEST_FIRST)
        )
        newest = (await self._session.execute(found)).scalars()
        return {reply.message: reply for reply in newest if not reply.deleted}

    async def copied(self, referral_id: UUID) -> list[Reply]:
        """What is said in the thread by a copy of a message from beside it, each as we last saw it."""
        newest = (
            select(Reply)
            .join(SlackPost, col(SlackPost.key) == literal("attached:") + col(Reply.message))
            .where(col(Reply.referral_id) == referral_id, col(SlackPost.referral_id) == referral_id)
            .ext(distinct_on(col(Reply.message)))
            .order_by(col(Reply.message), *_NEWEST_FIRST)
        )
        return [each for each in (await self._session.execute(newest)).scalars() if not each.deleted]

    async def removals(self, referral_id: UUID) -> dict[tuple[str, str], datetime]:
        """When each ✅ in the thread was last taken away, by message and person."""
        found = (
            select(ReactionRemoval.message, ReactionRemoval.person, func.max(ReactionRemoval.removed_at))
            .where(col(ReactionRemoval.referral_id) == referral_id)
            .group_by(col(ReactionRemoval.message), col(ReactionRemoval.person))
        )
        return {(message, who): at for message, who, at in (await self._session.execute(found)).all()}

    async def put(self, referral_id: UUID) -> set[tuple[str, str]]:
        """The ✅ that stand in the thread as far as we know: on which message, and whose."""
        gone = (
            select(ReactionRemoval.id)
            .where(
                col(ReactionRemoval.referral_id) == col(ReactionPut.referral_id),
                col(ReactionRemoval.message) == col(ReactionPut.message),
                col(ReactionRemoval.person) == col(ReactionPut.person),
                col(ReactionRemoval.removed_at) >= col(ReactionPut.put_at),
            )
            .exists()
        )
        found = select(ReactionPut.message, ReactionPut.person).where(
            col(ReactionPut.referral_id) == referral_id, ~gone
        )
        return {(message, person) for message, person in (await self._session.execute(found)).all()}

    async def _with_facts(self, remarks: Sequence[Remark]) -> list[RemarkFacts]:
        ids = [remark.id for remark in remarks]
        parts, (writers, marked) = await self._parts(ids), await self._writers(ids)
        approvals, withdrawn = await self._approvals(ids)
        return [
            RemarkFacts(
                remark, tuple(parts.get(remark.id, ())), tuple(approvals.get(remark.id, ())),
                frozenset(writers.get(remark.id, ())), withdrawn, marked.get(remark.id),
            )
            for remark in remarks
        ]  # fmt: skip

    async def _writers(
        self, remark_ids: Collection[UUID]
    ) -> tuple[dict[UUID, set[str]], dict[UUID, datetime]]:
        """Who wrote in each remark's parts, and when the newest of these was marked."""
        found = (
            select(RemarkPart.remark_id, Reply.author, func.max(RemarkPart.marked_at))
            .join(
                Reply,
                (col(Reply.referral_id) == col(RemarkPart.referral_id))
                & (col(Reply.message) == col(RemarkPart.message)),
            )
            .where(among(col(RemarkPart.remark_id), remark_ids), col(RemarkPart.taken_out_at).is_(None))
            .group_by(col(RemarkPart.remark_id), col(Reply.author))
        )
        grouped: dict[UUID, set[str]] = {}
        marked: dict[UUID, datetime] = {}
        for remark_id, author, at in (await self._session.execute(found)).all():
            grouped.setdefault(remark_id, set()).add(author)
            marked[remark_id] = max(at, marked.get(remark_id, at))
        return grouped, marked

    async def _parts(self, remark_ids: Collection[UUID]) -> dict[UUID, list[Reply]]:
        newest = (
            select(RemarkPart.remark_id, RemarkPart.position, Reply)
            .join(
                Reply,
                (col(Reply.referral_id) == col(RemarkPart.referral_id))
                & (col(Reply.message) == col(RemarkPart.message)),
            )
            .where(among(col(RemarkPart.remark_id), remark_ids), col(RemarkPart.taken_out_at).is_(None))
            .ext(distinct_on(col(RemarkPart.remark_id), col(RemarkPart.position)))
            .order_by(col(RemarkPart.remark_id), col(RemarkPart.position), *_NEWEST_FIRST)
        )
        grouped: dict[UUID, list[Reply]] = {}
        for remark_id, _position, reply in (await self._session.execute(newest)).all():
            grouped.setdefault(remark_id, []).append(reply)
        for remark_id, messages in (await self._orders(remark_ids)).items():
            place = {message: number for number, message in enumerate(messages)}
            grouped.get(remark_id, []).sort(key=lambda part: place.get(part.message, len(place)))
        return grouped

    async def _orders(self, remark_ids: Collection[UUID]) -> dict[UUID, list[str]]:
        found = select(PartOrder).where(among(col(PartOrder.remark_id), remark_ids))
        rows = await self._session.execute(found.order_by(col(PartOrder.ordered_at), col(PartOrder.id)))
        return {row.remark_id: row.messages for row in rows.scalars()}

    async def _approvals(
        self, remark_ids: Collection[UUID]
    ) -> tuple[dict[UUID, list[Approval]], dict[UUID, str]]:
        """Each remark's approvals as they were given, and who took back those that were."""
        given = (
            select(Approval, Withdrawal.withdrawn_by)
            .outerjoin(Withdrawal, col(Withdrawal.approval_id) == col(Approval.id))
            .where(among(col(Approval.remark_id), remark_ids))
            .order_by(col(Approval.approved_at), col(Approval.id))
        )
        grouped: dict[UUID, list[Approval]] = {}
        withdrawn: dict[UUID, str] = {}
        for approval, taken_back in (await self._session.execute(given)).all():
            grouped.setdefault(approval.remark_id, []).append(approval)
            if taken_back is not None:
                withdrawn[approval.id] = taken_back
        return grouped, withdrawn
