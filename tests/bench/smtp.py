"""SMTP acceptance at ten connections, each yes after a durable commit, against aiosmtpd and no store.

`python -m tests.bench.smtp` prints the row. The client is a process of its own, the same for both.
"""

from __future__ import annotations

import asyncio
import base64
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from bot.smtp import smtp_door
from handlers.intake.receive import Reception
from storage.database import Database
from storage.embedded import embedded
from tests.bench.rows import Row

CONNECTIONS = 10
MAILS = 500
ROUNDS = 5
ADDRESS = "hoering@ternevig.example"
BAR = 0.3
ROOT = Path(__file__).parents[2]


def measure() -> Row:
    """Measure both in turn, several times; takes about half a minute."""
    return asyncio.run(_measure())


async def _measure() -> Row:
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        async with embedded(Path(folder), durable=True) as url:
            database = Database(url)
            await database.migrate()
            await _accept(_into_nothing(), seed=0)
            await _accept(_durable(database), seed=0)
            ours, floor = [], []
            for number in range(1, ROUNDS + 1):
                floor.append(await _accept(_into_nothing(), seed=number))
                ours.append(await _accept(_durable(database), seed=number))
            await database.close()
    what = "SMTP acceptance, 10 connections, yes after a durable commit"
    return Row.of(what, "mails/s", ours=ours, floor=floor, bar=BAR)


async def _accept(door: AbstractAsyncContextManager[int], *, seed: int) -> float:
    """Mails a second that a door took, timed by the client from its first word to the last yes."""
    async with door as port:
        client = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.bench.smtp", str(port), str(seed),
            stdout=asyncio.subprocess.PIPE, cwd=ROOT,
        )  # fmt: skip
        told, _ = await client.communicate()
    if client.returncode:
        raise RuntimeError("the client failed")
    return MAILS / float(told)


class _Nothing:
    async def handle_DATA(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802
        return "250 OK"


@asynccontextmanager
async def _into_nothing() -> AsyncIterator[int]:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(_Nothing(), enable_SMTPUTF8=True, hostname="localhost", loop=loop), "127.0.0.1", 0
    )
    yield server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()


@asynccontextmanager
async def _durable(database: Database) -> AsyncIterator[int]:
    async def addresses() -> Sequence[str]:
        return [ADDRESS]

    reception = Reception(database, on_arrival=lambda: None)
    async with smtp_door(
        reception, addresses=addresses, now=lambda: datetime.now(UTC), host="127.0.0.1", port=0,
        size_limit=50_000_000,
    ) as (_host, port):  # fmt: skip
        yield port


def _mails(seed: int) -> list[bytes]:
    """Mails of 1 to 8 KB, 13 % of them with a file of 150 KB, no two the same."""
    chance = random.Random(seed)  # noqa: S311  the same mails for both doors
    return [_mail(number, chance=chance) for number in range(MAILS)]


def _mail(number: int, *, chance: random.Random) -> bytes:
    head = f"From: party{number}@borger.example\r\nTo: {ADDRESS}\r\nMessage-ID: <{chance.random()}@x.example>"
    words = "Vi ønsker flere bænke, bredere stier og træer langs hele strækningen."
    body = "\r\n".join([words] * chance.randint(15, 120)) + "\r\n"
    file = ""
    if chance.random() < 0.13:
        file = base64.encodebytes(chance.randbytes(110_000)).decode().replace("\n", "\r\n")
    return f"{head}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}{file}.\r\n".encode()


async def _client(port: int, seed: int) -> float:
    mails = _mails(seed)
    talks = [await asyncio.open_connection("127.0.0.1", port) for _ in range(CONNECTIONS)]
    for reader, writer in talks:
        await _told(reader, b"220")
        writer.write(b"HELO client.example\r\n")
        await _told(reader, b"250")
    begun = time.perf_counter()
    await asyncio.gather(*(_deliver(talk, mails[lane::CONNECTIONS]) for lane, talk in enumerate(talks)))
    return time.perf_counter() - begun


async def _deliver(talk: tuple[asyncio.StreamReader, asyncio.StreamWriter], mails: list[bytes]) -> None:
    reader, writer = talk
    for mail in mails:
        for said, answer in (
            (b"MAIL FROM:<party@borger.example>\r\n", b"250"),
            (b"RCPT TO:<" + ADDRESS.encode() + b">\r\n", b"250"),
            (b"DATA\r\n", b"354"),
            (mail, b"250"),
        ):
            writer.write(said)
            await writer.drain()
            await _told(reader, answer)


async def _told(reader: asyncio.StreamReader, answer: bytes) -> None:
    line = await reader.readline()
    if not line.startswith(answer):
        raise RuntimeError(f"{line!r} instead of {answer!r}")


def main() -> None:
    """Print the row; or, with a port and a seed, be the client and print how many seconds it took."""
    if len(sys.argv) > 1:
        print(asyncio.run(_client(int(sys.argv[1]), int(sys.argv[2]))))  # noqa: T201
        return
    print(measure())  # noqa: T201


if __name__ == "__main__":
    main()
