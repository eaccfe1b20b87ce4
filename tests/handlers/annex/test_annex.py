"""What is read in files, of every kind that parties send."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.annex import kinds
from handlers.annex.reading import extracted
from handlers.annex.shape import CUT, MAX_TEXT, Extracted
from storage.words import Outcome
from tests.handlers import papers, wrapping
from tests.handlers.papers import DOC, DOCX, ODT, PDF, RTF, TREES, XLSX

VAGUE = "application/octet-stream"
_RTF = (
    rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Calibri;}}\uc1 Vi \'f8nsker, at tr\u230?erne p\'e5 \'c5gade"
    rb" bliver {\b st\'e5ende}.{\v skjult}\par}"
)
_MAIL = (
    f"From: karen@borger.example\r\nSubject: Ågade\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{TREES}"
)


def read(payload: bytes, kind: str = VAGUE, name: str = "") -> Extracted:
    return extracted(payload, content_type=kind, name=name)


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        (papers.pdf(papers.lines(TREES)), PDF),
        (papers.typed(TREES), DOCX),
        (papers.word(), DOCX),
        (papers.writer(), ODT),
        (papers.doc(TREES), DOC),
        (_RTF, RTF),
        (TREES.encode(), "text/plain"),
        (TREES.encode("cp1252"), "text/plain"),
        (TREES.encode("utf-16"), "text/plain"),
        (f"<title>x</title><p>{TREES}</p>".encode(), "text/html"),
        (f'<meta charset="iso-8859-1"><p>{TREES}</p>'.encode("cp1252"), "text/html"),
        (papers.sheet(TREES), XLSX),
        (_MAIL.encode(), "message/rfc822"),
        (wrapping.outlook({wrapping.BODY: TREES}), "application/vnd.ms-outlook"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_text_is_read_whatever_program_wrote_it(payload: bytes, kind: str) -> None:
    found = read(payload, kind)
    assert found.outcome == Outcome.TEXT
    assert TREES in found.text
    assert "skjult" not in found.text


def test_a_type_is_told_by_the_content_before_the_claim() -> None:
    assert read(papers.pdf(papers.lines(TREES)), "text/plain", "svar.txt").text == TREES
    assert read(papers.typed(TREES), VAGUE, "svar").text == TREES


def test_a_package_that_does_not_look_like_one_is_what_it_claims_to_be() -> None:
    odd = papers.packed({"content.xml": f"<text:p>{TREES}</text:p>"})
    assert read(odd, VAGUE, "svar.odt").text == TREES
    assert read(odd, ODT, "svar").text == TREES
    assert read(odd, "application/zip", "svar.zip") == Extracted(Outcome.UNKNOWN)


@pytest.mark.parametrize(
    "kind", ["image/png", "application/zip", "text/calendar", "application/pkcs7-signature", ""]
)
def test_what_holds_no_text_need_not_be_sent(kind: str) -> None:
    assert not kinds.holds_text(kind)
    assert read(b"Hej", kind).outcome == Outcome.UNKNOWN


def test_parameters_of_a_type_make_no_difference() -> None:
    assert kinds.holds_text("text/plain; charset=utf-8")
    assert read(b"Hej", "Text/Plain; charset=utf-8").text == "Hej"


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        (papers.rewritten(papers.pdf(papers.lines(TREES)), user="hemmelig", owner="x"), PDF),
        (wrapping.compound({"EncryptedPackage": b"\x00" * 5_000, "EncryptionInfo": b"\x00" * 200}), DOCX),
        (papers.writer(manifest="<x><manifest:encryption-data/></x>"), ODT),
        (papers.doc(TREES, locked=True), DOC),
    ],
    ids=["pdf", "docx", "odt", "doc"],
)
def test_a_file_that_wants_a_password_is_locked(payload: bytes, kind: str) -> None:
    assert read(payload, kind) == Extracted(Outcome.LOCKED)


def test_a_member_that_wants_a_password_locks_its_package() -> None:
    locked = bytearray(papers.word())
    at = locked.rfind(b"PK\x01\x02")
    locked[at + 8] |= 1
    assert read(bytes(locked), DOCX).outcome == Outcome.LOCKED


def test_a_pdf_that_may_be_read_but_not_changed_is_read() -> None:
    assert read(papers.rewritten(papers.pdf(papers.lines(TREES)), owner="x"), PDF).text == TREES


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        (papers.pdf(b"q 500 0 0 500 0 0 cm Q"), PDF),
        (papers.word("<w:p/>"), DOCX),
        (papers.writer("<text:p> - </text:p>"), ODT),
        (b" \r\n\x00", "text/plain"),
        (b"", "text/plain"),
    ],
    ids=["scan", "docx", "odt", "blanks", "nothing"],
)
def test_a_file_without_a_letter_in_it_is_empty(payload: bytes, kind: str) -> None:
    assert read(payload, kind) == Extracted(Outcome.EMPTY)


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        (papers.pdf(papers.lines(TREES))[:200], PDF),
        (papers.typed(TREES)[:20_000], DOCX),
        (papers.packed({"word/other.xml": "<a/>"}), DOCX),
        (papers.packed({"other.xml": "<a/>"}), ODT),
        (papers.word("<w:p>"), DOCX),
        (papers.packed({"content.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), ODT),
        (wrapping.compound({"WordDocument": b"\x00" * 5_000}), DOC),
        (papers.doc(TREES)[:900], DOC),
        (wrapping.outlook({wrapping.BODY: TREES})[:600], "application/vnd.ms-outlook"),
        (papers.sheet(TREES)[:300], XLSX),
    ],
)
def test_a_damaged_file_says_so(payload: bytes, kind: str) -> None:
    assert read(payload, kind) == Extracted(Outcome.DAMAGED)


def test_an_ole_container_that_is_nothing_we_know_stays_unknown() -> None:
    assert read(wrapping.compound({"Other": b"\x00" * 5_000}), DOCX, "x.docx").outcome == Outcome.UNKNOWN


def test_pictures_in_rtf_are_passed_over_and_the_text_around_them_is_not() -> None:
    digits = b"\r\n".join([b"00ff" * 32] * 100_000)
    found = read(_RTF.replace(b"\\par}", b"{\\pict\\picw99\r\n" + digits + b"} slut\\par}"), RTF)
    assert found.text == f"{TREES} slut"


def test_an_attached_mail_brings_its_own_files() -> None:
    inner = wrapping.mail(PDF, papers.pdf(papers.lines(TREES)), name="svar.pdf", text="Se vedhæftede.")
    found = read(inner, "message/rfc822").text
    assert found == f"Svar\n\nSe vedhæftede.\n\n{TREES}"


def test_mails_in_mails_are_read_some_levels_deep_only() -> None:
    inner = _MAIL.encode()
    for level in range(6):
        inner = wrapping.mail("message/rfc822", inner, name="x.eml", text=f"Niveau {level}")
    found = read(inner, "message/rfc822")
    assert found.outcome == Outcome.TEXT
    assert "Niveau 5" in found.text


def test_a_long_text_is_cut_and_says_so() -> None:
    found = read(b"abcd efgh\n" * 500_000, "text/plain")
    assert len(found.text) == MAX_TEXT
    assert found.is_cut
    assert not read(b"abc", "text/plain").is_cut


def test_cutting_a_long_text_does_not_make_another_charset_of_it() -> None:
    found = read(("æ" * 3_000_000).encode(), "text/plain")
    assert set(found.text.removesuffix(CUT)) == {"æ"}


def test_text_is_composed_and_without_what_nobody_can_see() -> None:
    found = read("a\u030agade\x00 \uf0b7 ja \r\n\r\n\r\n\r\nslut".encode(), "text/plain")
    assert found.text == "ågade • ja\n\nslut"


@given(st.binary(max_size=2_000), st.sampled_from([*kinds._WAYS, VAGUE]))  # noqa: SLF001  every way there is
def test_any_bytes_at_all_have_an_outcome(payload: bytes, kind: str) -> None:
    assert isinstance(read(payload, kind), Extracted)


_SOUND = [papers.word(), papers.writer(), papers.pdf(papers.lines(TREES)), papers.doc(TREES), _RTF]


@given(st.sampled_from(_SOUND), st.integers(0, 5_000), st.binary(min_size=1, max_size=4))
def test_a_file_with_a_wound_has_an_outcome(payload: bytes, at: int, wound: bytes) -> None:
    at %= len(payload)
    assert isinstance(read(payload[:at] + wound + payload[at + len(wound) :]), Extracted)
