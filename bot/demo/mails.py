"""The mails that the demo sends: as bytes on the wire, the same for the same day."""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

import typst

from bot.demo.written import HERE, table

_FIRST = time(8, 5, tzinfo=ZoneInfo("Europe/Copenhagen"))
_CHARSET = {"cp1252": "windows-1252"}


@dataclass(frozen=True, slots=True)
class Posting:
    """One mail to hand to the SMTP door; `submission` is None when it must not become one.

    `follows` is the submission that it is a later mail to, empty for none.
    """

    raw: bytes
    sender: str
    recipient: str
    label: str
    submission: str | None
    follows: str = ""


def mails(today: date) -> tuple[Posting, ...]:
    """Give the demo's mails in the order they are sent; their Date is the day before `today`.

    A mail that is sent twice stands twice, byte for byte the same.
    """
    recipient = tomllib.loads((HERE / "hearing.toml").read_text(encoding="utf-8"))["addresses"][0]
    entries = table("submissions.toml")["mail"]
    by_key = {entry["key"]: entry for entry in entries}
    return tuple(
        Posting(raw, entry["sender"], recipient, entry["label"], entry["key"] or None, follows)
        for entry in entries
        for follows in [entry.get("follows", "")]
        for before in [by_key[follows] if follows else None]
        for raw in [_raw(entry, before, recipient=recipient, today=today)] * entry.get("copies", 1)
    )


def _raw(entry: dict[str, Any], before: dict[str, Any] | None, *, recipient: str, today: date) -> bytes:
    """The mail as bytes, in answer to the one `before` it where there is such a one."""
    message = EmailMessage(policy=SMTP)
    _address(message, entry, recipient)
    message["Date"] = format_datetime(_sent(entry, today))
    message["Message-ID"] = _id(entry, today)
    if before is not None:
        message["In-Reply-To"] = message["References"] = _id(before, today)
    _fill(message, entry)
    return message.as_bytes()


def _sent(entry: dict[str, Any], today: date) -> datetime:
    return datetime.combine(today - timedelta(days=1), _FIRST) + timedelta(minutes=entry["after"])


def _id(entry: dict[str, Any], today: date) -> str:
    return f"<{_sent(entry, today):%Y%m%d%H%M}.ballastkajen@{entry['sender'].partition('@')[2]}>"


def _address(message: EmailMessage, entry: dict[str, Any], recipient: str) -> None:
    message["From"] = f'"{entry["sender_name"]}" <{entry["sender"]}>'
    message["To"] = recipient
    message["Subject"] = entry["subject"]
    if entry["form"] == "auto_reply":
        message["Auto-Submitted"] = "auto-replied"
        message["X-Auto-Response-Suppress"] = "All"


def _fill(message: EmailMessage, entry: dict[str, Any]) -> None:
    text, form = entry["text"].strip() + "\n", entry["form"]
    if form == "html":
        message.set_content(_html(text), subtype="html", cte="quoted-printable")
        return
    message.set_content(text, charset=_CHARSET.get(form, "utf-8"), cte="quoted-printable")
    if form == "pdf":
        pdf = _pdf(entry["attachment"])
        message.add_attachment(pdf, maintype="application", subtype="pdf", filename=entry["filename"])
        message.set_boundary("=_ballastkajen_optaelling")


def _html(text: str) -> str:
    paragraphs = "\n".join(
        f"<p>{escape(part)}</p>".replace("\n", "<br>\n") for part in text.strip().split("\n\n")
    )
    return f'<html><body style="font-family: Calibri, sans-serif">\n{paragraphs}\n</body></html>\n'


@cache
def _pdf(name: str) -> bytes:
    made = typst.compile(HERE / "attachments" / name, format="pdf", ignore_system_fonts=True)
    if not isinstance(made, bytes):
        raise TypeError(f"{name} is to be one PDF")
    return made
