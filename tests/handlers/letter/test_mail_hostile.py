"""Mails made to stop the reader: each is read, what was left out is named, and the next mail is unharmed."""

import hashlib
import time

import pytest

from handlers.mail import FlawKind, Letter, read
from tests.handlers.letter.test_mail_laws import is_sound
from tests.hostile import HEAD, MAILS, MIXED, SAID

TEXT = "Træerne bliver."


def letter(name: str) -> Letter:
    return read(MAILS[name].build())


@pytest.mark.parametrize("name", MAILS)
def test_hostile_mail_is_read_in_bounded_time(name: str) -> None:
    hostile = MAILS[name]
    raw = hostile.build()
    begun = time.process_time()
    found = hostile.read(raw)
    assert time.process_time() - begun < 5
    assert not isinstance(found, Letter) or is_sound(found)
    if hostile.flaw is not None:
        assert isinstance(found, Letter)
        assert hostile.flaw in {flaw.what for flaw in found.flaws}
    assert read(HEAD + SAID).text == TEXT


def test_a_large_file_comes_out_whole() -> None:
    found = letter("a 50 MB file")
    assert (found.text, found.flaws) == (TEXT, ())
    (file,) = found.files
    digest = hashlib.sha256(b"%PDF-1.4\n" + b"\x93" * 37_000_000).hexdigest()
    assert (file.name, hashlib.sha256(file.payload).hexdigest()) == ("plan.pdf", digest)


@pytest.mark.parametrize(
    "name",
    [
        "mails 1,000 deep",
        "1.2 MB of encoded words",
        "50,000 recipients",
        "100,000 parameters",
        "a date of 1 MB",
        "a header of 1 MB in one line",
        "a header of 1 MB in folds",
        "20,000 brackets in From",
    ],
)
def test_what_a_hostile_mail_says_is_heard(name: str) -> None:
    assert letter(name).text == TEXT


def test_of_too_many_parts_the_first_thousand_are_read() -> None:
    assert letter("10,000 parts").text.count("Hej") == 999
    assert len(letter("10,000 files").files) == 999


def test_a_boundary_that_begins_like_another_is_another() -> None:
    inner = b"Content-Type: multipart/mixed; boundary=bb\r\n\r\n--bb\r\n\r\nTo\r\n--bb--\r\n"
    raw = MIXED + b"--b\r\n\r\nEt\r\n--b\r\n" + inner + b"--b\r\n\r\nTre\r\n--b--\r\n"
    assert read(raw).text == "Et\nTo\nTre"
    assert read(raw).flaws == ()


def test_soft_line_ends_without_end_are_no_text() -> None:
    assert letter("soft line ends without end").text == ""


@pytest.mark.parametrize("end", [b"\r\n", b"\n", b"\r"])
def test_any_line_end_ends_a_line(end: bytes) -> None:
    raw = MIXED + b"--b\r\nContent-Type: text/plain; charset=utf-8\r\n" + SAID + b"--b--\r\n"
    found = read(raw.replace(b"\r\n", end))
    assert (found.text, found.subject, found.flaws) == (TEXT, "Svar", ())


def test_an_attached_mail_of_a_thousand_parts_does_not_use_up_the_text() -> None:
    inner = MIXED.replace(b"=b", b"=c") + b"--c\r\n\r\na\r\n" * 2_000
    raw = MIXED + b"--b\r\nContent-Type: message/rfc822\r\n\r\n" + inner + b"--b\r\n" + SAID + b"--b--\r\n"
    assert read(raw).text == TEXT
    assert FlawKind.TOO_MANY_PARTS in {flaw.what for flaw in read(raw).flaws}
