"""Wiring: opens everything in order, runs it in one task group, closes it in reverse."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from sqlalchemy.exc import InterfaceError, OperationalError

from bot import jobs
from bot.mailer import Mailer
from bot.settings import Settings, SlackMode
from bot.slack.app import bolt, client, socket
from bot.slack.board import Board
from bot.slack.door import SlackDoor
from bot.slack.pace import Pace, updating
from bot.slack.posting import Posting
from bot.smtp import smtp_door
from bot.web import web_door
from handlers.acts import PICTURES
from handlers.clock import Clock
from handlers.read import read
from handlers.receive import Reception
from storage.database import Database
from storage.embedded import embedded, shared
from storage.queue import EVERYTHING

log = logging.getLogger(__name__)

_LOOKS_EVERY = 1.0  # seconds until the inbox is looked at without a call, for what other processes kept
_REPLAYS_EVERY = 2.0


class Misconfigured(Exception):  # noqa: N818  what it says to the operator
    """A setting is missing; the sentence says which."""


@dataclass(frozen=True, slots=True)
class Running:
    """A service at work, and where its doors are."""

    database: Database
    smtp: tuple[str, int]
    http: tuple[str, int]


def utc_now() -> datetime:
    """The real clock."""
    return datetime.now(UTC)


@asynccontextmanager
async def opened(settings: Settings, *, serving: bool = False) -> AsyncIterator[Database]:
    """The database, brought up to date. Only the service owns the embedded one; commands share it."""
    async with AsyncExitStack() as stack:
        url = settings.database_url
        if not url:
            place = embedded if serving else shared
            url = await stack.enter_async_context(place(settings.data_dir))
        database = Database(url)
        stack.push_async_callback(database.close)
        await database.migrate()
        yield database


@asynccontextmanager
async def service(
    settings: Settings, *, now: Clock = utc_now, pace: Pace | None = None
) -> AsyncIterator[Running]:
    """The whole service, until the body ends; `pace` is Slack's unless another is given.

    Raises:
        Misconfigured: a token is missing.
        storage.embedded.Unsafe, storage.embedded.Unusable: the embedded database cannot be had.
    """
    _check(settings)
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(opened(settings, serving=True))
        arrived = asyncio.Event()
        reception = Reception(database, on_arrival=arrived.set)
        board = Board(client(settings.slack_api_url, settings.slack_bot_token.get_secret_value()))
        door = SlackDoor(database=database, reception=reception, board=board, now=now)
        in_http = settings.slack_mode == SlackMode.HTTP
        app = bolt(door, signing_secret=settings.slack_signing_secret.get_secret_value() if in_http else None)
        outward = jobs.outward(
            jobs.World(database, _posting(database, board, now, pace or Pace()), _mailer(settings), now)
        )
        await stack.enter_async_context(outward.open_async())
        await stack.enter_async_context(
            _meanwhile(
                jobs.work(outward, queue=EVERYTHING, concurrency=40),
                jobs.work(outward, queue=PICTURES, concurrency=2),
                jobs.rescue(outward, database),
                _read_forever(database, arrived, now=now),
                _replay_forever(door, app),
            )
        )
        doors = await _open_doors(
            settings, app if in_http else None, database, reception, stack=stack, now=now
        )
        if not in_http:
            token = settings.slack_app_token.get_secret_value()
            await stack.enter_async_context(socket(app, app_token=token, api_url=settings.slack_api_url))
        yield Running(database, *doors)


async def _open_doors(
    settings: Settings, slack: AsyncApp | None, database: Database, reception: Reception, *,
    stack: AsyncExitStack, now: Clock,
) -> tuple[tuple[str, int], tuple[str, int]]:  # fmt: skip
    async def addresses() -> frozenset[str]:
        async with database.begin() as store:
            return frozenset(await store.hearings.addresses())

    web = web_door(database, slack=slack, host=settings.http_host, port=settings.http_port)
    http = await stack.enter_async_context(web)
    smtp = smtp_door(
        reception, addresses=addresses, now=now, host=settings.smtp_host, port=settings.smtp_port,
        size_limit=settings.smtp_size_limit, lmtp=settings.smtp_lmtp,
    )  # fmt: skip
    return await stack.enter_async_context(smtp), http


@asynccontextmanager
async def _meanwhile(*endless: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run these while the body runs; when one of them fails, the body ends with its fault."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(each) for each in endless]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()


async def _read_forever(database: Database, arrived: asyncio.Event, *, now: Clock) -> None:
    """Read the inbox whenever something arrived, and now and then without a call."""
    while True:
        arrived.clear()
        try:
            while await read(database, now=now):
                pass
        except (OperationalError, InterfaceError, OSError) as fault:
            log.error("the inbox waits: %s", type(fault).__name__)
        try:
            async with asyncio.timeout(_LOOKS_EVERY):
                await arrived.wait()
        except TimeoutError:
            continue


async def _replay_forever(door: SlackDoor, app: AsyncApp) -> None:
    """Look for payloads that were kept and left behind, again and again."""
    while True:
        try:
            await door.replay(app)
        except (OperationalError, InterfaceError, OSError) as fault:
            log.error("payloads left behind wait: %s", type(fault).__name__)
        await asyncio.sleep(_REPLAYS_EVERY)


def _posting(database: Database, board: Board, now: Clock, pace: Pace) -> Posting:
    return Posting(database, board, now, pace, updating(pace))


def _mailer(settings: Settings) -> Mailer:
    return Mailer(
        settings.mail_out_host, settings.mail_out_port, user=settings.mail_out_user,
        password=settings.mail_out_password, security=settings.mail_out_encryption,
        sender=settings.mail_out_from,
    )  # fmt: skip


def _check(settings: Settings) -> None:
    needed = {"SLACK_BOT_TOKEN": settings.slack_bot_token}
    if settings.slack_mode == SlackMode.HTTP:
        needed["SLACK_SIGNING_SECRET"] = settings.slack_signing_secret
    else:
        needed["SLACK_APP_TOKEN"] = settings.slack_app_token
    missing = [f"HOERING_{name}" for name, value in needed.items() if not value.get_secret_value()]
    if missing:
        raise Misconfigured(f"{' and '.join(missing)} must be set: the README says where Slack shows them.")
