"""The house with its IMAP door, and a reader that reads when it is told to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlmodel import col, select

from bot.imap.door import Doors, imap_door
from bot.imap.settings import Mailbox
from handlers.intake.receive import Reception
from storage.models import MAIL, InboxItem
from tests.doors.house import NOW, House
from tests.doors.mailservers import eventually

USER, OTHER = "hoering@ternevig.example", "plan@ternevig.example"


@dataclass(frozen=True, slots=True)
class Watched:
    """The house with its IMAP door, and a reader that reads when it is told to."""

    house: House

    @asynccontextmanager
    async def door(self, *told: Mailbox, size_limit: int = 2**20) -> AsyncIterator[Doors]:
        reception = Reception(self.house.database, on_arrival=lambda: None)
        async with imap_door(
            told, reception=reception, database=self.house.database, now=lambda: NOW, size_limit=size_limit
        ) as doors:
            yield doors

    async def read(self, *, reason: str = "") -> None:
        """Read what is unread, or set it aside for a reason."""
        async with self.house.database.begin() as store:
            for item, _raw in await store.inbox.unread(MAIL, most=2000):
                item.read_at, item.set_aside = NOW, reason

    async def raws(self) -> list[bytes]:
        return sorted(item.raw for item in await self.house.kept())

    async def count(self) -> int:
        async with self.house.database.begin() as store:
            return len((await store.session.execute(select(col(InboxItem.id)))).all())

    async def has(self, number: int) -> None:
        await eventually(self.count, number)


async def is_connected(doors: Doors) -> None:
    """Wait until every mailbox is."""

    async def states() -> set[str]:
        return set(doors.health().values())

    await eventually(states, {"connected"})
