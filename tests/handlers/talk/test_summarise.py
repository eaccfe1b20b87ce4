"""The coordinator's short account of a submission: the newest counts, and none is lost."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from handlers.content import digest, load, paragraphs
from handlers.rules import Refusal, Why
from handlers.talk.summarise import summarise
from storage.database import Database
from storage.models import Summary
from tests.handlers.building import NOW, known, threads


async def _written(
    database: Database, words: str, *, by: str = "U0KIM", at: datetime = NOW
) -> Summary | Refusal:
    (filed,) = (await known(database)).submissions
    async with database.begin() as store:
        return await summarise(filed.submission.id, paragraphs(words), by=by, store=store, now=at)


async def _stands(database: Database) -> list[str]:
    """The digest of the summary that counts, as a card and as the notat see it."""
    (filed,) = (await known(database)).submissions
    async with database.begin() as store:
        shown = await store.submissions.summary(filed.submission.id)
    return [digest(load(summary.content)) for summary in (shown, filed.summary) if summary]


async def test_a_submission_has_no_summary_until_the_coordinator_writes_one(database: Database) -> None:
    await threads(database)
    assert await _stands(database) == []
    assert isinstance(await _written(database, "Vil have træer."), Summary)
    assert await _stands(database) == [digest(paragraphs("Vil have træer."))] * 2


async def test_the_newest_summary_counts_and_the_earlier_stay(database: Database) -> None:
    await threads(database)
    await _written(database, "Første.")
    await _written(database, "Anden.", at=NOW + timedelta(minutes=1))
    assert await _stands(database) == [digest(paragraphs("Anden."))] * 2
    async with database.engine.connect() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM summary"))).scalar_one() == 2


async def test_of_two_summaries_of_one_moment_everybody_sees_the_same(database: Database) -> None:
    await threads(database)
    for number in range(6):
        await _written(database, f"Nr. {number}.")
    assert len(set(await _stands(database))) == 1


@pytest.mark.parametrize("person", ["U0PIA", "U0SVEND", ""])
async def test_nobody_but_a_coordinator_summarises(database: Database, person: str) -> None:
    await threads(database)
    assert await _written(database, "Mit.", by=person) == Refusal(Why.NOT_A_COORDINATOR)
    assert await _stands(database) == []
