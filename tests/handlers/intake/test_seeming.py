"""What a later mail seems to want, as a first guess for the person who decides."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.intake.seeming import seems
from storage.asked import Verdict


@pytest.mark.parametrize(
    ("subject", "text", "verdict"),
    [
        ("Høringssvar", "Jeg trækker hermed mit høringssvar tilbage.", Verdict.WITHDRAWN),
        ("Se bort fra mit høringssvar", "Vi er blevet enige.", Verdict.WITHDRAWN),
        ("Rettelse", "Denne mail erstatter den, jeg sendte i går.", Verdict.REPLACES),
        ("Høringssvar", "Hermed en ny version af foreningens svar.", Verdict.REPLACES),
        ("Høringssvar", "Jeg glemte bilaget. Det kommer her.", Verdict.SUPPLEMENT),
        ("Supplerende bemærkninger", "Der mangler en bænk.", Verdict.SUPPLEMENT),
        ("SV: Ny plan for Lygtevej", "Og så en ting til.", Verdict.SUPPLEMENT),
        ("SV: RE: Ny plan for Lygtevej", "Og så en ting til.", Verdict.SUPPLEMENT),
        ("Ny plan for Lygtevej", "Vi ønsker flere bænke.", Verdict.NEW),
        ("SV: Noget helt andet", "Vi ønsker flere bænke.", Verdict.NEW),
    ],
)
def test_a_later_mail_says_what_it_is(subject: str, text: str, verdict: Verdict) -> None:
    assert seems(subject=subject, text=text, before="Ny plan for Lygtevej") == verdict


@given(st.text(), st.text(), st.text())
def test_any_mail_seems_to_be_something(subject: str, text: str, before: str) -> None:
    assert seems(subject=subject, text=text, before=before) in Verdict


@pytest.mark.parametrize("piece", ["SV:", "træk ", "ny ", "[a] ", "\n", "trækker x "])
def test_an_endless_mail_costs_nothing(piece: str) -> None:
    assert seems(subject=piece * 100_000, text=piece * 100_000, before="") in Verdict
