"""What holds for any bytes at all."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.mail import FlawKind, Kind, Letter, content_key, read

MAILS = sorted((Path(__file__).parents[2] / "mails").glob("*.eml"))
HEAD = b"From: karen@borger.example\r\nSubject: Svar\r\n"


def is_sound(letter: Letter) -> bool:
    said = (letter.subject, letter.text, letter.sender.name, *(file.name for file in letter.files))
    storable = all("\x00" not in text and text.encode() is not None for text in said)
    aware = letter.date is None or letter.date.tzinfo is not None
    read_at_all = all(flaw.what is not FlawKind.UNREADABLE for flaw in letter.flaws)
    return storable and aware and read_at_all and all(file.name for file in letter.files)


@given(st.binary(max_size=3_000))
def test_any_bytes_at_all_can_be_read(raw: bytes) -> None:
    assert is_sound(read(raw))


@given(st.data())
def test_a_damaged_mail_can_be_read(data: st.DataObject) -> None:
    raw = data.draw(st.sampled_from(MAILS)).read_bytes()
    start = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(start, min(len(raw), start + 50)))
    letter = read(raw[:start] + data.draw(st.binary(max_size=30)) + raw[end:])
    assert is_sound(letter)


@given(
    st.lists(
        st.sampled_from([b"=?utf-8?q?", b"?=", b'"', b"<", b">", b"(", b",", b"a@b.example", b"\\", b"*0*="])
    )
)
def test_any_header_can_be_read(pieces: list[bytes]) -> None:
    value = b"".join(pieces)
    assert is_sound(
        read(b"From: " + value + b"\nSubject: " + value + b"\nContent-Type: a/b;name=" + value + b"\n\n")
    )


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_reading_twice_gives_the_same(path: Path) -> None:
    raw = path.read_bytes()
    assert is_sound(read(raw))
    assert read(raw) == read(raw)
    assert content_key(read(raw)) == content_key(read(raw))


def test_the_same_mail_by_another_way_has_the_same_key() -> None:
    raw = MAILS[0].read_bytes()
    assert content_key(read(b"Received: from b.example by c.example\r\n" + raw)) == content_key(read(raw))


@given(st.text(), st.text())
def test_another_text_has_another_key(one: str, other: str) -> None:
    letter = read(HEAD + b"\r\n")
    keys = {content_key(replace(letter, text=text)) for text in (one, other)}
    bare, others = (" ".join(text.split()).encode("utf-8", "replace") for text in (one, other))
    assert len(keys) == (1 if bare == others else 2)


def test_one_campaign_text_from_two_citizens_has_two_keys() -> None:
    texts = [
        b"From: " + name + b"@borger.example\nMessage-ID: <1@x.example>\n\nHej\n" for name in (b"a", b"b")
    ]
    assert len({content_key(read(raw)) for raw in texts}) == 2


def nested(depth: int) -> bytes:
    return HEAD + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level)
        for level in range(depth)
    )


def test_what_lies_too_deep_is_kept_as_a_file() -> None:
    letter = read(nested(100) + b"\r\nHej\r\n")
    assert [file.content_type for file in letter.files] == ["message/rfc822"]
    assert b"Hej" in letter.files[0].payload


def test_no_bytes_are_a_letter_too() -> None:
    letter = read(b"")
    assert (letter.kind, letter.text, letter.sender.address) == (Kind.SUBMISSION, "", "")
    assert FlawKind.EMPTY in {flaw.what for flaw in letter.flaws}
