"""The mail that confirms a submission: what it says, and that no fact can break it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import mail
from handlers.intake.receipt import POLICY, ReceiptFacts, compose, deliverable

NOW = datetime(2026, 9, 14, 10, 31, tzinfo=UTC)
FACTS = ReceiptFacts(
    number=7, title="Ny plan for Lygtevej", municipality="Ternevig Kommune",
    received_at=datetime(2026, 9, 14, 10, 30, tzinfo=UTC),
    deadline=datetime(2026, 9, 28, 21, 59, tzinfo=UTC), files=(), recipient="ane@borger.example",
    hearing_address="hoering@ternevig.example", sender="hoering@ternevig.example",
    message_id="kvittering.1234", answering="<svar.1@borger.example>",
)  # fmt: skip


def _composed(facts: ReceiptFacts = FACTS) -> EmailMessage:
    message = compose(facts, now=NOW)
    assert message is not None
    return message_from_bytes(message.as_bytes(), _class=EmailMessage, policy=policy.default)


def _text(facts: ReceiptFacts = FACTS) -> str:
    return str(_composed(facts).get_content()).replace("\r\n", "\n")


def test_a_receipt_names_the_number_the_hearing_and_the_time_in_copenhagen() -> None:
    assert _composed()["Subject"] == "Kvittering: høringssvar nr. 7 – Ny plan for Lygtevej"
    text = _text()
    for said in (
        "Ternevig Kommune har modtaget det.",
        "Høring: Ny plan for Lygtevej",
        "Høringssvar nr. 7",
        "Modtaget: 14. september 2026 kl. 12.30",
        "Vedhæftede filer: ingen",
        "skriv til hoering@ternevig.example, og nævn høringssvar nr. 7",
        "Høringsfristen er den 28. september 2026 kl. 23.59.",
        "Høringssvar kan blive offentliggjort sammen med sagen",
        "CPR-numre",
    ):
        assert said in text
    assert "udløb" not in text
    assert "\n\n\n" not in text


def test_a_receipt_names_the_files_that_came() -> None:
    assert "\nVedhæftet: 1 fil\n  – kort.pdf\n" in _text(replace(FACTS, files=("kort.pdf",)))
    two = _text(replace(FACTS, files=("kort.pdf", "støj & støv.docx")))
    assert "\nVedhæftet: 2 filer\n  – kort.pdf\n  – støj & støv.docx\n" in two


def test_a_late_submission_is_told_that_the_municipality_decides() -> None:
    late = replace(FACTS, received_at=FACTS.deadline + timedelta(seconds=1))
    assert "efter at høringsfristen udløb den 28. september 2026 kl. 23.59. Kommunen afgør" in _text(late)
    assert "Høringsfristen er" not in _text(late)
    assert "udløb" not in _text(replace(FACTS, received_at=FACTS.deadline))


def test_no_machine_answers_a_receipt_and_it_is_known_when_it_comes_back() -> None:
    message = _composed()
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["X-Auto-Response-Suppress"] == "All"
    letter = mail.read(message.as_bytes())
    assert letter.kind is mail.Kind.OWN
    assert not letter.may_acknowledge
    assert not letter.flaws


def test_a_receipt_answers_the_mail_it_confirms() -> None:
    message = _composed()
    assert message["In-Reply-To"] == message["References"] == "<svar.1@borger.example>"
    assert message["Message-ID"] == "<kvittering.1234@ternevig.example>"
    assert message["From"] == "Ternevig Kommune <hoering@ternevig.example>"
    assert message["Reply-To"] == "hoering@ternevig.example"
    assert message["To"] == "ane@borger.example"
    assert message["Date"] == "Mon, 14 Sep 2026 12:31:00 +0200"
    assert message["Content-Language"] == "da"


def test_a_long_message_id_is_neither_folded_nor_encoded() -> None:
    long = "<" + "DB9PR04MB" * 20 + "@DB9PR04MB.eurprd04.prod.outlook.example>"
    message = compose(replace(FACTS, answering=long), now=NOW)
    assert message is not None
    assert f"In-Reply-To: {long}\r\nReferences: {long}\r\n".encode() in message.as_bytes()


@pytest.mark.parametrize("answering", ["", "no brackets", "<a b@c>", "<æ@borger.example>", "<a>\r\nBcc: x@y"])
def test_what_is_no_message_id_is_not_answered(answering: str) -> None:
    message = _composed(replace(FACTS, answering=answering))
    assert message["In-Reply-To"] is message["References"] is message["Bcc"] is None


@pytest.mark.parametrize(
    "recipient",
    ["", "ane", "@borger.example", "ane@", "a b@c.example", "ane@borger.example, bo@borger.example",
     "ane@borger.example\r\nBcc: x@y.example", "<ane@borger.example>", "ane@bor\x00ger.example",
     "ane@" + "x" * 64 + ".example", "ane@..example", "ane@a@b.example"],
)  # fmt: skip
def test_what_is_no_address_gets_no_receipt(recipient: str) -> None:
    assert compose(replace(FACTS, recipient=recipient), now=NOW) is None


def test_a_danish_domain_is_written_as_servers_know_it() -> None:
    assert deliverable("ane@blåbær.example") == "ane@xn--blbr-roah.example"
    assert deliverable("åse@blåbær.example") == "åse@xn--blbr-roah.example"


@given(st.text(max_size=80), st.text(max_size=80), st.lists(st.text(max_size=80), max_size=3), st.text())
def test_no_fact_becomes_a_header(title: str, municipality: str, files: list[str], answering: str) -> None:
    facts = replace(
        FACTS, title=title, municipality=municipality, files=tuple(files), answering=answering
    )  # fmt: skip
    message = compose(facts, now=NOW)
    assert message is not None
    raw = message.as_bytes(policy=POLICY)
    again = message_from_bytes(raw)
    expected = {
        "Subject", "From", "To", "Reply-To", "Date", "Message-ID", "Auto-Submitted",
        "X-Auto-Response-Suppress", "x-hoeringsbot", "Content-Type", "Content-Transfer-Encoding",
        "MIME-Version", "Content-Language",
    }  # fmt: skip
    assert set(again.keys()) - {"In-Reply-To", "References"} == expected
    assert again.defects == []
    assert mail.read(raw).kind is mail.Kind.OWN
