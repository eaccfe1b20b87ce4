"""What kind of mail it is, and who gets a receipt."""

from pathlib import Path

import pytest

from handlers.mail import Bounce, Kind, Letter, read

MAILS = Path(__file__).parents[1] / "mails"


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
    ],
)
def test_what_no_citizen_wrote_is_told_apart_and_never_acknowledged(name: str, kind: Kind) -> None:
    assert (letter(name).kind, letter(name).may_acknowledge) == (kind, False)


@pytest.mark.parametrize(
    "name",
    ["plain-utf8", "answer-to-an-automatic-answer", "form-gateway", "person-who-forbids-automatic-answers"],
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
    assert letter(name).bounce == bounce


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
