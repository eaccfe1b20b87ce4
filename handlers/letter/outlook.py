"""A message as Outlook keeps it, in winmail.dat or .msg, written out as the mail that it is."""

import base64
import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from handlers.letter import charset, parts, rtf

# Properties by their id (MS-OXPROPS).
SUBJECT, BODY, RTF, HTML = 0x0037, 0x1000, 0x1009, 0x1013
MESSAGE_ID, REFERENCES, IN_REPLY_TO, HEADERS = 0x1035, 0x1039, 0x1042, 0x007D
INTERNET_CODEPAGE, MESSAGE_CODEPAGE = 0x3FDE, 0x3FFD
SENT, DELIVERED = 0x0039, 0x0E06
DATA, LONG_NAME, SHORT_NAME, SHOWN_NAME = 0x3701, 0x3707, 0x3704, 0x3001
MIME_TYPE, CONTENT_ID = 0x370E, 0x3712
# Who wrote it goes before who sent it for them; an address of the open net before Exchange's own.
_ADDRESSES, _NAMES = (0x5D02, 0x5D01, 0x0065, 0x0C1F), (0x0042, 0x0C1A)
NUMBERS = frozenset({SENT, DELIVERED, INTERNET_CODEPAGE, MESSAGE_CODEPAGE})
USED = frozenset(
    {SUBJECT, BODY, RTF, HTML, MESSAGE_ID, REFERENCES, IN_REPLY_TO, HEADERS, DATA}
    | {LONG_NAME, SHORT_NAME, SHOWN_NAME, MIME_TYPE, CONTENT_ID, *_ADDRESSES, *_NAMES}
)

_KEPT = (
    "from",
    "sender",
    "reply-to",
    "to",
    "cc",
    "date",
    "subject",
    "message-id",
    "in-reply-to",
    "references",
)
_CHARSETS = {20127: "us-ascii", 20866: "koi8-r", 21866: "koi8-u", 65000: "utf-7", 65001: "utf-8"}
_CHARSETS |= {28590 + number: f"iso-8859-{number}" for number in range(1, 16)}
_CHARSETS |= {50220: "iso-2022-jp", 51932: "euc-jp", 51949: "euc-kr", 52936: "hz", 54936: "gb18030"}
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Message:
    """A message, or a file of one: its properties, its files, and the message that a file may be.

    Texts are decoded; HTML may be bytes in the page's own charset; numbers and times are little-endian bytes.
    """

    properties: dict[int, str | bytes] = field(default_factory=dict)
    files: list["Message"] = field(default_factory=list)
    embedded: "Message | None" = None

    def text(self, *names: int) -> str:
        """Give the first of these properties that is a text and not empty, else ''."""
        found = (self.properties.get(name) for name in names)
        return next((text for text in found if isinstance(text, str) and text.strip()), "")

    def octets(self, name: int) -> bytes:
        """Give a property as bytes, b'' when there is none."""
        value = self.properties.get(name, b"")
        return value.encode("utf-8", "replace") if isinstance(value, str) else value

    def number(self, name: int) -> int:
        """Give a property as a number, 0 when there is none."""
        return int.from_bytes(self.octets(name)[:8], "little")


def charset_of(codepage: int) -> str:
    """Name the charset of a Windows code page, '' for 0."""
    return _CHARSETS.get(codepage, f"cp{codepage}" if codepage else "")


def as_mail(message: Message) -> bytes:
    """Write it as a mail (RFC 5322, binary parts), with the headers it came with where it knows them."""
    pieces = [*_bodies(message), *_files(message)]
    return b"\r\n".join([*_headers(message), *(_multipart("mixed", pieces) if pieces else [b"", b""])])


def _headers(message: Message) -> Iterator[bytes]:
    own = parts.fields(message.octets(HEADERS)[:500_000])
    for name in _KEPT:
        if name in own:
            yield name.encode() + b": " + own[name][0]
    if "from" not in own:
        address = next(filter(lambda a: "@" in a, (message.text(name) for name in _ADDRESSES)), "")
        safe = "".join(sign for sign in address if sign.isprintable() and sign not in "<> ")
        yield b"From: " + _word(message.text(*_NAMES)) + f" <{safe}>".encode("utf-8", "replace")
    if "subject" not in own:
        yield b"Subject: " + _word(message.text(SUBJECT))
    if "date" not in own and (moment := _moment(message.number(SENT) or message.number(DELIVERED))):
        yield b"Date: " + moment
    for header, number in (
        ("message-id", MESSAGE_ID),
        ("in-reply-to", IN_REPLY_TO),
        ("references", REFERENCES),
    ):
        value = " ".join(message.text(number).split())
        if value and header not in own:
            yield f"{header}: {value}".encode("utf-8", "replace")
    yield b"MIME-Version: 1.0"


def _word(text: str) -> bytes:
    encoded = base64.b64encode(text[:5_000].encode("utf-8", "replace"))
    return b"=?utf-8?b?" + encoded + b"?=" if text else b""


def _moment(filetime: int) -> bytes:
    """Turn tenths of microseconds since 1601 into a Date header."""
    try:
        return format_datetime(_EPOCH + timedelta(microseconds=filetime // 10)).encode() if filetime else b""
    except OverflowError:
        return b""


def _bodies(message: Message) -> list[list[bytes]]:
    bodies = []
    if plain := message.text(BODY):
        bodies.append([b"Content-Type: text/plain; charset=utf-8", b"", plain.encode("utf-8", "replace")])
    if page := message.octets(HTML):
        is_text = isinstance(message.properties[HTML], str)
        label = "utf-8" if is_text else charset_of(message.number(INTERNET_CODEPAGE))
        named = f"; charset={label}" if label else ""
        bodies.append([f"Content-Type: text/html{named}".encode(), b"", page])
    if not bodies and (rich := rtf.text(rtf.unpacked(message.octets(RTF)))).strip():
        bodies.append([b"Content-Type: text/plain; charset=utf-8", b"", rich.encode("utf-8", "replace")])
    return [_multipart("alternative", bodies)] if len(bodies) > 1 else bodies


def _files(message: Message) -> Iterator[list[bytes]]:
    for file in message.files:
        name = charset.clean(file.text(LONG_NAME, SHORT_NAME, SHOWN_NAME))
        disposition = b'Content-Disposition: attachment; filename="' + _word(name) + b'"'
        cid = [b"Content-ID: <" + _word(file.text(CONTENT_ID)) + b">"] if file.text(CONTENT_ID) else []
        if file.embedded is not None:
            yield [
                b"Content-Type: message/rfc822",
                *([disposition] if name else []),
                b"",
                as_mail(file.embedded),
            ]
        elif name or DATA in file.properties:
            kind = _mime_type(file)
            yield [b"Content-Type: " + kind, disposition, *cid, b"Content-Transfer-Encoding: binary", b"",
                   file.octets(DATA)]  # fmt: skip


def _mime_type(file: Message) -> bytes:
    claimed = file.text(MIME_TYPE).strip().lower()
    is_usable = (
        claimed.isascii() and claimed.count("/") == 1 and not claimed.startswith(("multipart/", "message/"))
    )
    safe = is_usable and all(sign.isalnum() or sign in "/.+-" for sign in claimed)
    return claimed[:100].encode() if safe else b"application/octet-stream"


def _multipart(kind: str, pieces: list[list[bytes]]) -> list[bytes]:
    """Join parts under a boundary that follows from all they say, so that none of them can hold it."""
    digest = hashlib.sha256(struct.pack("<I", len(pieces)))
    for piece in pieces:
        for line in piece:
            digest.update(line)
    mark = digest.hexdigest().encode()
    lines = [b"Content-Type: multipart/" + kind.encode() + b'; boundary="' + mark + b'"', b""]
    for piece in pieces:
        lines += [b"--" + mark, *piece]
    return [*lines, b"--" + mark + b"--", b""]
