"""Keep what comes in before anything else: whoever arrives together shares one durable commit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from sqlalchemy.exc import SQLAlchemyError

from storage.database import Database
from storage.inbox import Arrival


class Reception:
    """The desk behind the doors."""

    def __init__(self, database: Database, *, on_arrival: Callable[[], None], most: int = 100) -> None:
        """`on_arrival` is called after each commit; `most` arrivals at most share one."""
        self._database = database
        self._on_arrival = on_arrival
        self._most = most
        self._waiting: list[tuple[Arrival, asyncio.Future[None]]] = []
        self._keeper: asyncio.Task[None] | None = None

    async def receive(self, arrival: Arrival) -> None:
        """Return when the arrival is durable.

        Who stops waiting, because a client hung up, takes nothing from the others: keeping is nobody's turn.

        Raises:
            sqlalchemy.exc.SQLAlchemyError, OSError: it is not kept; the door must not say yes.
        """
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((arrival, kept))
        if self._keeper is None or self._keeper.done():
            self._keeper = asyncio.create_task(self._keep_all())
        await kept

    async def _keep_all(self) -> None:
        while self._waiting:
            await self._keep_batch()

    async def _keep_batch(self) -> None:
        batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
        outcome: Exception | None = ConnectionAbortedError("stopped before the arrival was kept")
        try:
            async with self._database.begin() as store:
                await store.inbox.keep([arrival for arrival, _ in batch])
            outcome = None
        except (SQLAlchemyError, OSError) as fault:
            outcome = fault
        finally:
            self._tell([kept for _, kept in batch if not kept.done()], outcome)

    def _tell(self, kept: Iterable[asyncio.Future[None]], outcome: Exception | None) -> None:
        for waiting in kept:
            if outcome is None:
                waiting.set_result(None)
            else:
                waiting.set_exception(outcome)
        if outcome is None:
            self._on_arrival()
