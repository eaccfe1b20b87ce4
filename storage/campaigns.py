"""Questions about texts that several senders share, nearly word for word."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Cast, Text, any_, cast, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from storage.asked import CampaignMember, Likeness, LikenessBand
from storage.models import Submission
from storage.rows import among


@dataclass(frozen=True, slots=True)
class Alike:
    """A submission that stands for itself, with what it is recognised by."""

    submission_id: UUID
    party_id: UUID
    signature: bytes
    bands: frozenset[int]


class Campaigns:
    """Who is like whom."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def alike(self, hearing_id: UUID, bands: Collection[int]) -> list[Alike]:
        """The hearing's submissions that share a band with these and stand for themselves, oldest first.

        Of each only the bands that it shares are told.
        """
        shared = select(LikenessBand.submission_id, LikenessBand.band).where(
            col(LikenessBand.hearing_id) == hearing_id, col(LikenessBand.band) == any_(_array(bands))
        )
        by_submission: dict[UUID, set[int]] = defaultdict(set)
        for submission_id, band in (await self._session.execute(shared)).all():
            by_submission[submission_id].add(band)
        if not by_submission:
            return []
        found = (
            select(Likeness, Submission.party_id)
            .join(Submission, col(Submission.id) == col(Likeness.submission_id))
            .where(among(col(Likeness.submission_id), by_submission))
            .order_by(col(Likeness.submission_id))
        )
        return [
            Alike(
                row.submission_id, party_id, bytes(row.signature), frozenset(by_submission[row.submission_id])
            )
            for row, party_id in (await self._session.execute(found)).all()
        ]

    async def stand_alone(self, hearing_id: UUID, bands: Mapping[UUID, Collection[int]]) -> None:
        """From now on these submissions are found by their bands."""
        told = {str(submission_id): list(each) for submission_id, each in bands.items()}
        await self._session.execute(_STAND_ALONE, {"hearing_id": hearing_id, "told": json.dumps(told)})

    async def members(self, hearing_id: UUID) -> dict[UUID, list[CampaignMember]]:
        """The campaigns of a hearing: who stands behind each lead, in the order they came."""
        found = (
            select(CampaignMember)
            .join(Submission, col(Submission.id) == col(CampaignMember.submission_id))
            .where(col(Submission.hearing_id) == hearing_id, col(CampaignMember.left_at).is_(None))
            .order_by(col(CampaignMember.submission_id))
        )
        behind: dict[UUID, list[CampaignMember]] = defaultdict(list)
        for member in (await self._session.execute(found)).scalars():
            behind[member.lead_id].append(member)
        return behind

    async def behind(self, lead_id: UUID) -> list[CampaignMember]:
        """Who stands behind one lead."""
        found = select(CampaignMember).where(
            col(CampaignMember.lead_id) == lead_id, col(CampaignMember.left_at).is_(None)
        )
        return list(
            (await self._session.execute(found.order_by(col(CampaignMember.submission_id)))).scalars()
        )

    async def ever_behind(self, lead_id: UUID) -> list[CampaignMember]:
        """Who stands behind one lead, or did until they were taken apart."""
        found = select(CampaignMember).where(col(CampaignMember.lead_id) == lead_id)
        return list(
            (await self._session.execute(found.order_by(col(CampaignMember.submission_id)))).scalars()
        )

    async def membership(self, submission_id: UUID) -> CampaignMember | None:
        """Where a submission stands behind another, None when it stands for itself."""
        found = select(CampaignMember).where(
            col(CampaignMember.submission_id) == submission_id, col(CampaignMember.left_at).is_(None)
        )
        return (await self._session.execute(found)).scalar_one_or_none()


def _array(numbers: Collection[int]) -> Cast[Any]:
    """As PostgreSQL writes arrays: there are thousands, and the client library makes each a value."""
    return cast(cast(f"{{{','.join(map(str, numbers))}}}", Text), ARRAY(BigInteger))


# One statement whose bands go over as one value, as `storage.rows` does it.
_STAND_ALONE = text(
    "INSERT INTO likeness_band (hearing_id, band, submission_id)"
    " SELECT :hearing_id, band::bigint, told.key::uuid"
    " FROM json_each(CAST(:told AS json)) AS told, json_array_elements_text(told.value) AS band"
)
