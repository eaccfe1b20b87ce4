"""What was let pass is let pass as it was then: other facts are another finding, the same facts the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from handlers.content import digest, dump, paragraphs
from handlers.notat.finding import Finding, Lack
from handlers.notat.findings import findings
from storage.asked import Verdict
from storage.dossier import Dossier, Filed, Laid
from storage.ending import Change, NoRemarks, ProposalChange, Reopening
from storage.endings import Ends
from storage.models import Party
from storage.talk import Reply
from storage.words import Barred
from tests.handlers.building import NOW
from tests.handlers.notat.cases import Town, added

AN_HOUR = timedelta(hours=1)
POINTED_OUT = {
    Lack.CONTACT, Lack.DEPARTMENT_SPELT, Lack.PARTY_SPELT, Lack.NAMES_ALIKE, Lack.TYPED_NUMBER,
    Lack.CHANGE_AFTER_TEXT, Lack.NEAR_COPY, Lack.UNANSWERED,
    Lack.POINT_UNANSWERED,
}  # fmt: skip
"""What keeps no notat from being final, and is never let pass therefore."""

town = Town()
filed = town.filed("Klub", town.laid("Der plantes."), summary="Kort.")
(laid,) = filed.referrals


def _answered(other: Laid) -> Dossier:
    return town.dossier(replace(filed, referrals=(replace(other, referral=laid.referral),)))


def _now_says(*lines: str) -> Laid:
    """The remark as its messages stand now, whatever was approved."""
    parts = tuple(
        Reply(
            referral_id=laid.referral.id, message=line, version=line, author="U0SVEND",
            content=dump(paragraphs(line)), digest=digest(paragraphs(line)), raw={}, seen_at=NOW,
        )
        for line in lines
    )  # fmt: skip
    return replace(laid, remarks=(replace(laid.remarks[0], parts=parts),))


def _waiting(*lines: str) -> Laid:
    said = _now_says(*lines)
    return replace(said, remarks=(replace(said.remarks[0], approvals=()),))


def _ended(**ends: object) -> Laid:
    return replace(laid, remarks=(), ends=Ends(**ends))  # type: ignore[arg-type]  # its fields, by name


def _none(*, settled: bool) -> NoRemarks:
    return NoRemarks(referral_id=laid.referral.id, said_by="U0SVEND", settled=settled, said_at=NOW)


def _reopened() -> Laid:
    again = Reopening(referral_id=laid.referral.id, reopened_by="U0KIM", reopened_at=NOW + AN_HOUR)
    return _ended(declined=(_none(settled=True),), reopened=(again,))


def _changing(what: str) -> Laid:
    said = ProposalChange(
        referral_id=laid.referral.id,
        verdict=Change.YES,
        what=what,
        said_by="U0SVEND",
        settled=False,
        said_at=NOW,
    )
    return replace(laid, ends=Ends(change=said))


def _summarised(words: str) -> Filed:
    summary = town.filed("Anden", summary=words or "x").summary
    assert summary is not None
    summary.content = dump(paragraphs(words))
    return replace(filed, summary=summary)


def _guessed(party: Party, name: str) -> Dossier:
    named = Party(**party.model_dump() | {"list_name": name, "heading_name": name, "confirmed": False})
    return town.dossier(replace(filed, party=named))


def _approved_again() -> Laid:
    """Another yes than before, to words that have changed since all the same."""
    (facts,) = _now_says("B.").remarks
    return replace(laid, remarks=(replace(facts, approvals=town.laid("C.").remarks[0].approvals),))


_POSTS: tuple[UUID, UUID] = (uuid4(), uuid4())
STATES: dict[Lack, tuple[Callable[[], Dossier], ...]] = {
    Lack.NO_SUMMARY: (
        lambda: town.dossier(_summarised(" ")), lambda: town.dossier(added(_summarised(" "))),
    ),
    Lack.SUMMARY_BEFORE_FOLLOW_UP: (
        lambda: town.dossier(added(filed, at=NOW + AN_HOUR)),
        lambda: town.dossier(added(added(filed, at=NOW + AN_HOUR), Verdict.REPLACES, at=NOW + 2 * AN_HOUR)),
    ),
    Lack.ANSWER_BEFORE_FOLLOW_UP: (
        lambda: town.dossier(added(filed, at=NOW + AN_HOUR)),
        lambda: town.dossier(added(added(filed, at=NOW + 2 * AN_HOUR), Verdict.REPLACES, at=NOW + AN_HOUR)),
    ),
    Lack.NO_REMARK: (lambda: _answered(_ended()), lambda: _answered(_reopened())),
    Lack.NOT_APPROVED: (
        lambda: _answered(_waiting("A.")), lambda: _answered(_waiting("B.")),
        lambda: _answered(_ended(declined=(_none(settled=False),))),
    ),
    Lack.CHANGED: (
        lambda: _answered(_now_says("A.")), lambda: _answered(_now_says("B.")),
        lambda: _answered(_approved_again()),
    ),
    Lack.CHANGE_NOT_APPROVED: (
        lambda: _answered(_changing("bænken males")), lambda: _answered(_changing("hele planen droppes")),
    ),
    Lack.UNCONFIRMED_PARTY: (
        lambda: _guessed(filed.party, "Klub"), lambda: _guessed(filed.party, "En anden klub"),
        lambda: _guessed(town.party("Klub"), "Klub"),
    ),
    Lack.NOT_POSTED: tuple(
        (lambda post=post: replace(town.dossier(), refused_posts=(post,)))  # type: ignore[misc]
        for post in _POSTS
    ),
    Lack.BARRED: tuple(
        (lambda barred=barred: replace(town.dossier(), barred=(barred,)))  # type: ignore[misc]
        for barred in (
            ("Parkforvaltningen", Barred.ARCHIVED, NOW), ("Parkforvaltningen", Barred.NOT_A_MEMBER, NOW),
            ("Parkforvaltningen", Barred.ARCHIVED, NOW + AN_HOUR), ("", Barred.ARCHIVED, NOW),
        )
    ),
    Lack.BRACKETS: (
        lambda: town.dossier(_summarised("[dato]")), lambda: town.dossier(_summarised("[dato] og [sted]")),
    ),
    Lack.CPR: (
        lambda: town.dossier(_summarised("010190-1234")), lambda: town.dossier(_summarised("020290-1234")),
    ),
}  # fmt: skip


def _keys(dossier: Dossier, lack: Lack) -> Iterator[str]:
    yield from (each.key for each in findings(dossier) if each.lack == lack)


@pytest.mark.parametrize(
    "lack", [lack for lack in Lack if Finding(lack).waivable and lack not in POINTED_OUT]
)
def test_what_is_let_pass_covers_no_other_facts_of_its_kind(lack: Lack) -> None:
    known = [keys for state in STATES[lack] if (keys := tuple(_keys(state(), lack)))]
    assert len(known) == len(STATES[lack]) > 1
    assert len(set(known)) == len(known)


def test_what_was_let_pass_stays_so_whatever_else_comes() -> None:
    read = added(_summarised("[dato] 010190-1234"), at=NOW + AN_HOUR)
    before = [each.key for each in findings(town.dossier(read))]
    assert len(before) == 5
    after = [each.key for each in findings(town.dossier(read, town.filed("Anden")))]
    assert [key for key in after if key in before] == before


@pytest.mark.parametrize("verdict", [Verdict.SUPPLEMENT, Verdict.REPLACES, Verdict.NOTHING, Verdict.NEW])
@pytest.mark.parametrize("later", [-AN_HOUR, AN_HOUR])
@pytest.mark.parametrize("answer", ["remark", "none", "nothing yet"])
def test_an_answer_older_than_what_the_party_added_since_is_to_be_looked_at_again(
    verdict: Verdict, later: timedelta, answer: str
) -> None:
    answers = {
        "remark": laid,
        "none": _ended(declined=(_none(settled=True),)),
        "nothing yet": _ended(),
    }
    (answered,) = _answered(answers[answer]).submissions
    found = [each.lack for each in findings(town.dossier(added(answered, verdict, at=NOW + later)))]
    adds = verdict in {Verdict.SUPPLEMENT, Verdict.REPLACES}
    expected = adds and later > timedelta(0) and answer != "nothing yet"
    assert (Lack.ANSWER_BEFORE_FOLLOW_UP in found) == expected
