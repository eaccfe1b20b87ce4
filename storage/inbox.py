"""The inbox: what came in, raw and durable before anyone reads it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, func, select

from storage import blobs
from storage.models import Blob, Door, InboxItem


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something at a door. `key` is the same whenever the same thing is delivered again."""

    door: Door
    key: str
    raw: bytes
    received_at: datetime
    envelope: dict[str, Any] = field(default_factory=dict)


class Inbox:
    """What came in and is still to be read."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def keep(self, arrivals: Sequence[Arrival]) -> int:
        """Keep each arrival; what is there already stays as it was first received. How many are new."""
        if not arrivals:
            return 0
        await blobs.keep((arrival.raw for arrival in arrivals), session=self._session)
        rows = [
            {
                "door": arrival.door,
                "key": arrival.key,
                "blob_sha256": blobs.name_of(arrival.raw),
                "envelope": arrival.envelope,
                "received_at": arrival.received_at,
                "set_aside": "",
            }
            for arrival in arrivals
        ]
        kept = insert(InboxItem).values(rows).on_conflict_do_nothing().returning(col(InboxItem.id))
        return len((await self._session.execute(kept)).all())

    async def unread(self, doors: Collection[Door], *, most: int) -> list[tuple[InboxItem, bytes]]:
        """The oldest unread items with their bytes, held by this transaction; others' are passed over."""
        found = (
            select(InboxItem, Blob.bytes)
            .join(Blob, col(Blob.sha256) == col(InboxItem.blob_sha256))
            .where(col(InboxItem.door).in_(doors), col(InboxItem.read_at).is_(None))
            .order_by(col(InboxItem.id))
            .limit(most)
            .with_for_update(of=InboxItem, skip_locked=True)
        )
        return [(item, bytes(raw)) for item, raw in (await self._session.execute(found)).all()]

    async def take(self, door: Door, key: str) -> tuple[InboxItem, bytes] | None:
        """One unread item, held by this transaction; None when it was read already."""
        found = (
            select(InboxItem, Blob.bytes)
            .join(Blob, col(Blob.sha256) == col(InboxItem.blob_sha256))
            .where(col(InboxItem.door) == door, col(InboxItem.key) == key, col(InboxItem.read_at).is_(None))
            .with_for_update(of=InboxItem)
        )
        row = (await self._session.execute(found)).first()
        return None if row is None else (row[0], bytes(row[1]))

    async def left_behind(self, door: Door, *, before: datetime, most: int) -> list[tuple[str, bytes]]:
        """Keys and bytes of unread items that came before a moment: their reader is gone."""
        found = (
            select(InboxItem.key, Blob.bytes)
            .join(Blob, col(Blob.sha256) == col(InboxItem.blob_sha256))
            .where(col(InboxItem.door) == door, col(InboxItem.read_at).is_(None))
            .where(col(InboxItem.received_at) < before)
            .order_by(col(InboxItem.id))
            .limit(most)
        )
        return [(key, bytes(raw)) for key, raw in (await self._session.execute(found)).all()]

    async def set_aside(self, doors: Collection[Door]) -> list[InboxItem]:
        """What could not be read, oldest first."""
        found = select(InboxItem).where(col(InboxItem.door).in_(doors), col(InboxItem.set_aside) != "")
        return list((await self._session.execute(found.order_by(col(InboxItem.id)))).scalars())

    async def again(self, item_id: int) -> InboxItem | None:
        """An item that was set aside, made unread; None when there is none such."""
        item = await self._aside(item_id)
        if item is not None:
            item.read_at, item.set_aside = None, ""
        return item

    async def dismiss(self, item_id: int) -> InboxItem | None:
        """An item that was set aside, passed over for good; it is kept. None when there is none such."""
        item = await self._aside(item_id)
        if item is not None:
            item.set_aside = ""
        return item

    async def _aside(self, item_id: int) -> InboxItem | None:
        found = select(InboxItem).where(col(InboxItem.id) == item_id, col(InboxItem.set_aside) != "")
        return (await self._session.execute(found.with_for_update())).scalar_one_or_none()

    async def count_unread(self, doors: Collection[Door]) -> int:
        found = select(func.count()).where(col(InboxItem.door).in_(doors), col(InboxItem.read_at).is_(None))
        return (await self._session.execute(found)).scalar_one()
