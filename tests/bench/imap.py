"""A mailbox in which 1,000 mails wait: kept, read and moved, against a bare fetch and move.

`python -m tests.bench.imap` prints the row. The server is Dovecot where it is installed, else pymap in a
process of its own. Reading is no more than a mark here: what it costs is another row's matter.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from subprocess import PIPE, Popen

from imapclient import IMAPClient  # type: ignore[import-untyped]

from bot.imap.door import imap_door
from handlers.intake.receive import Reception
from storage.database import Database
from storage.embedded import embedded
from storage.models import MAIL
from tests.bench import danish
from tests.bench.rows import Row
from tests.doors.dovecot import dovecot, has_dovecot
from tests.doors.mailservers import Person, eventually, pymap

MAILS = 1000
TOGETHER = 50
ROUNDS = 3
BAR = 0.1
ROOT = Path(__file__).parents[2]


def measure() -> Row:
    """Measure both in turn, several times; takes about half a minute."""
    with dovecot() if has_dovecot() else _pymap() as port:
        ours, floor = asyncio.run(_measure(port))
    what = f"IMAP, {MAILS} mails waiting in {'Dovecot' if has_dovecot() else 'pymap'}: kept, read, moved"
    return Row.of(what, "mails/s", ours=ours, floor=floor, bar=BAR)


async def _measure(port: int) -> tuple[list[float], list[float]]:
    ours: list[float] = []
    floor: list[float] = []
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        async with embedded(Path(folder), durable=True) as url:
            database = Database(url)
            await database.migrate()
            for number in range(ROUNDS):
                bare, door = (Person(port, f"{who}{number}@ternevig.example") for who in ("bare", "door"))
                waiting = danish.batch(MAILS, seed=number)
                await bare.gets(*waiting)
                await door.gets(*waiting)
                floor.append(MAILS / await bare.does(_fetched_and_moved))
                ours.append(MAILS / await _moved(door, database))
            await database.close()
    return ours, floor


def _fetched_and_moved(client: IMAPClient) -> float:
    """Seconds that it takes to have all that is there, store nothing, and move it."""
    client._imap.debug = 0  # noqa: SLF001  as in the door: the floor has the same client
    begun = time.perf_counter()
    client.create_folder("Behandlet")
    client.select_folder("INBOX")
    uids = client.search("ALL")
    for start in range(0, len(uids), TOGETHER):
        client.fetch(uids[start : start + TOGETHER], ["BODY.PEEK[]"])
        client.move(uids[start : start + TOGETHER], "Behandlet")
    return time.perf_counter() - begun


async def _moved(person: Person, database: Database) -> float:
    """Seconds from opening the door until the folder is empty."""
    arrived = asyncio.Event()
    begun = time.perf_counter()
    async with imap_door(
        [person.told(name=person.user)], reception=Reception(database, on_arrival=arrived.set),
        database=database, now=lambda: datetime.now(UTC), size_limit=50_000_000,
    ):  # fmt: skip
        await _read(database, arrived)
        await eventually(lambda: person.counts("INBOX"), 0, seconds=60)
        return time.perf_counter() - begun


async def _read(database: Database, arrived: asyncio.Event) -> None:
    read = 0
    while read < MAILS:
        arrived.clear()
        async with database.begin() as store:
            unread = await store.inbox.unread(MAIL, most=TOGETHER)
            for item, _raw in unread:
                item.read_at = datetime.now(UTC)
        read += len(unread)
        if not unread:
            with suppress(TimeoutError):
                await asyncio.wait_for(arrived.wait(), 1)


@contextmanager
def _pymap() -> Iterator[int]:
    command = [sys.executable, "-m", "tests.bench.imap", "pymap"]
    with Popen(command, stdout=PIPE, text=True, cwd=ROOT) as process:  # noqa: S603
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


async def _serve() -> None:
    users = [f"{who}{number}@ternevig.example" for who in ("bare", "door") for number in range(ROUNDS)]
    async with pymap(*users) as port:
        print(port, flush=True)  # noqa: T201  to the bench
        await asyncio.Event().wait()


def main() -> None:
    """Print the row; or be the server."""
    if len(sys.argv) > 1:
        asyncio.run(_serve())
        return
    print(measure())  # noqa: T201


if __name__ == "__main__":
    main()
