"""What the public edition leaves out."""

from __future__ import annotations

import pytest

from handlers.appendix.redaction import Everything, WithoutPersons
from handlers.appendix.shape import Author

_NUMBER = "[telefonnummer udeladt]"
_PRIVATE, _BOARD = Author(("Ane Marie Bro",), is_private=True), Author(("Ældrerådet",), is_private=False)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Skriv til ane.bro@borger.example.", "Skriv til [mailadresse udeladt]."),
        ("Ring 12345678, 12 34 56 78 eller +45 1234 5678.", f"Ring {_NUMBER}, {_NUMBER} eller {_NUMBER}."),
        ("Jeg, ane marie\nbro, mener", "Jeg, [navn udeladt], mener"),
        ("Hilsen\nAne\n", "Hilsen\n[navn udeladt]\n"),
        ("Hilsen\n  Ane M. Bro,\n", "Hilsen\n[navn udeladt]\n"),
        ("CPR 010190-1234", "CPR [CPR-nummer udeladt]"),
        ("Vi bor ved en bro fra 1987, som kostede 1.200.000 kr. i 2019-2020.", None),
        ("Sagsnummer 2031-0004321, § 12, stk. 3", None),
    ],
)  # fmt: skip
def test_what_tells_who_a_private_person_is_is_taken_out(said: str, shown: str | None) -> None:
    assert WithoutPersons().text(said, author=_PRIVATE) == (said if shown is None else shown)


def test_of_an_organisation_only_cpr_numbers_are_taken_out() -> None:
    said = "Ældrerådet, post@aeldre.example, tlf. 12 34 56 78"
    assert WithoutPersons().text(said, author=_BOARD) == said
    assert WithoutPersons().text("010190 1234", author=_BOARD) == "[CPR-nummer udeladt]"


def test_in_the_case_everything_is_shown() -> None:
    assert (
        Everything().text("ane@borger.example 010190-1234", author=_PRIVATE)
        == "ane@borger.example 010190-1234"
    )
