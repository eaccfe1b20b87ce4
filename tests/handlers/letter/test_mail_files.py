"""What a mail carries: names, types, and which files are annexes."""

from pathlib import Path

from handlers.letter.files import safe_name
from handlers.mail import File, Letter, read

MAILS = Path(__file__).parents[2] / "mails"


def letter(name: str) -> Letter:
    return read((MAILS / f"{name}.eml").read_bytes())


def test_file_names_are_read_and_made_safe() -> None:
    assert [file.name for file in letter("file-names-in-six-ways").files] == [
        "Høringssvar på Agade.pdf",
        "Høringssvar.pdf",
        "Høringssvar på Ågade.pdf",
        "svar.pdf",
        "svar.pdf",
        "part-6.pdf",
    ]


def test_the_type_follows_the_content() -> None:
    assert {file.content_type for file in letter("file-names-in-six-ways").files} == {"application/pdf"}


def test_files_come_out_as_they_were_put_in() -> None:
    assert all(file.payload.startswith(b"%PDF-1.4\n") for file in letter("file-names-in-six-ways").files)


def test_an_attached_mail_is_a_file_and_its_words_are_not_the_senders() -> None:
    mail = letter("a-mail-attached")
    assert mail.text == "Se vedhæftede."
    (file,) = mail.files
    assert (file.name, file.content_type) == ("Skygge på Ågade.eml", "message/rfc822")
    assert read(file.payload).text == "Bents egne ord."


def test_a_logo_is_inline_and_a_photo_is_an_annex() -> None:
    assert [(file.name, file.inline) for file in letter("logo-and-photo").files] == [
        ("image001.png", True),
        ("foto.png", False),
    ]


def test_a_word_document_is_known_under_a_vague_type() -> None:
    docx = b"PK\x03\x04" + b"\x00" * 26 + b"[Content_Types].xml word/document.xml"
    raw = b"From: a@borger.example\nContent-Type: application/octet-stream; name=svar.bin\n\n" + docx
    (file,) = read(raw).files
    assert file == File(
        "svar.bin",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        docx,
        inline=False,
    )


def test_a_slash_in_a_name_is_no_path() -> None:
    assert safe_name("Sag 12/2024.pdf", kind="application/pdf", number=1) == "Sag 12-2024.pdf"


def test_names_cannot_turn_the_reading_direction() -> None:
    assert safe_name("svar\u202efdp.exe", kind="application/pdf", number=1) == "svarfdp.exe"


def test_a_long_name_keeps_its_ending() -> None:
    name = safe_name("ø" * 500 + ".pdf", kind="application/pdf", number=1)
    assert (len(name), name[-5:]) == (120, "ø.pdf")
