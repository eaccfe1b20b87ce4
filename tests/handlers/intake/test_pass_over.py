"""What is no submission is passed over; where it may be one, people are asked, and nothing is silent."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from storage.asked import About, Verdict
from storage.database import Database
from storage.inbox import Arrival
from storage.models import PostKind
from storage.receipt import ReceiptKind
from tests.handlers.building import applied, known, letter, mailed, received
from tests.handlers.correspondence import (
    ANE,
    ROADS,
    asked,
    doubled,
    items,
    posts,
    receipt_id,
    receipts,
    said,
    settled,
    unread_again,
)

RECALL = (Path(__file__).parents[2] / "mails" / "recall.eml").read_bytes()
SPAM = letter("Jeg støtter planen.", From=ANE, X_Spam_Flag="YES")


def _bounce(message_id: str, *, status: str = "5.1.1", action: str = "failed") -> bytes:
    return (
        "From: Mail Delivery System <MAILER-DAEMON@post.example>\r\nSubject: Undelivered Mail\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="g"\r\n\r\n'
        "--g\r\nContent-Type: text/plain\r\n\r\nFindes ikke.\r\n"
        "--g\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; post.example\r\n\r\n"
        f"Final-Recipient: rfc822; ane@borger.example\r\nAction: {action}\r\nStatus: {status}\r\n\r\n"
        "--g\r\nContent-Type: text/rfc822-headers\r\n\r\nSubject: Kvittering\r\n"
        f"Message-ID: {message_id}\r\n\r\n--g--\r\n"
    ).encode()


def _too_large(subject: str = "Hele planen") -> Arrival:
    """The head of a mail of 48 MB."""
    arrival = mailed(letter(From=ANE, Subject=subject))
    return replace(arrival, envelope=arrival.envelope | {"too_large": 47_900_000})


async def _lines(database: Database) -> list[dict[str, object]]:
    return [dict(post.detail) for post in await posts(database, PostKind.LINE)]


@pytest.mark.parametrize(("mail", "kind"), [(bytes(SPAM), "spam"), (RECALL, "recall")])
async def test_what_may_be_meant_for_us_is_asked_about_and_then_taken_as_a_submission(
    database: Database, mail: bytes, kind: str
) -> None:
    await applied(database)
    await received(database, mailed(mail))
    (question,) = await asked(database)
    assert (question.question.about, question.question.detail["kind"]) == (About.KIND, kind)
    assert ((await known(database)).submissions, await receipts(database)) == ((), [])
    await settled(database, About.KIND, Verdict.NO_SUBMISSION)
    assert (await known(database)).submissions == ()
    await settled(database, About.KIND, Verdict.SUBMISSION)
    (filed,) = (await known(database)).submissions
    assert [item.submission_id for item in await items(database)] == [filed.submission.id]
    await unread_again(database)
    await doubled(database)
    await received(database)
    assert (len((await known(database)).submissions), len(await asked(database))) == (1, 1)
    assert {item.submission_id for item in await items(database)} == {filed.submission.id}


async def test_the_copies_of_a_mail_in_doubt_are_asked_about_once(database: Database) -> None:
    await applied(database)
    await received(database, mailed(SPAM), mailed(b"Received: by relay.example; now\r\n" + bytes(SPAM)))
    assert len(await asked(database)) == 1
    await settled(database, About.KIND, Verdict.SUBMISSION)
    (filed,) = (await known(database)).submissions
    assert [item.submission_id for item in await items(database)] == [filed.submission.id] * 2


async def test_any_coordinator_who_was_asked_may_say_that_it_is_a_submission(database: Database) -> None:
    """And then it is asked for which of the hearings that share the address."""
    await applied(database)
    await applied(database, ROADS)
    await received(database, mailed(SPAM))
    await settled(database, About.KIND, Verdict.SUBMISSION, by="U0VERA")
    (question,) = await asked(database, About.HEARING)
    await said(database, question.question.id, "veje", by="U0VERA")
    await received(database)
    assert len((await known(database, "veje")).submissions) == 1


async def test_a_receipt_that_came_back_is_noted_and_told_once(database: Database) -> None:
    await applied(database)
    await received(database, mailed(letter(From=ANE)))
    (receipt,) = await receipts(database)
    delayed = mailed(_bounce(receipt_id(receipt), status="4.4.1", action="delayed"), sender="")
    await received(database, delayed)
    assert (await _lines(database), (await receipts(database))[0].bounce) == ([], "")
    returned = _bounce(receipt_id(receipt))
    await received(database, mailed(returned, sender=""), mailed(b"X-Again: 1\r\n" + returned, sender=""))
    await unread_again(database)
    await received(database)
    assert await _lines(database) == [{"phrase": "receipt_bounced", "number": 1, "status": "5.1.1"}]
    assert [each.bounce for each in await receipts(database)] == ["5.1.1"]
    assert [item.set_aside for item in await items(database) if item.set_aside] == []


@pytest.mark.parametrize("name", ["<kvittering.fremmed@ternevig.example>", "<noget@andet.example>", ""])
async def test_a_bounce_of_what_we_never_sent_tells_nothing(database: Database, name: str) -> None:
    await applied(database)
    await received(database, mailed(_bounce(name), sender=""))
    assert (await _lines(database), [item.taken_for for item in await items(database)]) == ([], ["bounce"])


async def test_a_mail_that_is_too_large_is_answered_and_told_once(database: Database) -> None:
    await applied(database)
    await received(database, _too_large())
    await unread_again(database)
    await doubled(database)
    await received(database)
    assert await _lines(database) == [{"phrase": "too_large", "size_mb": 48}]
    (answer,) = await receipts(database)
    assert (answer.kind, answer.recipient) == (ReceiptKind.TOO_LARGE, "ane@borger.example")
    assert (await known(database)).submissions == ()
    assert [(item.taken_for, item.set_aside) for item in await items(database)] == [("too_large", "")] * 2


async def test_a_machines_mail_that_is_too_large_is_told_and_not_answered(database: Database) -> None:
    await applied(database)
    arrival = _too_large("Automatisk svar: Hele planen")
    await received(database, arrival)
    assert (len(await _lines(database)), await receipts(database)) == (1, [])


async def test_a_head_alone_is_no_submission_whatever_people_say(database: Database) -> None:
    await applied(database)
    await received(database, _too_large())
    (item,) = await items(database)
    async with database.begin() as store:
        assert await store.inbox.as_submission(item.id or 0) is not None
    await received(database)
    assert [(each.taken_for, each.set_aside) for each in await items(database)] == [("too_large", "")]
    assert (len(await _lines(database)), (await known(database)).submissions) == (1, ())


@pytest.mark.parametrize(
    "headers",
    [{"Subject": "Automatisk svar: Plan"}, {"Auto-Submitted": "auto-replied"}, {"X-Hoeringsbot": "receipt"}],
)
async def test_what_is_surely_no_submission_asks_and_tells_nothing(
    database: Database, headers: dict[str, str]
) -> None:
    await applied(database)
    await received(database, mailed(letter("Ude af huset.", From=ANE, **headers)))
    assert (await asked(database), await posts(database, *PostKind), await receipts(database)) == ([], [], [])
    assert all(item.taken_for and item.read_at for item in await items(database))
