"""Questions about hearings, their departments and the parties that were heard."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from storage.models import Department, Hearing, HearingAddress, HearingDepartment, Party, PartyAlias


@dataclass(frozen=True, slots=True)
class Seat:
    """A department at work in a hearing; approvers and their deputies are people's or user groups' ids."""

    id: UUID
    hearing_id: UUID
    key: str
    name: str
    short: str
    channel: str
    approvers: frozenset[str]
    deputies: frozenset[str]
    topics: tuple[str, ...]
    owner: bool
    retired: bool
    genitive: str = ""
    """Empty where the name's is by rule."""


class Hearings:
    """Hearings as they were last applied from their files."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def by_key(self, key: str) -> Hearing | None:
        return (
            await self._session.execute(select(Hearing).where(col(Hearing.key) == key))
        ).scalar_one_or_none()

    async def by_id(self, hearing_id: UUID) -> Hearing:
        return (
            await self._session.execute(select(Hearing).where(col(Hearing.id) == hearing_id))
        ).scalar_one()

    async def hold(self, hearing_id: UUID) -> Hearing:
        """A hearing, and until we commit nobody else gives numbers or places submissions in it."""
        found = select(Hearing).where(col(Hearing.id) == hearing_id).with_for_update(key_share=True)
        return (await self._session.execute(found.execution_options(populate_existing=True))).scalar_one()

    async def among(self, hearing_ids: Collection[UUID]) -> list[Hearing]:
        """These hearings, by their keys."""
        found = select(Hearing).where(col(Hearing.id).in_(hearing_ids)).order_by(col(Hearing.key))
        return list((await self._session.execute(found)).scalars())

    async def all(self) -> list[Hearing]:
        return list((await self._session.execute(select(Hearing).order_by(col(Hearing.key)))).scalars())

    async def addresses(self) -> dict[str, frozenset[UUID]]:
        """Each hearing address (lower case, no plus-tag) with the hearings that it is an address of."""
        rows = (await self._session.execute(select(HearingAddress.address, HearingAddress.hearing_id))).all()
        found: dict[str, set[UUID]] = {}
        for address, hearing_id in rows:
            found.setdefault(address, set()).add(hearing_id)
        return {address: frozenset(hearings) for address, hearings in found.items()}

    async def seats(self, hearing_id: UUID | None = None) -> list[Seat]:
        """The departments of one hearing (or of all), in the order of its file."""
        found = (
            select(HearingDepartment, Department)
            .join(Department, col(Department.id) == col(HearingDepartment.department_id))
            .order_by(col(HearingDepartment.hearing_id), col(HearingDepartment.position))
        )
        if hearing_id is not None:
            found = found.where(col(HearingDepartment.hearing_id) == hearing_id)
        return [_seat(place, department) for place, department in (await self._session.execute(found)).all()]

    async def seat(self, place_id: UUID) -> Seat:
        """One department's place in a hearing."""
        found = select(HearingDepartment, Department).where(
            col(HearingDepartment.id) == place_id, col(Department.id) == col(HearingDepartment.department_id)
        )
        place, department = (await self._session.execute(found)).one()
        return _seat(place, department)

    async def departments(self, keys: Collection[str]) -> dict[str, Department]:
        found = select(Department).where(col(Department.key).in_(keys))
        return {row.key: row for row in (await self._session.execute(found)).scalars()}

    async def places(self, hearing_id: UUID) -> dict[UUID, HearingDepartment]:
        """The rows behind the seats, by the department's id."""
        found = select(HearingDepartment).where(col(HearingDepartment.hearing_id) == hearing_id)
        return {row.department_id: row for row in (await self._session.execute(found)).scalars()}

    async def parties(self, hearing_id: UUID) -> list[Party]:
        found = select(Party).where(col(Party.hearing_id) == hearing_id)
        return list(
            (await self._session.execute(found.order_by(col(Party.heard_as), col(Party.id)))).scalars()
        )

    async def aliases(self, hearing_id: UUID) -> list[PartyAlias]:
        found = select(PartyAlias).where(col(PartyAlias.hearing_id) == hearing_id)
        return list((await self._session.execute(found)).scalars())

    async def give_up(self, hearing_id: UUID, addresses: Collection[str]) -> None:
        """These addresses are this hearing's no more."""
        mine = col(HearingAddress.hearing_id) == hearing_id, col(HearingAddress.address).in_(addresses)
        await self._session.execute(delete(HearingAddress).where(*mine))

    async def others_with(self, key: str, department_ids: Collection[UUID]) -> dict[UUID, list[str]]:
        """The keys of the hearings besides `key` where each of these departments is at work."""
        found = (
            select(HearingDepartment.department_id, Hearing.key)
            .join(Hearing, col(Hearing.id) == col(HearingDepartment.hearing_id))
            .where(col(HearingDepartment.department_id).in_(department_ids), col(Hearing.key) != key)
            .where(~col(HearingDepartment.retired))
            .order_by(col(Hearing.key))
        )
        others: dict[UUID, list[str]] = {}
        for department_id, other in (await self._session.execute(found)).all():
            others.setdefault(department_id, []).append(other)
        return others

    async def own_addresses(self, hearing_id: UUID) -> list[HearingAddress]:
        found = select(HearingAddress).where(col(HearingAddress.hearing_id) == hearing_id)
        return list((await self._session.execute(found)).scalars())


def _seat(place: HearingDepartment, department: Department) -> Seat:
    return Seat(
        id=place.id, hearing_id=place.hearing_id, key=department.key, name=department.name,
        short=department.short, channel=place.channel, approvers=frozenset(place.approvers),
        deputies=frozenset(place.deputies), topics=tuple(place.topics),
        owner=place.owner, retired=place.retired, genitive=department.genitive,
    )  # fmt: skip
