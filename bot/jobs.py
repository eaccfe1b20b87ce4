"""Outward jobs: what each does, when it is tried again, and the rescue of those that lost their worker."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

import procrastinate
from procrastinate.exceptions import JobAborted, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from sqlalchemy import make_url

from bot.mailer import Mailer
from bot.outage import Outage
from bot.receipts import send_receipt
from bot.slack.api.calls import RefusedError, UnknownOutcomeError
from bot.slack.api.refusals import barrier
from bot.slack.posts.posting import Posting
from bot.slack.sweep import Sweep
from handlers import acts
from handlers.appendix.compile import compile_appendix
from handlers.appendix.deliver import owe_appendix
from handlers.clock import Clock
from handlers.notat.compile import compile_notat
from handlers.notat.tell import Place, tell_changes, tell_edits
from storage.database import Database
from storage.words import Format, Layout, Stage

log = logging.getLogger(__name__)

_HEARTBEAT, _STALLED = 2.0, 8.0  # seconds
_LONGEST_WAIT = 120
_LONGEST_TRY = (
    5.0  # seconds to reach the database; then somebody asks anew, and finds it soon when it is back
)


class _Persistent(BaseRetryStrategy):
    """What we owe stays owed: tried again after 1, 2, 4 … seconds, at most two minutes apart, for ever."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:
        if isinstance(exception, (asyncio.CancelledError, JobAborted)):  # we stop; the next to start does it
            return RetryDecision(retry_in={"seconds": 0})
        wait = min(2 ** min(job.attempts, 7), _LONGEST_WAIT)
        was_told = isinstance(exception, UnknownOutcomeError) or _keeps_us_out(exception)
        log.log(
            logging.INFO if was_told else logging.WARNING, "%s[%s] failed (%s), again in %d s",
            job.task_name, job.id, type(exception).__name__, wait,
        )  # fmt: skip
        return RetryDecision(retry_in={"seconds": wait})


def _keeps_us_out(exception: BaseException) -> bool:
    """Whether it is of a channel, which is told once; Slack's silence is too."""
    return isinstance(exception, RefusedError) and barrier(exception.reason) is not None


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
    sweep: Sweep
    now: Clock
    template: bytes | None = None
    """The municipality's own for the notat in Word; None for ours."""


def outward(world: World) -> procrastinate.App:
    """The app whose tasks act on the world; `handlers.acts` names them and what they are given."""
    logging.getLogger("procrastinate").setLevel(logging.WARNING)  # below, it quotes what a job failed with
    address = make_url(world.database.url).set(drivername="postgresql")
    app = procrastinate.App(
        connector=procrastinate.PsycopgConnector(
            conninfo=address.render_as_string(hide_password=False),
            timeout=_LONGEST_TRY,
            reconnect_timeout=_LONGEST_TRY,
        )
    )
    app.job_manager = _Manager(app.connector)
    _showing(app, world)
    _making(app, world)
    _comparing(app, world)
    return app


def _showing(app: procrastinate.App, world: World) -> None:
    @app.task(name="post", retry=_Persistent())
    async def post(channel: str) -> None:
        await world.posting.drain(channel)

    @app.task(name="refresh", retry=_Persistent())
    async def refresh(post_id: str) -> None:
        await world.posting.refresh(UUID(post_id))

    @app.task(name="anew", retry=_Persistent())
    async def anew(post_id: str, how: str) -> None:
        await world.posting.anew(UUID(post_id), how=how)

    @app.task(name="knock", retry=_Persistent())
    async def knock(channel: str) -> None:
        await world.posting.knock(channel)

    @app.task(name="link", retry=_Persistent())
    async def link(post_id: str) -> None:
        await world.posting.link(UUID(post_id))

    @app.task(name="send", retry=_Persistent())
    async def send(receipt_id: str) -> None:
        await send_receipt(UUID(receipt_id), database=world.database, mailer=world.mailer, now=world.now)


def _making(app: procrastinate.App, world: World) -> None:
    @app.task(name="compile", retry=_Persistent())
    async def compile_wished(
        hearing_id: str, *, by: str, key: str, order: str = "", stage: str = "", formats: str = ""
    ) -> None:
        unlooked = await world.sweep.before_notat(UUID(hearing_id))
        await compile_notat(
            UUID(hearing_id), by=by, key=key, order=Layout(order) if order else None,
            stage=Stage(stage) if stage else None, formats=[Format(each) for each in formats.split()],
            unlooked=unlooked, template=world.template, database=world.database, now=world.now,
        )  # fmt: skip

    @app.task(name="appendix", retry=_Persistent())
    async def appendix_wished(hearing_id: str, by: str, key: str, public: str = "") -> None:
        async with world.database.begin() as store:
            channel = (await store.hearings.by_id(UUID(hearing_id))).coordination_channel
        channel = channel if public else by  # in the whole of it citizens stand: it is for who asked alone
        await compile_appendix(
            UUID(hearing_id), public=bool(public), by=by, key=key, database=world.database, now=world.now,
            kept=partial(owe_appendix, channel=channel),
        )  # fmt: skip


def _comparing(app: procrastinate.App, world: World) -> None:
    names = world.posting.board.names

    @app.task(name="edits", retry=_Persistent())
    async def edits_wished(kept_id: str, *, channel: str, thread: str, key: str) -> None:
        await tell_edits(
            UUID(kept_id), place=Place(channel, thread), key=key, names=names, database=world.database,
            now=world.now,
        )  # fmt: skip

    @app.task(name="changes", retry=_Persistent())
    async def changes_wished(hearing_id: str, *, since: str, person: str, key: str) -> None:
        await tell_changes(
            UUID(hearing_id), int(since), place=Place(person), key=key, names=names,
            database=world.database, now=world.now,
        )  # fmt: skip


async def work(app: procrastinate.App, *, queue: str, concurrency: int, outage: Outage) -> None:
    """Do a queue's jobs until cancelled. A worker that fell is replaced.

    Jobs under way may end for a while; cancelled again, it breaks them off, and others do them again.
    """
    while True:
        with outage.weathered(f"the worker of {queue} fell"):
            await app.run_worker_async(
                queues=[queue], concurrency=concurrency, delete_jobs="successful",
                install_signal_handlers=False, fetch_job_polling_interval=0.5,
                update_heartbeat_interval=_HEARTBEAT, stalled_worker_timeout=_STALLED,
                shutdown_graceful_timeout=1.5,
            )  # fmt: skip
        await asyncio.sleep(_HEARTBEAT)


async def rescue(
    app: procrastinate.App, database: Database, *, outage: Outage, every: float = _HEARTBEAT
) -> None:
    """Give jobs whose worker died to another; and see that whatever is owed to Slack has a job."""
    owing_has_jobs = False
    while True:
        with outage.weathered("jobs that lost their worker cannot be given to another"):
            if not owing_has_jobs:
                await _give_jobs(database)
                owing_has_jobs = True
            await _rescue(app)
        await asyncio.sleep(every)


async def _give_jobs(database: Database) -> None:
    async with database.begin() as store:
        store.owe([acts.post_in(channel) for channel in await store.posts.owing()])


async def _rescue(app: procrastinate.App) -> None:
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=_STALLED):
        log.warning("%s[%s] lost its worker and is done again", job.task_name, job.id)
        await app.job_manager.retry_job(job)
