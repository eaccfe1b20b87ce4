"""A mail to an address that hearings share goes to the one it is for; in doubt their coordinators say."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.doubt.decide import decide
from handlers.rules import Refusal, Why
from storage.asked import About, Verdict
from storage.database import Database
from storage.models import InboxItem, PostKind
from storage.questions import Asked
from tests.handlers.building import ADDRESS, NOW, PLAN, applied, known, letter, mailed, received
from tests.handlers.correspondence import (
    ANE,
    ROADS,
    asked,
    decisions,
    doubled,
    items,
    posts,
    receipt_id,
    receipts,
    said,
)

UNSURE = "Jeg er glad for forslaget."
_AS_FAR_AS_IT_GETS = 0.15  # seconds
KIM, VERA = "U0KIM", "U0VERA"  # each coordinates one of the two
TAGGED = f"{ADDRESS.partition('@')[0]}+veje@{ADDRESS.partition('@')[2]}"


async def _both(database: Database) -> None:
    await applied(database)
    await applied(database, ROADS)


async def _unsure(database: Database) -> Asked:
    """The question about a mail that tells nothing of its hearing."""
    await _both(database)
    await received(database, mailed(letter(UNSURE, From=ANE)))
    (question,) = await asked(database)
    return question


async def _where(database: Database) -> tuple[int, int]:
    """How many submissions the two hearings have."""
    return len((await known(database)).submissions), len((await known(database, "veje")).submissions)


@pytest.mark.parametrize(
    ("subject", "text", "to"),
    [
        ("Svar", UNSURE, TAGGED),
        ("Svar [veje]", UNSURE, ADDRESS),
        ("Sag 2026-90", UNSURE, ADDRESS),
        ("Cykelsti langs Havnegade", UNSURE, ADDRESS),
        ("Svar", "Om høringen Cykelsti langs Havnegade.", ADDRESS),
    ],
)
async def test_what_the_sender_says_of_the_hearing_decides(
    database: Database, subject: str, text: str, to: str
) -> None:
    await _both(database)
    await received(database, mailed(letter(text, From=ANE, Subject=subject), to=to))
    assert (await _where(database), await asked(database)) == ((0, 1), [])


async def test_a_hearing_that_is_over_long_ago_gets_no_more_mail(database: Database) -> None:
    await applied(database)
    gone = NOW - timedelta(days=90)
    await applied(
        database, replace(ROADS, opens=gone - timedelta(days=60), deadline=gone, answer_deadline=NOW)
    )
    await received(database, mailed(letter(UNSURE, From=ANE)))
    assert (await _where(database), await asked(database)) == ((1, 0), [])


async def test_whoever_has_answered_one_of_the_hearings_writes_to_that_one_again(database: Database) -> None:
    await _both(database)
    await received(database, mailed(letter(From=ANE), to=TAGGED))
    await received(database, mailed(letter(UNSURE, From=ANE)))
    (question,) = await asked(database)
    assert (question.question.about, await _where(database)) == (About.FOLLOW_UP, (0, 1))


async def test_a_reply_to_a_receipt_goes_to_the_hearing_of_its_submission(database: Database) -> None:
    await _both(database)
    await received(database, mailed(letter(From=ANE), to=TAGGED))
    (receipt,) = await receipts(database)
    await received(database, mailed(letter(UNSURE, From=ANE, In_Reply_To=receipt_id(receipt))))
    (filed,) = (await known(database, "veje")).submissions
    assert [each.verdict for each in filed.followed] == [Verdict.SUPPLEMENT]
    assert await _where(database) == (0, 1)


async def test_in_doubt_the_coordinators_of_both_are_asked_and_nothing_is_answered_yet(
    database: Database,
) -> None:
    question = await _unsure(database)
    assert (question.question.about, question.question.options) == (
        About.HEARING, ["plan", "veje", "nothing"],
    )  # fmt: skip
    channels = {post.channel for post in await posts(database, PostKind.QUESTION)}
    assert channels == {"C0KOORD", "C0VEJE"}
    assert (await _where(database), await receipts(database)) == ((0, 0), [])
    assert len((await known(database)).asked) == len((await known(database, "veje")).asked) == 1


async def test_only_who_coordinates_the_chosen_hearing_may_choose_it(database: Database) -> None:
    question = (await _unsure(database)).question.id
    assert await said(database, question, "veje", by=KIM) == Refusal(Why.NOT_A_COORDINATOR)
    assert await said(database, question, "plan", by=VERA) == Refusal(Why.NOT_A_COORDINATOR)
    assert await said(database, question, "skoven", by=VERA) == Refusal(Why.NO_SUCH_CHOICE)
    assert isinstance(await said(database, question, "veje", by=VERA), Asked)
    assert await said(database, question, "plan", by=KIM) == Refusal(Why.ALREADY_DECIDED, by=VERA)
    await received(database)
    assert await _where(database) == (0, 1)
    assert [receipt.recipient for receipt in await receipts(database)] == ["ane@borger.example"]


@pytest.mark.parametrize("by", [KIM, VERA])
async def test_whoever_was_asked_may_say_that_it_is_for_none_and_be_corrected(
    database: Database, by: str
) -> None:
    question = (await _unsure(database)).question.id
    assert await said(database, question, "nothing", by="U0PIA") == Refusal(Why.NOT_A_COORDINATOR)
    assert isinstance(await said(database, question, "nothing", by=by), Asked)
    assert [item.taken_for for item in await items(database)] == ["nothing"]
    assert await received(database) == 0
    assert isinstance(await said(database, question, "plan", by=KIM), Asked)
    await received(database)
    assert await _where(database) == (1, 0)
    async with database.begin() as store:
        assert await store.inbox.passed_over() == []


@pytest.mark.parametrize("verdict", ["", "veje", "nothing"])
async def test_a_mail_that_was_asked_about_is_asked_about_once(database: Database, verdict: str) -> None:
    question = (await _unsure(database)).question.id
    if verdict:
        await said(database, question, verdict, by=VERA)
        await received(database)
    before = await _where(database), len(await receipts(database)), len(await posts(database, *PostKind))
    await doubled(database)
    await received(database)
    assert (
        await _where(database), len(await receipts(database)), len(await posts(database, *PostKind)),
    ) == before  # fmt: skip
    assert len(await asked(database)) == 1


async def test_the_copies_of_a_mail_all_go_where_the_coordinator_says(database: Database) -> None:
    question = (await _unsure(database)).question.id
    relayed = b"Received: from relay.example; now\r\n" + bytes(letter(UNSURE, From=ANE))
    await received(database, mailed(relayed))
    await said(database, question, "veje", by=VERA)
    await received(database)
    (filed,) = (await known(database, "veje")).submissions
    assert [item.submission_id for item in await items(database)] == [filed.submission.id] * 2


async def test_two_who_choose_different_hearings_at_once_choose_one(
    database: Database, database_url: str
) -> None:
    question = (await _unsure(database)).question.id
    other = Database(database_url)
    async with database.begin() as store:
        assert isinstance(await decide(question, "plan", by=KIM, store=store, now=NOW), Asked)
        second = asyncio.create_task(said(other, question, "veje", by=VERA))
        await asyncio.sleep(_AS_FAR_AS_IT_GETS)
    assert await second == Refusal(Why.ALREADY_DECIDED, by=KIM)
    await other.close()
    await received(database)
    assert (await _where(database), len(await decisions(database))) == ((1, 0), 1)


async def test_a_copy_that_comes_while_the_answer_is_given_does_not_wait_for_ever(
    database: Database, database_url: str
) -> None:
    question = (await _unsure(database)).question.id
    await doubled(database)
    other = Database(database_url)
    async with other.begin() as store:
        assert isinstance(await decide(question, "veje", by=VERA, store=store, now=NOW), Asked)
        reading = asyncio.create_task(received(database))
        await asyncio.sleep(_AS_FAR_AS_IT_GETS)
    await reading
    await other.close()
    await received(database)
    (filed,) = (await known(database, "veje")).submissions
    assert [item.submission_id for item in await items(database)] == [filed.submission.id] * 2


async def test_no_mail_that_was_read_is_forgotten(database: Database) -> None:
    """Each became a submission, joined one, waits for an answer, was passed over, or was set aside."""
    await _both(database)
    mails = [
        letter(From=ANE, Subject="[plan]"), letter("Mere om planen.", From=ANE, Subject="[plan]"),
        letter(UNSURE, From="Bo <bo@borger.example>"), letter("Ude.", Subject="Automatisk svar: Plan"),
        letter("Vundet!", X_Spam_Flag="YES"),
    ]  # fmt: skip
    await received(database, *map(mailed, mails), mailed(letter(), to="gammel@ternevig.example"))
    waiting = {str(each.question.id) for each in await asked(database) if not each.decision}

    def is_somewhere(item: InboxItem) -> bool:
        waits = item.envelope.get("waits_for") in waiting
        return bool(item.submission_id or item.taken_for or item.set_aside or waits)

    assert [is_somewhere(item) for item in await items(database)] == [True] * 6
    assert all(item.read_at for item in await items(database))


async def test_the_same_address_for_two_hearings_changes_nothing_for_a_third(database: Database) -> None:
    await _both(database)
    await applied(database, replace(PLAN, key="fri", addresses=("fri@ternevig.example",)))
    await received(database, mailed(letter(UNSURE, From=ANE), to="fri@ternevig.example"))
    assert (len((await known(database, "fri")).submissions), await _where(database)) == (1, (0, 0))
