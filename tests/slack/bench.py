"""The Slack door against the sandbox, with the jobs done when a test says so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import procrastinate
from slack_bolt.app.async_app import AsyncApp

from bot import jobs
from bot.mailer import Mailer, Security
from bot.sandbox import Config, Message, Mode, Sandbox
from bot.slack.api.board import Board
from bot.slack.api.pace import Pace
from bot.slack.app import bolt, client, socket
from bot.slack.door import SlackDoor
from bot.slack.posts.posting import Posting
from bot.slack.sweep import Sweep
from bot.web import SLACK_PATH, web_door
from handlers.hearing.plan import HearingPlan
from handlers.intake.read import read
from handlers.intake.receive import Reception
from storage.database import Database
from storage.inbox import Arrival
from storage.models import Door, Hearing
from storage.queue import Owed
from tests.world import ADDRESS, CONFIG, Town, mail, open_hearing

ABOUT_BIKES = "Vi ønsker en bedre cykelsti langs hele Skovvej, for den er for smal."
MODE = Mode.SOCKET
"""How Slack reaches the service in this test (see `conftest`)."""
VAGUE = "Vi har nogle tanker om det hele, som vi gerne vil uddybe på et møde."


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Bench(Town):
    """A town whose service does its outward jobs in `settle` only, and at no pace."""

    database: Database
    hearing: Hearing
    door: SlackDoor
    app: AsyncApp
    posting: Posting
    jobs: procrastinate.App
    connected: bool

    async def receive(self, *texts: str, **about: Any) -> None:
        """Mails with these texts came in, each from another, were read, and lie in Slack."""
        for number, text in enumerate(texts, 1):
            await self.keep(_mail(text, number, about))
        await self.settle()

    async def keep_and_read(self, *texts: str, **about: Any) -> None:
        """Mails with these texts came in, each from another, and were read; nothing lies in Slack yet."""
        for number, text in enumerate(texts, 1):
            await self.keep(_mail(text, number, about))
        while await read(self.database, now=now):
            pass

    async def keep(self, raw: bytes) -> None:
        """A mail is kept, and not read yet."""
        await self.door.reception.receive(arrival(raw))

    async def owe(self, act: Owed) -> None:
        async with self.database.begin() as store:
            store.owe([act])

    async def settle(self) -> None:
        """Read what came in, and do what we owe, until nothing is left to do."""
        await self.heard()
        while await read(self.database, now=now):
            pass
        async with self.database.begin() as store:
            owing = await store.posts.owing()
        await self.jobs.run_worker_async(
            install_signal_handlers=False, wait=False, delete_jobs="successful", concurrency=4
        )
        if owing:
            await self.settle()

    async def heard(self) -> None:
        """Wait until what people did in Slack is read."""
        await self.sandbox.until(lambda: not (self.connected and self.sandbox.unacknowledged))
        async with asyncio.timeout(10):
            while await self.unread():  # noqa: ASYNC110  the database tells nobody
                await asyncio.sleep(0.01)

    async def unread(self) -> int:
        """How much that came from Slack is still to be read, or just being read."""
        async with self.database.begin() as store:
            later = now() + timedelta(days=1)
            return len(await store.inbox.left_behind(Door.SLACK, before=later, most=1_000))

    async def one_card(self, text: str = ABOUT_BIKES, *, channel: str = "teknik") -> Message:
        """The card of a submission about bicycles."""
        await self.receive(text)
        card = self.card_now(channel, 1)
        assert card is not None
        return card


def arrival(raw: bytes) -> Arrival:
    """A mail as the SMTP door keeps it."""
    told = {"sender": "x", "recipients": [ADDRESS]}
    return Arrival(Door.SMTP, f"{ADDRESS} {hash(raw)}", raw, now(), told)


def _mail(text: str, number: int, about: Mapping[str, Any]) -> bytes:
    """The first is the club's unless told; what one address sends twice is a later mail."""
    sender = {"sender": f"borger-{number}@borger.example"} if number > 1 else {}
    return mail(text, **{"number": number} | sender | dict(about)).as_bytes()


@dataclass(frozen=True, slots=True)
class Alive:
    """The Slack door at work, with its jobs done when somebody says so."""

    database: Database
    door: SlackDoor
    app: AsyncApp
    posting: Posting
    jobs: procrastinate.App
    sweep: Sweep


@asynccontextmanager
async def bench(
    database_url: str, *, wanted: HearingPlan | None = None, config: Config = CONFIG,
    pace: Pace | None = None, connected: bool = True,
) -> AsyncIterator[Bench]:  # fmt: skip
    """The sandbox, the door and the hearing, ready."""
    async with (
        Sandbox(in_mode(config)).running() as sandbox,
        alive(sandbox, database_url, pace=pace, connected=connected) as it,
    ):
        hearing = await open_hearing(it.database, wanted)
        yield Bench(sandbox, it.database, hearing, it.door, it.app, it.posting, it.jobs, connected)


@asynccontextmanager
async def alive(
    sandbox: Sandbox, database_url: str, *, pace: Pace | None = None, connected: bool = True
) -> AsyncIterator[Alive]:
    """The door in a sandbox, on a database that may know of earlier days."""
    async with _open(database_url) as database:
        board = Board(client(sandbox.api_url, sandbox.bot_token), reads=Pace(burst=100_000))
        reception = Reception(database, on_arrival=lambda: None)
        door = SlackDoor(database=database, reception=reception, board=board, now=now)
        in_http = sandbox.space.config.mode is Mode.HTTP
        app = bolt(door, signing_secret=sandbox.signing_secret if in_http else None)
        posting = Posting(database, board, now, pace or Pace(burst=100_000))
        mailer = Mailer("127.0.0.1", sandbox.mail_port, security=Security.NONE)
        sweep = Sweep(door, connected_at=now())
        board.silence.on_long_end = sweep.connected
        outward = jobs.outward(jobs.World(database, posting, mailer, sweep, now))
        async with outward.open_async(), AsyncExitStack() as stack:
            if connected:
                await stack.enter_async_context(reached(sandbox, app, door=door))
            yield Alive(database, door, app, posting, outward, sweep)


@asynccontextmanager
async def reached(sandbox: Sandbox, app: AsyncApp, *, door: SlackDoor) -> AsyncIterator[None]:
    """Slack reaches the app, in the way that it is set up for; when it is down, later."""
    if sandbox.space.config.mode is Mode.HTTP:
        async with web_door(door.database, slack=app, host="127.0.0.1", port=0) as (host, port):
            sandbox.events_url = f"http://{host}:{port}{SLACK_PATH}"
            yield
        return
    held = socket(app, app_token=sandbox.app_token, api_url=sandbox.api_url, silence=door.board.silence)
    async with held:
        await sandbox.until(lambda: sandbox.connections or sandbox.down)
        yield


@asynccontextmanager
async def _open(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    try:
        yield database
    finally:
        await database.close()


def in_mode(config: Config) -> Config:
    """The workspace, which reaches the service as this test wants."""
    return replace(config, mode=MODE)


HOME = replace(CONFIG, ack_seconds=0.5, channels=tuple(replace(each, bot=True) for each in CONFIG.channels))
"""The workspace in which the bot is a member everywhere from the start."""


def quick(**changes: Any) -> Config:
    """The workspace, with something else about it."""
    return replace(CONFIG, **changes)
