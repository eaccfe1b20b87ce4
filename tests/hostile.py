"""Mails made to stop whoever reads them: a line each in `MAILS`, or in `HEAVY` where it takes long."""

from __future__ import annotations

import base64
import struct
from collections.abc import Callable
from dataclasses import dataclass

from handlers import mail
from handlers.mail import FlawKind
from tests.handlers import wrapping

HEAD = b"From: karen@borger.example\r\nSubject: Svar\r\n"
MIXED = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
PDF = HEAD + b"Content-Type: application/pdf; name=a.pdf\r\n"
HTML = HEAD + b"Content-Type: text/html; charset=utf-8\r\n\r\n"
SAID = b"\r\nTr\xc3\xa6erne bliver.\r\n"
BASE64 = b"Content-Transfer-Encoding: base64\r\n"


_Values = dict[int, wrapping.Value]


@dataclass(frozen=True, slots=True)
class Hostile:
    """A mail, the flaw that its reader is to name (if any), and what reads it."""

    build: Callable[[], bytes]
    flaw: FlawKind | None = None
    read: Callable[[bytes], object] = mail.read


def _file(size: int, kind: bytes = b"application/pdf") -> bytes:
    payload = base64.encodebytes(b"%PDF-1.4\n" + b"\x93" * size)
    part = b"--b\r\nContent-Type: " + kind + b"; name=plan.pdf\r\n" + BASE64 + b"\r\n" + payload
    return MIXED + b"--b\r\n" + SAID + part + b"\r\n--b--\r\n"


def _nested_parts(depth: int) -> bytes:
    levels = (b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(depth))
    return HEAD + b"".join(levels) + SAID


def _nested_mails(depth: int) -> bytes:
    """Mails in mails, each a part of the next beside a text."""
    raw = HEAD + SAID
    for level in range(depth):
        mark = b"m%d" % level
        head = (
            HEAD + b"Content-Type: multipart/mixed; boundary=" + mark + b"\r\n\r\n--" + mark + b"\r\n" + SAID
        )
        raw = (
            head
            + b"--"
            + mark
            + b"\r\nContent-Type: message/rfc822\r\n\r\n"
            + raw
            + b"\r\n--"
            + mark
            + b"--\r\n"
        )
    return raw


def _mails_of_parts(count: int) -> bytes:
    """Attached mails that each have many parts."""
    inner = MIXED.replace(b"=b", b"=c") + b"--c\r\n\r\na\r\n" * count
    return MIXED + (b"--b\r\nContent-Type: message/rfc822\r\n\r\n" + inner) * (count - 1)


def _outlook(values: _Values, files: list[tuple[_Values, bytes]]) -> bytes:
    return wrapping.mail("application/ms-tnef", wrapping.winmail(values, files), name="winmail.dat")


def _signed(content: bytes) -> bytes:
    return wrapping.mail("application/pkcs7-mime", content, name="smime.p7m")


def _many(count: int, kind: bytes, payload: bytes) -> bytes:
    """The same file many times."""
    part = (
        b"--b\r\nContent-Type: " + kind + b"\r\nContent-Transfer-Encoding: binary\r\n\r\n" + payload + b"\r\n"
    )
    return MIXED + part * count + b"--b--\r\n"


def _prefixes(count: int) -> bytes:
    """Boundaries that each begin as the next one does, and never end."""
    levels = range(count)
    return HEAD + b"".join(
        b"Content-Type: multipart/mixed; boundary=%s\r\n\r\n--%s\r\n" % (b"b" * (n + 1), b"b" * (n + 1))
        for n in levels
    )


def _winmail(attributes: bytes) -> bytes:
    raw = b"\x78\x9f\x3e\x22\x01\x00" + attributes
    return wrapping.mail("application/ms-tnef", raw, name="winmail.dat", text="Hej")


def _winmail_in_winmail(depth: int) -> bytes:
    raw = wrapping.winmail({wrapping.BODY: "Hej"})
    for _ in range(depth):
        raw = wrapping.winmail({}, [({wrapping.DATA: wrapping.IS_MESSAGE + raw}, b"")])
    return wrapping.mail("application/ms-tnef", raw, name="winmail.dat", text="Hej")


def _repeating_rtf(size: int) -> bytes:
    """Compressed RTF that is nothing but references: sixteen bytes out of two."""
    packed = struct.pack("<II4sI", size, 0xFFFFFFFF, b"LZFu", 0) + (b"\xff" + b"\x00\x0e" * 8) * (size // 17)
    return _outlook({wrapping.RTF: packed}, [])


def _one_byte_pieces(count: int) -> bytes:
    octets = wrapping.ber(0x24, b"\x04\x01x" * count)
    held = wrapping.ber(0x30, wrapping.der(6, wrapping.PLAIN), wrapping.ber(0xA0, octets))
    body = wrapping.ber(0x30, wrapping.der(2, b"\x01"), wrapping.der(0x31), held)
    return wrapping.ber(0x30, wrapping.der(6, wrapping.SIGNED), wrapping.ber(0xA0, body))


def _octets_in_octets(depth: int) -> bytes:
    head = wrapping.signed(b"", streamed=1).partition(b"\x04\x00")[0]
    return _signed(head + b"\x24\x80" * depth)


def _signed_again(times: int, size: int) -> bytes:
    raw = b"Content-Type: text/plain\r\n\r\n" + b"x" * size
    for _ in range(times):
        raw = b"Content-Type: application/pkcs7-mime\r\n\r\n" + wrapping.signed(raw)
    return HEAD + raw


def _full_winmail() -> bytes:
    return wrapping.winmail({}, [({wrapping.LONG_NAME: "a"}, b"x")] * 500)


def _outlook_ring() -> bytes:
    """A .msg whose sectors follow each other in a ring."""
    whole = bytearray(wrapping.outlook({wrapping.BODY: "Hej " * 2_000}))
    table = len(whole) - 512
    whole[table : table + 64] = struct.pack("<16I", *[0] * 16)
    return wrapping.mail("application/vnd.ms-outlook", bytes(whole), name="ring.msg", text="Hej")


def _outlook_maze(count: int) -> bytes:
    """A .msg with messages that are files of themselves."""
    inner = "__substg1.0_3701000D"
    folders = {f"__attach_version1.0_#{number:08X}/{inner}": b"" for number in range(count)}
    whole = bytearray(wrapping.compound(folders | {"__substg1.0_1000001F": b"H\x00"}))
    entry = inner.encode("utf-16-le").ljust(64, b"\x00")
    child = whole[whole.find("Root Entry".encode("utf-16-le")) + 76 :][:4]
    at = -1
    while (at := whole.find(entry, at + 1)) >= 0:
        whole[at + 66] = 1
        whole[at + 76 : at + 80] = child
    return wrapping.mail("application/vnd.ms-outlook", bytes(whole), name="maze.msg", text="Hej")


def _header(name: bytes, value: bytes) -> bytes:
    return HEAD.replace(b"Subject: Svar\r\n", b"") + name + b": " + value + b"\r\n" + SAID


MAILS: dict[str, Hostile] = {
    "a 50 MB file": Hostile(lambda: _file(37_000_000)),
    "10,000 parts": Hostile(
        lambda: MIXED + b"--b\r\n\r\nHej\r\n" * 10_000 + b"--b--", FlawKind.TOO_MANY_PARTS
    ),
    "10,000 files": Hostile(
        lambda: MIXED + b"--b\r\nContent-Type: image/png\r\n\r\nHej\r\n" * 10_000 + b"--b--",
        FlawKind.TOO_MANY_PARTS,
    ),
    "multipart 1,000 deep": Hostile(lambda: _nested_parts(1_000), FlawKind.TOO_DEEP),
    "mails 1,000 deep": Hostile(lambda: _nested_mails(1_000), FlawKind.TOO_DEEP),
    "mails 1,000 deep, nothing else": Hostile(
        lambda: HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 1_000 + SAID, FlawKind.TOO_DEEP
    ),
    "1,000 attached mails with 1,000 parts": Hostile(lambda: _mails_of_parts(1_000), FlawKind.TOO_MANY_PARTS),
    "boundaries that begin alike": Hostile(lambda: _prefixes(1_000), FlawKind.TOO_DEEP),
    "a boundary that is none": Hostile(lambda: MIXED + b"--b" * 3_000_000, FlawKind.NO_BOUNDARY),
    "1.2 MB of encoded words": Hostile(
        lambda: _header(b"Subject", b"=?utf-8?q?=C3=A6?= " * 63_000), FlawKind.TOO_LONG
    ),
    "an encoded word without end": Hostile(
        lambda: _header(b"Subject", b"=?utf-8?q?" * 120_000), FlawKind.TOO_LONG
    ),
    "50,000 recipients": Hostile(
        lambda: _header(b"To", b"Bo <bo%d@x.example>, " * 50_000), FlawKind.TOO_LONG
    ),
    "20,000 different recipients": Hostile(
        lambda: _header(b"To", b",".join(b"%d@x.example" % n for n in range(20_000))),
        FlawKind.TOO_MANY_ADDRESSES,
    ),
    "20,000 brackets in From": Hostile(
        lambda: b"From: " + b"(" * 20_000 + b"karen@borger.example\r\n" + SAID, FlawKind.NO_SENDER
    ),
    "5,000 pieces of a name": Hostile(
        lambda: (
            HEAD
            + b"Content-Type: application/pdf"
            + b"".join(b";\r\n name*%d*=%%C3%%A6" % n for n in range(5_000))
            + b"\r\n"
            + SAID
        )
    ),
    "100,000 parameters": Hostile(
        lambda: (
            HEAD
            + b"Content-Type: text/plain"
            + b"".join(b";a%d=1" % n for n in range(100_000))
            + b"\r\n"
            + SAID
        ),
        FlawKind.TOO_LONG,
    ),
    "a header of 1 MB in one line": Hostile(lambda: _header(b"X-Lang", b"x" * 1_000_000), FlawKind.TOO_LONG),
    "a header of 1 MB in folds": Hostile(lambda: _header(b"Subject", b"x\r\n " * 330_000), FlawKind.TOO_LONG),
    "200,000 headers": Hostile(
        lambda: b"".join(b"X-%d: a\r\n" % n for n in range(200_000)) + HEAD + SAID, FlawKind.TOO_LONG
    ),
    "lines that are no headers": Hostile(
        lambda: HEAD + b"ikke et felt\r\n" * 500_000 + SAID, FlawKind.BAD_HEADERS
    ),
    "nothing but NUL": Hostile(lambda: b"\x00" * 5_000_000, FlawKind.BAD_HEADERS),
    "nothing but carriage returns": Hostile(lambda: b"\r" * 5_000_000, FlawKind.EMPTY),
    "bare line feeds and carriage returns": Hostile(
        lambda: HEAD.replace(b"\r\n", b"\n") + b"\n" + b"a\rb\nc\r\n" * 1_000_000
    ),
    "a date of 1 MB": Hostile(lambda: _header(b"Date", b"Mon, " + b"9" * 1_000_000), FlawKind.TOO_LONG),
    "a date beyond the calendar": Hostile(
        lambda: _header(b"Date", b"Mon, 99 Dec 99999 99:99:99 +9999"), FlawKind.BAD_DATE
    ),
    "base64 of nothing": Hostile(lambda: PDF + BASE64 + b"\r\n" + b"=" * 10_000_000),
    "base64 that is none": Hostile(
        lambda: PDF + BASE64 + b"\r\n" + b"\xff!" * 5_000_000, FlawKind.BAD_ENCODING
    ),
    "uuencode of nothing": Hostile(
        lambda: PDF + b"Content-Transfer-Encoding: uuencode\r\n\r\n" + b"M\n" * 3_000_000,
        FlawKind.BAD_ENCODING,
    ),
    "soft line ends without end": Hostile(
        lambda: HEAD + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=\r\n" * 5_000_000
    ),
    "flowing lines without end": Hostile(
        lambda: HEAD + b"Content-Type: text/plain; format=flowed\r\n\r\n" + b"ord \r\n" * 900_000
    ),
    "elements never closed": Hostile(lambda: HTML + b"<div>" * 1_000_000 + b"Hej"),
    "fonts in paragraphs": Hostile(lambda: HTML + b"".join(b"<p><font x=%d>a" % n for n in range(100_000))),
    "winmail.dat with four billion properties": Hostile(
        lambda: _winmail(wrapping.attribute(0x9003, b"\xff\xff\xff\xff")), FlawKind.DAMAGED
    ),
    "winmail.dat with a million attributes": Hostile(
        lambda: _winmail(wrapping.attribute(0x8013, b"") * 1_000_000), FlawKind.DAMAGED
    ),
    "winmail.dat with a million files": Hostile(
        lambda: _winmail(wrapping.attribute(0x9002, b"", of_file=True) * 1_000_000), FlawKind.DAMAGED
    ),
    "winmail.dat in winmail.dat": Hostile(lambda: _winmail_in_winmail(300), FlawKind.DAMAGED),
    "rich text that repeats itself": Hostile(lambda: _repeating_rtf(5_000_000)),
    "a signed mail in pieces of one byte": Hostile(
        lambda: _signed(_one_byte_pieces(3_000_000)), FlawKind.DAMAGED
    ),
    "octets in octets": Hostile(lambda: _octets_in_octets(2_000_000), FlawKind.DAMAGED),
    "signed 1,000 times": Hostile(lambda: _signed_again(1_000, 100_000), FlawKind.TOO_MANY_PARTS),
    "a .msg that runs in a ring": Hostile(_outlook_ring),
    "a .msg of messages in themselves": Hostile(lambda: _outlook_maze(500), FlawKind.DAMAGED),
}
HEAVY: dict[str, Hostile] = {
    "50 MB of which every other sign is NUL": Hostile(lambda: HEAD + b"\r\n" + b"\x00a" * 25_000_000),
    "50 MB of NUL": Hostile(lambda: b"\x00" * 50_000_000, FlawKind.BAD_HEADERS),
    "50 MB of flowing lines": Hostile(
        lambda: HEAD + b"Content-Type: text/plain; format=flowed\r\n\r\n" + b"ord \r\n" * 8_300_000
    ),
    "50 MB of boundaries that are none": Hostile(lambda: MIXED + b"--b" * 16_600_000, FlawKind.NO_BOUNDARY),
    "50 MB of lines that are no headers": Hostile(
        lambda: HEAD + b"ikke et felt\r\n" * 3_500_000 + SAID, FlawKind.BAD_HEADERS
    ),
    "50 MB of elements": Hostile(lambda: HTML + b"<b>" * 16_600_000),
    "100 signed files in pieces of one byte": Hostile(
        lambda: _many(100, b"application/pkcs7-mime", _one_byte_pieces(99_000)), FlawKind.TOO_MANY_PARTS
    ),
    "900 winmail.dat with 500 files": Hostile(
        lambda: _many(900, b"application/ms-tnef", _full_winmail()), FlawKind.TOO_MANY_PARTS
    ),
    "a 50 MB file signed around": Hostile(lambda: _signed(wrapping.signed(_file(37_000_000)))),
    "a 50 MB file in an attached mail": Hostile(
        lambda: wrapping.mail("message/rfc822", _file(37_000_000), text="Hej")
    ),
    "a 40 MB file in winmail.dat": Hostile(lambda: _outlook({}, [({}, b"x" * 40_000_000)])),
    "a 50 MB text": Hostile(lambda: HEAD + SAID * 2_600_000),
    "a 20 MB page": Hostile(lambda: HTML + b"<p>Hej &aelig; <b>du</b></p>\r\n" * 700_000),
    "a million open brackets of rich text": Hostile(
        lambda: _outlook({wrapping.RTF: wrapping.packed(b"{\\rtf1" + b"{" * 3_000_000)}, [])
    ),
    "20 MB signed ten times": Hostile(lambda: _signed_again(10, 20_000_000), FlawKind.TOO_LARGE),
    "S/MIME that unpacks to 200 MB": Hostile(
        lambda: _signed(wrapping.compressed(b"\x00" * 200_000_000)), FlawKind.TOO_LARGE
    ),
}
