"""Bytes are kept once, come back as they were, and fail as every other question to the database does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from storage import blobs
from storage.database import Database

SMALL, LARGE = b"\x00\xff\\'{},", b"\x00\\" * 2_100_000


async def test_small_and_large_come_back_as_they_were(database: Database) -> None:
    for payloads in ([SMALL, b""], [SMALL, LARGE], [SMALL, LARGE]):
        async with database.begin() as store:
            await blobs.keep(payloads, session=store.session)
    async with database.begin() as store:
        names = [blobs.name_of(each) for each in (SMALL, LARGE, b"", b"never kept")]
        found = await blobs.fetch_all(names, session=store.session)
    assert found == dict(zip(names, (SMALL, LARGE, b""), strict=False))


async def _keep(session: AsyncSession) -> None:
    await blobs.keep([SMALL], session=session)


async def _fetch(session: AsyncSession) -> None:
    await blobs.fetch(blobs.name_of(SMALL), session=session)


@pytest.mark.parametrize("deed", [_keep, _fetch])
async def test_a_database_out_of_reach_is_told_as_such(
    database: Database, deed: Callable[[AsyncSession], Awaitable[None]]
) -> None:
    with pytest.raises(OperationalError):
        async with database.begin() as store:
            ours = (await store.session.execute(text("SELECT pg_backend_pid()"))).scalar_one()
            async with database.begin() as other:
                await other.session.execute(text("SELECT pg_terminate_backend(:ours, 1000)"), {"ours": ours})
            await deed(store.session)
