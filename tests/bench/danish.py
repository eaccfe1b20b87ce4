"""Danish mails to measure with: the demo's submissions, each made another by its sender and its last line."""

from __future__ import annotations

import random
from datetime import date
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache

from bot.demo.mails import mails
from bot.demo.material import material
from handlers import mail
from handlers.hearing.file import HearingPlan, read

DAY = date(2026, 9, 1)


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
    """`count` mails, 12 % of them HTML only and 13 % with a PDF, no two the same."""
    chance = random.Random(seed)  # noqa: S311  the same mails each time
    texts = [piece.text for piece in material(DAY).pieces]
    return [_mail(number, chance.choice(texts), chance=chance) for number in range(count)]


def _mail(number: int, text: str, *, chance: random.Random) -> bytes:
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
        message.add_attachment(_pdf(), maintype="application", subtype="pdf", filename="bilag.pdf")
    return message.as_bytes()
