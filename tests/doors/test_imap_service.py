"""The IMAP door in the service: from the mailbox to the card; and killed with -9 before the mail is moved."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp

from bot.app import service
from bot.sandbox import Sandbox
from storage.models import MAIL
from tests.doors.house import NOW, House
from tests.doors.mailservers import PASSWORD, Person, eventually, mail, pymap
from tests.world import ADDRESS, CONFIG, TEKNIK, Town, open_hearing, settings, shown
from tests.world import mail as written

ROOT = Path(__file__).parents[2]
TEXT = "Vi ønsker en bedre cykelsti langs hele Skovvej, for den er for smal."

# A door of its own process. It dies the moment the commit is through, when nothing has been moved.
DOOR = """
import asyncio, os, signal, sys
from datetime import UTC, datetime
from bot.imap.door import imap_door
from bot.imap.settings import Mailbox
from handlers.intake.receive import Reception
from storage.database import Database

async def main(url, told):
    database = Database(url)
    reception = Reception(database, on_arrival=lambda: os.kill(os.getpid(), signal.SIGKILL))
    async with imap_door([Mailbox.model_validate_json(told)], reception=reception, database=database,
                         now=lambda: datetime.now(UTC), size_limit=2**20):
        await asyncio.Event().wait()

asyncio.run(main(*sys.argv[1:]))
"""


async def test_a_mail_in_the_mailbox_becomes_a_card_and_lies_among_the_read_ones(database_url: str) -> None:
    raw = written(TEXT).as_bytes().replace(b"\n", b"\r\n")
    async with pymap(ADDRESS) as port, Sandbox(CONFIG).running() as sandbox:
        person = Person(port, ADDRESS)
        mailboxes = [person.told(name="god", address=ADDRESS), person.told(name="ond", password="forkert")]
        told = settings(sandbox, database_url=database_url, mailboxes=mailboxes)
        async with service(told) as running:
            await sandbox.until(lambda: sandbox.connections)
            await open_hearing(running.database)
            await person.gets(raw)
            assert TEXT in shown(await Town(sandbox).card(TEKNIK, 1))
            await eventually(lambda: person.sees("Behandlet"), [raw])
            health = await _health(running.http)
    assert health["god"] == "connected"
    assert health["ond"].startswith("not connected since ")


async def _health(door: tuple[str, int]) -> dict[str, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://{door[0]}:{door[1]}/health") as answer,
    ):
        assert answer.status == 200
        told: dict[str, dict[str, str]] = await answer.json()
        return told["mailboxes"]


@contextmanager
def _door(url: str, person: Person) -> Iterator[subprocess.Popen[bytes]]:
    told = {"host": "127.0.0.1", "port": person.port, "user": person.user, "password": PASSWORD,
            "security": "none"}  # fmt: skip
    command = [sys.executable, "-c", DOOR, url, json.dumps(told)]
    with subprocess.Popen(command, cwd=ROOT) as process:  # noqa: S603
        try:
            yield process
        finally:
            process.kill()


async def test_killed_between_commit_and_move_it_doubles_nothing_and_moves_at_the_next_start(
    house: House, database_url: str
) -> None:
    async with pymap("hoering@ternevig.example") as port:
        person = Person(port, "hoering@ternevig.example")
        await person.gets(mail(1), mail(2))
        with _door(database_url, person) as process:
            assert await asyncio.to_thread(process.wait, 30) == -signal.SIGKILL
        assert await person.sees("INBOX") == [mail(1), mail(2)]
        async with house.database.begin() as store:
            for item, _raw in await store.inbox.unread(MAIL, most=10):
                item.read_at = NOW
        with _door(database_url, person) as process:  # nothing new is kept, so it lives
            await eventually(lambda: person.sees("Behandlet"), [mail(1), mail(2)])
            assert process.poll() is None
    assert [item.raw for item in await house.kept()] == [mail(1), mail(2)]
