"""Jobs that share `once` wait as one, however many ask for them at the same time."""

from __future__ import annotations

import asyncio
from uuid import uuid4

from sqlalchemy import text

from handlers import acts
from storage.database import Database


async def _waiting(database: Database) -> int:
    async with database.begin() as store:
        found = await store.session.execute(
            text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'")
        )
        return int(found.scalar_one())


async def test_who_asks_while_another_is_asking_joins_its_job(database: Database) -> None:
    act, asked = acts.refresh(uuid4()), asyncio.Event()

    async def first() -> None:
        async with database.begin() as store:
            store.owe([act])
            await store.settle()
            asked.set()
            await asyncio.sleep(0.2)

    async def second() -> None:
        await asked.wait()
        async with database.begin() as store:
            store.owe([act])

    await asyncio.gather(first(), second())
    assert await _waiting(database) == 1


async def test_many_at_once_leave_one_job_each_thing(database: Database) -> None:
    owed = [acts.refresh(uuid4()) for _ in range(3)]

    async def ask() -> None:
        for _ in range(10):
            async with database.begin() as store:
                store.owe(owed)

    await asyncio.gather(*(ask() for _ in range(6)))
    assert await _waiting(database) == 3
