"""What a mail says: headers, text and charsets."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from handlers.mail import FlawKind, Letter, Mailbox, read

MAILS = Path(__file__).parents[2] / "mails"
TREES = "Vi ønsker, at træerne på Ågade bliver stående."


def letter(name: str) -> Letter:
    return read((MAILS / f"{name}.eml").read_bytes())


def flaws(name: str) -> set[FlawKind]:
    return {flaw.what for flaw in letter(name).flaws}


def test_an_ordinary_mail_is_read_whole() -> None:
    mail = letter("plain-utf8")
    assert mail.sender == Mailbox("Karen Eksempel", "karen@borger.example")
    assert mail.subject == "Høringssvar om Mosekrogen"
    assert mail.recipients == ("hoering@kommune.example",)
    assert mail.message_id == "<plain-utf8@borger.example>"
    assert mail.date == datetime(2025, 11, 24, 9, 12, 33, tzinfo=UTC)
    assert mail.text.startswith("Kære kommune\n\n" + TREES)
    assert mail.text.endswith("Med venlig hilsen\nKaren Eksempel")
    assert (mail.flaws, mail.files, mail.may_acknowledge) == ((), (), True)


@pytest.mark.parametrize(
    "name", ["plain-utf8", "utf8-called-latin1", "charset-nobody-knows", "no-charset-no-mime"]
)
def test_danish_letters_survive_whatever_charset_is_claimed(name: str) -> None:
    assert TREES in letter(name).text


def test_latin1_means_cp1252() -> None:
    assert "”Ågade” – og Søvej" in letter("cp1252-called-latin1").text


def test_an_unknown_charset_is_a_flaw() -> None:
    assert flaws("charset-nobody-knows") == {FlawKind.CHARSET_UNKNOWN}


def test_a_page_becomes_lines_with_its_list_numbers_and_without_what_is_hidden() -> None:
    assert letter("html-only").text == (
        "Kære kommune\n\nVi ønsker, at træerne på Ågade\nbliver stående.\n\n"
        "3. Skygge\n4. Fugle\nMatrikel 12ab"
    )


def test_a_page_may_name_its_charset_itself() -> None:
    assert letter("html-with-charset-in-meta-only").text == "Vi ønsker 100 €"


def test_a_placeholder_does_not_hide_the_page_beside_it() -> None:
    text = letter("placeholder-beside-html").text
    assert "Vi ønsker, at træerne" in text
    assert "mailklient" not in text


def test_soft_line_ends_are_joined_but_not_across_quotes_or_signature() -> None:
    assert letter("format-flowed").text == f"{TREES}\n> Høringen slutter på fredag.\n-- \nKaren"


def test_a_letter_split_over_two_encoded_words_is_put_together() -> None:
    mail = letter("subject-split-inside-a-letter")
    assert mail.subject == "Svar om Ågade"
    assert mail.sender == Mailbox("Eksempel, Søren", "soeren@borger.example")


@pytest.mark.parametrize(
    ("name", "sender"),
    [
        ("quoted-encoded-word-in-from", "Søren Eksempel"),
        ("raw-8-bit-headers", "Søren Eksempel"),
        ("surname-comma-forename-unquoted", "Eksempel, Søren"),
    ],
)
def test_a_senders_name_is_read_however_it_is_written(name: str, sender: str) -> None:
    assert letter(name).sender == Mailbox(sender, "soeren@borger.example")


def test_without_an_address_in_from_the_reply_address_stands_in() -> None:
    assert letter("only-reply-to").sender == Mailbox("Karen Eksempel", "karen@borger.example")
    assert flaws("only-reply-to") == {FlawKind.NO_SENDER}


def test_headers_that_lost_their_indent_are_still_headers() -> None:
    mail = letter("headers-that-lost-their-indent")
    assert (mail.subject, mail.text) == ("Svar", "Træerne bliver.")
    assert mail.sender.address == "karen@borger.example"


@pytest.mark.parametrize(
    ("name", "flaw"),
    [
        ("multipart-never-closed", FlawKind.UNCLOSED),
        ("boundary-not-named", FlawKind.NO_BOUNDARY),
        ("headers-that-lost-their-indent", FlawKind.BAD_HEADERS),
    ],
)
def test_damaged_parts_are_read_and_the_damage_is_named(name: str, flaw: FlawKind) -> None:
    assert letter(name).text == "Træerne bliver."
    assert flaw in flaws(name)


def test_text_that_is_no_base64_is_kept_as_it_stands() -> None:
    assert "Træerne på Ågade" in letter("base64-that-is-none").text
    assert flaws("base64-that-is-none") == {FlawKind.BAD_ENCODING}


def test_nul_bytes_reach_neither_text_nor_subject() -> None:
    mail = letter("nul-bytes")
    assert (mail.subject, mail.text) == ("Svar", "Træerne bliver.")


def test_an_impossible_date_is_no_date() -> None:
    assert letter("date-from-hell").date is None
    assert flaws("date-from-hell") == {FlawKind.BAD_DATE}


def test_references_have_the_answered_mail_first_and_each_once() -> None:
    head = b"From: a@borger.example\r\nReferences: <1@x.example>\r\n <2@x.example>\r\n"
    raw = head + b"In-Reply-To: <2@x.example>\r\n\r\n"
    assert read(raw).references == ("<2@x.example>", "<1@x.example>")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("=?utf-8?q?Hvorfor_=C3=A5ben??=", "Hvorfor åben?"),
        ("Svar =?utf-8?q?p=C3=A5?= =?utf-8?q?_=C3=98en?= nu", "Svar på Øen nu"),
        ("=?utf-8?b?w6Y?= =?broken", "æ =?broken"),
        ("=?iso-8859-1*da?q?=C6r=F8?=", "Ærø"),
    ],
)
def test_encoded_words_are_read_as_programs_write_them(written: str, meant: str) -> None:
    assert read(f"From: a@borger.example\nSubject: {written}\n\n".encode()).subject == meant


def test_a_page_that_says_more_than_the_plain_text_beside_it_is_the_text() -> None:
    assert letter("page-that-says-more-than-the-plain-text").text.endswith("Telefon 00 00 00 00, formand")


def test_a_title_that_nothing_else_says_is_part_of_the_text() -> None:
    text = letter("form-that-says-what-it-is-in-its-title").text
    assert text.startswith("Høringssvar til Mosekrogen\n")
    assert text.endswith("Svar: Bevar træerne på Ågade.")
