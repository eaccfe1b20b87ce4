"""The SMTP door killed with -9 between the commit and the yes: nothing lost, nothing twice."""

from __future__ import annotations

import asyncio
import signal
import smtplib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.doors.house import House

ROOT = Path(__file__).parents[2]
RAW = b"From: ane@borger.example\r\n\r\nDer mangler en b\xc3\xa6nk.\r\n"

# A door of its own process. It dies the moment the commit is through, when nobody has been told yet.
DOOR = """
import asyncio, os, signal, sys
from datetime import UTC, datetime
from bot.smtp import smtp_door
from handlers.intake.receive import Reception
from storage.database import Database

async def main(url, dies):
    database = Database(url)
    async def addresses():
        async with database.begin() as store:
            return await store.hearings.addresses()
    reception = Reception(database, on_arrival=lambda: dies and os.kill(os.getpid(), signal.SIGKILL))
    door = smtp_door(reception, addresses=addresses, now=lambda: datetime.now(UTC),
                     host="127.0.0.1", port=0, size_limit=2**20)
    async with door as (host, port):
        print(port, flush=True)
        await asyncio.Event().wait()

asyncio.run(main(sys.argv[1], sys.argv[2] == "dies"))
"""


@contextmanager
def _door(url: str, fate: str) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    command = [sys.executable, "-c", DOOR, url, fate]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:  # noqa: S603
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline()), process
        finally:
            process.kill()


def _send(port: int) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as client:
        client.sendmail("ane@borger.example", ["hoering@ternevig.example"], RAW)


async def test_killed_after_keeping_it_never_said_yes_and_the_mail_sent_again_is_one_item(
    house: House, database_url: str
) -> None:
    with _door(database_url, "dies") as (port, process):
        with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionResetError)):
            await asyncio.to_thread(_send, port)
        assert await asyncio.to_thread(process.wait, 30) == -signal.SIGKILL
    assert [item.raw for item in await house.kept()] == [RAW]
    with _door(database_url, "lives") as (port, _process):
        await asyncio.to_thread(_send, port)
    assert [item.raw for item in await house.kept()] == [RAW]
