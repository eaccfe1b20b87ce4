"""Mails that hide in other things: winmail.dat, S/MIME, .msg and attached mails."""

import struct

import pytest
from asn1crypto import cms  # type: ignore[import-untyped]
from tnefparse import TNEF  # type: ignore[import-untyped]

from handlers.letter.containers import letter_inside
from handlers.mail import File, Flaw, FlawKind, Letter, Mailbox, read
from tests.handlers import wrapping
from tests.handlers.wrapping import mail, winmail

TREES = "Vi ønsker, at træerne på Ågade bliver stående."
ENTITY = f"Content-Type: text/plain; charset=utf-8\r\n\r\n{TREES}\r\n".encode()
PDF = b"%PDF-1.4\nSkygge\n\x00\x00"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 9
RTF = (
    rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Calibri;}}{\*\generator Kontor;}\f0 Vi \'f8nsker, at tr\'e6erne"
    rb" p\'e5 \u197?gade\par bliver {\b st\'e5ende}.{\pict 00ff}\par}"
)


def names(files: tuple[File, ...]) -> list[str]:
    return [file.name for file in files]


def flaws(letter: Letter) -> set[FlawKind]:
    return {flaw.what for flaw in letter.flaws}


def from_outlook(container: bytes, text: str = "") -> Letter:
    return read(mail("application/ms-tnef", container, name="winmail.dat", text=text))


def attached(inner: bytes, kind: str = "message/rfc822", name: str = "") -> Letter:
    return read(mail(kind, inner, name=name, text="Se vedhæftede."))


def test_the_files_in_winmail_dat_stand_in_its_place() -> None:
    container = winmail(
        {}, [({wrapping.LONG_NAME: "Svar på høring.pdf"}, PDF), ({wrapping.LONG_NAME: "b.txt"}, b"B")]
    )
    letter = from_outlook(container, text=TREES)
    assert letter.text == TREES
    assert letter.flaws == ()
    assert letter.files == (
        File("Svar på høring.pdf", "application/pdf", PDF, inline=False),
        File("b.txt", "text/plain", b"B", inline=False),
    )


@pytest.mark.parametrize(
    "said",
    [
        {wrapping.BODY: TREES},
        {wrapping.HTML: f"<p>{TREES}</p>".encode("cp1252"), wrapping.INTERNET_CODEPAGE: 1252},
        {wrapping.HTML: f"<p>{TREES}</p>".encode(), wrapping.INTERNET_CODEPAGE: 65001},
    ],
    ids=["plain", "page", "page in UTF-8"],
)
def test_without_another_text_the_mail_says_what_winmail_dat_says(said: dict[int, str | bytes | int]) -> None:
    assert from_outlook(winmail(said)).text == TREES


def test_rich_text_in_winmail_dat_is_read_without_its_fonts_and_pictures() -> None:
    assert from_outlook(winmail({wrapping.RTF: wrapping.packed(RTF)})).text == (
        "Vi ønsker, at træerne på Ågade\nbliver stående."
    )


def test_compressed_rich_text_is_unpacked() -> None:
    # {\rtf1 and so on, as the format's own description packs it; what it repeats is referred to.
    packed = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    )
    assert from_outlook(winmail({wrapping.RTF: packed})).text == "hello world"


def test_a_winmail_dat_that_only_repeats_the_text_is_no_annex() -> None:
    letter = from_outlook(winmail({wrapping.RTF: wrapping.packed(RTF)}), text="Som aftalt.")
    assert letter.text == "Som aftalt."
    assert [(file.name, file.inline) for file in letter.files] == [("winmail.dat", True)]


def test_pictures_that_a_page_in_winmail_dat_shows_are_inline() -> None:
    page = {wrapping.HTML: b'<p>Hej <img src="cid:1@x"></p>'}
    logo = ({wrapping.LONG_NAME: "image001.png", wrapping.CONTENT_ID: "1@x"}, PNG)
    photo = ({wrapping.LONG_NAME: "foto.png"}, PNG)
    files = from_outlook(winmail(page, [logo, photo])).files
    assert [(file.name, file.inline) for file in files] == [("image001.png", True), ("foto.png", False)]


def test_a_message_in_winmail_dat_is_a_mail_with_its_own_files() -> None:
    inner = winmail(
        {wrapping.SUBJECT: "Skygge", wrapping.BODY: TREES, wrapping.SENDER_NAME: "Bent Eksempel",
         wrapping.SENDER_ADDRESS: "bent@borger.example"},
        [({wrapping.LONG_NAME: "kort.pdf"}, PDF)],
    )  # fmt: skip
    container = winmail({}, [({wrapping.DATA: wrapping.IS_MESSAGE + inner}, b"")])
    (file,) = from_outlook(container, text="Se vedhæftede.").files
    assert (file.name, file.content_type, names(file.inside)) == (
        "Skygge.eml",
        "message/rfc822",
        ["kort.pdf"],
    )
    found = read(letter_inside(file) or b"")
    assert (found.text, found.sender) == (TREES, Mailbox("Bent Eksempel", "bent@borger.example"))


def test_another_reader_finds_the_same_in_our_winmail_dat() -> None:
    container = winmail({wrapping.BODY: TREES}, [({wrapping.LONG_NAME: "Svar.pdf"}, PDF)])
    found = TNEF(container)
    assert [(file.long_filename(), file.data) for file in found.attachments] == [("Svar.pdf", PDF)]
    assert found.body == TREES


@pytest.mark.parametrize("cut", [7, 20, 100, 260])
def test_a_truncated_winmail_dat_is_a_flaw_and_stays_a_file(cut: int) -> None:
    container = winmail({wrapping.BODY: TREES}, [({wrapping.LONG_NAME: "Svar.pdf"}, PDF * 9)])[:-cut]
    letter = from_outlook(container, text="Hej")
    assert flaws(letter) == {FlawKind.DAMAGED}
    assert File("winmail.dat", "application/ms-tnef", container, inline=False) in letter.files


@pytest.mark.parametrize("kind", ["application/ms-tnef", "application/pkcs7-mime"])
def test_bytes_that_are_no_container_are_a_flaw_and_a_file(kind: str) -> None:
    letter = read(mail(kind, b"slet ikke", name="winmail.dat", text="Hej"))
    assert (letter.text, flaws(letter)) == ("Hej", {FlawKind.DAMAGED})
    assert (names(letter.files), letter.files[0].payload) == (["winmail.dat"], b"slet ikke")


@pytest.mark.parametrize(
    "container",
    [
        wrapping.signed(ENTITY),
        wrapping.signed(ENTITY, streamed=7),
        wrapping.compressed(ENTITY),
        wrapping.signed(b"Content-Type: application/pkcs7-mime\r\n\r\n" + wrapping.signed(ENTITY)),
        cms.ContentInfo(
            {
                "content_type": "signed_data",
                "content": cms.SignedData(
                    {
                        "version": "v1", "digest_algorithms": [], "signer_infos": [],
                        "encap_content_info": {"content_type": "data", "content": ENTITY},
                    }
                ),
            }
        ).dump(),
    ],
    ids=["DER", "BER", "compressed", "signed twice", "written by a library"],
)  # fmt: skip
@pytest.mark.parametrize(
    "kind", ["application/pkcs7-mime", "application/x-pkcs7-mime", "application/octet-stream"]
)
def test_a_signature_around_the_mail_does_not_hide_it(container: bytes, kind: str) -> None:
    letter = read(mail(kind, container, name="smime.p7m"))
    assert (letter.text, letter.files, letter.flaws) == (TREES, (), ())


def test_files_and_types_of_parts_are_read_inside_a_signature() -> None:
    inner = mail("application/octet-stream", PDF, name="svar.pdf", text=TREES)
    letter = read(mail("application/pkcs7-mime", wrapping.signed(inner), name="smime.p7m"))
    assert (letter.text, names(letter.files)) == (TREES, ["svar.pdf"])


def test_an_encrypted_mail_is_a_flaw_and_stays_a_file() -> None:
    letter = read(mail("application/pkcs7-mime", wrapping.sealed(), name="smime.p7m"))
    assert letter.flaws == (Flaw(FlawKind.ENCRYPTED, "part 1"),)
    assert [(file.name, file.inline) for file in letter.files] == [("smime.p7m", False)]


def test_a_signature_that_stands_apart_hides_nothing() -> None:
    letter = read(mail("application/pkcs7-signature", wrapping.signed(None), name="smime.p7s", text=TREES))
    assert (letter.text, letter.flaws) == (TREES, ())
    assert [(file.name, file.inline) for file in letter.files] == [("smime.p7s", True)]


def test_a_cut_off_signature_gives_what_came_and_is_kept() -> None:
    letter = read(mail("application/pkcs7-mime", wrapping.signed(ENTITY)[:-20], name="smime.p7m"))
    assert letter.text.startswith("Vi ønsker")
    assert (flaws(letter), names(letter.files)) == ({FlawKind.DAMAGED}, ["smime.p7m"])


@pytest.mark.parametrize(
    ("kind", "name"), [("message/rfc822", ""), ("application/octet-stream", "videresendt.eml")]
)
def test_an_attached_mail_lists_its_own_files(kind: str, name: str) -> None:
    inner = mail("application/pdf", PDF, name="kort.pdf", text="Bents egne ord.").replace(b"Svar", b"Skygge")
    letter = attached(b"Date: Mon, 24 Nov 2025 10:12:33 +0100\r\n" + inner, kind, name)
    (file,) = letter.files
    assert (letter.text, file.name, file.content_type) == (
        "Se vedhæftede.",
        name or "Skygge.eml",
        "message/rfc822",
    )
    assert file.inside == (File("kort.pdf", "application/pdf", PDF, inline=False),)


def test_an_outlook_message_is_a_mail_with_its_own_files() -> None:
    message = wrapping.outlook(
        {wrapping.SUBJECT: "Skygge på Ågade", wrapping.BODY: TREES, wrapping.SENDER_NAME: "Karen Eksempel",
         wrapping.SENDER_ADDRESS: "karen@borger.example", wrapping.SENT: 134_084_491_530_000_000},
        [{wrapping.LONG_NAME: "kort.pdf", wrapping.DATA: PDF * 400},
         {wrapping.LONG_NAME: "b.txt", wrapping.DATA: b"B"}],
    )  # fmt: skip
    (file,) = attached(message, "application/octet-stream", "Skygge.msg").files
    assert (file.content_type, names(file.inside)) == ("application/vnd.ms-outlook", ["kort.pdf", "b.txt"])
    assert [inner.payload for inner in file.inside] == [PDF * 400, b"B"]
    found = read(letter_inside(file) or b"")
    assert (found.subject, found.text) == ("Skygge på Ågade", TREES)
    assert found.sender == Mailbox("Karen Eksempel", "karen@borger.example")
    assert found.date is not None
    assert found.date.isoformat() == "2025-11-24T09:12:33+00:00"


def test_a_damaged_outlook_message_stays_a_file_and_is_a_flaw() -> None:
    message = wrapping.outlook({wrapping.BODY: TREES})[:1_500]
    letter = attached(message, "application/vnd.ms-outlook", "Skygge.msg")
    assert (flaws(letter), names(letter.files)) == ({FlawKind.DAMAGED}, ["Skygge.msg"])
    assert letter_inside(letter.files[0]) is None


def test_a_mail_that_only_has_another_attached_says_what_that_one_says() -> None:
    inner = f"From: bent@borger.example\r\nSubject: Skygge\r\n\r\n{TREES}".encode()
    letter = read(mail("message/rfc822", inner))
    assert (letter.text, names(letter.files)) == (TREES, ["Skygge.eml"])
    assert letter.sender.address == "karen@borger.example"


def test_a_file_that_is_no_mail_has_no_letter_inside() -> None:
    assert letter_inside(File("a.pdf", "application/pdf", PDF, inline=False)) is None


def test_mails_in_mails_are_opened_some_levels_deep_only() -> None:
    raw = mail("application/pdf", PDF, name="inderst.pdf", text="0")
    for level in range(8):
        raw = mail("message/rfc822", raw, text=str(level))
    letter = read(raw)
    depth, files = 0, letter.files
    while files:
        depth, files = depth + 1, files[0].inside
    assert depth == 6
    assert flaws(letter) == {FlawKind.TOO_DEEP}


def test_a_winmail_dat_may_claim_what_it_likes() -> None:
    claims = struct.pack("<I", 0xFFFFFFFF) + b"\x1f\x00\x37\x00" + struct.pack("<I", 0xFFFFFFFF)
    container = b"\x78\x9f\x3e\x22\x01\x00" + wrapping.attribute(0x9003, claims)
    assert flaws(from_outlook(container, text="Hej")) == {FlawKind.DAMAGED}
