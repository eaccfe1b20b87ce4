"""Questions about what became of referrals besides their remarks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col, func, or_, select

from storage.ending import Handover, NoRemarks, ProposalChange, Reopening
from storage.models import Department, Hearing, HearingDepartment, PostKind, Referral
from storage.rows import among
from storage.talk import SlackPost

NEXT = timedelta(microseconds=1)
"""The least that the database tells apart."""


@dataclass(frozen=True, slots=True)
class Ends:
    """All that was said of one referral's end, each in the order it was said.

    `handed` went out of it and `received` came in; `change` is what was said last of the proposal's change,
    and `agreed` the last of it that an approver said yes to.
    """

    declined: tuple[NoRemarks, ...] = ()
    handed: tuple[Handover, ...] = ()
    received: tuple[Handover, ...] = ()
    reopened: tuple[Reopening, ...] = ()
    change: ProposalChange | None = None
    agreed: ProposalChange | None = None


NOTHING = Ends()


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The thread at the other end of a handover: the department there, and the link to it once known."""

    referral_id: UUID
    department: str
    theme: str
    permalink: str


class Endings:
    """How referrals ended."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def moment(self, referral_id: UUID, now: datetime) -> datetime:
        """When what somebody writes counts from: after all that was said of the end; the caller holds it.

        Whoever waited for the hold was told the time before that, and may not be overtaken by it.
        """
        ends = [
            select(func.max(NoRemarks.said_at)).where(col(NoRemarks.referral_id) == referral_id),
            select(func.max(Reopening.reopened_at)).where(col(Reopening.referral_id) == referral_id),
            select(func.max(Handover.handed_at)).where(
                or_(col(Handover.referral_id) == referral_id, col(Handover.to_referral_id) == referral_id)
            ),
        ]
        latest = select(func.greatest(*(each.scalar_subquery() for each in ends)))
        last = (await self._session.execute(latest)).scalar_one()
        return now if last is None else max(now, last + NEXT)

    async def of(self, referral_ids: Collection[UUID]) -> dict[UUID, Ends]:
        """What was said of each, for every one of them."""
        ids = set(referral_ids)
        declined, handed = defaultdict[UUID, list[NoRemarks]](list), defaultdict[UUID, list[Handover]](list)
        received, reopened = defaultdict[UUID, list[Handover]](list), defaultdict[UUID, list[Reopening]](list)
        for none in await self._declined(ids):
            declined[none.referral_id].append(none)
        for over in await self._handed(ids):
            handed[over.referral_id].append(over)
            if over.to_referral_id is not None:
                received[over.to_referral_id].append(over)
        for again in await self._reopened(ids):
            reopened[again.referral_id].append(again)
        said = await self._changes(ids)
        changes = {each.referral_id: each for each in said}
        agreed = {each.referral_id: each for each in said if each.settled}
        return {
            key: Ends(
                tuple(declined[key]), tuple(handed[key]), tuple(received[key]), tuple(reopened[key]),
                changes.get(key), agreed.get(key),
            )
            for key in ids
        }  # fmt: skip

    async def handover(self, handover_id: UUID) -> Handover:
        found = select(Handover).where(col(Handover.id) == handover_id)
        return (await self._session.execute(found)).scalar_one()

    async def elsewhere(self, referral_ids: Collection[UUID]) -> dict[UUID, Elsewhere]:
        """Where each of these referrals is answered."""
        found = (
            select(Referral, Department.name, SlackPost.permalink)
            .join(HearingDepartment, col(HearingDepartment.id) == col(Referral.hearing_department_id))
            .join(Department, col(Department.id) == col(HearingDepartment.department_id))
            .outerjoin(
                SlackPost,
                (col(SlackPost.referral_id) == col(Referral.id)) & (col(SlackPost.kind) == PostKind.CARD),
            )
            .where(among(col(Referral.id), referral_ids))
        )
        rows = (await self._session.execute(found)).all()
        return {
            referral.id: Elsewhere(referral.id, name, referral.theme, link or "")
            for referral, name, link in rows
        }

    async def telling_of(self, referral_id: UUID) -> list[UUID]:
        """The posts that show the link to this referral's thread: cards and lines at the other ends."""
        there = aliased(SlackPost)
        found = (
            select(there.id)
            .join(Handover, or_(col(Handover.referral_id) == col(there.referral_id),
                                col(Handover.to_referral_id) == col(there.referral_id)))
            .where(or_(col(Handover.referral_id) == referral_id, col(Handover.to_referral_id) == referral_id))
            .where(col(there.kind).in_([PostKind.CARD, PostKind.NOTICE]))
            .where(col(there.referral_id) != referral_id)
            .distinct()
        )  # fmt: skip
        return list((await self._session.execute(found)).scalars())

    async def cards_of_hearings_answering_after(self, moment: datetime) -> list[UUID]:
        """The cards that stand in Slack of hearings whose departments answer later than a moment."""
        found = (
            select(SlackPost.id)
            .join(Hearing, col(Hearing.id) == col(SlackPost.hearing_id))
            .where(col(SlackPost.kind) == PostKind.CARD, col(SlackPost.ts).is_not(None))
            .where(col(Hearing.answer_deadline) > moment)
        )
        return list((await self._session.execute(found)).scalars())

    async def _declined(self, ids: Collection[UUID]) -> list[NoRemarks]:
        found = select(NoRemarks).where(among(col(NoRemarks.referral_id), ids))
        ordered = found.order_by(col(NoRemarks.said_at), col(NoRemarks.id))
        return list((await self._session.execute(ordered)).scalars())

    async def _handed(self, ids: Collection[UUID]) -> list[Handover]:
        found = select(Handover).where(
            or_(among(col(Handover.referral_id), ids), among(col(Handover.to_referral_id), ids))
        )
        ordered = found.order_by(col(Handover.handed_at), col(Handover.id))
        return list((await self._session.execute(ordered)).scalars())

    async def _reopened(self, ids: Collection[UUID]) -> list[Reopening]:
        found = select(Reopening).where(among(col(Reopening.referral_id), ids))
        ordered = found.order_by(col(Reopening.reopened_at), col(Reopening.id))
        return list((await self._session.execute(ordered)).scalars())

    async def _changes(self, ids: Collection[UUID]) -> list[ProposalChange]:
        found = select(ProposalChange).where(among(col(ProposalChange.referral_id), ids))
        ordered = found.order_by(col(ProposalChange.said_at), col(ProposalChange.id))
        return list((await self._session.execute(ordered)).scalars())
