"""Mails put together from nasty pieces: whatever they are wrapped in, nothing is lost and nothing fails.

With HYPOTHESIS_PROFILE=ci many more of them are tried.
"""

import base64
import binascii
import os
from collections.abc import Iterator

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.letter.containers import letter_inside
from handlers.mail import File, Letter, read
from tests.handlers import wrapping
from tests.handlers.letter.test_mail_laws import is_sound

SAID = "Træerne på Ågade bliver."
EXAMPLES = 1_000 if os.environ.get("HYPOTHESIS_PROFILE") == "ci" else 200
bounded = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))

words = st.sampled_from([
    b"", b"a", b"=?utf-8?q?=C3?=", b"=?utf-8?b?w6Y=?=", b"=?x?q?", b"?=", b'"', b"<", b">", b"@x.example",
    b",", b"(", b"\\", b"\x00", b"\xe6", b"\xc3\xa6", b"\xed\xa0\x80", b";", b"name*0*=utf-8''%c3",
    b"name*1=%a6", b"boundary=", b"charset=utf-16", b"charset=idna", b"=", b"'", b"\r\n ", b"\n", b"\r",
    b"--b", b"\x1b$B",
])  # fmt: skip
values = st.lists(words, max_size=8).map(b"".join)
names = st.sampled_from([
    b"From", b"To", b"Subject", b"Date", b"Content-Type", b"Content-Disposition", b"Content-ID", b"Reply-To",
    b"Content-Transfer-Encoding", b"Message-ID", b"References", b"MIME-Version", b"X-Failed-Recipients",
    b"Auto-Submitted", b"Received", b"Return-Path", b"=", b" ", b"From ", b"",
])  # fmt: skip
kinds = st.sampled_from([
    b"text/plain", b"text/html", b"text/plain; charset=utf-8", b"text/html; charset=utf-16",
    b"message/rfc822", b"text/plain; format=flowed; delsp=yes", b"message/delivery-status",
    b"multipart/mixed",
    b"text/calendar", b"multipart/report; report-type=delivery-status", b"application/octet-stream",
    b"application/ms-tnef", b"application/pkcs7-mime", b"application/vnd.ms-outlook",
    b"image/png; name=a.png", b"text/rtf", b"x",
])  # fmt: skip
encodings = st.sampled_from(
    [b"7bit", b"base64", b"quoted-printable", b"x-uuencode", b"binary", b"rot13", b""]
)
headers = st.lists(st.tuples(names, values).map(lambda pair: pair[0] + b": " + pair[1] + b"\r\n"), max_size=6)


@st.composite
def leaves(draw: st.DrawFn) -> bytes:
    """A part with a header and a body that need not fit each other."""
    head = b"".join(draw(headers)) + b"Content-Type: " + draw(kinds) + b"\r\n"
    head += b"Content-Transfer-Encoding: " + draw(encodings) + b"\r\n"
    return (
        head
        + draw(st.sampled_from([b"\r\n", b"\n", b"", b"\r\n\r\n"]))
        + draw(values | st.binary(max_size=60))
    )


@st.composite
def multiparts(draw: st.DrawFn, beneath: st.SearchStrategy[bytes]) -> bytes:
    """Parts between dividing lines that may begin alike, be missing or never end."""
    kind = draw(st.sampled_from([b"mixed", b"alternative", b"related", b"digest", b"signed", b"report"]))
    mark, other = draw(
        st.sampled_from([(b"b", b"b"), (b"bb", b"bb"), (b"b", b"bb"), (b"", b"b"), (b"b b", b"b b")])
    )
    head = (
        b"".join(draw(headers)) + b"Content-Type: multipart/" + kind + b'; boundary="' + mark + b'"\r\n\r\n'
    )
    end = draw(st.sampled_from([b"--" + other + b"--\r\n", b"", b"--" + other, b"--"]))
    return (
        head
        + b"".join(b"--" + other + b"\r\n" + part + b"\r\n" for part in draw(st.lists(beneath, max_size=4)))
        + end
    )


def hidden(inner: bytes) -> list[bytes]:
    """The same bytes in each kind of container."""
    files = [({wrapping.LONG_NAME: "../æ.eml"}, inner)]
    return [
        b"Content-Type: application/pkcs7-mime\r\n\r\n" + wrapping.signed(inner, streamed=9),
        b"Content-Type: application/octet-stream\r\n\r\n" + wrapping.compressed(inner),
        b"Content-Type: application/ms-tnef\r\n\r\n" + wrapping.winmail({wrapping.HTML: inner}, files),
        b"Content-Type: application/x\r\n\r\n"
        + wrapping.outlook({wrapping.HEADERS: inner}, [{wrapping.DATA: inner}]),
        b"Content-Type: message/rfc822\r\n\r\n" + inner,
    ]


def deeper(beneath: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    return multiparts(beneath) | st.tuples(beneath, st.integers(0, 4)).map(
        lambda both: hidden(both[0])[both[1]]
    )


def is_all_sound(letter: Letter) -> bool:
    return is_sound(letter) and all(file.name and "\x00" not in file.name for file in all_files(letter.files))


def all_files(files: tuple[File, ...]) -> Iterator[File]:
    for file in files:
        yield file
        yield from all_files(file.inside)


@bounded
@given(st.recursive(leaves(), deeper, max_leaves=8))
def test_a_mail_of_nasty_pieces_can_be_read(raw: bytes) -> None:
    letter = read(raw)
    assert is_all_sound(letter)
    assert read(raw) == letter


@bounded
@given(st.recursive(leaves(), deeper, max_leaves=4), st.data())
def test_a_damaged_container_can_be_read(raw: bytes, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(start, min(len(raw), start + 9)))
    assert is_all_sound(read(raw[:start] + data.draw(st.binary(max_size=9)) + raw[end:]))


def encoded(text: bytes, encoding: str) -> bytes:
    """A text part in this transfer encoding."""
    body = {"base64": base64.encodebytes(text), "quoted-printable": binascii.b2a_qp(text), "8bit": text}[
        encoding
    ]
    head = f"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return head.encode() + body


def wrapped(inner: bytes, *, how: str, level: int) -> bytes:
    """A mail that holds another, or another's parts."""
    mark = f"m{level}".encode()
    multipart = b"Content-Type: multipart/mixed; boundary=" + mark + b"\r\n\r\n--" + mark + b"\r\n"
    attached = b"Subject: x\r\nContent-Type: message/rfc822\r\n\r\nSubject: y\r\n" + inner
    return {
        "multipart": multipart + inner + b"\r\n--" + mark + b"--\r\n",
        "signed": b"Content-Type: application/pkcs7-mime\r\n\r\n" + wrapping.signed(inner),
        "streamed": b"Content-Type: application/octet-stream\r\n\r\n" + wrapping.signed(inner, streamed=11),
        "compressed": b"Content-Type: application/x-pkcs7-mime\r\n\r\n" + wrapping.compressed(inner),
        "attached": attached,
        "winmail": b"Content-Type: application/ms-tnef\r\n\r\n"
        + wrapping.winmail(
            {}, [({wrapping.LONG_NAME: "y.eml", wrapping.MIME_TYPE: "message/rfc822"}, attached)]
        ),
    }[how]


def everything(letter: Letter) -> Iterator[str]:
    """All that a mail says, with what the mails say that are attached to it."""
    yield letter.text
    for file in all_files(letter.files):
        if inner := letter_inside(file):
            yield from everything(read(inner))


@bounded
@given(
    st.lists(
        st.sampled_from(["multipart", "signed", "streamed", "compressed", "attached", "winmail"]), max_size=5
    ),
    st.sampled_from(["base64", "quoted-printable", "8bit"]),
)
def test_whatever_a_mail_is_wrapped_in_its_words_are_found(hows: list[str], encoding: str) -> None:
    raw = encoded(SAID.encode(), encoding)
    for level, how in enumerate(hows):
        raw = wrapped(raw, how=how, level=level)
    letter = read(b"From: karen@borger.example\r\n" + raw)
    assert is_all_sound(letter)
    assert any(SAID in text for text in everything(letter))
