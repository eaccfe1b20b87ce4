"""Wiring: opens everything in order, runs it in one task group, closes it in reverse."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import gc
import logging
from collections.abc import AsyncIterator, Callable, Collection, Coroutine
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import procrastinate
from slack_bolt.app.async_app import AsyncApp

from bot import dkim, jobs
from bot.imap.door import imap_door
from bot.mailer import Mailer
from bot.meanwhile import end_with, meanwhile, read_forever, replay_forever, show_days_forever
from bot.outage import Outage, quiet_libraries
from bot.settings import Settings, SlackMode
from bot.slack.api.board import Board
from bot.slack.api.pace import Pace, reading, updating
from bot.slack.app import bolt, client, socket
from bot.slack.door import SlackDoor
from bot.slack.posts.posting import Posting
from bot.slack.sweep import Sweep
from bot.smtp import smtp_door
from bot.web import web_door
from handlers.acts import PICTURES
from handlers.clock import Clock
from handlers.intake.extract import Extractor
from handlers.intake.read import Sight
from handlers.intake.receive import Reception
from handlers.intake.turn_away import turn_away
from handlers.render.template import TemplateError, usable
from storage.database import Database
from storage.embedded import Unusable, embedded, shared
from storage.queue import EVERYTHING

log = logging.getLogger(__name__)

_M_MMAP_THRESHOLD = -3  # mallopt(3); set, it stays, where glibc else lets it grow with what is freed


class Misconfigured(Exception):  # noqa: N818  what it says to the operator
    """A setting is missing; the sentence says which."""


@dataclass(frozen=True, slots=True)
class Running:
    """A service at work, and where its doors are."""

    database: Database
    smtp: tuple[str, int]
    http: tuple[str, int]


def own_template(settings: Settings) -> bytes | None:
    """The municipality's own Word template, looked at before it is needed; None for ours.

    Raises:
        Misconfigured: it cannot be read or used.
    """
    if not settings.notat_template:
        return None
    try:
        template = Path(settings.notat_template).read_bytes()
        usable(template)
    except OSError as problem:
        raise Misconfigured(f"HOERING_NOTAT_TEMPLATE cannot be read: {problem}") from None
    except TemplateError as refused:
        raise Misconfigured(f"HOERING_NOTAT_TEMPLATE {refused}") from None
    return template


def utc_now() -> datetime:
    """The real clock."""
    return datetime.now(UTC)


def settle_memory() -> None:
    """Give large blocks back to the system when they are free, and look for garbage seldom.

    What a batch of mails makes is let go of without looking. Whoever calls this speaks for the whole process.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    with contextlib.suppress(AttributeError, OSError):  # a C library that has no such knob
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, 2**20)


@asynccontextmanager
async def opened(
    settings: Settings, *, on_death: Callable[[Unusable], None] | None = None
) -> AsyncIterator[Database]:
    """The database, brought up to date.

    Only the service owns the embedded one, and is told when it ends before us; commands share it.
    """
    async with AsyncExitStack() as stack:
        url = settings.database_url
        if not url:
            data = settings.data_dir
            place = embedded(data, on_death=on_death) if on_death else shared(data)
            url = await stack.enter_async_context(place)
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
        ExceptionGroup: what was done meanwhile failed, as with Unusable when the embedded database ended.
    """
    _check(settings)
    quiet_libraries()
    outage, deaths = Outage(), asyncio.Queue[Unusable]()
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(opened(settings, on_death=deaths.put_nowait))
        arrived = asyncio.Event()
        reception = Reception(database, on_arrival=arrived.set)
        pace = pace or Pace()
        slack = _slack(settings, database, reception, now=now, pace=pace)
        outward = jobs.outward(_world(settings, database, slack, now=now, pace=pace))
        await stack.enter_async_context(outward.open_async())
        extractor = await stack.enter_async_context(Extractor())
        await stack.enter_async_context(
            meanwhile(
                *_outward(outward, database, outage=outage),
                read_forever(database, arrived, now=now, outage=outage, sight=_sight(settings, extractor)),
                replay_forever(slack.door, slack.app, outage=outage),
                slack.sweep.run(outage=outage),
                slack.door.homes.refresh_forever(outage=outage),
                show_days_forever(database, now=now, outage=outage),
                end_with(deaths),
            )
        )
        doors = await _open_doors(
            settings, slack.app if _is_in_http(settings) else None, database, reception, stack=stack, now=now,
            on_retry=slack.sweep.doubted,
        )  # fmt: skip
        if not _is_in_http(settings):
            await stack.enter_async_context(_socket(slack, settings))
        yield Running(database, *doors)


@dataclass(frozen=True, slots=True)
class _Slack:
    """What takes in what people do in Slack, however it reaches us."""

    door: SlackDoor
    app: AsyncApp
    sweep: Sweep


def _slack(settings: Settings, database: Database, reception: Reception, *, now: Clock, pace: Pace) -> _Slack:
    web = client(settings.slack_api_url, settings.slack_bot_token.get_secret_value())
    door = SlackDoor(database=database, reception=reception, board=Board(web, reading(pace)), now=now)
    sweep = Sweep(door, connected_at=now(), is_told_of_gaps=not _is_in_http(settings))
    door.board.silence.on_long_end = sweep.connected
    return _Slack(door, _slack_app(door, settings), sweep)


def _world(settings: Settings, database: Database, slack: _Slack, *, now: Clock, pace: Pace) -> jobs.World:
    posting = _posting(database, slack.door.board, now, pace)
    return jobs.World(database, posting, mailer(settings), slack.sweep, now, own_template(settings))


def _socket(slack: _Slack, settings: Settings) -> AbstractAsyncContextManager[None]:
    return socket(
        slack.app, app_token=settings.slack_app_token.get_secret_value(), api_url=settings.slack_api_url,
        on_hello=slack.sweep.connected, silence=slack.door.board.silence,
    )  # fmt: skip


def _is_in_http(settings: Settings) -> bool:
    return settings.slack_mode == SlackMode.HTTP


def sweeping(database: Database, settings: Settings) -> Sweep | None:
    """What reads threads in Slack again for a command; None without a bot token."""
    token = settings.slack_bot_token.get_secret_value()
    if not token:
        return None
    board = Board(client(settings.slack_api_url, token), reading(Pace()))
    reception = Reception(database, on_arrival=lambda: None)
    return Sweep(SlackDoor(database=database, reception=reception, board=board, now=utc_now))


def _slack_app(door: SlackDoor, settings: Settings) -> AsyncApp:
    secret = settings.slack_signing_secret.get_secret_value() if _is_in_http(settings) else None
    return bolt(door, signing_secret=secret)


def _outward(
    app: procrastinate.App, database: Database, *, outage: Outage
) -> tuple[Coroutine[Any, Any, None], ...]:
    return (
        jobs.work(app, queue=EVERYTHING, concurrency=40, outage=outage),
        jobs.work(app, queue=PICTURES, concurrency=2, outage=outage),
        jobs.rescue(app, database, outage=outage),
    )


async def _open_doors(
    settings: Settings, slack: AsyncApp | None, database: Database, reception: Reception, *,
    stack: AsyncExitStack, now: Clock, on_retry: Callable[[], None],
) -> tuple[tuple[str, int], tuple[str, int]]:  # fmt: skip
    async def addresses() -> frozenset[str]:
        async with database.begin() as store:
            return frozenset(await store.hearings.addresses())

    async def turned_away(recipients: Collection[str]) -> None:
        async with database.begin() as store:
            await turn_away(recipients, store=store, now=now(), limit=settings.mail_size_limit)

    mailboxes = await stack.enter_async_context(
        imap_door(
            settings.mailboxes, reception=reception, database=database, now=now,
            size_limit=settings.mail_size_limit,
        )
    )  # fmt: skip
    web = web_door(
        database, slack=slack, host=settings.http_host, port=settings.http_port, mailboxes=mailboxes.health,
        on_retry=on_retry,
    )  # fmt: skip
    http = await stack.enter_async_context(web)
    smtp = smtp_door(
        reception, addresses=addresses, now=now, host=settings.smtp_host, port=settings.smtp_port,
        size_limit=settings.mail_size_limit, lmtp=settings.smtp_lmtp, turn_away=turned_away,
    )  # fmt: skip
    return await stack.enter_async_context(smtp), http


def _posting(database: Database, board: Board, now: Clock, pace: Pace) -> Posting:
    return Posting(database, board, now, pace, updating(pace))


def _sight(settings: Settings, extractor: Extractor) -> Sight:
    return Sight(
        extractor, likeness=settings.campaign_likeness, trusted=settings.trusted_servers,
        staff_domains=settings.staff_domains,
        genuine=partial(dkim.checked, keys=dkim.resolver()) if settings.check_dkim else None,
    )  # fmt: skip


def mailer(settings: Settings) -> Mailer:
    """The way out for mail that the settings name."""
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
