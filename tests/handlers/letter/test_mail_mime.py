"""Mails whose parts are put together as no standard says, or say little by themselves."""

import binascii
from pathlib import Path

import pytest

from handlers.letter.containers import letter_inside
from handlers.mail import Flaw, FlawKind, Letter, Mailbox, read

MAILS = Path(__file__).parents[2] / "mails"
TREES = "Vi ønsker, at træerne på Ågade bliver stående."
PDF = b"%PDF-1.4\n" + "Skygge på Ågade.\n".encode() * 9


def letter(name: str) -> Letter:
    return read((MAILS / f"{name}.eml").read_bytes())


def flaws(name: str) -> set[FlawKind]:
    return {flaw.what for flaw in letter(name).flaws}


def test_a_blank_line_among_the_headers_does_not_end_them() -> None:
    assert letter("blank-line-among-headers").text == TREES
    assert flaws("blank-line-among-headers") == {FlawKind.BAD_HEADERS}


def test_a_text_that_speaks_of_headers_is_no_header() -> None:
    raw = (
        f"From: a@borger.example\nContent-Type: text/plain\n\nContent-Type: er en linje i en mail.\n\n{TREES}"
    )
    assert read(raw.encode()).text == f"Content-Type: er en linje i en mail.\n\n{TREES}"


@pytest.mark.parametrize(
    "written", ["text/html charset=utf-8", "text/html, charset=utf-8", "TEXT/HTML;charset=UTF-8"]
)
def test_a_type_is_read_however_its_charset_is_divided_from_it(written: str) -> None:
    raw = f"From: a@borger.example\nContent-Type: {written}\n\n<p>{TREES}</p>"
    assert read(raw.encode()).text == TREES
    assert letter("semicolon-forgotten").text == TREES


def test_a_page_that_a_form_sends_as_plain_text_is_read_as_a_page() -> None:
    assert letter("page-sent-as-plain-text").text == f"Høringssvar\n\n{TREES}"


def test_base64_that_was_encoded_in_pieces_comes_out_whole() -> None:
    mail = letter("base64-in-pieces")
    assert [(file.name, file.payload) for file in mail.files] == [("svar.pdf", PDF)]
    assert mail.flaws == ()


def test_a_subject_without_a_charset_has_that_of_the_mail_attached() -> None:
    assert letter("charset-named-in-the-attached-mail-only").subject == "Zażółć"


def test_a_mail_encrypted_with_pgp_is_a_flaw() -> None:
    mail = letter("pgp-encrypted")
    assert mail.flaws == (Flaw(FlawKind.ENCRYPTED, "part 1"),)
    assert [(file.name, file.inline) for file in mail.files] == [
        ("unknown.dat", True),
        ("encrypted.asc", False),
    ]


def test_the_same_text_for_clever_programs_is_no_annex() -> None:
    mail = letter("page-for-clever-programs-beside-the-text")
    assert mail.text == TREES
    assert [file.inline for file in mail.files] == [True]


def test_winmail_dat_is_opened() -> None:
    mail = letter("winmail-dat")
    assert (mail.text, mail.flaws) == (TREES, ())
    assert [(file.name, file.payload) for file in mail.files] == [("Høringssvar på Ågade.pdf", PDF)]


def test_smime_that_hides_the_mail_is_opened() -> None:
    mail = letter("smime-that-hides-the-mail")
    assert (mail.text, mail.flaws) == (TREES, ())
    assert [(file.name, file.payload) for file in mail.files] == [("svar.pdf", PDF)]


def test_smime_that_is_encrypted_says_nothing_and_is_a_flaw() -> None:
    assert letter("smime-encrypted").text == ""
    assert flaws("smime-encrypted") == {FlawKind.ENCRYPTED}


def test_an_attached_outlook_message_can_be_read() -> None:
    (file,) = letter("outlook-message-attached").files
    assert [(inner.name, inner.payload) for inner in file.inside] == [("kort.pdf", PDF)]
    found = read(letter_inside(file) or b"")
    assert (found.text, found.sender) == (TREES, Mailbox("Bent Eksempel", "bent@borger.example"))
    passed_on = letter("outlook-message-attached").forwarded
    assert passed_on is not None
    assert (passed_on.author, passed_on.text) == (found.sender, TREES)


def test_a_mail_forwarded_as_a_file_without_a_word_says_what_that_one_says() -> None:
    mail = letter("forwarded-as-a-file-without-a-word")
    assert mail.text == TREES
    (file,) = mail.files
    assert (file.name, [inner.name for inner in file.inside]) == ("Skygge på Ågade.eml", ["kort.pdf"])


def test_a_uuencoded_file_comes_out_whole() -> None:
    lines = [binascii.b2a_uu(PDF[at : at + 45]) for at in range(0, len(PDF), 45)]
    head = b"From: a@borger.example\nContent-Type: application/pdf; name=a.pdf\n"
    body = b"".join([b"begin 644 a.pdf\n", *lines, b"`\nend\n"])
    found = read(head + b"Content-Transfer-Encoding: x-uuencode\n\n" + body)
    assert (found.files[0].payload, found.flaws) == (PDF, ())
