"""Lanes: what one worker at a time may do, however many there are, and whichever of them wakes up late."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database

log = logging.getLogger(__name__)

_LOOKS_AGAIN = 0.2  # seconds
_TAKE = text("SELECT pg_try_advisory_lock(hashtextextended(:lane, 0))")
_GIVE_BACK = text("SELECT pg_advisory_unlock(hashtextextended(:lane, 0))")


class LaneTakenError(Exception):
    """Another worker is in this lane."""


@dataclass(slots=True)
class Lanes:
    """The lanes that this process is in: session locks of PostgreSQL, all on one connection.

    The connection is there while a lane is held; when it breaks, PostgreSQL gives the lanes back.
    """

    database: Database
    _held: set[str] = field(default_factory=set)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _connection: AsyncConnection | None = None

    @asynccontextmanager
    async def hold(self, lane: str) -> AsyncIterator[None]:
        """Be alone in a lane.

        Raises:
            LaneTakenError: another worker is in it, here or in another process.
            sqlalchemy.exc.OperationalError: the database is away.
        """
        async with self._turn:
            await self._take(lane)
        try:
            yield
        finally:
            async with self._turn:
                await self._give_back(lane)

    @asynccontextmanager
    async def wait(self, lane: str) -> AsyncIterator[None]:
        """Be alone in a lane, as soon as whoever is in it has left.

        Raises:
            sqlalchemy.exc.OperationalError: the database is away.
        """
        async with AsyncExitStack() as stack:
            while True:
                try:
                    await stack.enter_async_context(self.hold(lane))
                    break
                except LaneTakenError:
                    await asyncio.sleep(_LOOKS_AGAIN)
            yield

    async def _take(self, lane: str) -> None:
        if lane in self._held:
            raise LaneTakenError(lane)
        try:
            if self._connection is None:
                connection = await self.database.engine.connect()
                self._connection = await connection.execution_options(isolation_level="AUTOCOMMIT")
            taken = (await self._connection.execute(_TAKE, {"lane": lane})).scalar_one()
        except BaseException:
            await self._close(broken=True)
            raise
        if not taken:
            await self._close_if_idle()
            raise LaneTakenError(lane)
        self._held.add(lane)

    async def _give_back(self, lane: str) -> None:
        self._held.discard(lane)
        if self._connection is None:
            return
        try:
            await self._connection.execute(_GIVE_BACK, {"lane": lane})
        except SQLAlchemyError as fault:
            log.warning("lanes were given back by a broken connection: %s", type(fault).__name__)
            await self._close(broken=True)
        await self._close_if_idle()

    async def _close_if_idle(self) -> None:
        if not self._held:
            await self._close()

    async def _close(self, *, broken: bool = False) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            if broken:
                await connection.invalidate()
            await connection.close()
