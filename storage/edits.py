"""Questions about what coordinators wrote and arranged by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from storage.edited import HearingText, RemarkHeading, RemarkOrder, SubmissionOrder
from storage.models import Submission
from storage.talk import Remark
from storage.words import TextName


@dataclass(frozen=True, slots=True)
class Edits:
    """What counts of all that was edited in one hearing.

    `submissions` are ids in order, `remarks` the same by submission, `headings` by remark.
    """

    texts: Mapping[TextName, HearingText] = field(default_factory=dict)
    submissions: tuple[UUID, ...] = ()
    remarks: Mapping[UUID, tuple[UUID, ...]] = field(default_factory=dict)
    headings: Mapping[UUID, str] = field(default_factory=dict)


NOTHING = Edits()


class Editing:
    """What was edited."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of_hearing(self, hearing_id: UUID) -> Edits:
        return Edits(
            texts=await self.texts(hearing_id),
            submissions=await self.submissions(hearing_id),
            remarks=await self._remarks(hearing_id),
            headings=await self._headings(hearing_id),
        )

    async def texts(self, hearing_id: UUID) -> dict[TextName, HearingText]:
        """The newest of each text that has a row at all."""
        return {text.name: text for text in await self.versions(hearing_id)}

    async def versions(self, hearing_id: UUID) -> list[HearingText]:
        """Every text there ever was, oldest first."""
        found = select(HearingText).where(col(HearingText.hearing_id) == hearing_id)
        ordered = found.order_by(col(HearingText.written_at), col(HearingText.id))
        return list((await self._session.execute(ordered)).scalars())

    async def submissions(self, hearing_id: UUID) -> tuple[UUID, ...]:
        """The order of the submissions by hand; empty when the rule orders them."""
        found = select(SubmissionOrder).where(col(SubmissionOrder.hearing_id) == hearing_id)
        newest = found.order_by(col(SubmissionOrder.ordered_at).desc(), col(SubmissionOrder.id).desc())
        order = (await self._session.execute(newest.limit(1))).scalar_one_or_none()
        return tuple(UUID(each) for each in order.submissions) if order else ()

    async def _remarks(self, hearing_id: UUID) -> dict[UUID, tuple[UUID, ...]]:
        found = (
            select(RemarkOrder)
            .join(Submission, col(Submission.id) == col(RemarkOrder.submission_id))
            .where(col(Submission.hearing_id) == hearing_id)
            .order_by(col(RemarkOrder.ordered_at), col(RemarkOrder.id))
        )
        orders = (await self._session.execute(found)).scalars()
        return {each.submission_id: tuple(UUID(remark) for remark in each.remarks) for each in orders}

    async def _headings(self, hearing_id: UUID) -> dict[UUID, str]:
        found = (
            select(RemarkHeading)
            .join(Remark, col(Remark.id) == col(RemarkHeading.remark_id))
            .join(Submission, col(Submission.id) == col(Remark.submission_id))
            .where(col(Submission.hearing_id) == hearing_id)
            .order_by(col(RemarkHeading.written_at), col(RemarkHeading.id))
        )
        written = (await self._session.execute(found)).scalars()
        return {each.remark_id: each.heading for each in written}
