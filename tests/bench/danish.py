"""Danish mails to measure with: sentences of the demo's submissions, put together anew for each sender."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache

from bot.demo.mails import mails
from bot.demo.material import material
from handlers import mail
from handlers.hearing.file import HearingPlan, read

DAY = datetime.now(UTC).date()  # so that none of them is late


def now() -> datetime:
    """The moment that mails are received at."""
    return datetime.now(UTC)


@cache
def plan() -> HearingPlan:
    """The demo's hearing."""
    found = read(material(DAY).hearing, file="hearing.toml")
    if not isinstance(found, HearingPlan):
        raise TypeError(found)
    return found


@cache
def _pdf() -> bytes:
    files = (file for posting in mails(DAY) for file in mail.read(posting.raw).files)
    return next(file.payload for file in files if file.content_type == "application/pdf")


def batch(count: int, *, seed: int) -> list[bytes]:
    """`count` mails, 12 % of them HTML only and 13 % with a PDF, no two the same or by the same sender."""
    chance = random.Random(seed)  # noqa: S311  the same mails each time
    return [_mail(f"{seed}.{number}", _text(chance), chance=chance) for number in range(count)]


def texts(count: int, *, seed: int) -> list[str]:
    """As many texts as different parties might send, no two alike."""
    chance = random.Random(seed)  # noqa: S311  the same texts each time
    return [_text(chance) for _ in range(count)]


@cache
def _spoken() -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Every sentence that the demo's parties wrote, and how many each of them did."""
    told = [re.split(r"(?<=[.!?])\s+", piece.text) for piece in material(DAY).pieces]
    return tuple(each for one in told for each in one), tuple(len(one) for one in told)


def _text(chance: random.Random) -> str:
    """As long as one of them, and like none: what is nearly the same is a campaign."""
    sentences, lengths = _spoken()
    return " ".join(chance.sample(sentences, min(chance.choice(lengths), len(sentences))))


def _mail(number: str, text: str, *, chance: random.Random) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"] = f"Part {number} <part{number}@borger.example>"
    message["To"] = plan().addresses[0]
    message["Subject"] = f"Høringssvar {number}"
    message["Message-ID"] = f"<{chance.randbytes(12).hex()}@borger.example>"
    words = f"{text}\n\nMed venlig hilsen\nPart {number}\n"
    if chance.random() < 0.12:
        message.set_content(f"<p>{words.replace(chr(10) * 2, '</p><p>')}</p>", subtype="html")
    else:
        message.set_content(words)
    if chance.random() < 0.13:
        own = _pdf() + f"% {number}\n".encode()  # nobody sends what another has sent
        message.add_attachment(own, maintype="application", subtype="pdf", filename="bilag.pdf")
    return message.as_bytes()
