"""A connection to a mail server, guarded and logged in."""

from __future__ import annotations

import contextlib
import imaplib
import ipaddress
import logging
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from imapclient import IMAPClient, SocketTimeout  # type: ignore[import-untyped]
from imapclient.exceptions import (  # type: ignore[import-untyped]
    CapabilityError,
    IMAPClientAbortError,
    LoginError,
)

from bot.imap.microsoft import GRANT, token
from bot.imap.refused import Refused
from bot.imap.settings import Auth, Mailbox
from bot.mailer import Security

log = logging.getLogger(__name__)

_PATIENCE = SocketTimeout(connect=15, read=60)  # seconds for each word with the server
_NOT_CONNECTED = "authenticated but not connected"


@contextmanager
def connected(told: Mailbox) -> Iterator[IMAPClient]:
    """A client that is logged in; the connection is closed at the end, whatever its state.

    Raises:
        Refused: the server does not let us in.
        OSError, imaplib.IMAP4.error: it cannot be reached, or the talk broke off.
    """
    # imapclient logs every line, with the words of citizens.
    logging.getLogger("imapclient").disabled = logging.getLogger("imapclient.imapclient").disabled = True
    client = _reached(told)
    try:
        _log_in(client, told)
        yield client
    finally:
        _leave(client)


def _reached(told: Mailbox) -> IMAPClient:
    context = ssl.create_default_context(cafile=told.ca_file)
    is_tls = told.security == Security.TLS
    client = IMAPClient(
        told.host, told.at_port, ssl=is_tls, ssl_context=context if is_tls else None, timeout=_PATIENCE
    )
    client.normalise_times = False
    client._imap.debug = 0  # noqa: SLF001  it would write out each mail for a log that nobody keeps
    try:
        if told.security == Security.STARTTLS:
            client.starttls(context)
    except CapabilityError:
        _leave(client)
        raise Refused(f'{told.host}:{told.at_port} has no STARTTLS; security must be "tls".') from None
    except BaseException:
        _leave(client)
        raise
    return client


def _leave(client: IMAPClient) -> None:
    with contextlib.suppress(OSError, ValueError, AttributeError):  # it may be broken in any way
        client.shutdown()


def _log_in(client: IMAPClient, told: Mailbox) -> None:
    if told.auth == Auth.OAUTH2:
        _with_token(client, told)
    else:
        _with_password(client, told)


def _with_password(client: IMAPClient, told: Mailbox) -> None:
    password = told.secret()
    if client.has_capability("LOGINDISABLED"):
        raise Refused(f"{told.host} takes no password on this connection; security must be another.")
    try:
        if client.has_capability("AUTH=PLAIN"):  # LOGIN takes ASCII only
            client.plain_login(told.user, password)
        else:
            client.login(told.user, password)
    except UnicodeEncodeError:
        raise Refused(f"{told.host} takes only ASCII in user and password.") from None
    except LoginError as no:
        raise _refused(
            no, told, secret=password,
            advice="user and password must be the mailbox's; Microsoft 365 takes no password, "
                   'there auth must be "oauth2".',
        ) from None  # fmt: skip


def _with_token(client: IMAPClient, told: Mailbox) -> None:
    bearer, reasons = token(told), [""]

    def answer(challenge: bytes) -> bytes:
        """Say who we are; and to the server's reason for a no, which comes as a question, nothing."""
        if challenge:
            reasons.append(f" {challenge.decode('utf-8', 'replace')}")
            return b""
        return f"user={told.user}\x01auth=Bearer {bearer}\x01\x01".encode()

    try:
        client.sasl_login("XOAUTH2", answer)
    except LoginError as no:
        raise _refused(no, told, secret=bearer, reason=reasons[-1], advice=GRANT) from None


def _refused(no: Exception, told: Mailbox, *, secret: str, advice: str, reason: str = "") -> Exception:
    """What the server's no to a login means; when it broke off instead, that."""
    if isinstance(no.__context__, IMAPClientAbortError):
        return imaplib.IMAP4.abort("the connection broke at login")
    said = f"{worded(no)}{reason}".replace(secret or " ", "…" if secret else " ")
    return Refused(f"{told.host} refuses {told.user}: {said}. {advice}")


def refusal_of(no: Exception, told: Mailbox, *, doing: str) -> Refused:
    """What the server's no to a command about folders means; it never quotes a mail."""
    said = worded(no)
    advice = f" {GRANT}" if _NOT_CONNECTED in said else ""
    return Refused(f"{told.host} does not let us {doing}: {said}.{advice}")


def worded(no: Exception) -> str:
    """The server's own words, on one line and without the full stop; imaplib shows them as bytes."""
    said = " ".join(str(no).split())
    quoted = re.fullmatch(r"b(['\"])(.*)\1", said)
    return (quoted.group(2) if quoted else said).rstrip(".")[:300]


def is_in_the_clear(told: Mailbox) -> bool:
    """Whether password and mails would pass over a network for all to read."""
    if told.security != Security.NONE or told.host == "localhost":
        return False
    try:
        return not ipaddress.ip_address(told.host).is_loopback
    except ValueError:
        return True
