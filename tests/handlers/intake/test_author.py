"""Whose words a mail brings, and whether somebody must be asked."""

from dataclasses import replace
from pathlib import Path

import pytest

from handlers.intake.author import Author, author
from handlers.letter import notes
from handlers.letter.shape import Forwarded
from handlers.mail import Letter, Mailbox, read

MAILS = Path(__file__).parents[2] / "mails"
STAFF = ("@Kommune.example",)
KAREN = Mailbox("Karen Eksempel", "karen@borger.example")
LONE = Mailbox("Lone Eksempel", "lone@kommune.example")


def letter(name: str) -> Letter:
    return read((MAILS / f"{name}.eml").read_bytes())


def passed_on(name: str, **other: object) -> Letter:
    """A mail of ours whose original differs in something."""
    found = letter(name)
    assert isinstance(found.forwarded, Forwarded)
    return replace(found, forwarded=replace(found.forwarded, **other))  # type: ignore[arg-type]


def of(found: Letter) -> Author:
    return author(found, staff_domains=STAFF)


@pytest.mark.parametrize(
    "name",
    [
        "forwarded-by-outlook-as-a-page",
        "forwarded-by-gmail",
        "forwarded-by-apple",
        "forwarded-twice",
        "forwarded-answer-above-its-history",
        "forwarded-as-a-file-that-forwards",
    ],
)
def test_what_staff_pass_on_is_its_first_authors(name: str) -> None:
    assert of(letter(name)) == Author(KAREN, forwarded_by="lone@kommune.example")


def test_staff_below_the_municipalitys_domain_are_staff() -> None:
    found = replace(letter("forwarded-by-gmail"), sender=Mailbox("Per", "per@skole.kommune.example"))
    assert of(found).forwarded_by == "per@skole.kommune.example"
    other = replace(found, sender=Mailbox("Per", "per@ikke-kommune.example"))
    assert of(other).forwarded_by == ""


def test_an_original_without_an_address_is_asked_about() -> None:
    found = of(letter("forwarded-with-a-name-only"))
    assert found == Author(Mailbox("Karen Eksempel", ""), forwarded_by="lone@kommune.example", doubt=True)


def test_an_original_that_nobody_can_read_is_asked_about() -> None:
    bare = replace(letter("forwarded-by-gmail"), forwarded=None)
    assert of(bare) == Author(LONE, doubt=True)
    assert of(passed_on("forwarded-by-gmail", author=Mailbox("", ""))) == Author(LONE, doubt=True)


def test_several_mails_in_one_are_asked_about() -> None:
    assert of(letter("three-mails-as-files")) == Author(LONE, doubt=True)


def test_what_staff_pass_on_from_staff_is_asked_about() -> None:
    assert of(passed_on("forwarded-by-gmail", author=Mailbox("Per", "per@kommune.example"))).doubt


def test_what_staff_pass_on_from_a_machine_is_asked_about() -> None:
    assert of(passed_on("forwarded-by-gmail", author=Mailbox("Portal", "no-reply@portal.example"))).doubt


def test_staff_who_say_much_themselves_are_asked_about() -> None:
    assert of(passed_on("forwarded-by-gmail", note="Vi mener selv noget andet. " * 30)).doubt


def test_staff_who_pass_on_their_own_mail_wrote_it() -> None:
    assert of(passed_on("forwarded-by-gmail", author=LONE)) == Author(LONE)


def test_a_citizen_who_answers_in_a_forward_is_the_author() -> None:
    assert of(letter("citizen-answers-in-a-forward")) == Author(KAREN)


def test_a_citizen_who_only_passes_on_is_asked_about_and_stays_the_author() -> None:
    assert of(letter("citizen-forwards-a-neighbour")) == Author(KAREN, doubt=True)
    assert of(passed_on("citizen-forwards-a-neighbour", note="")) == Author(KAREN, doubt=True)


def test_a_note_that_sounds_like_an_office_is_asked_about() -> None:
    note = (
        "Hej. Hermed videresendt på vegne af foreningens medlemmer, som har bedt os om at sende det her ind."
    )
    assert of(passed_on("citizen-forwards-a-neighbour", note=note)).doubt


def test_a_citizen_who_passes_on_their_own_mail_wrote_it() -> None:
    assert of(passed_on("citizen-forwards-a-neighbour", author=KAREN)) == Author(KAREN)


def test_whoever_filled_in_a_form_is_the_author() -> None:
    found = letter("form-gateway")
    assert found.reply_to is not None
    assert of(found).party.address == found.reply_to.address


@pytest.mark.parametrize(
    "name", ["plain-utf8", "answer-above-its-history", "letterhead-that-looks-like-headers"]
)
def test_an_ordinary_mail_is_its_senders(name: str) -> None:
    found = letter(name)
    assert of(found) == Author(found.sender)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Hej Lone\n\nTil videre behandling.\n\nMed venlig hilsen\nPer\nTlf. 00 00 00 00",
            "Til videre behandling.",
        ),
        ("Kære alle,\nFYI\n-- \nPer", "FYI"),
        ("\n\nSendt fra min iPhone\n", ""),
        ("[EKSTERN] Denne mail kommer fra en ekstern afsender\n\nSe herunder", "Se herunder"),
        ("Vi er imod.\nOg vi er mange.", "Vi er imod. Og vi er mange."),
        ("", ""),
    ],
)
def test_a_note_is_what_stands_between_greeting_and_signature(text: str, said: str) -> None:
    assert notes.said(text) == said


@pytest.mark.parametrize(
    "text", ["Til videre foranstaltning", "FYI", "Hermed videresendt.", "Se nedenfor", ""]
)
def test_a_note_may_only_pass_on(text: str) -> None:
    assert notes.passes_on(text)


@pytest.mark.parametrize(
    "text",
    ["Vi er imod forslaget.", "Jeg er enig med min nabo i alt.", "Se nedenfor. " + "Vi er imod. " * 40],
)
def test_a_note_with_words_of_its_own_does_more(text: str) -> None:
    assert not notes.passes_on(text)
