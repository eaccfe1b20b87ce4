"""The citizen's corner: mails a submission to the hearing, and keeps the mails that come back."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, localtime, make_msgid
from typing import TYPE_CHECKING

import aiosmtplib
from aiosmtpd.smtp import SMTP, Envelope, Session

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

MOST_BYTES = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that reached the sandbox: the envelope, the raw bytes, and the parsed message."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    message: EmailMessage

    @property
    def subject(self) -> str:
        """Give the subject, decoded."""
        return str(self.message.get("Subject", ""))

    @property
    def text(self) -> str:
        """Give the plain text, or an empty string."""
        body = self.message.get_body(("plain",))
        return str(body.get_content()) if body else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What a citizen fills in; `files` are names and bytes."""

    name: str
    address: str
    subject: str
    text: str
    to: str
    files: tuple[tuple[str, bytes], ...] = ()


@dataclass
class Mailbox:
    """All mails that came to anybody, oldest first. A small SMTP server that refuses nothing.

    It has no slots, since aiosmtpd inspects its handler and Python 3.11.2 trips over theirs.
    """

    space: Workspace
    mails: list[Mail] = field(default_factory=list)
    _server: asyncio.Server | None = None

    async def open(self, host: str, port: int) -> int:
        """Begin to listen and give the port."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._session, host, port)
        return int(self._server.sockets[0].getsockname()[1])

    def _session(self) -> SMTP:
        return SMTP(self, data_size_limit=MOST_BYTES, enable_SMTPUTF8=True, ident="sandbox")

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep a mail."""
        raw = envelope.content if isinstance(envelope.content, bytes) else b""
        message = message_from_bytes(raw, _class=EmailMessage, policy=policy.default)
        self.mails.append(Mail(envelope.mail_from or "", tuple(envelope.rcpt_tos), raw, message))
        self.space.changes.tell()
        return "250 OK"

    def to(self, address: str) -> list[Mail]:
        """Give the mails to one address."""
        wanted = address.lower()
        return [each for each in self.mails if wanted in (to.lower() for to in each.recipients)]

    async def close(self) -> None:
        """Stop listening."""
        if self._server:
            self._server.close()


async def send(submission: Submission, *, host: str, port: int) -> None:
    """Mail a submission as a citizen's own mail program would. Raises `OSError` or `SMTPException`."""
    message = EmailMessage()
    message["From"] = formataddr((submission.name, submission.address))
    message["To"] = submission.to
    message["Subject"] = submission.subject
    message["Date"] = format_datetime(localtime())
    message["Message-ID"] = make_msgid(domain="sandbox.invalid")
    message.set_content(submission.text)
    for name, content in submission.files:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    await aiosmtplib.send(message, hostname=host, port=port, use_tls=False, start_tls=False, timeout=20)
