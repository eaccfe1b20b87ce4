"""Late is what we received after the deadline, to the second, and a coordinator says what comes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from handlers import local_time
from handlers.hearing.apply import apply
from handlers.notat.counting import counted
from handlers.rules import Refusal, Why
from storage.asked import About, Verdict
from storage.database import Database
from tests.handlers.building import NOW, PLAN, applied, decided, known, letter, mailed, received
from tests.handlers.correspondence import ANE, BO, asked, came, said, settled, unread_again

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
LATE = About.LATE


def _until(deadline: datetime) -> dict[str, datetime]:
    return {
        "opens": deadline - 30 * DAY, "deadline": deadline, "answer_deadline": deadline + 30 * DAY,
    }  # fmt: skip


def _wall(*clock: int) -> datetime:
    """The moment of a Copenhagen wall clock."""
    found = local_time.moment(datetime(*clock))  # type: ignore[arg-type]  # noqa: DTZ001  a wall clock
    assert isinstance(found, datetime)
    return found


async def _moved(database: Database, deadline: datetime) -> None:
    async with database.begin() as store:
        await apply(replace(PLAN, deadline=deadline), by="test", store=store, now=NOW)


async def _counted(database: Database) -> list[int]:
    return [filed.submission.number for filed in counted(await known(database))]


@pytest.mark.parametrize(
    ("wall", "utc"),
    [
        ((2026, 10, 24, 23, 59, 59), datetime(2026, 10, 24, 21, 59, 59, tzinfo=UTC)),
        ((2026, 10, 25, 23, 59, 59), datetime(2026, 10, 25, 22, 59, 59, tzinfo=UTC)),
        ((2027, 3, 27, 23, 59, 59), datetime(2027, 3, 27, 22, 59, 59, tzinfo=UTC)),
        ((2027, 3, 28, 23, 59, 59), datetime(2027, 3, 28, 21, 59, 59, tzinfo=UTC)),
    ],
)
async def test_the_deadline_is_a_moment_on_copenhagens_clock_to_the_second(
    database: Database, wall: tuple[int, ...], utc: datetime
) -> None:
    """The days around the turns of the clock, in October and in March."""
    await applied(database, replace(PLAN, **_until(_wall(*wall))))  # type: ignore[arg-type]  # all moments
    await received(
        database, came(letter("I tide.", From=ANE), utc), came(letter("For sent.", From=BO), utc + SECOND)
    )
    (question,) = await asked(database)
    in_time, late = (await known(database)).submissions
    assert (question.question.about, question.question.submission_id) == (LATE, late.submission.id)
    assert (in_time.asked, question.question.options) == ((), ["admitted", "left_out"])


async def test_what_a_mail_says_of_its_own_date_makes_nothing_timely(database: Database) -> None:
    await applied(database)
    early = letter(From=ANE, Date="Mon, 14 Sep 2026 08:00:00 +0200")
    await received(database, came(early, PLAN.deadline + DAY))
    assert len(await asked(database, LATE)) == 1


async def test_late_is_asked_about_and_counts_until_it_is_left_out(database: Database) -> None:
    await applied(database)
    await received(database, came(letter(From=ANE), PLAN.deadline + DAY))
    await unread_again(database)
    await received(database)
    (question,) = await asked(database)
    assert (question.decision, await _counted(database)) == (None, [1])
    for verdict, counts in (("left_out", []), ("admitted", [1]), ("left_out", [])):
        await said(database, question.question.id, verdict)
        assert await _counted(database) == counts
    assert await said(database, question.question.id, "left_out", by="U0PIA") == Refusal(
        Why.NOT_A_COORDINATOR
    )


async def test_a_later_deadline_makes_timely_what_was_left_out(database: Database) -> None:
    await applied(database)
    await received(database, came(letter(From=ANE), PLAN.deadline + DAY))
    await settled(database, LATE, Verdict.LEFT_OUT)
    await _moved(database, PLAN.deadline + DAY)
    assert await _counted(database) == [1]
    await _moved(database, PLAN.deadline + DAY - SECOND)
    assert (await _counted(database), len(await asked(database))) == ([], 1)


async def test_a_shorter_deadline_asks_about_what_has_become_late(database: Database) -> None:
    await applied(database)
    at = PLAN.deadline - DAY
    await received(database, came(letter("A.", From=ANE), at), came(letter("B.", From=BO), at + SECOND))
    await _moved(database, at)
    await _moved(database, at)
    (question,) = await asked(database)
    assert (question.question.about, question.decision) == (LATE, None)
    _, late = (await known(database)).submissions
    assert question.question.submission_id == late.submission.id


async def test_a_mail_that_became_new_is_late_by_when_we_received_it(database: Database) -> None:
    await applied(database)
    await received(database, mailed(letter(From=ANE)))
    await received(database, came(letter("Mere.", From=ANE), PLAN.deadline + SECOND))
    await decided(database, Verdict.NEW)
    _, second = (await known(database)).submissions
    assert [each.question.submission_id for each in await asked(database, LATE)] == [second.submission.id]
