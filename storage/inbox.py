"""The inbox: what came in, raw and durable before anyone reads it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, func, select

from storage import blobs
from storage.addresses import Addresses, hearings_of
from storage.hearings import Hearings
from storage.models import MAIL, MEANT_FOR_A_HEARING, SUBMISSION, Blob, Door, InboxItem
from storage.rows import inserted

WAITS_FOR = "waits_for"
"""In an envelope: the question that was asked about the mail."""

DOER = "by"
"""In an envelope: who did in Slack what its payload tells; beside it stands the `channel`, if any."""

_MOST_BYTES = 32_000_000
_READ_WITHIN = timedelta(seconds=5)  # what people do in Slack, as a rule; until then it is just being read


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something at a door. `key` is the same whenever the same thing is delivered again."""

    door: Door
    key: str
    raw: bytes
    received_at: datetime
    envelope: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standing:
    """How an item stands, without its bytes."""

    is_read: bool
    is_set_aside: bool
    envelope: dict[str, Any]


class Inbox:
    """What came in and is still to be read."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def keep(self, arrivals: Sequence[Arrival]) -> int:
        """Keep each arrival; what is there already stays as it was first received. How many are new."""
        if not arrivals:
            return 0
        rows = [
            {
                "door": arrival.door,
                "key": arrival.key,
                "blob_sha256": blobs.name_of(arrival.raw),
                "envelope": arrival.envelope,
                "received_at": arrival.received_at,
                "set_aside": "",
                "taken_for": "",
                "reader": 0,
                "message_id": "",
            }
            # In order, so that two transactions that keep the same arrivals never wait for each other.
            for arrival in arrivals
        ]
        kept = await self._session.execute(*inserted(InboxItem, rows, once="blob_sha256"))
        new = kept.scalars().all()
        wanted = (arrival.raw for arrival in arrivals if blobs.name_of(arrival.raw) in new)
        await blobs.keep(wanted, session=self._session)
        return len(new)

    async def forget(self, item: InboxItem) -> None:
        """Keep of an item that it came, and not what it said."""
        said, item.blob_sha256, item.envelope = item.blob_sha256, blobs.name_of(b""), {}
        await blobs.keep([b""], session=self._session)
        await self._session.flush()
        await blobs.drop(said, session=self._session)

    async def kept(self, door: Door, keys: Collection[str]) -> dict[str, tuple[InboxItem, bytes]]:
        """Which of these are in already, read or not, with their bytes."""
        found = (
            select(InboxItem, Blob.bytes)
            .join(Blob, col(Blob.sha256) == col(InboxItem.blob_sha256))
            .where(col(InboxItem.door) == door, col(InboxItem.key).in_(keys))
        )
        return {item.key: (item, bytes(raw)) for item, raw in (await self._session.execute(found)).all()}

    async def standing(self, door: Door, keys: Collection[str]) -> dict[str, Standing]:
        """How those of these stand that are in."""
        found = select(
            InboxItem.key, col(InboxItem.read_at).is_not(None), InboxItem.set_aside, InboxItem.envelope
        ).where(col(InboxItem.door) == door, col(InboxItem.key).in_(keys))
        rows = (await self._session.execute(found)).all()
        return {key: Standing(is_read, aside != "", envelope) for key, is_read, aside, envelope in rows}

    async def unread(self, doors: Collection[Door], *, most: int) -> list[tuple[InboxItem, bytes]]:
        """The oldest unread items with their bytes, held by this transaction; others' are passed over.

        Never more than 32 MB at once, unless the oldest is larger by itself.
        """
        found = (
            select(InboxItem, func.octet_length(Blob.bytes))
            .join(Blob, col(Blob.sha256) == col(InboxItem.blob_sha256))
            .where(col(InboxItem.door).in_(doors), col(InboxItem.read_at).is_(None))
            .order_by(col(InboxItem.id))
            .limit(most)
            .with_for_update(of=InboxItem, skip_locked=True, key_share=True)
        )
        items, held = list[InboxItem](), 0
        for item, size in (await self._session.execute(found)).all():
            held += size
            if items and held > _MOST_BYTES:
                break
            items.append(item)
        raws = await blobs.fetch_all({item.blob_sha256 for item in items}, session=self._session)
        return [(item, raws[item.blob_sha256]) for item in items]

    async def take(self, door: Door, key: str) -> tuple[InboxItem, bytes] | None:
        """One unread item, held by this transaction; None when it was read already."""
        found = (
            select(InboxItem, Blob.bytes)
            .join(Blob, col(Blob.sha256) == col(InboxItem.blob_sha256))
            .where(col(InboxItem.door) == door, col(InboxItem.key) == key, col(InboxItem.read_at).is_(None))
            .with_for_update(of=InboxItem, key_share=True)
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

    async def set_aside_from(self, hearing_id: UUID) -> list[InboxItem]:
        """What could not be read and may belong to a hearing: it names this one, or none at all."""
        aside, addresses = await self.set_aside(MEANT_FOR_A_HEARING), await self._addresses()
        return [item for item in aside if _may_mean(item.envelope, hearing_id, addresses)]

    async def unread_of(self, hearing_id: UUID) -> int:
        """How many came in that nobody has read yet and that may belong to a hearing."""
        found = select(InboxItem.envelope).where(
            col(InboxItem.door).in_(MEANT_FOR_A_HEARING), col(InboxItem.read_at).is_(None)
        )
        envelopes, addresses = (await self._session.execute(found)).scalars(), await self._addresses()
        return sum(_may_mean(envelope, hearing_id, addresses) for envelope in envelopes)

    async def acts_of(self, channels: Collection[str]) -> tuple[int, int]:
        """How much that people did in Slack nobody has read, and how much could not be read.

        That is in these channels, or in none. What has just come does not count: it is being read.
        """
        late = col(InboxItem.received_at) < func.now() - _READ_WITHIN
        unread = await self._acts(col(InboxItem.read_at).is_(None), late)
        aside = await self._acts(col(InboxItem.set_aside) != "")
        anywhere = {"", *channels}
        return sum(each in anywhere for each in unread), sum(each in anywhere for each in aside)

    async def _acts(self, *which: ColumnElement[bool]) -> list[str]:
        """The channel of each thing that somebody did in Slack."""
        found = select(InboxItem.envelope).where(col(InboxItem.door) == Door.SLACK, *which)
        envelopes = (await self._session.execute(found)).scalars()
        return [str(each.get("channel", "")) for each in envelopes if DOER in each]

    async def unread_acts(self, *, before: datetime) -> int:
        """How much that people did in Slack before a moment is still to be read."""
        found = select(func.count()).where(
            col(InboxItem.door) == Door.SLACK, col(InboxItem.read_at).is_(None),
            col(InboxItem.received_at) <= before, col(InboxItem.envelope)[DOER].as_string().is_not(None),
        )  # fmt: skip
        return int((await self._session.execute(found)).scalar_one())

    async def _addresses(self) -> Addresses:
        return await Hearings(self._session).addresses()

    async def passed_over(self) -> list[InboxItem]:
        """What was taken for something else than a submission, oldest first."""
        found = select(InboxItem).where(col(InboxItem.taken_for).not_in(["", SUBMISSION]))
        return list((await self._session.execute(found.order_by(col(InboxItem.id)))).scalars())

    async def as_submission(self, item_id: int) -> InboxItem | None:
        """An item that was passed over, to be read as a submission after all; None when there is none."""
        passed_over = col(InboxItem.taken_for).not_in(["", SUBMISSION])
        found = (
            select(InboxItem).where(col(InboxItem.id) == item_id, passed_over).with_for_update(key_share=True)
        )
        item = (await self._session.execute(found)).scalar_one_or_none()
        if item is not None:
            item.read_at, item.taken_for = None, SUBMISSION
        return item

    async def readable_again(self, *, below: int | None) -> list[int]:
        """The ids of mails that were read, by a reader older than `below` if one is given, oldest first."""
        found = select(InboxItem.id).where(col(InboxItem.door).in_(MAIL), col(InboxItem.read_at).is_not(None))
        found = found.where(col(InboxItem.set_aside) == "")
        if below is not None:
            found = found.where(col(InboxItem.reader) < below)
        rows = (await self._session.execute(found.order_by(col(InboxItem.id)))).scalars()
        return [item_id for item_id in rows if item_id is not None]

    async def items_of(self, submission_id: UUID) -> list[InboxItem]:
        """What a submission came in, and what was joined to it, the first that came first."""
        found = select(InboxItem).where(col(InboxItem.submission_id) == submission_id)
        return list((await self._session.execute(found.order_by(col(InboxItem.id)))).scalars())

    async def envelopes(self, submission_id: UUID) -> list[dict[str, Any]]:
        """The envelopes that a submission came in, the first that came first."""
        found = select(InboxItem.envelope).where(col(InboxItem.submission_id) == submission_id)
        return list((await self._session.execute(found.order_by(col(InboxItem.id)))).scalars())

    async def find(self, item_id: int) -> InboxItem | None:
        """One item, None when there is none."""
        return await self._session.get(InboxItem, item_id)

    async def by_id(self, item_id: int) -> InboxItem:
        """One item, held by this transaction."""
        found = select(InboxItem).where(col(InboxItem.id) == item_id).with_for_update(key_share=True)
        return (await self._session.execute(found)).scalar_one()

    async def waiting_for(self, question_id: UUID) -> list[InboxItem]:
        """The mails that a question is about, held by this transaction; the same mail may have come twice."""
        found = select(InboxItem).where(col(InboxItem.envelope)[WAITS_FOR].as_string() == str(question_id))
        return list(
            (await self._session.execute(found.order_by(col(InboxItem.id)).with_for_update(key_share=True)))
            .scalars()
        )  # fmt: skip

    async def raw(self, item_id: int) -> bytes:
        """The bytes that came in."""
        found = select(InboxItem.blob_sha256).where(col(InboxItem.id) == item_id)
        return await blobs.fetch((await self._session.execute(found)).scalar_one(), session=self._session)

    async def submissions_of(self, message_ids: Collection[str]) -> dict[str, UUID]:
        """The submissions that mails with these ids became, or were joined to."""
        found = select(InboxItem.message_id, InboxItem.submission_id).where(
            col(InboxItem.message_id).in_(message_ids), col(InboxItem.submission_id).is_not(None)
        )
        rows = (await self._session.execute(found.order_by(col(InboxItem.id).desc()))).all()
        return {row[0]: row[1] for row in rows if row[1] is not None}

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
        return (await self._session.execute(found.with_for_update(key_share=True))).scalar_one_or_none()


def _may_mean(envelope: dict[str, Any], hearing_id: UUID, addresses: Addresses) -> bool:
    """It names this hearing among others, or none at all."""
    meant = hearings_of(envelope, addresses)
    return hearing_id in meant or not meant
