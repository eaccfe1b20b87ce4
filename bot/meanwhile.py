"""What goes on for ever beside the doors: reading what they kept; and how all of it ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Coroutine
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

from slack_bolt.app.async_app import AsyncApp

from bot.outage import Outage
from bot.slack.door import SlackDoor
from handlers.clock import Clock
from handlers.days import day
from handlers.intake.read import Sight, read
from handlers.talk.show import show_days
from storage.database import Database
from storage.embedded import Unusable

_LOOKS_EVERY = 1.0  # seconds until the inbox is looked at without a call, for what other processes kept
_REPLAYS_EVERY = 2.0
_NOTICES_A_DAY_WITHIN = 60.0
_ENDS_WITHIN = 2.5  # seconds; workers give their jobs 1.5
_ENDS_AGAIN_WITHIN = 0.2


@asynccontextmanager
async def meanwhile(*endless: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run these while the body runs; when one of them fails, the body ends with its fault."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(each) for each in endless]
        try:
            yield
        finally:
            await _end(tasks)


async def _end(tasks: Collection[asyncio.Task[None]]) -> None:
    """Cancel them, and again what then still waits for a database that does not answer."""
    within = _ENDS_WITHIN
    while tasks:
        for task in tasks:
            if within == _ENDS_AGAIN_WITHIN or not task.cancelling():
                task.cancel()
        _, tasks = await asyncio.wait(tasks, timeout=within)
        within = _ENDS_AGAIN_WITHIN


async def end_with(deaths: asyncio.Queue[Unusable]) -> None:
    """Fail when the embedded database did."""
    raise await deaths.get()


async def read_forever(
    database: Database, arrived: asyncio.Event, *, now: Clock, outage: Outage, sight: Sight
) -> None:
    """Read the inbox whenever something arrived, and now and then without a call."""
    while True:
        arrived.clear()
        with outage.weathered("the inbox cannot be read"):
            while await read(database, now=now, sight=sight):
                pass
            outage.over()
        try:
            async with asyncio.timeout(_LOOKS_EVERY):
                await arrived.wait()
        except TimeoutError:
            continue


async def show_days_forever(database: Database, *, now: Clock, outage: Outage) -> None:
    """See that cards say how many days are left: when we start, and after each midnight in Copenhagen."""
    shown: date | None = None
    while True:
        today = day(now())
        if today != shown:
            with outage.weathered("cards cannot be told the day"):
                async with database.begin() as store:
                    await show_days(store=store, now=now())
                shown = today
        await asyncio.sleep(_NOTICES_A_DAY_WITHIN)


async def replay_forever(door: SlackDoor, app: AsyncApp, *, outage: Outage) -> None:
    """Look for payloads that were kept and left behind, again and again."""
    while True:
        with outage.weathered("payloads left behind cannot be read"):
            await door.replay(app)
        await asyncio.sleep(_REPLAYS_EVERY)
