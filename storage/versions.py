"""Questions about the versions of a notat."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from storage.compiled import Appendix, Notat
from storage.models import Department, HearingDepartment, Referral, Summary
from storage.rows import among
from storage.talk import Approval, Remark
from storage.version import HandedBack, Makeup, Waiver


@dataclass(frozen=True, slots=True)
class Said:
    """Yes to one text, with the submission that it is about and the department that said it."""

    approval: Approval
    submission_id: UUID
    department: str


class Versions:
    """The versions."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def all(self, hearing_id: UUID) -> list[Notat]:
        """Every version of a hearing's notat, the first first."""
        found = select(Notat).where(col(Notat.hearing_id) == hearing_id).order_by(col(Notat.version))
        return list((await self._session.execute(found)).scalars())

    async def numbered(self, hearing_id: UUID, version: int) -> Notat | None:
        found = select(Notat).where(col(Notat.hearing_id) == hearing_id, col(Notat.version) == version)
        return (await self._session.execute(found)).scalar_one_or_none()

    async def latest(self, hearing_id: UUID, *, before: int | None = None) -> Notat | None:
        """The newest version, or the newest `before` one; None when there is none."""
        found = select(Notat).where(col(Notat.hearing_id) == hearing_id)
        if before is not None:
            found = found.where(col(Notat.version) < before)
        newest = found.order_by(col(Notat.version).desc()).limit(1)
        return (await self._session.execute(newest)).scalar_one_or_none()

    async def makeup(self, notat_id: UUID) -> Makeup | None:
        """What a version was made of; None for one that was made before this was kept."""
        return await self._session.get(Makeup, notat_id)

    async def said(self, ids: Collection[UUID]) -> list[Said]:
        """These approvals, in this order, with what each is about."""
        found = (
            select(Approval, Remark.submission_id, Department.name)
            .join(Remark, col(Remark.id) == col(Approval.remark_id))
            .join(Referral, col(Referral.id) == col(Remark.referral_id))
            .join(HearingDepartment, col(HearingDepartment.id) == col(Referral.hearing_department_id))
            .join(Department, col(Department.id) == col(HearingDepartment.department_id))
            .where(among(col(Approval.id), ids))
        )
        rows = {row[0].id: Said(*row) for row in (await self._session.execute(found)).all()}
        return [rows[each] for each in ids if each in rows]

    async def summaries(self, ids: Collection[UUID]) -> list[Summary]:
        found = select(Summary).where(among(col(Summary.id), ids))
        return list((await self._session.execute(found)).scalars())

    async def waivers(self, hearing_id: UUID) -> tuple[Waiver, ...]:
        """All that was waived, in the order it was."""
        found = select(Waiver).where(col(Waiver.hearing_id) == hearing_id)
        ordered = found.order_by(col(Waiver.waived_at), col(Waiver.id))
        return tuple((await self._session.execute(ordered)).scalars())

    async def handed_back(self, hearing_id: UUID) -> list[HandedBack]:
        found = select(HandedBack).where(col(HandedBack.hearing_id) == hearing_id)
        return list((await self._session.execute(found.order_by(col(HandedBack.handed_at)))).scalars())

    async def back(self, kept_id: UUID) -> HandedBack:
        return await self._session.get_one(HandedBack, kept_id)

    async def appendix(self, appendix_id: UUID) -> Appendix:
        return await self._session.get_one(Appendix, appendix_id)
