"""What nobody has decided keeps a notat from being final, and what does not count misses nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.hearing.apply import apply
from handlers.notat.finding import Finding, Lack
from handlers.notat.findings import findings
from handlers.referral.refer import BOT
from storage.asked import About, Verdict
from storage.database import Database
from templates import say
from tests.handlers.building import NOW, PLAN, applied, known, letter, mailed, received
from tests.handlers.doubting import AN_HOUR, asked, decided, first, later, reply, same, summarised

LATE = PLAN.deadline + timedelta(minutes=1)


async def _lacks(database: Database) -> list[tuple[Lack, int, About | None]]:
    """What is missing besides referrals' remarks, with the number in the journal."""
    found = findings(await known(database))
    return [(each.lack, each.number, each.about) for each in found if each.lack != Lack.NO_REMARK]


async def test_a_later_mail_that_nobody_decided_about_is_missing_a_decision(database: Database) -> None:
    await applied(database)
    await received(database, mailed(first()), mailed(later()), mailed(later("Og en mere.")))
    await summarised(database, 1)
    (found,) = [each for each in findings(await known(database)) if each.lack == Lack.UNDECIDED]
    assert (found.number, found.about, found.count) == (1, About.FOLLOW_UP, 2)
    await decided(database, About.FOLLOW_UP, Verdict.NOTHING, nth=0)
    await decided(database, About.FOLLOW_UP, Verdict.NOTHING, nth=1)
    assert await _lacks(database) == []


async def test_what_the_bot_decided_meanwhile_is_not_missing(database: Database) -> None:
    await applied(database)
    await received(database, mailed(first()), mailed(reply()))
    (question,) = await asked(database, About.FOLLOW_UP)
    assert question.decision is not None
    assert question.decision.decided_by == BOT
    assert (Lack.UNDECIDED, 1, About.FOLLOW_UP) not in await _lacks(database)


async def test_a_summary_older_than_what_the_party_added_is_to_be_read_again(database: Database) -> None:
    await applied(database)
    await received(database, mailed(first()), mailed(later()))
    await summarised(database, 1)
    await decided(database, About.FOLLOW_UP, Verdict.REPLACES, at=NOW + AN_HOUR)
    assert await _lacks(database) == [(Lack.SUMMARY_BEFORE_FOLLOW_UP, 1, None)]
    await summarised(database, 1, at=NOW + 2 * AN_HOUR)
    assert await _lacks(database) == []


async def test_a_withdrawn_submission_misses_nothing(database: Database) -> None:
    await applied(database)
    await received(database, mailed(first()), mailed(later("Jeg trækker mit svar tilbage.")))
    await decided(database, About.FOLLOW_UP, Verdict.WITHDRAWN)
    assert findings(await known(database)) == ()


async def test_a_late_submission_waits_for_the_coordinator_and_one_left_out_misses_nothing(
    database: Database,
) -> None:
    await applied(database)
    await received(database, replace(mailed(first()), received_at=LATE))
    await summarised(database, 1)
    assert await _lacks(database) == [(Lack.UNDECIDED, 1, About.LATE)]
    await decided(database, About.LATE, Verdict.ADMITTED)
    assert await _lacks(database) == []
    await decided(database, About.LATE, Verdict.LEFT_OUT)
    assert findings(await known(database)) == ()


async def test_a_later_deadline_settles_whether_a_submission_is_late(database: Database) -> None:
    await applied(database)
    await received(database, replace(mailed(first()), received_at=LATE))
    await summarised(database, 1)
    async with database.begin() as store:
        extended = replace(PLAN, deadline=PLAN.deadline + timedelta(days=1))
        await apply(extended, by="test", store=store, now=NOW)
    assert await _lacks(database) == []


async def test_who_stands_behind_a_campaign_misses_what_its_lead_misses(database: Database) -> None:
    await applied(database)
    await received(database, *(mailed(same(name)) for name in ("Bo Bro", "Eva Eg", "Ib Ask")))
    (question,) = await asked(database, About.CAMPAIGN)
    assert question.verdict == Verdict.TOGETHER
    assert await _lacks(database) == [(Lack.NO_SUMMARY, 1, None)]
    await summarised(database, 1)
    assert await _lacks(database) == []


async def test_a_campaign_is_answered_though_its_lead_took_its_own_back(database: Database) -> None:
    await applied(database)
    lead = same("Ane Bro")
    await received(database, mailed(lead), mailed(same("Eva Eg")))
    await received(database, mailed(later("Jeg trækker mit svar tilbage.")))
    await decided(database, About.FOLLOW_UP, Verdict.WITHDRAWN)
    (found,) = [each for each in findings(await known(database)) if each.lack == Lack.NO_SUMMARY]
    assert (found.number, found.printed) == (1, 1)
    await summarised(database, 1)
    assert await _lacks(database) == []


async def test_a_mail_that_may_be_a_submission_is_missing_for_the_hearing(database: Database) -> None:
    await applied(database)
    await received(database, mailed(letter(X_Spam_Flag="YES")), mailed(letter("Bænke.", X_Spam_Flag="YES")))
    assert findings(await known(database)) == (Finding(Lack.UNDECIDED, count=2, about=About.KIND),)
    await decided(database, About.KIND, Verdict.NO_SUBMISSION, nth=0)
    await decided(database, About.KIND, Verdict.NO_SUBMISSION, nth=1)
    assert findings(await known(database)) == ()


async def test_a_mail_that_may_be_for_either_hearing_is_missing_for_both(database: Database) -> None:
    await applied(database)
    other = replace(PLAN, key="havn", title="Ny plan for havnen", case_number="2026-99")
    await applied(database, other)
    await received(database, mailed(letter("Vi er glade for det hele.")))
    missing = (Finding(Lack.UNDECIDED, count=1, about=About.HEARING),)
    assert findings(await known(database)) == missing
    assert findings(await known(database, "havn")) == missing
    await decided(database, About.HEARING, Verdict.NOTHING)
    assert findings(await known(database)) == findings(await known(database, "havn")) == ()


@pytest.mark.parametrize("about", About)
@pytest.mark.parametrize("count", [1, 2])
def test_every_open_question_has_a_danish_sentence(about: About, count: int) -> None:
    finding = Finding(Lack.UNDECIDED, 7, 5, "Privatperson", count=count, about=about)
    sentence = say("findings.j2", "undecided", finding=finding)
    assert sentence.endswith(".")
    of_one = about not in {About.KIND, About.HEARING}
    assert sentence.startswith("Høringssvar 5 (journalnr. 7), Privatperson, ") == of_one
    if of_one:
        short = say("findings.j2", "of_submission", number=7, party="Privatperson", findings=[finding])
        assert short.startswith("Nr. 7, Privatperson: afgørelse ")
