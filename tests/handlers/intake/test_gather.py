"""The same text from many is many submissions, laid before the departments once."""

from __future__ import annotations

import pytest

from handlers.intake.read import Sight
from storage.asked import About, Verdict
from storage.database import Database
from storage.dossier import Filed
from storage.models import PostKind
from tests.handlers.building import applied, decided, keys, known, mailed, received
from tests.handlers.correspondence import (
    asked,
    doubled,
    posts,
    read_all,
    receipt_id,
    receipts,
    said,
    settled,
    with_file,
)
from tests.handlers.doubting import SAME, later, same

NAMES = ("Ane Bro", "Bo Å", "Carl Dam", "Dora Eg")
NEARLY = SAME.replace("allerede til foråret", "til efteråret")


async def _campaign(database: Database, *texts: str, most: int = 50, likeness: float = 0.8) -> list[Filed]:
    """What becomes of letters, each by another; the same one unless told."""
    await applied(database)
    letters = [same(name, each) for name, each in zip(NAMES, texts or (SAME,) * 3, strict=False)]
    await received(database, *map(mailed, letters), reads=False)
    await read_all(database, most=most, sight=Sight(likeness=likeness))
    return await _filed(database)


async def _filed(database: Database) -> list[Filed]:
    return list((await known(database)).submissions)


def _numbers_behind(filed: list[Filed]) -> dict[int, list[int]]:
    """Who stands behind whom, by number."""
    numbers = {each.submission.id: each.submission.number for each in filed}
    return {
        each.submission.number: [numbers[member] for member in each.members] for each in filed if each.members
    }


@pytest.mark.parametrize("most", [2, 50])
async def test_the_same_text_from_many_is_many_submissions_and_one_referral(
    database: Database, most: int
) -> None:
    filed = await _campaign(database, most=most)
    assert [each.submission.number for each in filed] == [1, 2, 3]
    assert len({each.party.id for each in filed}) == 3
    assert _numbers_behind(filed) == {1: [2, 3]}
    assert [keys(each) for each in filed] == [["park"], [], []]
    assert len(await posts(database, PostKind.CARD)) == 1
    assert len(await receipts(database)) == 3
    (question,) = await asked(database)
    assert (question.question.about, question.verdict) == (About.CAMPAIGN, Verdict.TOGETHER)


async def test_nearly_the_same_text_is_the_same_campaign_and_another_text_is_not(database: Database) -> None:
    filed = await _campaign(database, SAME, NEARLY, "Vi ønsker flere bænke på pladsen foran skolen. " * 6)
    assert _numbers_behind(filed) == {1: [2]}
    assert filed[2].lead_id is None


async def test_a_threshold_of_one_takes_only_identical_texts_together(database: Database) -> None:
    filed = await _campaign(database, SAME, NEARLY, SAME, likeness=1.0)
    assert _numbers_behind(filed) == {1: [3]}


async def test_apart_lays_each_before_its_departments_and_who_comes_later_too(database: Database) -> None:
    await _campaign(database)
    await settled(database, About.CAMPAIGN, Verdict.APART)
    filed = await _filed(database)
    assert ([keys(each) for each in filed], _numbers_behind(filed)) == ([["park"]] * 3, {})
    await received(database, mailed(same("Dora Eg")))
    filed = await _filed(database)
    assert ([keys(each) for each in filed], _numbers_behind(filed)) == ([["park"]] * 4, {})
    (question,) = await asked(database)
    await said(database, question.question.id, "apart")
    await said(database, question.question.id, "together")
    assert [keys(each) for each in await _filed(database)] == [["park"]] * 4


async def test_who_sends_files_of_its_own_stands_alone(database: Database) -> None:
    await _campaign(database, SAME)
    await received(database, mailed(with_file(same("Bo Å"))))
    filed = await _filed(database)
    assert ([keys(each) for each in filed], _numbers_behind(filed)) == ([["park"]] * 2, {})


async def test_short_words_that_many_write_are_no_campaign(database: Database) -> None:
    filed = await _campaign(database, *["Vi er imod forslaget om træerne."] * 3)
    assert (_numbers_behind(filed), await asked(database)) == ({}, [])


async def test_a_party_does_not_stand_behind_itself(database: Database) -> None:
    await _campaign(database, SAME)
    await received(database, mailed(same("Ane Bro", NEARLY)))
    await decided(database, Verdict.NEW)
    filed = await _filed(database)
    assert ([keys(each) for each in filed], _numbers_behind(filed)) == ([["park"]] * 2, {})
    await received(database, mailed(same("Bo Å")))
    assert _numbers_behind(await _filed(database)) == {1: [3]}


async def test_a_campaign_that_is_read_again_grows_by_nobody(
    database: Database,
) -> None:
    before = repr(await _campaign(database))
    await doubled(database)
    await read_all(database)
    assert repr(await _filed(database)) == before
    assert len(await asked(database)) == 1


@pytest.mark.parametrize("verdict", [Verdict.SUPPLEMENT, Verdict.REPLACES])
async def test_one_of_many_who_adds_something_is_answered_for_itself(
    database: Database, verdict: Verdict
) -> None:
    await _campaign(database)
    bo = (await receipts(database))[1]
    more = later("Og der mangler bænke.", From="Bo Å <bo@borger.example>", In_Reply_To=receipt_id(bo))
    await received(database, mailed(more))
    assert [each.verdict for each in await asked(database, About.FOLLOW_UP)] == [""]
    await decided(database, verdict)
    filed = await _filed(database)
    assert ([keys(each) for each in filed], _numbers_behind(filed)) == ([["park"], ["park"], []], {1: [3]})
    (question,) = await asked(database, About.FOLLOW_UP)
    await said(database, question.question.id, "nothing")
    await said(database, question.question.id, verdict)
    assert [keys(each) for each in await _filed(database)] == [["park"], ["park"], []]


async def test_one_of_many_who_takes_it_back_leaves_the_others_as_they_are(database: Database) -> None:
    await _campaign(database)
    for name in ("Ane Bro <ane@borger.example>", "Bo Å <bo@borger.example>"):
        await received(database, mailed(later(f"Jeg, {name[:2]}, trækker mit svar tilbage.", From=name)))
    await decided(database, Verdict.WITHDRAWN)
    filed = await _filed(database)
    assert ([keys(each) for each in filed], _numbers_behind(filed)) == ([["park"], [], []], {1: [2, 3]})
