"""The coordinator places what waited, once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import text

from handlers.referral.place import place
from handlers.rules import Refusal, Why
from storage.database import Database
from storage.words import Refer
from tests.handlers.building import NOW, PLAN, TREES, applied, keys, known, letter, mailed, received


async def _waiting(database: Database, said: str = TREES) -> UUID:
    """A submission that waits for the coordinator."""
    await applied(database, replace(PLAN, refer=Refer.ASK))
    await received(database, mailed(letter(said)))
    (filed,) = (await known(database)).submissions
    return filed.submission.id


async def _placed(database: Database, submission: UUID, *departments: str, by: str = "U0KIM") -> object:
    async with database.begin() as store:
        return await place(submission, departments, by=by, store=store, now=NOW)


async def _asked(database: Database) -> list[str]:
    (filed,) = (await known(database)).submissions
    return list(keys(filed))


async def test_the_coordinator_chooses_any_departments(database: Database) -> None:
    submission = await _waiting(database)
    assert not isinstance(await _placed(database, submission, "penge", "park"), Refusal)
    assert await _asked(database) == ["park", "penge"]
    (filed,) = (await known(database)).submissions
    assert {laid.referral.referred_by for laid in filed.referrals} == {"U0KIM"}


async def test_the_passages_that_speak_for_a_chosen_department_come_along(database: Database) -> None:
    await _placed(database, await _waiting(database), "penge", "park")
    (filed,) = (await known(database)).submissions
    async with database.begin() as store:
        points = {
            laid.seat.key: len(await store.submissions.points(laid.referral.id)) for laid in filed.referrals
        }
    assert points == {"park": 2, "penge": 0}


@pytest.mark.parametrize("person", ["U0PIA", "U0SVEND", ""])
async def test_nobody_but_a_coordinator_places(database: Database, person: str) -> None:
    submission = await _waiting(database)
    assert await _placed(database, submission, "park", by=person) == Refusal(Why.NOT_A_COORDINATOR)
    assert await _asked(database) == []


async def test_a_submission_is_placed_once(database: Database) -> None:
    submission = await _waiting(database)
    await _placed(database, submission, "park")
    assert await _placed(database, submission, "skole") == Refusal(Why.ALREADY_REFERRED, number=1)
    assert await _asked(database) == ["park"]


async def test_of_two_coordinators_who_place_at_once_one_is_told(database: Database) -> None:
    submission = await _waiting(database)
    outcomes = await asyncio.gather(*(_placed(database, submission, key) for key in ("park", "skole")))
    assert [outcome for outcome in outcomes if isinstance(outcome, Refusal)] == [
        Refusal(Why.ALREADY_REFERRED, number=1)
    ]
    assert len(await _asked(database)) == 1


@pytest.mark.parametrize("chosen", [(), ("findes-ikke",)])
async def test_somebody_must_be_chosen(database: Database, chosen: tuple[str, ...]) -> None:
    submission = await _waiting(database)
    assert await _placed(database, submission, *chosen) == Refusal(Why.NO_DEPARTMENT_CHOSEN)


async def test_a_department_chosen_twice_is_asked_once(database: Database) -> None:
    await _placed(database, await _waiting(database), "park", "park", "findes-ikke")
    assert await _asked(database) == ["park"]


async def test_the_question_is_drawn_again_when_it_is_answered(database: Database) -> None:
    submission = await _waiting(database)
    await _placed(database, submission, "park")
    async with database.begin() as store:
        question = await store.posts.placement(submission)
    assert question is not None
    async with database.engine.connect() as connection:
        jobs = text("SELECT queueing_lock FROM procrastinate_jobs WHERE task_name = 'refresh'")
        assert (await connection.execute(jobs)).scalars().all() == [f"refresh:{question.id}"]
