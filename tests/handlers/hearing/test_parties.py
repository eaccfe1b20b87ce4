"""Who a sender is, and which name may be printed: a private person's never."""

from __future__ import annotations

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.hearing.parties import alias, asked_name, fold, heading_name, is_nobody, kind_of, list_name
from storage.models import Party
from storage.words import PartyKind, PrivatePersons


def _party(kind: PartyKind, street: str = "") -> Party:
    return Party(
        hearing_id=uuid4(), kind=kind, list_name="Ane i listen", heading_name="Ane over svaret",
        short_name="Ane", street=street,
    )  # fmt: skip


@pytest.mark.parametrize(
    "other",
    [
        "Lygtevejens Grundejerforening",
        " LYGTEVEJENS\u00a0 grundejerforening\n",
        "lygtevejens grundejerforening. .",
    ],
)
def test_case_spacing_and_a_final_full_stop_make_no_difference_to_a_name(other: str) -> None:
    assert fold(other) == "lygtevejens grundejerforening"


def test_a_letter_in_two_signs_is_the_same_letter() -> None:
    assert fold("A\u030agade Beboerforening") == fold("Ågade Beboerforening")


@given(st.text())
def test_a_folded_name_stays_as_it_is(name: str) -> None:
    assert fold(fold(name)) == fold(name)


def test_nobody_is_known_by_a_name_that_is_no_name() -> None:
    assert alias("Ål" * 1_000) == ""
    assert alias(" . ") == ""
    assert alias("Ane@Borger.Example") == "ane@borger.example"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Lygteby Lokaludvalg", PartyKind.LOKALUDVALG),
        ("Ternevig Ældreråd", PartyKind.RAAD),
        ("Udsatterådet i Ternevig", PartyKind.RAAD),
        ("Østjyllands Politi", PartyKind.MYNDIGHED),
        ("Region Nordvest", PartyKind.MYNDIGHED),
        ("Trafikstyrelsen", PartyKind.MYNDIGHED),
        ("Vejdirektoratet", PartyKind.MYNDIGHED),
        ("Skolebestyrelsen på Lygten", PartyKind.FORENING),
        ("Lygte Biler ApS", PartyKind.VIRKSOMHED),
        ("Murer Hansen A/S", PartyKind.VIRKSOMHED),
        ("Lygtevejens Grundejerforening", PartyKind.FORENING),
        ("Beboerne i Lygtegården, v. bestyrelsen", PartyKind.FORENING),
        ("Kajakklubben Ternen", PartyKind.FORENING),
        ("Vejlauget Lygten", PartyKind.FORENING),
        ("Strandvejens Vejlaug", PartyKind.FORENING),
        ("Havnens Lokaludvalg", PartyKind.LOKALUDVALG),
        ("Cykelgruppen Medvind", PartyKind.FORENING),
        ("Ternevig Ro- og Kajakklub", PartyKind.FORENING),
        ("Frivilligcentret Kajen", PartyKind.FORENING),
        ("Fjordegnens Politi, Plan og Færdsel", PartyKind.MYNDIGHED),
        ("Lygtens Grundejerforening v/ Ane Bro", PartyKind.FORENING),
    ],
)
def test_an_organisation_is_known_by_its_name(name: str, kind: PartyKind) -> None:
    assert kind_of(name) == kind


@pytest.mark.parametrize(
    "name",
    [
        "", "Ane Bro", "bro, ane", "ane@borger.example", "Aslaug Jensen", "Gunlaug Regionsen", "Amba Rao",
        "Rådmand Ole Klubb", "Ole Forenings", "Skolegade 7", "A.P.S. Nielsen", "Peter Nykirke",
        "Mette Danmark", "post@ternens-boldklub.example",
        "Ole Jensen (Region Hovedstaden)", "Lone Hansen, Nørrebro Skole", "Ole Jensen - Lygte Kommune",
        "Ane Bro | Lygte Klub", "Bo Å v/ Lygtens Beboerforening", "Nykirke, Peter",
    ],
)  # fmt: skip
def test_whoever_does_not_clearly_write_for_an_organisation_is_a_private_person(name: str) -> None:
    assert kind_of(name) == PartyKind.BORGER


def test_a_party_has_one_name_in_the_list_and_another_over_its_submission() -> None:
    party = _party(PartyKind.FORENING)
    assert list_name(party, PrivatePersons.STREET) == "Ane i listen"
    assert heading_name(party, PrivatePersons.STREET) == "Ane over svaret"


def test_within_a_group_a_party_is_asked_by_its_short_name_and_listed_by_its_whole() -> None:
    party = _party(PartyKind.LOKALUDVALG)
    party.group = "Lokaludvalgene"
    assert asked_name(party, PrivatePersons.STREET) == "Ane i listen"
    assert list_name(party, PrivatePersons.STREET) == "Ane over svaret"


@pytest.mark.parametrize(
    ("rule", "street", "printed"),
    [
        (PrivatePersons.STREET, "Lygtevej", "Privatperson Lygtevej"),
        (PrivatePersons.STREET, "", "Privatperson"),
        (PrivatePersons.ANONYMOUS, "Lygtevej", "Privatperson"),
    ],
)
def test_a_private_person_is_never_printed_by_name(rule: PrivatePersons, street: str, printed: str) -> None:
    party = _party(PartyKind.BORGER, street)
    assert {name(party, rule) for name in (asked_name, list_name, heading_name)} == {printed}


@pytest.mark.parametrize(
    "address", ["no-reply@by.example", "ikke-svar@by.example", "Formular.NoReply+7@by.example"]
)
def test_an_address_that_nobody_reads_says_so_itself(address: str) -> None:
    assert is_nobody(address)


@pytest.mark.parametrize("address", ["", "ane@noreply.example", "nora.eply@borger.example"])
def test_other_addresses_are_somebodys(address: str) -> None:
    assert not is_nobody(address)
