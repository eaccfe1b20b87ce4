"""From the SMTP door's yes to the card in Slack (the look-alike on this machine), mail by mail.

`python -m tests.bench.cards` prints the row.
"""

from __future__ import annotations

import asyncio
import re
import smtplib
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from bot.app import Running, service, utc_now
from bot.demo.material import material
from bot.mailer import Security
from bot.sandbox import ChannelSpec, CommandSpec, Config, PersonSpec, Sandbox
from bot.settings import Settings
from bot.slack.app import client
from handlers.hearing.apply import apply
from tests.bench import danish

MAILS, APART = (
    40,
    2.0,
)  # seconds between mails, so that Slack's one message a second is enough for each channel
MEDIAN, P95 = 0.5, 1.0


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds until the first card of each mail stands in its channel, beside one bare post."""

    seconds: tuple[float, ...]
    floor: float

    def __str__(self) -> str:
        ordered = sorted(self.seconds)
        p95 = ordered[int(len(ordered) * 0.95)]
        median = statistics.median(ordered)
        held = "held" if median < MEDIAN and p95 < P95 else "MISSED"
        return (
            f"mail accepted to card in Slack: median {median:.3f} s, p95 {p95:.3f} s, "
            f"one bare post {self.floor:.3f} s, bars {MEDIAN} and {P95} s {held}"
        )


def measure() -> Latency:
    """Send mails one after another and watch the channels; takes about a minute."""
    return asyncio.run(_measure())


async def _measure() -> Latency:
    shown = material(danish.DAY)
    config = Config(
        people=tuple(PersonSpec(id=p.id, name=p.handle, real_name=p.name) for p in shown.people),
        channels=tuple(ChannelSpec(id=r.id, name=r.name, members=r.members) for r in shown.rooms),
        commands=(CommandSpec(command="/hoering"),),
    )
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        async with Sandbox(config).running() as sandbox:
            settings = Settings(
                data_dir=Path(folder), smtp_port=0, http_port=0, slack_api_url=sandbox.api_url,
                slack_bot_token=SecretStr(sandbox.bot_token), slack_app_token=SecretStr(sandbox.app_token),
                mail_out_port=sandbox.mail_port, mail_out_encryption=Security.NONE,
            )  # fmt: skip
            async with service(settings) as running:
                async with running.database.begin() as store:
                    await apply(danish.plan(), by="bench", store=store, now=utc_now())
                seconds = [await _until_card(mail, running, sandbox) for mail in danish.batch(MAILS, seed=1)]
                return Latency(tuple(seconds), await _bare(sandbox))


async def _until_card(mail: bytes, running: Running, sandbox: Sandbox) -> float:
    before = _numbers(sandbox)
    await asyncio.to_thread(_deliver, mail, running.smtp)
    begun = time.perf_counter()
    await sandbox.until(lambda: _numbers(sandbox) > before, timeout=30)
    spent = time.perf_counter() - begun
    await asyncio.sleep(APART)
    return spent


def _numbers(sandbox: Sandbox) -> set[str]:
    """The submissions that some card or question speaks of."""
    texts = (m.text for room in material(danish.DAY).rooms for m in sandbox.channel(room.id).messages)
    return {found for text in texts for found in re.findall(r"nr\. (\d+)", text)}


def _deliver(mail: bytes, door: tuple[str, int]) -> None:
    with smtplib.SMTP(*door) as talk:
        talk.sendmail("part@borger.example", list(danish.plan().addresses[:1]), mail)


async def _bare(sandbox: Sandbox) -> float:
    """Seconds for one message posted straight to the look-alike over HTTP."""
    begun = time.perf_counter()
    room = material(danish.DAY).rooms[0].id
    await client(sandbox.api_url, sandbox.bot_token).chat_postMessage(channel=room, text="x")
    return time.perf_counter() - begun


if __name__ == "__main__":
    print(measure())  # noqa: T201  the row is what the command is for
