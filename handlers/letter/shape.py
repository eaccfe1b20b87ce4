"""The values that a mail becomes when it is read."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What sort of mail it is. Only `SUBMISSION` was written by a person to us."""

    SUBMISSION = "submission"
    AUTO_REPLY = "auto_reply"  # out of office, "we have received your mail"
    BOUNCE = "bounce"  # could not be delivered, or not yet (RFC 3464 or text only)
    RECEIPT = "receipt"  # read, not read, delivered (RFC 8098, RFC 3464)
    REPORT = "report"  # a complaint about our mail (RFC 5965)
    CALENDAR = "calendar"  # an invitation or the answer to one
    RECALL = "recall"  # a wish to take back a mail; takes nothing back by itself
    LIST = "list"  # came through a mailing list
    OWN = "own"  # sent by us and come back
    SPAM = "spam"  # what the mail server before us takes for unwanted
    AUTOMATIC = "auto"  # sent by a machine, and none of the above


class FlawKind(StrEnum):
    """What could not be read as it was meant."""

    EMPTY = "empty"  # no bytes at all
    NO_SENDER = "no_sender"
    BAD_DATE = "bad_date"
    BAD_HEADERS = "bad_headers"  # a line among the headers that is none
    CHARSET_UNKNOWN = "charset_unknown"
    CHARSET_WRONG = "charset_wrong"  # the text does not fit the charset it claims
    BAD_ENCODING = "bad_encoding"  # base64 or quoted-printable that is damaged or unknown
    NO_BOUNDARY = "no_boundary"  # a multipart without its dividing lines
    UNCLOSED = "unclosed"  # a multipart that ends before its last dividing line
    TOO_DEEP = "too_deep"
    TOO_MANY_PARTS = "too_many_parts"
    TOO_MANY_ADDRESSES = "too_many_addresses"
    TOO_LARGE = "too_large"  # a file that was not opened for its size
    ENCRYPTED = "encrypted"  # only its receiver can open it, and we cannot
    DAMAGED = "damaged"  # a container (S/MIME, winmail.dat, .msg) that cannot be opened, or not wholly
    TOO_LONG = "too_long"  # a header that was cut
    UNREADABLE = "unreadable"  # the reader itself failed; the text is the raw mail


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that could not be read: what it is, and where ('header Date', 'part 2.1')."""

    what: FlawKind
    where: str


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A name and an address (lower case); either may be empty."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class File:
    """One file of a mail. `inline` ones belong to how the mail looks or is signed and are no annex.

    `name` is safe to show and to store under; `content_type` follows the content where that can be told,
    else what the mail claims, which is in `claimed`. `inside` are the files of a file that is itself a mail
    (.eml, .msg).
    """

    name: str
    content_type: str
    payload: bytes
    inline: bool
    inside: tuple["File", ...] = ()
    claimed: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Bounce:
    """Why mail to `recipient` (lower case, '' when unknown) did not arrive.

    `status` is an enhanced status code (RFC 3463, '5.1.1') or ''; `final` is false for a mere delay;
    `original_id` is the Message-ID, with its brackets, of the mail that came back.
    """

    status: str
    reason: str
    recipient: str
    final: bool
    original_id: str = ""


@dataclass(frozen=True, slots=True)
class Forwarded:
    """The mail that a mail passes on; empty strings where nothing is said.

    `author` is who wrote it first; `text` is what it said, without its headers; `note` is what was written
    above it when it was passed on; `attached` says that it came as a file. `date` is aware.
    """

    author: Mailbox
    subject: str
    date: datetime | None
    text: str
    note: str
    attached: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """What some server wrote about a mail's authenticity, unread: a header's name (lower case) and value."""

    header: str
    value: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail, read. Empty strings and empty tuples where it says nothing.

    `sender` is From; `recipients` are the addresses of To, Cc, Delivered-To and X-Original-To; ids keep
    their angle brackets; `references` has In-Reply-To first; `date` is aware; `text` is all that it says,
    untrimmed, in NFC with LF line ends; `may_acknowledge` follows RFC 3834; `forwarded` is the mail
    that it passes on; `authentication` has what servers claim about it, topmost first; `quoted` are
    spans of `text`, in order, that the mail's own page sets apart as quoted, () for plain text.
    """

    sender: Mailbox
    reply_to: Mailbox | None
    recipients: tuple[str, ...]
    subject: str
    message_id: str
    references: tuple[str, ...]
    date: datetime | None
    text: str
    files: tuple[File, ...]
    kind: Kind
    bounce: Bounce | None
    may_acknowledge: bool
    flaws: tuple[Flaw, ...]
    forwarded: Forwarded | None = None
    authentication: tuple[Claim, ...] = ()
    quoted: tuple[tuple[int, int], ...] = ()
