"""Whom a submission is laid before: at once, when somebody has looked, or first the coordinator."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlmodel import select

from storage.database import Database
from storage.models import Point, PostKind
from storage.talk import SlackPost
from storage.words import Refer
from tests.handlers.building import PLAN, TREES, Thread, applied, keys, known, letter, mailed, received

SURE, SHARED, NOTHING_FOUND = TREES, "Jeg er ked af planen.", "Vi har ingen bemærkninger til forslaget."
FOUR = (
    "Vi ønsker flere træer langs vejen. Skolevej og elever skal gå forud for biler. "
    "Kommunens grundsalg bør vente. Foreningerne savner boldbaner."
)


async def _asked(database: Database, text: str, refer: Refer) -> list[str]:
    """The departments that a submission with this text is laid before."""
    await applied(database, replace(PLAN, refer=refer))
    await received(database, mailed(letter(text)))
    (filed,) = (await known(database)).submissions
    return list(keys(filed))


async def _posts(database: Database, kind: PostKind) -> list[str]:
    """The channels that have a post of a kind."""
    async with database.begin() as store:
        found = select(SlackPost.channel).where(SlackPost.kind == kind).order_by(SlackPost.channel)
        return list((await store.session.execute(found)).scalars())


@pytest.mark.parametrize(
    ("refer", "text", "asked"),
    [
        (Refer.AT_ONCE, SURE, ["park"]),
        (Refer.AT_ONCE, SHARED, ["park"]),
        (Refer.AT_ONCE, NOTHING_FOUND, ["park"]),
        (Refer.WHEN_UNSURE, SURE, ["park"]),
        (Refer.WHEN_UNSURE, SHARED, []),
        (Refer.WHEN_UNSURE, NOTHING_FOUND, ["park"]),
        (Refer.ASK, SURE, []),
        (Refer.ASK, SHARED, []),
        (Refer.ASK, NOTHING_FOUND, []),
    ],
)
async def test_the_hearing_says_when_the_coordinator_is_asked_first(
    database: Database, refer: Refer, text: str, asked: list[str]
) -> None:
    assert await _asked(database, text, refer) == asked
    assert await _posts(database, PostKind.CARD) == ["C0PARK"] * len(asked)
    assert await _posts(database, PostKind.PLACEMENT) == [] if asked else ["C0KOORD"]


async def test_the_owner_answers_what_speaks_to_nobody(database: Database) -> None:
    await applied(database, replace(PLAN, owner="penge"))
    await received(database, mailed(letter("Jeg er ked af det hele.")))
    assert [keys(filed) for filed in (await known(database)).submissions] == [["penge"]]


async def test_a_submission_may_concern_four_departments(database: Database) -> None:
    assert await _asked(database, FOUR, Refer.AT_ONCE) == ["park", "penge", "skole", "sport"]
    assert await _posts(database, PostKind.CARD) == ["C0PARK", "C0PENGE", "C0SKOLE", "C0SPORT"]


@pytest.mark.parametrize("word", ["træ", "træer", "træerne", "træernes", "vejtræerne", "TRÆET"])
async def test_a_topic_is_met_in_every_inflection(database: Database, word: str) -> None:
    await applied(database, replace(PLAN, owner="penge"))
    await received(database, mailed(letter(f"Hvad med {word} her?")))
    assert [keys(filed) for filed in (await known(database)).submissions] == [["park"]]


async def test_each_department_sees_the_passages_that_speak_for_it(database: Database) -> None:
    await _asked(database, FOUR, Refer.AT_ONCE)
    (filed,) = (await known(database)).submissions
    async with database.begin() as store:
        points = {
            laid.seat.key: [point.passage for point in await store.submissions.points(laid.referral.id)]
            for laid in filed.referrals
        }
    assert points["sport"] == ["Foreningerne savner boldbaner."]
    assert points["skole"] == ["Skolevej og elever skal gå forud for biler."]


async def test_a_citizens_passages_are_kept_clean(database: Database) -> None:
    await _asked(database, "Flere træer\x07 til \u202eos, tak.", Refer.AT_ONCE)
    async with database.begin() as store:
        (passage,) = (await store.session.execute(select(Point.passage))).scalars()
    assert passage == "Flere træer til os, tak."


async def test_a_retired_department_is_not_asked(database: Database) -> None:
    await applied(database)
    left = tuple(each for each in PLAN.departments if each.key != "skole")
    await applied(database, replace(PLAN, departments=left))
    await received(database, mailed(letter(FOUR)))
    assert [keys(filed) for filed in (await known(database)).submissions] == [["park", "penge", "sport"]]


async def test_a_referral_says_who_made_it_and_when(database: Database) -> None:
    await _asked(database, TREES, Refer.AT_ONCE)
    (filed,) = (await known(database)).submissions
    (laid,) = filed.referrals
    assert laid.referral.referred_by == "hoeringsbot"
    assert laid.referral.hearing_id == filed.submission.hearing_id
    assert Thread(database, laid.referral.id).referral_id == laid.referral.id
