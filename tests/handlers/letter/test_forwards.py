"""Mail passed on: whose it was, and what it said."""

import time
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.letter import forwards, header_blocks, written_dates
from handlers.mail import Forwarded, Letter, Mailbox, read

MAILS = Path(__file__).parents[2] / "mails"
KAREN = Mailbox("Karen Eksempel", "karen@borger.example")
ANSWER = "Hej\n\nVi ønsker, at de gamle træer på Ågade bliver stående.\n\nMed venlig hilsen\nKaren Eksempel"
BLOCK = (
    "Fra: Karen <karen@borger.example>\nSendt: 20. november 2025 21:14\n"
    "Til: bo@borger.example\nEmne: VS: A\n\n"
)
EVENING = datetime(2025, 11, 20, 20, 14, tzinfo=UTC)


def letter(name: str) -> Letter:
    return read((MAILS / f"{name}.eml").read_bytes())


def forwarded(name: str) -> Forwarded:
    found = letter(name).forwarded
    assert found is not None
    return found


def told(subject: str, text: str) -> Forwarded | None:
    return forwards.passed_on(subject, text, files=(), answers=False)


@pytest.mark.parametrize(
    "name",
    [
        "forwarded-by-outlook-below-a-line",
        "forwarded-by-gmail",
        "forwarded-by-apple",
        "forwarded-by-thunderbird",
        "forwarded-by-a-phone",
        "forwarded-twice",
        "forwarded-as-a-file-that-forwards",
    ],
)
def test_the_original_is_found_however_it_was_passed_on(name: str) -> None:
    found = forwarded(name)
    assert (found.author, found.text) == (KAREN, ANSWER)
    assert found.subject.startswith("Mosekrogen")
    assert found.date is not None
    assert found.date.replace(second=0) == EVENING


def test_the_original_is_found_in_a_page() -> None:
    found = forwarded("forwarded-by-outlook-as-a-page")
    assert (found.author, found.subject, found.date) == (KAREN, "Mosekrogen", EVENING)
    assert found.text == "Vi ønsker, at de gamle træer på Ågade bliver stående."
    assert found.note.startswith("Til videre foranstaltning.")


def test_a_header_that_runs_over_lines_is_read_whole() -> None:
    assert forwarded("forwarded-by-outlook-below-a-line").subject == "Mosekrogen og de gamle træer"


def test_the_original_may_be_a_file() -> None:
    found = forwarded("forwarded-as-a-file")
    assert found.author == Mailbox("Karen Østergård Eksempel", "karen@borger.example")
    assert (found.attached, found.note, found.text) == (True, "Se vedhæftede mail.", ANSWER)


def test_a_name_without_an_address_is_kept() -> None:
    assert forwarded("forwarded-with-a-name-only").author == Mailbox("Karen Eksempel", "")


def test_a_citizens_answer_is_the_original_and_what_it_answers_is_not() -> None:
    found = forwarded("forwarded-answer-above-its-history")
    assert found.author == KAREN
    assert found.text.startswith(ANSWER)


@pytest.mark.parametrize(
    "name",
    [
        "answer-above-its-history",
        "answer-whose-history-was-forwarded",
        "letterhead-that-looks-like-headers",
        "three-mails-as-files",
        "bounce-with-the-mail-itself",
        "plain-utf8",
    ],
)
def test_what_passes_nothing_on_is_no_forward(name: str) -> None:
    assert letter(name).forwarded is None


def test_a_header_block_below_a_short_note_needs_no_subject() -> None:
    block = BLOCK.replace("VS: A", "A")
    assert told("Lokalplan", f"Hermed.\n\n{block}Vi er imod.") is not None
    assert told("Lokalplan", f"{'Vi mener noget andet. ' * 40}\n\n{block}Vi er imod.") is None
    assert forwards.passed_on("Lokalplan", f"Hermed.\n\n{block}Nej.", files=(), answers=True) is None


def test_a_letterhead_does_not_hide_the_original_below_it() -> None:
    text = (
        "Til: Teknik og By\nFra: Grundejerforeningen\nDato: 20. november\nEmne: Svar\n\nVi er imod.\n\n"
        "________________________________\nFra: Karen <karen@borger.example>\nSendt: 3. november 2025 9:00\n"
        "Til: bo@borger.example\nEmne: Høring\n\nHermed sendes forslaget."
    )
    found = told("VS: Høring", text)
    assert found is not None
    assert (found.author.address, found.text) == ("karen@borger.example", "Hermed sendes forslaget.")


@pytest.mark.parametrize(
    "above",
    [
        "Den tor. 20. nov. 2025 kl. 21.14 skrev Karen Eksempel <karen@borger.example>:",
        "Den tor. 20. nov. 2025 kl. 21.14 skrev Karen Eksempel\n<karen@borger.example>:",
        "Karen Eksempel <karen@borger.example> skrev den 20. november 2025 21:14:",
    ],
)
def test_the_original_may_stand_below_a_line_as_in_an_answer(above: str) -> None:
    found = told("VS: Mosekrogen", f"Se herunder.\n\n{above}\n\n> Vi er imod.\n> Karen\n")
    assert found is not None
    assert (found.author, found.date, found.text) == (KAREN, EVENING, "Vi er imod.\nKaren")
    assert told("SV: Mosekrogen", f"Tak.\n\n{above}\n\n> Vi er imod.\n") is None


def test_an_original_that_answers_below_a_quote_is_kept_whole() -> None:
    found = told(
        "VS: A", f"{BLOCK.replace('VS: A', 'A')}> I skriver om træer.\n\nVi er imod.\n\n> Og om veje.\n\nNej."
    )
    assert found is not None
    assert found.text.endswith("> I skriver om træer.\n\nVi er imod.\n\n> Og om veje.\n\nNej.")


def test_words_below_a_quoted_original_are_the_forwarders() -> None:
    assert "Tlf." not in forwarded("forwarded-by-apple").text


@pytest.mark.parametrize(
    ("written", "mailbox"),
    [
        ("Karen Eksempel <karen@borger.example>", KAREN),
        ("Karen Eksempel [mailto:karen@borger.example]", KAREN),
        ('"Karen Eksempel" <mailto:karen@borger.example>', KAREN),
        ("Eksempel, Karen <karen@borger.example>", Mailbox("Eksempel, Karen", "karen@borger.example")),
        ("*Karen Eksempel* <Karen@Borger.example>", KAREN),
        ("karen@borger.example", Mailbox("", "karen@borger.example")),
        ("Karen Eksempel", Mailbox("Karen Eksempel", "")),
        ("Karen Eksempel </O=KOMMUNE/CN=KAREN>", Mailbox("Karen Eksempel", "")),
        ("", Mailbox("", "")),
    ],
)
def test_an_author_is_read_as_programs_write_it(written: str, mailbox: Mailbox) -> None:
    assert forwards.author(written) == mailbox


@pytest.mark.parametrize(
    "prefix", ["VS:", "Vs:", "Fwd:", "FW:", "WG:", "Videresendt:", "[EKSTERN] VS:", "[Fwd:"]
)
def test_a_subject_says_that_a_mail_is_passed_on(prefix: str) -> None:
    assert forwards.says_so(f"{prefix} Mosekrogen")


@pytest.mark.parametrize(
    "subject", ["SV: VS: Mosekrogen", "Vs. træerne", "Mosekrogen VS: Ågade", "Fwdx: a", ""]
)
def test_a_subject_says_nothing_of_passing_on(subject: str) -> None:
    assert not forwards.says_so(subject)


@pytest.mark.parametrize(
    "written",
    [
        "20. november 2025 21:14",
        "torsdag den 20. november 2025 21:14:00",
        "tor. 20. nov. 2025 kl. 21.14",
        "20. november 2025 kl. 21.14.00 CET",
        "Thu, 20 Nov 2025 21:14:00 +0100",
        "Thursday, November 20, 2025 9:14 PM",
        "Thu, Nov 20, 2025 at 9:14 p.m.",
        "20-11-2025 21:14",
        "20.11.2025 21.14 (GMT+01:00)",
        "2025-11-20 20:14 UTC",
        "11/20/2025 9:14 PM",
        "Donnerstag, 20. November 2025 21:14",
    ],
)
def test_a_written_date_is_a_moment(written: str) -> None:
    assert written_dates.moment(written) == EVENING


@pytest.mark.parametrize("written", ["", "i går", "31. februar 2025", "0/0/0000", "99.99.9999 99:99", "2025"])
def test_what_is_no_date_is_none(written: str) -> None:
    assert written_dates.moment(written) is None


@given(st.text(max_size=120))
def test_any_text_may_stand_for_a_date(written: str) -> None:
    found = written_dates.moment(written)
    assert found is None or found.tzinfo is not None


LINE = st.text(max_size=30) | st.sampled_from(
    [
        *(
            "Fra: Karen <k@b.example>",
            "Sendt: 20. november 2025 21:14",
            "Til:",
            "Emne: A",
            "Kopi: a",
            "bcc: b",
        ),
        *(
            "Dato: i går",
            "> Fra: B",
            "> Emne: B",
            ">",
            "",
            "tekst",
            "Den 2. maj skrev Bo:",
            "________________",
        ),
        *("---------- Forwarded message ---------", "-----Oprindelig meddelelse-----"),
        "Start på videresendt besked:",
    ]
)


@given(st.sampled_from(["VS: a", "SV: a", "a", "Fwd: SV: a"]), st.lists(LINE, max_size=40), st.booleans())
def test_any_text_may_be_passed_on(subject: str, lines: list[str], answers: bool) -> None:
    found = forwards.passed_on(subject, "\n".join(lines), files=(), answers=answers)
    assert found is None or found.date is None or found.date.tzinfo is not None


@given(st.lists(LINE, max_size=40))
def test_marks_stand_in_order_and_never_overlap(lines: list[str]) -> None:
    found = list(header_blocks.marks(lines))
    assert all(mark.start < mark.end <= len(lines) for mark in found)
    assert all(one.end <= other.start + 1 for one, other in pairwise(found))


HOSTILE = {
    "many blocks": BLOCK * 20_000,
    "names without end": "Fra: a\nTil: " + "navn,\n" * 200_000,
    "labels without end": "Bcc: a\nVedhæftede filer: b\n" * 100_000,
    "one label": "Til: a\n" * 200_000,
    "quote marks": "> " * 500_000 + "Fra: a\n" + BLOCK,
    "dashes": "-" * 1_000_000 + "\n" + "- " * 500_000,
    "skrev": "den 2 skrev " * 100_000,
    "dates": "Fra: a\nTil: b\nDato: " + "20. nov. " * 100_000,
    "authors": "Fra: " + "[mailto:" * 100_000 + "\nTil: b\nEmne: c",
    "a long line": "a" * 2_000_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_searched_in_bounded_time(name: str) -> None:
    start = time.process_time()
    told("VS: a", f"Forwarded Fra:\n{HOSTILE[name]}")
    assert time.process_time() - start < 2
