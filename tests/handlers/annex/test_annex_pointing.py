"""A mail that only points to its annex is answered from the annex; one that says something is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.annex.pointing import MAX_ALL_SPOKEN, MAX_SPOKEN, points_to_annex, spoken

_POINTING = {
    "two words": "Se vedhæftede",
    "a file": "Se vedhæftet fil.",
    "English": "Dear Sir or Madam\n\nPlease find attached our response.\n\nKind regards\nAnn",
    "handed over": "Kære kommune\n\nHermed fremsendes høringssvar fra Beboerforeningen Engen vedr. lokalplan"
    " nr. 123. Se vedhæftede.\n\nMed venlig hilsen\nIda Holm\nFormand",
    "on behalf of others": "Hej\nHermed fremsender jeg på vegne af Grundejerforeningen Bakken vores"
    " bemærkninger til lokalplanforslaget. De er vedhæftet som pdf.\nBekræft modtagelsen.\n\nMvh Ole",
    "a name without a farewell": "Høringssvar vedlagt som bilag\n\nJens Olsen\nLærkevej 4\n1234 Byby",
    "an opinion in the quote": "Se vedhæftede.\n\nFra: Kommunen\nEmne: Høring\nVi mener, at alt skal ændres.",
    "an opinion in the signature": "Svar vedhæftet.\n\nVenlig hilsen\nIb\nVi er imod vindmøller",
    "a warning by the server": "[EKSTERN E-MAIL] Denne e-mail er sendt af en person uden for organisationen."
    " Klik ikke på links.\n\nSe bilag",
    "no word of a file": "Hej\n\nHermed vores høringssvar.\n\nMvh Bo",
    "a receipt wished for": "Jeg sender mit svar som bilag.\nJeg vil gerne have en kvittering.",
    "a warning by a lawyer": "Se bilag.\n\nDenne e-mail kan være fortrolig. Den bør slettes, hvis …",
    "a telephone": "Se vedhæftede\n\nSendt fra min iPhone",
    "a farewell that asks": "Til rette vedkommende\n\nVedhæftet finder I vores høringssvar. I er velkomne til"
    " at kontakte mig ved spørgsmål.\n\nDe bedste hilsner\nKim",
}
_SAYING = {
    "nothing": "",
    "a greeting": "Hej\n\nMvh Ib",
    "an opinion": "Vi er imod lokalplanen. Se vedhæftede.",
    "no remarks": "Vi har ingen bemærkninger, se vedhæftede brev.",
    "a wish with a map": "Vejen bør lukkes som vist på vedhæftede kort.",
    "thanks only": "Tak for materialet.\nMvh Ib",
    "an observation": "Jeg bor ved stien, og der er mørkt om aftenen, som det ses på det vedhæftede billede.",
    "a no": "Nej tak til vindmøller. Se bilag.",
    "an opinion in English": "We oppose the plan. See attached map.",
    "remarks that follow": "Hermed vores bemærkninger:\n- Stien langs åen er smal\n- Der er glat om vinteren",
    "a long letter": "Vedhæftet er et kort. " + "Stien langs åen er smal og glat om vinteren. " * 40,
}


@pytest.mark.parametrize("text", _POINTING.values(), ids=_POINTING)
def test_a_mail_that_says_no_more_than_that_something_is_attached_points(text: str) -> None:
    assert points_to_annex(text)


@pytest.mark.parametrize("text", _SAYING.values(), ids=_SAYING)
def test_a_mail_that_says_something_itself_does_not_point(text: str) -> None:
    assert not points_to_annex(text)


@pytest.mark.timeout(10)  # it would take minutes if it took longer for each sign
@pytest.mark.parametrize(
    "sign", ["> ", "hej\n", "vedhæftet ", "\n", " ", "den x", "til ", "med hilsen ", "…"]
)
def test_a_hostile_mail_is_judged_at_once(sign: str) -> None:
    points_to_annex(sign * 300_000)


@given(st.text())
def test_any_text_is_judged(text: str) -> None:
    assert points_to_annex(text) in {True, False}


def test_what_is_spoken_is_the_mail_and_then_its_files() -> None:
    assert spoken("Se vedhæftede.", ["Første bilag", "", "Andet bilag"]) == (
        "Se vedhæftede.\n\nFørste bilag\n\nAndet bilag"
    )


def test_of_a_long_file_only_the_beginning_is_spoken_and_no_word_in_half() -> None:
    said = spoken("Hej", ["vindmølle " * 10_000])
    assert len(said) <= MAX_SPOKEN + 5
    assert set(said.split()[1:]) == {"vindmølle"}


def test_many_files_are_spoken_within_bounds_and_the_mail_always_whole() -> None:
    own = "Træ " * 50_000
    said = spoken(own, ["sti " * 10_000 for _ in range(50)])
    assert said.startswith(own)
    assert len(said) <= len(own) + MAX_ALL_SPOKEN + 200
