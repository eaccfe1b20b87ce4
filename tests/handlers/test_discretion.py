"""What of a private person Slack does not get to see, and what it does."""

from __future__ import annotations

import time

import pytest

from handlers.discretion import Veil

OLE = Veil(("Ole Bøgh Hansen",))


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Skriv til ole.hansen+svar@privat.example.", "Skriv til [e-mailadresse skjult]."),
        ("<mailto:ole@privat.example>", "<[e-mailadresse skjult]>"),
        ("Ring 12345678.", "Ring [telefonnummer skjult]."),
        ("Ring 12 34 56 78, tak", "Ring [telefonnummer skjult], tak"),
        ("tlf.: 12.34.56.78", "tlf.: [telefonnummer skjult]"),
        ("(+45) 2234 5678", "[telefonnummer skjult]"),
        ("Mobil: +45 22 33 44 55", "Mobil: [telefonnummer skjult]"),
        ("+46 (0)8 123 456 78", "[telefonnummer skjult]"),
        ("Mit cpr. er 010190-1234", "Mit cpr. er [cpr-nummer skjult]"),
        ("Mit cpr. er 0101901234.", "Mit cpr. er [cpr-nummer skjult]."),
        ("Jeg bor Gl. Skovvej 12 B, 2. th., 8000 Lillerup.", "Jeg bor [adresse skjult]."),
        ("Jeg, ole bøgh hansen, mener", "Jeg, [navn skjult], mener"),
        ("Svar fra Hansen, Ole Bøgh", "Svar fra [navn skjult]"),
        ("Høringssvar_Ole_Bøgh_Hansen.pdf", "Høringssvar_[navn skjult].pdf"),
        (
            "Jeg, Ole Hansen, mener det samme som Ole B. Hansen",
            "Jeg, [navn skjult], mener det samme som [navn skjult]",
        ),
        ("Til kommunen\nOle Hansen\nStien er smal", "Til kommunen\n[navn skjult]\nStien er smal"),
    ],
)
def test_what_tells_how_to_find_a_private_person_is_hidden(said: str, shown: str) -> None:
    assert OLE.over(said) == shown


@pytest.mark.parametrize(
    "said",
    [
        "Cyklen stod ved Skovvej 12 den 01.02.2026.",
        "Sag 2026-0001234 om lokalplan 2026-2030, side 14.",
        "Det koster 12.345.678 kr. om året, 1500 2000 eller 2026 2027.",
        "Ole og Hansen er enige.",
        "Krydset Skovvej/Parkvej, 8000 Lillerup, er farligt.",
        "Kl. 12.30 og igen 13.45; § 12, stk. 3, nr. 4.",
    ],
)
def test_what_a_citizen_speaks_of_stays(said: str) -> None:
    assert OLE.over(said) == said


SIGNED = """Cykelstien er for smal.

Med venlig hilsen
Anne-Mette Krogh og Ole Hansen
Skovvej 12, 8000 Lillerup
Tlf. 12 34 56 78 | ole@privat.example"""


def test_a_signature_loses_names_places_and_numbers_and_keeps_its_lines() -> None:
    assert OLE.over(SIGNED).splitlines() == [
        "Cykelstien er for smal.", "", "Med venlig hilsen", "[navn skjult]", "[adresse skjult]",
        "Tlf. [telefonnummer skjult] | [e-mailadresse skjult]",
    ]  # fmt: skip


def test_a_name_behind_the_greeting_is_hidden_and_the_greeting_stays() -> None:
    assert OLE.over("Stien er smal.\n\nMvh. Ole") == "Stien er smal.\n\nMvh. [navn skjult]"
    assert OLE.over("Stien er smal.\n\nVenlig hilsen") == "Stien er smal.\n\nVenlig hilsen"


@pytest.mark.parametrize(
    "said", ["A." * 30_000, "Ole\n-- \n" + "A.b " * 20_000, "12 " * 30_000, "Ole a " * 20_000]
)
def test_no_text_takes_long_to_look_through(said: str) -> None:
    began = time.process_time()
    OLE.over(said)
    assert time.process_time() - began < 5  # a hundred times that, when it grows with the square


def test_a_lifted_veil_hides_nothing() -> None:
    assert Veil(OLE.names, lifted=True).over(SIGNED) == SIGNED


def test_a_veil_over_a_veil_hides_no_more() -> None:
    assert OLE.over(OLE.over(SIGNED)) == OLE.over(SIGNED)
