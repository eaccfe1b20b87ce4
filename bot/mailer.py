"""The way out for mail: one SMTP server takes all that we send, or says why not."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import EmailPolicy
from enum import StrEnum
from typing import cast

import aiosmtplib
from pydantic import SecretStr

log = logging.getLogger(__name__)

NO_ADDRESS = "553 5.1.3"
"""The code for what is no address (RFC 3463); ours, where we know it without asking the server."""

_UNSAFE = re.compile(r"[\s<>,;\x00-\x1f\x7f]")
_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b")


class Security(StrEnum):
    """How the connection to the outgoing server is guarded."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


class Unreachable(Exception):  # noqa: N818  the outcome's name
    """It may work later: no connection, no answer in time, a 4xx, or a fault between the server and us."""


class Rejected(Exception):  # noqa: N818  the outcome's name
    """The server will never take this mail; `reason` is its code (`550 5.1.1`) and never an address."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Mailer:
    """The outgoing server. `sender` is the address our mail is from; empty for each hearing's own.

    `timeout` is seconds for each word with the server.
    """

    host: str
    port: int
    user: str = ""
    password: SecretStr | None = None
    security: Security = Security.STARTTLS
    sender: str = ""
    timeout: float = 30.0

    async def send(self, message: EmailMessage, *, to: str) -> None:
        """Hand over a mail with the null sender, so that nobody answers a machine (RFC 3834 §3.3).

        Raises:
            Unreachable: the server has not taken it, or may have without our hearing so.
            Rejected: it never will, because of `to` or of what the mail says.
        """
        if not to or _UNSAFE.search(to):
            raise Rejected(NO_ADDRESS)
        utf8 = not to.isascii()
        raw = message.as_bytes(policy=cast(EmailPolicy, message.policy).clone(utf8=utf8))
        try:
            async with self._connection() as server:
                await server.sendmail("", [to], raw, mail_options=["SMTPUTF8"] if utf8 else [])
        except aiosmtplib.SMTPRecipientsRefused as refused:
            raise _outcome(refused.recipients[0]) from None
        except (aiosmtplib.SMTPRecipientRefused, aiosmtplib.SMTPDataError) as refused:
            raise _outcome(refused) from None
        except aiosmtplib.SMTPNotSupported as fault:
            raise Rejected("553 5.6.7") if utf8 else Unreachable(_code(fault)) from None
        except (aiosmtplib.SMTPException, OSError) as fault:
            # Its text may hold an address, and so may what it came from.
            raise Unreachable(_code(fault)) from None

    async def greet(self) -> None:
        """Be let in by the server, and leave.

        Raises:
            Unreachable: it cannot be reached, or does not let us in; by its code or the kind of fault.
        """
        try:
            async with self._connection():
                return
        except (aiosmtplib.SMTPException, OSError) as fault:
            raise Unreachable(_code(fault)) from None

    def _connection(self) -> aiosmtplib.SMTP:
        return aiosmtplib.SMTP(
            hostname=self.host, port=self.port, username=self.user or None,
            password=self.password.get_secret_value() if self.user and self.password else None,
            use_tls=self.security is Security.TLS, start_tls=self.security is Security.STARTTLS,
            timeout=self.timeout,
        )  # fmt: skip


def _outcome(refused: aiosmtplib.SMTPResponseException) -> Unreachable | Rejected:
    reason = _code(refused)
    return Rejected(reason) if refused.code >= 500 else Unreachable(reason)


def _code(fault: Exception) -> str:
    if not isinstance(fault, aiosmtplib.SMTPResponseException):
        return type(fault).__name__
    enhanced = _ENHANCED.match(fault.message)
    return f"{fault.code} {enhanced[0]}" if enhanced else str(fault.code)
