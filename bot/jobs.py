"""Outward jobs: what each does, when it is tried again, and the rescue of those that lost their worker."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import procrastinate
from procrastinate.exceptions import ConnectorException, JobAborted, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from sqlalchemy import make_url
from sqlalchemy.exc import InterfaceError, OperationalError

from bot.mailer import Mailer, send_receipt
from bot.slack.posting import Posting
from handlers import acts
from handlers.clock import Clock
from handlers.compile import compile_notat
from storage.database import Database

log = logging.getLogger(__name__)

_HEARTBEAT, _STALLED = 2.0, 8.0  # seconds
_LONGEST_WAIT = 120


class _Persistent(BaseRetryStrategy):
    """What we owe stays owed: tried again after 1, 2, 4 … seconds, at most two minutes apart, for ever."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:
        if isinstance(exception, (asyncio.CancelledError, JobAborted)):  # we stop; the next to start does it
            return RetryDecision(retry_in={"seconds": 0})
        wait = min(2 ** min(job.attempts, 7), _LONGEST_WAIT)
        log.warning(
            "%s[%s] failed (%s), again in %d s", job.task_name, job.id, type(exception).__name__, wait
        )
        return RetryDecision(retry_in={"seconds": wait})


class _Manager(JobManager):
    """Of jobs that share a queueing lock one at most may wait, so one that comes back may find another."""

    async def retry_job(self, job: Job, *args: Any, **kwargs: Any) -> None:
        """Let it wait again; when another waits that does the same, that one is enough."""
        try:
            await super().retry_job(job, *args, **kwargs)
        except UniqueViolation:
            await self.finish_job(job, status=Status.SUCCEEDED, delete_job=True)


@dataclass(frozen=True, slots=True)
class World:
    """The ways out."""

    database: Database
    posting: Posting
    mailer: Mailer
    now: Clock


def outward(world: World) -> procrastinate.App:
    """The app whose tasks act on the world; `handlers.acts` names them and what they are given."""
    logging.getLogger("procrastinate").setLevel(logging.WARNING)  # below, it quotes what a job failed with
    address = make_url(world.database.url).set(drivername="postgresql")
    app = procrastinate.App(
        connector=procrastinate.PsycopgConnector(conninfo=address.render_as_string(hide_password=False))
    )
    app.job_manager = _Manager(app.connector)

    @app.task(name="post", retry=_Persistent())
    async def post(channel: str) -> None:
        await world.posting.drain(channel)

    @app.task(name="refresh", retry=_Persistent())
    async def refresh(post_id: str) -> None:
        await world.posting.refresh(UUID(post_id))

    @app.task(name="send", retry=_Persistent())
    async def send(receipt_id: str) -> None:
        await send_receipt(UUID(receipt_id), database=world.database, mailer=world.mailer, now=world.now)

    @app.task(name="compile", retry=_Persistent())
    async def compile_wished(hearing_id: str, by: str, key: str) -> None:
        await compile_notat(UUID(hearing_id), by=by, key=key, database=world.database, now=world.now)

    return app


async def work(app: procrastinate.App, *, queue: str, concurrency: int) -> None:
    """Do a queue's jobs until cancelled; one under way may end. A worker that fell is replaced."""
    while True:
        worker = app.run_worker_async(
            queues=[queue], concurrency=concurrency, delete_jobs="successful",
            install_signal_handlers=False, fetch_job_polling_interval=0.5,
            update_heartbeat_interval=_HEARTBEAT, stalled_worker_timeout=_STALLED,
            shutdown_graceful_timeout=2.0,
        )  # fmt: skip
        try:
            await _to_its_end(asyncio.create_task(worker, name=f"worker of {queue}"))
        except (ConnectorException, OSError) as fault:
            log.error("the worker fell: %s", type(fault).__name__)
        await asyncio.sleep(_HEARTBEAT)


async def _to_its_end(worker: asyncio.Task[None]) -> None:
    """Cancelled, however often, it returns only when the worker has: its jobs' states need the database."""
    try:
        await asyncio.shield(worker)
    except asyncio.CancelledError:
        worker.cancel()
        while not worker.done():
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait([worker])
        raise


async def rescue(app: procrastinate.App, database: Database, *, every: float = _HEARTBEAT) -> None:
    """Give jobs whose worker died to another; and see that whatever is owed to Slack has a job."""
    owing_has_jobs = False
    while True:
        try:
            if not owing_has_jobs:
                await _give_jobs(database)
                owing_has_jobs = True
            await _rescue(app)
        except (ConnectorException, OperationalError, InterfaceError, OSError) as fault:
            log.error("stalled jobs wait: %s", type(fault).__name__)
        await asyncio.sleep(every)


async def _give_jobs(database: Database) -> None:
    async with database.begin() as store:
        store.owe([acts.post_in(channel) for channel in await store.posts.owing()])


async def _rescue(app: procrastinate.App) -> None:
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=_STALLED):
        log.warning("%s[%s] lost its worker and is done again", job.task_name, job.id)
        await app.job_manager.retry_job(job)
