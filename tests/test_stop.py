"""An orderly stop says nothing of what it breaks off, and the next start does it."""

from __future__ import annotations

import asyncio
import logging

import pytest
from sqlalchemy import text

from bot.app import service
from bot.sandbox import Fault, Sandbox
from storage.database import Database
from tests.world import CONFIG, TEKNIK, Town, World, mail, open_hearing, settings

TEXT = "Vi ønsker en bedre cykelsti langs hele Skovvej, for den er for smal."


async def _under_way(database: Database, task: str) -> None:
    """Wait until a job of this kind is being done."""
    under_way = text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing' AND task_name = :task")
    async with asyncio.timeout(10):
        while True:
            async with database.begin() as store:
                if (await store.session.execute(under_way, {"task": task})).scalar_one():
                    break
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.3)  # until it stands before Slack, which does not answer


@pytest.mark.timeout(60)
async def test_what_a_stop_breaks_off_is_done_quietly_by_the_next_to_start(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    async with Sandbox(CONFIG).running() as sandbox:
        told = settings(sandbox, database_url=database_url)
        sandbox.faults.next("chat.postMessage", Fault.HANG, seconds=20)
        async with service(told) as running:
            hearing = await open_hearing(running.database)
            await World(sandbox, running, hearing).mails(mail(TEXT))
            await _under_way(running.database, "post")
        assert caplog.text == ""
        async with service(told):
            await Town(sandbox).card(TEKNIK, 1)
