"""What the public edition leaves out."""

from __future__ import annotations

from handlers.appendix.redaction import Everything, WithoutPersons
from handlers.appendix.shape import Author

_PRIVATE, _BOARD = Author(("Ane Marie Bro",), is_private=True), Author(("Ældrerådet",), is_private=False)


def test_what_tells_who_a_private_person_is_is_taken_out() -> None:
    said = (
        "Jeg bor ved en bro fra 1987. Ring 12 34 56 78 eller skriv til ane@borger.example. "
        "CPR 010190-1234.\n\nAne Marie Bro mener det.\n\nVenlig hilsen\nAne Bro"
    )
    shown = WithoutPersons().text(said, author=_PRIVATE)
    assert "Jeg bor ved en bro fra 1987. Ring " in shown
    assert not any(word in shown for word in ("Ane", "12 34", "@", "010190"))


def test_of_an_organisation_only_cpr_numbers_are_taken_out() -> None:
    said = "Ældrerådet, post@aeldre.example, tlf. 12 34 56 78"
    assert WithoutPersons().text(said, author=_BOARD) == said
    assert WithoutPersons().text("010190 1234", author=_BOARD) == "[cpr-nummer skjult]"


def test_in_the_case_everything_is_shown() -> None:
    assert (
        Everything().text("ane@borger.example 010190-1234", author=_PRIVATE)
        == "ane@borger.example 010190-1234"
    )
