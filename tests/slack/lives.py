"""The service broken off at whatever it is doing, and begun anew on the same database."""

from __future__ import annotations

import asyncio
import gc
import warnings
from collections.abc import AsyncIterator, Coroutine, Generator
from contextlib import asynccontextmanager, suppress
from contextvars import Context, ContextVar, copy_context
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from weakref import WeakSet

import pytest
from sqlalchemy import text

from bot import jobs
from bot.sandbox import Mode, Sandbox
from bot.slack import app, door
from bot.slack.posts import sending
from bot.slack.sweep import Sweep
from handlers.intake.read import read
from storage.database import Database
from storage.models import Door
from tests.slack.bench import Alive, alive, arrival, now

_Tasks = WeakSet[asyncio.Task[Any]]
_OURS: ContextVar[_Tasks] = ContextVar("ours")
_AT_ONCE = text("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'")
_TRIED = text(
    "SELECT count(*) FROM procrastinate_jobs"
    " WHERE status = 'doing' OR (status = 'todo' AND scheduled_at IS NULL)"
)
_LEFT = text("SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')")
_MOST_ROUNDS = 40
GIVES_UP_AFTER = 1.5  # seconds instead of thirty; more than an answer takes on a busy machine


@dataclass(slots=True)
class Lives:
    """A town's service: `begin` it, `kill` it, and let it come to `rest` when all goes well again."""

    sandbox: Sandbox
    database_url: str
    database: Database
    _tasks: _Tasks = field(default_factory=WeakSet)
    _main: asyncio.Task[None] | None = None
    _alive: Alive | None = None

    @property
    def is_alive(self) -> bool:
        return self._main is not None and not self._main.done()

    @property
    def alive(self) -> Alive:
        """What lives now."""
        assert self._alive is not None
        return self._alive

    @property
    def _in_http(self) -> bool:
        return self.sandbox.space.config.mode is Mode.HTTP

    @property
    def _is_reached(self) -> bool:
        return self.is_alive if self._in_http else bool(self.sandbox.connections)

    async def begin(self) -> None:
        """Start, and do what is owed for as long as it lives; Slack may be out of reach."""
        self._tasks, began = WeakSet(), asyncio.get_running_loop().create_future()
        context = copy_context()
        context.run(_OURS.set, self._tasks)
        self._main = asyncio.get_running_loop().create_task(self._live(began), context=context)
        self._alive = await began

    async def _live(self, began: asyncio.Future[Alive]) -> None:
        async with alive(
            self.sandbox, self.database_url, connected=self._in_http or not self.sandbox.down
        ) as it:
            await jobs._rescue(it.jobs)  # noqa: SLF001  as the service does some seconds after it starts
            began.set_result(it)
            await it.jobs.run_worker_async(
                install_signal_handlers=False, delete_jobs="successful", concurrency=4,
                fetch_job_polling_interval=0.05,
            )  # fmt: skip

    async def kill(self) -> None:
        """Break everything off where it is."""
        while living := [each for each in self._tasks if not each.done()]:
            for each in living:
                each.cancel()
            await asyncio.wait(living, timeout=0.2)
        self.sandbox.cut()
        self._main = None
        with warnings.catch_warnings():  # what was broken off while it was opening is never closed
            warnings.simplefilter("ignore", ResourceWarning)
            gc.collect()

    async def rest(self) -> None:
        """All goes well again: until everything is delivered or found, read, and done."""
        self.sandbox.faults.clear()
        self.sandbox.release()
        self.sandbox.come_back()
        if not self._is_reached:  # it would connect by itself, but may wait some seconds
            await self.kill()
            await self.begin()
        told: dict[str, int] = {}
        for _ in range(_MOST_ROUNDS):
            await self.quiet()
            told = await self._look()
            if not told:
                await self.quiet()
                return
        raise AssertionError(f"it does not come to rest: threads go on telling, {told} (the log says what)")

    async def quiet(self) -> None:
        """Until everything is delivered, read and done, whatever may still go wrong meanwhile."""
        async with asyncio.timeout(60):
            await self.sandbox.until(lambda: self._is_reached and not self.sandbox.unacknowledged)
            while await self._busy():  # noqa: ASYNC110  the database tells nobody
                await asyncio.sleep(0.02)

    async def try_all_again(self) -> None:
        """The time has come at which all that failed is tried again, and it is tried."""
        async with self.database.begin() as store:
            await store.session.execute(_AT_ONCE)
        async with asyncio.timeout(60):
            while await self._trying():  # noqa: ASYNC110  the database tells nobody
                await asyncio.sleep(0.02)

    async def _trying(self) -> bool:
        async with self.database.begin() as store:
            return bool((await store.session.execute(_TRIED)).scalar_one())

    async def _busy(self) -> bool:
        it = self.alive
        it.door._waits.clear()  # noqa: SLF001  nobody waits here before trying again
        await it.door.replay(it.app)
        async with self.database.begin() as store:
            await store.session.execute(_AT_ONCE)
            left = (await store.session.execute(_LEFT)).scalar_one()
            unread = await store.inbox.left_behind(Door.SLACK, before=now() + timedelta(1), most=1)
        return bool(unread or left)

    async def _look(self) -> dict[str, int]:
        """Read every thread again; how many things each told that told something."""
        it = self.alive
        sweep = Sweep(it.door, connected_at=now())
        async with self.database.begin() as store:
            threads = [
                thread for hearing in await store.hearings.all()
                for thread in await store.threads.of_hearing(hearing.id)
            ]  # fmt: skip
        told = {thread.ts: await sweep.look(thread) for thread in threads}
        return {ts: many for ts, many in told.items() if many}

    async def take_in(self, *raws: bytes) -> None:
        """Mails come in, and are read."""
        for raw in raws:
            await self.alive.door.reception.receive(arrival(raw))
        while await read(self.database, now=now):
            pass


@asynccontextmanager
async def lives(sandbox: Sandbox, database_url: str) -> AsyncIterator[Lives]:
    """Lives in a sandbox, the first begun."""
    loop = asyncio.get_running_loop()
    before = loop.get_task_factory()
    loop.set_task_factory(_make)
    it = Lives(sandbox, database_url, Database(database_url))
    try:
        await it.begin()
        yield it
    finally:
        await it.kill()
        await it.database.close()
        loop.set_task_factory(before)


def hurried(patch: pytest.MonkeyPatch) -> None:
    """Let nobody wait for what takes Slack or another process seconds, since here it takes none."""
    patch.setattr(door, "_LEFT_BEHIND", timedelta(0))
    patch.setattr(sending, "_LOOKS_AGAIN", 0.01)
    patch.setattr(jobs, "_STALLED", 0.0)
    patch.setattr(app, "_GIVES_UP_AFTER", GIVES_UP_AFTER)


def _make(
    loop: asyncio.AbstractEventLoop,
    coro: Coroutine[Any, Any, Any] | Generator[Any, None, Any],
    *,
    context: Context | None = None,
    **more: Any,
) -> asyncio.Task[Any]:
    """A task that can be found again, when it is of some life: what the sandbox does is of none."""
    task = asyncio.Task(coro, loop=loop, context=context, **more)
    with suppress(LookupError):
        (context[_OURS] if context is not None else _OURS.get()).add(task)
    return task
