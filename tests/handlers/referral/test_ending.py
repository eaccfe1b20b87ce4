"""How a referral ends without a remark, goes elsewhere, comes back; and what its answer changes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from handlers.days import LONG_OVER, days_left
from handlers.notat.changes import change_of
from handlers.notat.finding import Lack
from handlers.notat.findings import findings, lack_of, state_of
from handlers.referral.decline import decline, reopen
from handlers.referral.hand_over import UNKNOWN, hand_over
from handlers.referral.judge_change import judge_change
from handlers.referral.split import split
from handlers.rules import Refusal, Why
from handlers.talk.progress import State
from handlers.talk.take_note import take_note
from storage.database import Database
from storage.dossier import Laid
from storage.ending import Change
from tests.handlers.building import NOW, Thread, known, texts, threads

STOCK = "Parkforvaltningen tager bemærkningerne til efterretning."


@dataclass
class Desk:
    """What people do with referrals, each act a minute later than the last."""

    database: Database
    at: datetime = NOW + timedelta(hours=1)

    def later(self) -> datetime:
        self.at += timedelta(minutes=1)
        return self.at

    async def decline(self, thread: Thread, by: str, *, clicked_at: datetime | None = None) -> object:
        """Read at once, unless it was clicked at an earlier moment."""
        async with self.database.begin() as store:
            now = self.later()
            return await decline(
                thread.referral_id, by=by, clicked_at=clicked_at or now, store=store, now=now
            )

    async def reopen(self, thread: Thread, by: str = "U0SVEND") -> object:
        async with self.database.begin() as store:
            return await reopen(thread.referral_id, by=by, store=store, now=self.later())

    async def hand(self, referral_id: UUID, to: str, reason: str = "Ikke os.") -> object:
        async with self.database.begin() as store:
            return await hand_over(
                referral_id, to=to, reason=reason, by="U0SVEND", store=store, now=self.later()
            )

    async def judge(self, thread: Thread, verdict: Change, what: str, by: str) -> object:
        async with self.database.begin() as store:
            return await judge_change(
                thread.referral_id, verdict, what=what, by=by, store=store, now=self.later()
            )

    async def laid(self) -> dict[str, Laid]:
        (filed,) = (await known(self.database)).submissions
        return {laid.seat.key: laid for laid in filed.referrals}

    async def state(self, key: str = "park") -> State:
        return state_of((await self.laid())[key])


async def test_what_was_clicked_before_it_was_opened_again_ends_nothing(database: Database) -> None:
    park, desk = (await threads(database))["park"], Desk(database)
    clicked_at = desk.later()
    await desk.decline(park, "U0PIA")
    await desk.reopen(park)
    assert await desk.decline(park, "U0PIA", clicked_at=clicked_at) == Refusal(Why.OVERTAKEN)
    assert await desk.state() == State.REOPENED
    await desk.decline(park, "U0PIA")
    assert await desk.state() == State.NO_REMARKS


async def test_a_colleague_proposes_that_there_are_no_remarks_and_an_approver_confirms(
    database: Database,
) -> None:
    park, desk = (await threads(database))["park"], Desk(database)
    await desk.decline(park, "U0SVEND")
    assert await desk.state() == State.TO_APPROVE
    assert await desk.decline(park, "U0SVEND") == Refusal(Why.DECLINE_WAITS, by="U0SVEND")
    await desk.decline(park, "U0PIA")
    assert await desk.state() == State.NO_REMARKS
    assert lack_of((await desk.laid())["park"]) is None
    assert await desk.decline(park, "U0POUL") == Refusal(Why.ALREADY_DECLINED, by="U0PIA")


async def test_whoever_reopens_or_writes_for_the_notat_undoes_that_there_are_none(database: Database) -> None:
    park, desk = (await threads(database))["park"], Desk(database)
    await desk.decline(park, "U0PIA")
    await desk.reopen(park)
    assert await desk.state() == State.REOPENED
    assert lack_of((await desk.laid())["park"]) == Lack.NO_REMARK
    assert await desk.reopen(park) == Refusal(Why.NOT_ENDED)
    await desk.decline(park, "U0PIA")
    park.at = desk.later()
    await park.mark(park.said("1.0", "Vi planter."))
    assert await desk.state() == State.TO_APPROVE


async def test_what_was_decided_last_counts_though_its_clock_was_read_before_it_had_to_wait(
    database: Database,
) -> None:
    park, desk = (await threads(database))["park"], Desk(database)
    clicked_at = NOW + timedelta(days=1)  # by the clock of another machine
    declines = [desk.decline(park, "U0PIA", clicked_at=clicked_at) for _ in range(2)]
    acts = [declines[0], desk.reopen(park), declines[1], desk.reopen(park)]
    for act in [*acts, desk.hand(park.referral_id, UNKNOWN), desk.reopen(park)]:
        assert not isinstance(await act, Refusal)
        desk.at -= timedelta(minutes=1, seconds=1)
    assert await desk.state() == State.REOPENED


async def test_what_is_written_last_counts_though_its_clock_was_read_before_it_had_to_wait(
    database: Database,
) -> None:
    park, desk = (await threads(database))["park"], Desk(database)
    await desk.decline(park, "U0PIA")
    await park.mark(park.said("1.0", "Vi planter."))
    assert await desk.state() == State.TO_APPROVE
    await desk.decline(park, "U0PIA")
    assert await desk.state() == State.NO_REMARKS
    await park.say(park.said("1.0", "Vi planter også træer.", version="3.0"))
    assert await desk.state() == State.TO_APPROVE


async def test_whoever_rewrites_a_draft_undoes_that_there_are_no_remarks(database: Database) -> None:
    park, desk = (await threads(database))["park"], Desk(database)
    await park.mark(park.said("1.0", "Vi planter."))
    desk.at = park.at
    await desk.decline(park, "U0PIA")
    assert await desk.state() == State.NO_REMARKS
    park.at = desk.later()
    await park.say(park.said("1.0", "Vi planter også træer.", version="3.0"))
    assert await desk.state() == State.TO_APPROVE
    desk.at = park.at
    await desk.decline(park, "U0PIA")
    park.at = desk.later()
    await park.say(park.said("1.0", "", version="4.0", deleted=True))
    assert await desk.state() == State.NO_REMARKS


async def test_what_two_departments_send_to_each_other_is_answered_by_the_last(database: Database) -> None:
    park, desk = (await threads(database))["park"], Desk(database)
    await desk.hand(park.referral_id, "skole")
    assert await desk.state("park") == State.SENT_ON
    skole = (await desk.laid())["skole"].referral.id
    await desk.hand(skole, "park")
    assert [await desk.state("park"), await desk.state("skole")] == [State.REOPENED, State.SENT_ON]
    await desk.hand(park.referral_id, "skole")
    assert [await desk.state("park"), await desk.state("skole")] == [State.SENT_ON, State.REOPENED]
    assert len(await desk.laid()) == 2


async def test_what_was_given_back_is_missed_until_somebody_says_whose_it_is(database: Database) -> None:
    park, desk = (await threads(database))["park"], Desk(database)
    await desk.hand(park.referral_id, UNKNOWN)
    found = findings(await known(database))
    assert (Lack.HANDED_BACK, "Parkforvaltningen") in [(each.lack, each.department) for each in found]
    await desk.reopen(park)
    assert lack_of((await desk.laid())["park"]) == Lack.NO_REMARK


async def test_nothing_is_written_for_the_notat_in_a_thread_that_was_closed(database: Database) -> None:
    park, desk = (await threads(database))["park"], Desk(database)
    said = park.said("1.0", "Vi planter.")
    remark = await park.mark(said)
    await desk.hand(park.referral_id, "skole")
    for outcome in (await park.approve(remark), await park.tick(said), await park.try_mark(said)):
        assert outcome == Refusal(Why.SENT_ON)


@pytest.mark.parametrize(
    ("to", "reason", "why"),
    [("skole", " ", Why.NO_REASON), ("park", "x", Why.NO_SUCH_CHOICE), ("nobody", "x", Why.NO_SUCH_CHOICE)],
)
async def test_a_submission_is_sent_on_to_another_department_for_a_reason(
    database: Database, to: str, reason: str, why: Why
) -> None:
    park, desk = (await threads(database))["park"], Desk(database)
    assert await desk.hand(park.referral_id, to, reason) == Refusal(why)


async def test_what_changes_counts_in_the_notat_once_another_who_may_has_approved_it(
    database: Database,
) -> None:
    park, desk = (await threads(database))["park"], Desk(database)
    await desk.judge(park, Change.YES, "Flere træer.", "U0PIA")
    assert change_of((await desk.laid())["park"]) is None
    assert Lack.CHANGE_NOT_APPROVED in [each.lack for each in findings(await known(database))]
    await desk.judge(park, Change.YES, "Flere træer.", "U0SVEND")
    assert change_of((await desk.laid())["park"]) is None
    await desk.judge(park, Change.YES, "Flere træer.", "U0POUL")
    assert change_of((await desk.laid())["park"]) == ("Flere træer.", True)
    await desk.judge(park, Change.NO, "", "U0SVEND")
    assert change_of((await desk.laid())["park"]) == ("Flere træer.", True)


async def test_each_theme_of_a_department_is_missed_by_its_name(database: Database) -> None:
    park = (await threads(database))["park"]
    async with database.begin() as store:
        await split(park.referral_id, this="Træer", other=" Bænke\n", by="U0SVEND", store=store, now=NOW)
    found = findings(await known(database))
    assert [each.theme for each in found if each.lack == Lack.NO_REMARK] == ["Træer", "Bænke"]


async def test_a_theme_named_by_two_at_once_keeps_the_first_name(database: Database) -> None:
    park = (await threads(database))["park"]

    async def divide(this: str, other: str) -> None:
        async with database.begin() as store:
            await split(park.referral_id, this=this, other=other, by="U0SVEND", store=store, now=NOW)
            named.append(this)

    named: list[str] = []
    await asyncio.gather(divide("Træer", "Bænke"), divide("Græs", "Stier"))
    (filed,) = (await known(database)).submissions
    themes = [laid.referral.theme for laid in filed.referrals if laid.seat.key == "park"]
    assert sorted(themes) == sorted([named[0], "Bænke", "Stier"])


async def test_the_usual_sentence_has_the_departments_name_and_number(database: Database) -> None:
    park = (await threads(database))["park"]
    async with database.begin() as store:
        await take_note(park.referral_id, key="1", by="U0SVEND", store=store, now=NOW)
    async with database.begin() as store:
        again = await take_note(park.referral_id, key="2", by="U0SVEND", store=store, now=NOW)
    assert again == Refusal(Why.ALREADY_NOTED)
    assert [*texts(each.content for each in await park.remarks())] == [STOCK]


@pytest.mark.parametrize(
    ("now", "left"),
    [
        (datetime(2026, 10, 14, 21, 59, tzinfo=UTC), 1),  # a minute before midnight in Copenhagen
        (datetime(2026, 10, 14, 22, 0, tzinfo=UTC), 0),
        (datetime(2026, 10, 16, 0, 0, tzinfo=UTC), -1),
        (datetime(2027, 10, 16, 0, 0, tzinfo=UTC), -LONG_OVER - 1),
    ],
)
def test_days_are_counted_by_copenhagens_calendar(now: datetime, left: int) -> None:
    assert days_left(datetime(2026, 10, 15, 10, 0, tzinfo=UTC), now=now) == left
