"""The mails of the demo are ordinary mails, each odd in its own way."""

import io
from collections.abc import Mapping
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

import pypdfium2  # type: ignore[import-untyped]
import pytest

from bot.demo.mails import Posting
from bot.demo.shapes import Material
from handlers.hearing.plan import HearingPlan
from handlers.intake.likeness import THRESHOLD, likeness, signature

Mails = Mapping[str, Posting]


@pytest.fixture(scope="session")
def by_key(played: Material) -> Mails:
    return {
        posting.submission or (f"{posting.follows}, later" if posting.follows else "none"): posting
        for posting in played.postings
    }


def opened(posting: Posting) -> EmailMessage:
    message = message_from_bytes(posting.raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def body(posting: Posting) -> str:
    part = opened(posting).get_body(("plain", "html"))
    assert isinstance(part, EmailMessage)
    return str(part.get_content())


def test_every_mail_can_be_read_by_the_standard_library(played: Material, plan: HearingPlan) -> None:
    for posting in played.postings:
        message = opened(posting)
        assert not message.defects
        assert message["To"] == plan.addresses[0] == posting.recipient
        assert posting.sender in message["From"]
        assert posting.sender.endswith(".example")
        assert posting.label


def test_every_mail_says_what_the_piece_says(played: Material, by_key: Mails) -> None:
    for piece in played.pieces:
        if piece.key in by_key and piece.key != "roklubben":
            assert body(by_key[piece.key]).replace("\r\n", "\n").strip() == piece.text


def test_every_mail_is_dated_the_day_before_in_the_order_sent(played: Material, today: date) -> None:
    dates = [parsedate_to_datetime(opened(posting)["Date"]) for posting in played.postings]
    assert {(today - when.date()).days for when in dates} == {1}
    assert dates == sorted(dates)


def test_one_mail_has_a_pdf_with_danish_words_in_it(by_key: Mails) -> None:
    (pdf,) = opened(by_key["beboerforeningen"]).iter_attachments()
    assert pdf.get_filename() == "Optælling på Ballastkajen.pdf"
    with pypdfium2.PdfDocument(io.BytesIO(pdf.get_content())) as document:
        assert "Lørdag i august, marked" in document[0].get_textpage().get_text_range()


def test_one_mail_is_html_alone(by_key: Mails) -> None:
    message = opened(by_key["roklubben"])
    assert message.get_content_type() == "text/html"
    assert "<p>Klubben har ligget ved Slæbestedet" in body(by_key["roklubben"])


def test_one_mail_is_windows_1252_with_quotes_and_dashes_of_its_own(by_key: Mails) -> None:
    message = opened(by_key["ungeraadet"])
    assert message.get_content_charset() == "windows-1252"
    payload = message.get_payload(decode=True)
    assert isinstance(payload, bytes)
    assert {0x94, 0x96} <= set(payload)


def test_one_sender_has_an_umlaut_in_an_encoded_word(by_key: Mails) -> None:
    assert b"From: =?utf-8?" in by_key["masterne"].raw
    assert "Käthe Østermølle-Bjørnø" in opened(by_key["masterne"])["From"]


def test_one_subject_and_text_have_quotes_and_dashes(by_key: Mails) -> None:
    said = opened(by_key["handelsforeningen"])["Subject"] + body(by_key["handelsforeningen"])
    assert said.count("”") >= 4
    assert said.count(" – ") >= 3


def test_one_mail_is_sent_twice_byte_for_byte(played: Material) -> None:
    sent = [posting.raw for posting in played.postings]
    assert len(sent) - len(set(sent)) == 1


def test_one_mail_answers_by_itself_and_is_no_submission(played: Material) -> None:
    (automatic,) = [posting for posting in played.postings if not (posting.submission or posting.follows)]
    assert opened(automatic)["Auto-Submitted"] == "auto-replied"


def test_one_mail_answers_an_earlier_one_of_its_own_sender(played: Material, by_key: Mails) -> None:
    (later,) = [posting for posting in played.postings if posting.follows]
    (piece,) = [piece for piece in played.pieces if piece.later]
    assert later.follows == piece.key
    assert body(later).replace("\r\n", "\n").strip() == piece.later
    assert opened(later)["In-Reply-To"] == opened(by_key[piece.key])["Message-ID"]
    assert later.sender == by_key[piece.key].sender


def test_three_mails_of_three_senders_are_nearly_the_same(played: Material, by_key: Mails) -> None:
    lead, *others = [piece for piece in played.pieces if piece.key.startswith("lindetraeer")]
    texts = [signature(piece.text) for piece in (lead, *others)]
    assert [piece.same_as for piece in others] == [lead.key] * 2
    assert len({by_key[piece.key].sender for piece in (lead, *others)}) == 3
    assert len({piece.text for piece in (lead, *others)}) == 3
    first = texts[0]
    assert first is not None
    assert all(text is not None and likeness(first, text) >= THRESHOLD for text in texts)


def test_every_other_mail_is_a_submission(played: Material) -> None:
    mailed = {piece.key for piece in played.pieces if piece.channel == "mail"}
    assert {posting.submission for posting in played.postings if posting.submission} == mailed
