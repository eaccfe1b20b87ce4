"""The way into what we remember: one engine, and transactions that carry their jobs with them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, event, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from storage.blobs import CARRIED_MUCH
from storage.store import Store

_SNAPSHOT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
_LOOKS = 500  # a hundredth of a second apart
_MIGRATION_LOCK = 0x686F6572  # any number, the same in every process


class Database:
    """A PostgreSQL that holds everything."""

    def __init__(self, url: str, *, pool_size: int = 12) -> None:
        """`url` is `postgresql+psycopg://…`; parameters never appear in errors or logs."""
        self.url = url
        self.engine: AsyncEngine = create_async_engine(
            url, hide_parameters=True, pool_size=pool_size, max_overflow=8, pool_pre_ping=True
        )
        event.listen(self.engine.sync_engine, "checkin", _end_if_grown)
        self._under_way = 0

    @asynccontextmanager
    async def begin(self, *, snapshot: bool = False) -> AsyncIterator[Store]:
        """A store in one transaction, committed with its jobs at the end, rolled back on any error.

        In a `snapshot` every question is answered as of the first one; it is for reading only.
        """
        self._under_way += 1
        try:
            async with AsyncSession(self.engine, expire_on_commit=False) as session, session.begin():
                if snapshot:
                    await session.connection(execution_options=_SNAPSHOT)
                store = Store(session)
                yield store
                await store.settle()
        finally:
            self._under_way -= 1

    async def migrate(self) -> None:
        """Bring the tables up to date; of several processes that start at once, one does it."""
        async with self.engine.connect() as connection:
            await connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _MIGRATION_LOCK})
            try:
                await connection.commit()
                await _upgrade(connection)
            finally:
                await connection.rollback()
                await connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _MIGRATION_LOCK})
                await connection.commit()

    async def close(self) -> None:
        """Close every connection, once the transactions under way have ended or some seconds have passed."""
        for _ in range(_LOOKS):
            if not self._under_way:
                break
            await asyncio.sleep(0.01)
        await self.engine.dispose()


def _end_if_grown(_connection: object, record: ConnectionPoolEntry) -> None:
    """A connection that carried much goes with its buffers."""
    if record.info.pop(CARRIED_MUCH, False):
        record.invalidate()


async def _upgrade(connection: AsyncConnection) -> None:
    def upgrade(sync: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        config.attributes["connection"] = sync
        command.upgrade(config, "head")

    await connection.run_sync(upgrade)
    await connection.commit()
