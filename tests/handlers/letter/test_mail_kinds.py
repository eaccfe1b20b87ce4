"""What kind of mail it is, and who gets a receipt."""

from dataclasses import replace
from pathlib import Path

import pytest

from handlers.intake.acknowledge import RECEIPT
from handlers.mail import Bounce, Kind, Letter, read

MAILS = Path(__file__).parents[2] / "mails"


def letter(name: str) -> Letter:
    return read((MAILS / f"{name}.eml").read_bytes())


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("out-of-office-danish", Kind.AUTO_REPLY),
        ("out-of-office-english", Kind.AUTO_REPLY),
        ("auto-replied", Kind.AUTO_REPLY),
        ("bounce-as-text-only", Kind.BOUNCE),
        ("bounce-with-failed-recipients", Kind.BOUNCE),
        ("report-failed", Kind.BOUNCE),
        ("report-delayed", Kind.BOUNCE),
        ("report-delivered", Kind.RECEIPT),
        ("read-receipt", Kind.RECEIPT),
        ("read-receipt-as-text-only", Kind.RECEIPT),
        ("calendar-answer", Kind.CALENDAR),
        ("recall", Kind.RECALL),
        ("mailing-list", Kind.LIST),
        ("own-mail-come-back", Kind.OWN),
        ("null-sender", Kind.AUTOMATIC),
        ("out-of-office-without-a-colon", Kind.AUTO_REPLY),
        ("out-of-office-behind-a-ticket-number", Kind.AUTO_REPLY),
        ("bounce-that-quotes-the-headers", Kind.BOUNCE),
        ("bounce-with-an-empty-report", Kind.BOUNCE),
        ("report-relayed", Kind.RECEIPT),
        ("calendar-declined-without-a-parameter", Kind.CALENDAR),
        ("calendar-tentative", Kind.CALENDAR),
        ("spam-by-spamassassin", Kind.SPAM),
        ("spam-by-rspamd", Kind.SPAM),
        ("spam-by-microsoft", Kind.SPAM),
    ],
)
def test_what_no_citizen_wrote_is_told_apart_and_never_acknowledged(name: str, kind: Kind) -> None:
    assert (letter(name).kind, letter(name).may_acknowledge) == (kind, False)


@pytest.mark.parametrize(
    "name",
    [
        "plain-utf8",
        "answer-to-an-automatic-answer",
        "form-gateway",
        "person-who-forbids-automatic-answers",
        "person-who-says-auto-submitted-no",
        "spam-mark-that-the-sender-brought",
        "spam-level-for-all-from-outside",
        "spam-mark-on-an-answer-to-our-receipt",
    ],
)
def test_what_a_citizen_wrote_is_a_submission(name: str) -> None:
    assert letter(name).kind is Kind.SUBMISSION


@pytest.mark.parametrize("name", ["form-gateway", "person-who-forbids-automatic-answers"])
def test_a_submission_may_forbid_a_receipt(name: str) -> None:
    assert not letter(name).may_acknowledge


@pytest.mark.parametrize(
    ("name", "bounce"),
    [
        ("report-failed", Bounce("5.1.1", "smtp; 550 5.1.1 whatever", "karen@borger.example", final=True)),
        ("report-delayed", Bounce("4.4.7", "smtp; 550 4.4.7 whatever", "karen@borger.example", final=False)),
        (
            "bounce-as-text-only",
            Bounce("5.1.1", "Modtageren findes ikke <srv #5.1.1>", "karen@borger.example", final=True),
        ),
        (
            "bounce-with-failed-recipients",
            Bounce("5.1.1", "550 5.1.1 No such user", "karen@borger.example", final=True),
        ),
    ],
)
def test_a_bounce_says_to_whom_and_why(name: str, bounce: Bounce) -> None:
    found = letter(name).bounce
    assert found is not None
    assert replace(found, original_id="") == bounce


@pytest.mark.parametrize(
    ("name", "original"),
    [
        ("bounce-that-quotes-the-headers", "<kvittering.0001@kommune.example>"),
        ("bounce-with-headers-of-the-mail", "<kvittering.0002@kommune.example>"),
        ("bounce-with-the-mail-itself", "<kvittering.0003@kommune.example>"),
        ("bounce-with-an-empty-report", "<kvittering.0004@kommune.example>"),
        ("bounce-that-names-the-mail-in-a-header", "<kvittering.0005@kommune.example>"),
        ("bounce-as-text-only", ""),
    ],
)
def test_a_bounce_says_which_of_our_mails_came_back(name: str, original: str) -> None:
    found = letter(name).bounce
    assert found is not None
    assert found.original_id == original


def test_of_all_that_a_bounce_refers_to_the_last_came_back() -> None:
    raw = (
        b"From: postmaster@post.example\nSubject: Undeliverable: Kvittering\n"
        b"References: <svar@borger.example> <kvittering.1@kommune.example>\n\n550 5.1.1\n"
    )
    found = read(raw).bounce
    assert found is not None
    assert found.original_id == "<kvittering.1@kommune.example>"


def test_what_a_report_leaves_open_is_looked_for_in_the_text() -> None:
    found = letter("bounce-with-an-empty-report").bounce
    assert found is not None
    assert (found.status, found.recipient) == ("5.1.1", "bo@borger.example")


@pytest.mark.parametrize(
    "subject",
    [
        "Ude af kontoret: Kvittering",
        "Automatisk svar: Kvittering",
        "Automatic reply: Kvittering",
        "Fraværsmeddelelse",
        "Out of office",
        "Ikke til stede: Kvittering",
    ],
)
def test_a_machine_that_says_nobody_is_in_is_known_by_its_subject(subject: str) -> None:
    raw = f"From: karen@borger.example\nSubject: {subject}\n\nJeg er tilbage mandag.\n"
    assert read(raw.encode()).kind is Kind.AUTO_REPLY


@pytest.mark.parametrize("header", ["In-Reply-To", "References"])
def test_a_person_who_answers_a_machine_may_speak_of_absence_too(header: str) -> None:
    raw = (
        f"From: karen@borger.example\n{header}: <a@kommune.example>\n"
        "Subject: SV: Automatisk svar: Mosekrogen\n\n"
        "Jeg har ferie i uge 42. Vi ønsker flere træer.\n"
    )
    assert read(raw.encode()).kind is Kind.SUBMISSION


@pytest.mark.parametrize(
    "subject", ["VS: Kan ikke leveres: mit svar", "Afvist: planen", "Accepteret: jeres forslag"]
)
def test_a_citizen_may_write_about_what_machines_write(subject: str) -> None:
    raw = f"From: karen@borger.example\nSubject: {subject}\n\nJeg fik 550 5.1.1 retur. Her er mit svar.\n"
    assert read(raw.encode()).kind is Kind.SUBMISSION


@pytest.mark.parametrize(
    "header",
    [
        "X-Spam-Flag: NO",
        "X-Spam: undefined",
        "X-Spam-Status: No, score=4.9",
        "X-MS-Exchange-Organization-SCL: -1",
    ],
)
def test_a_mail_that_the_server_lets_pass_is_no_spam(header: str) -> None:
    raw = f"{header}\nX-Spam-Flag: YES\nFrom: karen@borger.example\nSubject: Svar\n\nVi ønsker flere træer.\n"
    assert (read(raw.encode()).kind is Kind.SPAM) == (header == "X-Spam: undefined")


@pytest.mark.parametrize(
    "header",
    [
        "X-Spam: Yes",
        "X-Spam-Status: Yes, hits=8.1",
        "X-MS-Exchange-Organization-SCL: 9",
        "X-Rspamd-Action: add header",
        "X-Barracuda-Spam-Status: Yes, SCORE=6.0",
    ],
)
def test_spam_is_what_the_server_calls_so_unless_it_answers_our_receipt(header: str) -> None:
    head = f"{header}\nFrom: karen@borger.example\nSubject: Svar\n"
    answer = f"References: <a@borger.example> <{RECEIPT}1@kommune.example>\n"
    assert read(f"{head}\nHej\n".encode()).kind is Kind.SPAM
    assert read(f"{head}{answer}\nHej\n".encode()).kind is Kind.SUBMISSION


@pytest.mark.parametrize("subject", ["Videresendt: Kvittering", "Leveret: Kvittering", "Læst: Kvittering"])
def test_what_a_mail_system_reports_without_a_report_is_a_receipt(subject: str) -> None:
    raw = f"From: MicrosoftExchange329e71ec88ae4615@kommune.example\nSubject: {subject}\n\nGennemført.\n"
    assert read(raw.encode()).kind is Kind.RECEIPT


def test_our_own_mail_stays_ours_whatever_a_filter_thinks_of_it() -> None:
    raw = (MAILS / "own-mail-come-back.eml").read_bytes()
    assert read(b"X-Spam-Flag: YES\r\n" + raw).kind is Kind.OWN


@pytest.mark.parametrize(
    "subject",
    [
        "Automatiske svar fra kommunen hjælper ikke",
        "Tilbagekald: forslaget",
        "Læst: jeres forslag",
        "Auto-ophug",
    ],
)
def test_a_citizens_subject_is_not_taken_for_a_machines(subject: str) -> None:
    raw = f"From: karen@borger.example\nSubject: {subject}\n\nVi vil gerne gøre indsigelse.\n"
    assert read(raw.encode()).kind is Kind.SUBMISSION


def test_a_calendar_file_that_a_citizen_encloses_makes_no_invitation() -> None:
    raw = (
        b"From: karen@borger.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nSe dato.\n"
        b"--b\nContent-Type: text/calendar; method=PUBLISH\n"
        b"Content-Disposition: attachment; filename=a.ics\n\nBEGIN:VCALENDAR\n--b--\n"
    )
    assert read(raw).kind is Kind.SUBMISSION


def test_nobody_answers_a_no_reply_address() -> None:
    assert not read(b"From: no-reply@firma.example\nSubject: Svar\n\nHej\n").may_acknowledge
