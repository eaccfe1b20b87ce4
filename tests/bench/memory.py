"""What the service holds: idle, while a mail of 50 MB is kept and read, and a minute after.

`python -m tests.bench.memory` prints the line. Counted is the service itself; PostgreSQL and the workers that
read files are processes of their own.
"""

from __future__ import annotations

import asyncio
import os
import random
import tempfile
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import aiosmtplib

from handlers.hearing.apply import apply
from storage.database import Database
from storage.embedded import shared
from tests.bench import danish
from tests.serving import serving

_IDLE_BAR, _MAIL_BAR = 250, 250  # MB
_SIZE = 50_000_000  # bytes of the mail
_AFTER = 60.0  # seconds


@dataclass(frozen=True, slots=True)
class Held:
    """Resident MB: when nothing happens, at the most while the mail was taken in, and a minute later."""

    idle: int
    peak: int
    after: int

    def __str__(self) -> str:
        added = self.peak - self.idle
        held = "held" if self.idle < _IDLE_BAR and added < _MAIL_BAR else "MISSED"
        return (
            f"memory of the service: {self.idle} MB idle (bar {_IDLE_BAR}), a mail of 50 MB adds {added} MB "
            f"(bar {_MAIL_BAR}), {self.after} MB a minute later: {held}"
        )


def measure() -> Held:
    """Run a service of its own, and look at it from outside."""
    return asyncio.run(_measure())


async def _measure() -> Held:
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        told = {"DATA_DIR": f"{folder}/data", "MAIL_SIZE_LIMIT": "100000000", "SMTP_PORT": str(_PORT)}
        async with serving(told) as (process, _):
            await _opened(Path(folder) / "data")
            await asyncio.sleep(5)
            idle = _resident(process.pid)
            mail = _mail()
            peak, _sent = await asyncio.gather(_peak(process.pid), _send(mail))
            await asyncio.sleep(_AFTER)
            return Held(idle, peak, _resident(process.pid))


_PORT = 20_000 + os.getpid() % 20_000


async def _opened(data: Path) -> None:
    """Apply the hearing that the mail is for."""
    async with shared(data) as url:
        database = Database(url)
        async with database.begin() as store:
            await apply(danish.plan(), by="bench", store=store, now=danish.now())
        await database.close()


def _mail() -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = "Ane Bro <ane@borger.example>", danish.plan().addresses[0]
    message["Subject"], message["Message-ID"] = "Tegninger", "<store.tegninger@borger.example>"
    message.set_content("Hermed tegningerne.")
    payload = random.Random(1).randbytes(_SIZE * 73 // 100)  # noqa: S311  base64 makes it four thirds as long
    message.add_attachment(payload, maintype="application", subtype="octet-stream", filename="tegninger.bin")
    return message.as_bytes()


async def _send(mail: bytes) -> None:
    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=_PORT, timeout=120) as server:
        await server.sendmail("ane@borger.example", [danish.plan().addresses[0]], mail)


async def _peak(pid: int) -> int:
    """The most that the process holds until half a minute has passed."""
    most = 0
    for _ in range(600):
        most = max(most, _resident(pid))
        await asyncio.sleep(0.05)
    return most


def _resident(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    return next(int(line.split()[1]) // 1000 for line in status.splitlines() if line.startswith("VmRSS"))


if __name__ == "__main__":
    print(measure())  # noqa: T201  the line is what the command is for
