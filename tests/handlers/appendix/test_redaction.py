"""What the public edition leaves out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.appendix.redaction import Everything, WithoutPersons, redacted
from handlers.appendix.shape import Author
from handlers.discretion import Veil
from storage.words import Edition
from tests.handlers.appendix import sample

_NUMBER = "[telefonnummer udeladt]"
_PRIVATE, _BOARD = Author(("Ane Marie Bro",), is_private=True), Author(("Ældrerådet",), is_private=False)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Skriv til ane.bro@borger.example.", "Skriv til [mailadresse udeladt]."),
        ("Ring 12345678, 12 34 56 78 eller +45 1234 5678.", f"Ring {_NUMBER}, {_NUMBER} eller {_NUMBER}."),
        ("Jeg, ane marie\nbro, mener", "Jeg, [navn udeladt], mener"),
        ("Hilsen\nAne\n", "Hilsen\n[navn udeladt]\n"),
        ("Hilsen\n  Ane M. Bro,\n", "Hilsen\n  [navn udeladt],\n"),
        ("CPR 010190-1234", "CPR [CPR-nummer udeladt]"),
        ("Vi bor ved en bro fra 1987, som kostede 1.200.000 kr. i 2019-2020.", None),
        ("Sagsnummer 2031-0004321, § 12, stk. 3", None),
    ],
)  # fmt: skip
def test_what_tells_who_a_private_person_is_is_taken_out(said: str, shown: str | None) -> None:
    assert WithoutPersons().text(said, author=_PRIVATE) == (said if shown is None else shown)


_TELLING = (
    "ane.bro+svar@borger.example", "12345678", "12 34 56 78", "12-34-56-78", "2012\N{NO-BREAK SPACE}3456",
    "20 12 3456", "20 123 456", "+46 70 123 45 67", "(+45) 22334455", "0045 12345678", "010190-1234",
    "010190\N{EN DASH}1234", "010190\N{NON-BREAKING HYPHEN}1234", "010190 - 1234", "0101901234",
    "Lygtevej 12, 2. tv, 2400 Ternevig", "Lygtevej 12, st. th.\n2400 Ternevig", "Ane Marie Bro",
    "Bro, Ane Marie", "ane bro", "Ane M. Bro",
)  # fmt: skip
_AROUND = (
    "Jeg bor her. {}", "{}, og det er vigtigt", "Svar:\n{}\nog mere", "Stien er smal.\n\nVenlig hilsen\n{}",
    "Stien er smal.\n\nMvh {}", "Mobil/adresse: {}.", "<{}>",
)  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(_TELLING), st.sampled_from(_AROUND)), min_size=1, max_size=4))
def test_whatever_slack_does_not_see_the_public_does_not_see(told: list[tuple[str, str]]) -> None:
    said = "\n\n".join(around.format(words) for words, around in told)
    slack, public = Veil(_PRIVATE.names).over(said), WithoutPersons().text(said, author=_PRIVATE)
    for words, _ in told:
        assert words in slack or words not in public
    hidden = [mark.count("[") for mark in (slack, public)]
    assert hidden[0] == hidden[1] >= 1


@pytest.mark.parametrize("words", [each for each in _TELLING if each != "Bro, Ane Marie"])
def test_each_of_them_is_hidden_in_a_sentence(words: str) -> None:
    public = WithoutPersons().text(f"Jeg er enig ({words}) i det hele.", author=_PRIVATE)
    assert public.startswith("Jeg er enig ([")
    assert public.replace("\n", "").endswith(" udeladt]) i det hele.")


def test_a_file_in_which_a_cpr_number_stands_is_withheld_from_the_public() -> None:
    whole = sample.appendix({"brev.pdf": b"1", "andet.pdf": b"2"}, edition=Edition.PUBLIC)
    entry = whole.entries[1]
    said = ("Underskrevet af 010190\N{EN DASH}1234", "Journalnummer 2031-0004321")
    files = tuple(replace(file, text=text) for file, text in zip(entry.files, said, strict=True))
    (public,) = redacted(replace(whole, entries=(replace(entry, files=files),)), by=WithoutPersons()).entries
    assert [(file.withheld, file.text) for file in public.files] == [(True, ""), (False, said[1])]


def test_of_an_organisation_only_cpr_numbers_are_taken_out() -> None:
    said = "Ældrerådet, post@aeldre.example, tlf. 12 34 56 78"
    assert WithoutPersons().text(said, author=_BOARD) == said
    assert WithoutPersons().text("010190 1234", author=_BOARD) == "[CPR-nummer udeladt]"


def test_in_the_case_everything_is_shown() -> None:
    assert (
        Everything().text("ane@borger.example 010190-1234", author=_PRIVATE)
        == "ane@borger.example 010190-1234"
    )
