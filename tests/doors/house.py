"""An open SMTP door before a database of the test's own, with a hearing that receives mail."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlmodel import col, select

from bot.smtp import smtp_door
from handlers.intake.receive import Reception
from storage.database import Database
from storage.models import Blob, Hearing, HearingAddress, InboxItem
from storage.words import HeadingForm, Order, PrivatePersons, Refer

NOW = datetime(2026, 9, 14, 10, 30, tzinfo=UTC)


def hearing(**given: Any) -> Hearing:
    """A hearing whose deadline is two weeks after NOW."""
    facts: dict[str, Any] = {
        "key": "lygtevej", "title": "Ny plan for Lygtevej", "municipality": "Ternevig Kommune",
        "case_number": "2026-0914", "opens": datetime(2026, 8, 1, tzinfo=UTC),
        "deadline": datetime(2026, 9, 28, 21, 59, tzinfo=UTC),
        "answer_deadline": datetime(2026, 10, 9, 12, 0, tzinfo=UTC), "coordination_channel": "C0KOORD",
        "coordinators": ["U0KOORD"], "four_eyes": True, "refer": Refer.AT_ONCE,
        "heading_form": HeadingForm.BEMAERKNINGER_FRA, "order": Order.ARRIVAL,
        "private_persons": PrivatePersons.ANONYMOUS, "texts": {}, "plan": {},
    }  # fmt: skip
    return Hearing(**(facts | given))


@dataclass(frozen=True, slots=True)
class Kept:
    """A row of the inbox with its bytes."""

    key: str
    envelope: dict[str, Any]
    received_at: datetime
    raw: bytes


@dataclass(frozen=True, slots=True)
class House:
    """What stands behind the doors in these tests."""

    database: Database

    async def apply(self, *addresses: str, **given: Any) -> Hearing:
        """Open a hearing that receives mail at these addresses."""
        made = hearing(**given)
        async with self.database.begin() as store:
            store.add(made)
            await store.session.flush()
            store.add(*(HearingAddress(address=address, hearing_id=made.id) for address in addresses))
        return made

    async def addresses(self) -> dict[str, Any]:
        async with self.database.begin() as store:
            return await store.hearings.addresses()

    async def kept(self) -> list[Kept]:
        """All that is in the inbox, oldest first."""
        async with self.database.begin() as store:
            found = select(InboxItem, Blob.bytes).join(Blob, col(Blob.sha256) == col(InboxItem.blob_sha256))
            rows = (await store.session.execute(found.order_by(col(InboxItem.id)))).all()
            return [Kept(item.key, item.envelope, item.received_at, bytes(raw)) for item, raw in rows]

    @asynccontextmanager
    async def door(self, **given: Any) -> AsyncIterator[int]:
        """The port of a door on this house."""
        settings: dict[str, Any] = {
            "addresses": self.addresses, "now": lambda: NOW, "host": "127.0.0.1", "port": 0,
            "size_limit": 2**20,
        }  # fmt: skip
        reception = Reception(self.database, on_arrival=lambda: None)
        async with smtp_door(reception, **(settings | given)) as (_host, port):
            yield port
