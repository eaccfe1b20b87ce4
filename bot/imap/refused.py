"""The no of a mail server, and any other fault, as sentences that an operator can act on."""

from __future__ import annotations

import imaplib
import socket
import ssl

from bot.imap.settings import Mailbox
from bot.trace import traced


class Refused(Exception):  # noqa: N818  what it says to the operator
    """The server will not have it until somebody changes something; the sentence says what."""


class Unkept(Exception):  # noqa: N818  the outcome's name
    """The store did not take or tell something; nothing is lost, the mails are where they were."""


def sentence(fault: Exception, told: Mailbox) -> str:
    """What went wrong. Only a refusal may quote the server: other faults could quote a mail."""
    place = f"{told.host}:{told.at_port}"
    match fault:
        case Refused():
            said = str(fault)
        case Unkept():
            said = f"The database does not answer ({traced(fault)})."
        case ssl.SSLCertVerificationError():
            said = (
                f"The certificate of {place} cannot be verified ({fault.verify_message}). "
                "If it is your own authority's, name that authority's certificate in ca_file."
            )
        case ssl.SSLError():
            said = f'{place} does not speak TLS as security = "{told.security}" wants ({fault.reason}).'
        case socket.gaierror():
            said = f"There is no host {told.host}."
        case TimeoutError():
            said = f"{place} does not answer in time."
        case imaplib.IMAP4.abort():
            said = f"{place} broke the connection off ({traced(fault)})."
        case OSError():
            said = f"{place} cannot be reached ({traced(fault)})."
        case _:
            said = f"A fault in the talk with {place} ({traced(fault)})."
    return said
