"""Whatever people wrote that comes into a notat is looked through, wherever it is printed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import count

import pytest
from sqlmodel import SQLModel

from handlers.notat.finding import Finding, Lack
from handlers.notat.findings import findings
from handlers.notat.passages import Where, passages
from handlers.notat.shape import dump as dump_notat
from storage.dossier import Dossier
from storage.edits import Edits
from storage.words import Layout, PartyKind, TextName
from templates import say
from tests.handlers.notat.cases import Town, printed

_MARK = re.compile(r"\[mærke \d+\]")
_marks = count(1)


def _mark() -> str:
    return f"[mærke {next(_marks)}]"


def _marked(row: SQLModel) -> None:
    """Every word that anybody could have written in this row becomes a mark of its own."""
    for name, value in row.model_dump().items():
        if type(value) is str:
            setattr(row, name, _mark())


def _of_marks() -> Dossier:
    """A hearing in which all that people wrote is a mark, and there is some of everything."""
    town = Town(departments=[(f"Forvaltning {_mark()}", ("træer", _mark()))])
    heard = [town.party("x", heard_as=0), town.party("x", PartyKind.BORGER, heard_as=1)]
    guest, person = town.party("x"), town.party("x", PartyKind.BORGER)
    answered = town.laid(f"Ja. {_mark()}", f"Nej. {_mark()}", about="Træer.", change=("x", True))
    themed = town.laid(f"Måske. {_mark()}", theme="x", change=("x", False))
    filed = [
        town.filed(party, *laid, summary=f"Kort. {_mark()}")
        for party, laid in ((heard[0], (answered,)), (guest, (themed,)), (person, ()))
    ]
    changes = [laid.ends.agreed for laid in (answered, themed) if laid.ends.agreed]
    for row in (town.hearing, *heard, guest, person, themed.referral, *changes):
        _marked(row)
    town.hearing.texts = {
        name.value: _mark() for name in TextName if name not in {TextName.RESUME, TextName.CHANGES}
    }
    headings = {facts.remark.id: _mark() for facts in answered.remarks}
    return town.dossier(*filed, heard=heard, edits=Edits(headings=headings))


def _found(texts: Iterable[str]) -> set[str]:
    return {mark for text in texts for mark in _MARK.findall(text)}


@pytest.mark.parametrize("order", list(Layout))
def test_all_that_people_wrote_and_a_notat_prints_is_looked_through(order: Layout) -> None:
    dossier = _of_marks()
    notat = replace(printed(dossier, order), findings=())
    in_print = _found([json.dumps(dump_notat(notat), ensure_ascii=False)])
    assert len(in_print) > 15
    assert not in_print - _found(passage.said for passage in passages(dossier))


@pytest.mark.parametrize("where", list(Where))
@pytest.mark.parametrize("number", [0, 7])
def test_of_each_place_it_is_said_in_danish_what_was_found_there(where: Where, number: int) -> None:
    about = Finding(
        Lack.BRACKETS, number, number, "Klub", "Parkforvaltningen", where=where, words="[…", theme="læ"
    )
    if number or where not in {Where.SUMMARY, Where.PARTY, Where.HEADING, Where.THEME, Where.CHANGE}:
        assert say("findings.j2", "brackets", finding=about).endswith(", der ikke er udfyldt: »[…«.")
    if number:
        found = [replace(about, lack=lack) for lack in (Lack.BRACKETS, Lack.CPR)]
        assert say("findings.j2", "of_submission", number=7, party="Klub", findings=found).startswith("Nr. 7")


def test_a_cpr_number_in_a_heading_or_a_change_keeps_the_notat_from_being_final() -> None:
    town = Town()
    laid = town.laid("Ja.", change=("skuret på 010190-1234 rives ned", True))
    filed = town.filed("Klub", laid, summary="Kort.")
    headings = {laid.remarks[0].remark.id: "Om 020290-1234"}
    found = findings(town.dossier(filed, edits=Edits(headings=headings)))
    assert {each.where for each in found if each.lack == Lack.CPR} == {Where.CHANGE, Where.HEADING}
