"""The outward queue: jobs that are written in the same transaction as the fact that calls for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import procrastinate
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job
from procrastinate.manager import JobManager
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

# Never opened: every job is written on the connection of the transaction it belongs to.
_jobs = JobManager(procrastinate.PsycopgConnector())

_STAYS_WAITING = text(
    "SELECT queueing_lock FROM procrastinate_jobs"
    " WHERE queueing_lock = ANY(:once) AND status = 'todo' ORDER BY queueing_lock FOR SHARE"
)


EVERYTHING = "default"


@dataclass(frozen=True, slots=True)
class Owed:
    """An act we owe the world.

    Each `queue` has workers of its own. Jobs of one `lane` run one at a time. Of jobs that share `once`,
    one at most waits: it does all that is left when it runs, so a second would find nothing.
    """

    task: str
    lane: str | None = None
    once: str | None = None
    args: tuple[tuple[str, str], ...] = ()
    priority: int = 0
    queue: str = EVERYTHING

    def job(self) -> Job:
        return Job(
            id=None, queue=self.queue, lock=self.lane, queueing_lock=self.once,
            task_name=self.task, task_kwargs=dict(self.args), priority=self.priority,
        )  # fmt: skip


async def enqueue(owed: Iterable[Owed], *, session: AsyncSession) -> None:
    """Write the jobs on the session's connection: a rollback leaves none of them."""
    wanted = sorted(set(owed), key=lambda act: (act.once or "", act.task, act.args))
    raw: Any = (await (await session.connection()).get_raw_connection()).driver_connection
    plain = [act.job() for act in wanted if act.once is None]
    if plain:
        await _jobs.batch_defer_jobs_async(jobs=plain, connection=raw)
    held = await _held({act.once for act in wanted if act.once is not None}, session=session)
    for act in wanted:
        if act.once is not None and act.once not in held:
            await _enqueue_once(act, once=act.once, session=session, raw=raw)


async def _held(once: set[str], *, session: AsyncSession) -> set[str]:
    """Those for which a job waits already, held so that it waits until we commit.

    Without the hold, that job could start and look before our facts are there to be seen.
    """
    return set((await session.execute(_STAYS_WAITING, {"once": sorted(once)})).scalars()) if once else set()


async def _enqueue_once(act: Owed, *, once: str, session: AsyncSession, raw: Any) -> None:
    """Write a new job, or join one that somebody else has written meanwhile."""
    while True:
        try:
            async with session.begin_nested():
                await session.connection()  # the savepoint is set when the session is used, and not before
                await _jobs.defer_job_async(job=act.job(), connection=raw)
        except AlreadyEnqueued:
            if await _held({once}, session=session):
                return
        else:
            return
