"""Raw mail to durable, parsed, routed submissions, against a parse and one durable commit a mail.

`python -m tests.bench.reading` prints the row.
"""

from __future__ import annotations

import asyncio
import email
import hashlib
import tempfile
import time
from datetime import UTC, datetime
from email import policy
from pathlib import Path

from sqlalchemy import text

from bot.app import settle_memory
from handlers.hearing.apply import apply
from handlers.intake.extract import Extractor
from handlers.intake.read import Sight, read
from storage.database import Database
from storage.embedded import embedded
from storage.inbox import Arrival
from storage.models import Door
from tests.bench import danish
from tests.bench.rows import Row

MAILS, BATCH, ROUNDS, BAR = 500, 50, 5, 0.35


def measure() -> Row:
    """Measure both in turn, several times, in a process that is set up as the service is."""
    settle_memory()
    return asyncio.run(_measure())


async def _measure() -> Row:
    ours, floor = [], []
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        async with embedded(Path(folder), durable=True) as url, Extractor() as extractor:
            sight = Sight(extractor)
            database = Database(url)
            await database.migrate()
            async with database.begin() as store:
                await apply(danish.plan(), by="bench", store=store, now=_now())
            for number in range(ROUNDS + 1):
                mails = danish.batch(MAILS, seed=number)
                round_floor = await _floor(mails, database)
                round_ours = await _ours(mails, database, sight=sight)
                if number:
                    floor.append(round_floor)
                    ours.append(round_ours)
            await database.close()
    return Row.of(
        "raw mail to durable, parsed, routed submission", "mails/s", ours=ours, floor=floor, bar=BAR
    )


def _now() -> datetime:
    return datetime.now(UTC)


async def _floor(mails: list[bytes], database: Database) -> float:
    """Parse with the standard library and commit each mail's raw bytes by itself."""
    kept = text("INSERT INTO floor VALUES (:key, :raw, :subject)")
    async with database.engine.begin() as connection:
        await connection.execute(text("CREATE TABLE IF NOT EXISTS floor (key text, raw bytea, subject text)"))
    begun = time.perf_counter()
    async with database.engine.connect() as connection:
        for raw in mails:
            message = email.message_from_bytes(raw, policy=policy.compat32)
            for part in message.walk():
                part.get_payload(decode=True)
            key = hashlib.sha256(raw).hexdigest()
            await connection.execute(kept, {"key": key, "raw": raw, "subject": str(message["Subject"])})
            await connection.commit()
    return len(mails) / (time.perf_counter() - begun)


async def _ours(mails: list[bytes], database: Database, *, sight: Sight) -> float:
    """Keep in the inbox, then read: numbered, routed by text and files, with cards and receipts owed."""
    envelope = {"sender": "part@borger.example", "recipients": list(danish.plan().addresses[:1])}
    begun = time.perf_counter()
    for start in range(0, len(mails), BATCH):
        async with database.begin() as store:
            await store.inbox.keep(
                [
                    Arrival(Door.SMTP, hashlib.sha256(raw).hexdigest(), raw, _now(), envelope)
                    for raw in mails[start : start + BATCH]
                ]
            )
    done = 0
    while (count := await read(database, now=_now, sight=sight)) > 0:
        done += count
    spent = time.perf_counter() - begun
    if done != len(mails):
        raise RuntimeError(f"{done} of {len(mails)} mails were read")
    return len(mails) / spent


if __name__ == "__main__":
    print(measure())  # noqa: T201  the row is what the command is for
