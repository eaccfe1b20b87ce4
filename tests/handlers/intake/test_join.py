"""A later mail is joined to its submission, and a coordinator says what it is to it."""

from __future__ import annotations

import asyncio
import base64
from dataclasses import replace

import pytest
from sqlmodel import select

from handlers.doubt.decide import still_open
from handlers.notat.counting import is_withdrawn
from handlers.referral.follow import follow
from handlers.referral.refer import BOT
from handlers.rules import Refusal, Why
from storage.asked import About, Verdict
from storage.database import Database
from storage.dossier import Filed
from storage.models import PostKind
from storage.questions import Asked
from storage.receipt import ReceiptKind
from storage.talk import SlackPost
from tests.handlers.building import ADDRESS, PLAN, applied, decided, known, letter, mailed, received
from tests.handlers.correspondence import (
    ANE,
    BO,
    ROADS,
    asked,
    decisions,
    doubled,
    follow_ups,
    items,
    posts,
    receipt_id,
    receipts,
    said,
    unread_again,
    with_file,
)

MORE = "Der mangler også en bænk ved skolevej 7."
FOLLOW_UP, KIM = About.FOLLOW_UP, "U0KIM"


async def _first(database: Database, **headers: str) -> None:
    await applied(database)
    await received(database, mailed(letter(**({"From": ANE} | headers))))


async def _filed(database: Database) -> Filed:
    (filed,) = (await known(database)).submissions
    return filed


async def _posted(database: Database) -> None:
    """Every card stands in Slack."""
    async with database.begin() as store:
        for post in (await store.session.execute(select(SlackPost))).scalars():
            if post.kind == PostKind.CARD:
                post.tried_at, post.ts = post.made_at, f"17.{post.id.int % 10**6:06}"


@pytest.mark.parametrize("header", ["In_Reply_To", "References"])
async def test_a_reply_to_our_receipt_lands_on_its_submission_with_its_files(
    database: Database, header: str
) -> None:
    await _first(database)
    (receipt,) = await receipts(database)
    answer = with_file(letter(MORE, From=ANE, Subject="Bænken", **{header: receipt_id(receipt)}))
    await received(database, mailed(answer))
    filed = await _filed(database)
    assert filed.submission.number == 1
    assert [each.follow_up.text.strip() for each in filed.followed] == [MORE]
    assert [each.verdict for each in filed.followed] == [Verdict.SUPPLEMENT]
    assert [file.name for file in filed.attachments] == ["kort.pdf"]
    assert {item.submission_id for item in await items(database)} == {filed.submission.id}
    assert len(await receipts(database)) == 1


async def test_an_answer_to_the_receipt_of_a_later_mail_lands_on_the_same_submission(
    database: Database,
) -> None:
    await _first(database)
    await received(database, mailed(letter(MORE, From=ANE)))
    (_, second) = await receipts(database)
    assert second.kind == ReceiptKind.FOLLOW_UP
    await received(database, mailed(letter("Og et træ.", From=ANE, References=receipt_id(second))))
    assert [each.verdict for each in (await _filed(database)).followed] == ["", Verdict.SUPPLEMENT]


async def test_a_reply_to_the_partys_own_mail_lands_on_its_submission(database: Database) -> None:
    await _first(database, Message_ID="<min-1@borger.example>")
    await received(database, mailed(letter(MORE, From=ANE, In_Reply_To="<min-1@borger.example>")))
    assert [each.verdict for each in (await _filed(database)).followed] == [Verdict.SUPPLEMENT]


async def test_the_number_in_the_subject_of_a_reply_finds_the_senders_own_submission(
    database: Database,
) -> None:
    await _first(database)
    await received(database, mailed(letter(MORE, From=ANE)))
    await decided(database, Verdict.NEW)
    subject = "SV: Kvittering: høringssvar nr. 1 – Ny plan for Lygtevej"
    await received(database, mailed(letter("Og et træ.", From=ANE, Subject=subject)))
    first, second = (await known(database)).submissions
    assert [each.verdict for each in first.followed] == [Verdict.NEW, Verdict.SUPPLEMENT]
    assert second.followed == ()


async def test_a_number_in_the_subject_of_somebody_elses_mail_joins_nothing(database: Database) -> None:
    await _first(database)
    await received(database, mailed(letter(MORE, From=BO, Subject="SV: Kvittering: høringssvar nr. 1")))
    assert [filed.submission.number for filed in (await known(database)).submissions] == [1, 2]
    assert await asked(database) == []


async def test_a_neighbour_who_answers_a_forwarded_receipt_is_asked_about_and_gets_a_receipt_when_new(
    database: Database,
) -> None:
    await _first(database)
    (receipt,) = await receipts(database)
    await received(database, mailed(letter(MORE, From=BO, In_Reply_To=receipt_id(receipt))))
    (question,) = await asked(database, FOLLOW_UP)
    assert (question.verdict, question.question.detail["why"]) == ("", "answers_as_other")
    assert len(await receipts(database)) == 1
    await decided(database, Verdict.NEW)
    _, neighbour = (await known(database)).submissions
    assert neighbour.party.list_name == "Bo Å"
    assert [each.recipient for each in await receipts(database)] == [
        "ane@borger.example",
        "bo@borger.example",
    ]


async def test_what_a_party_writes_later_is_asked_about_and_acknowledged(database: Database) -> None:
    await _first(database)
    await received(database, mailed(with_file(letter(MORE, From=ANE))))
    (question,) = await asked(database, FOLLOW_UP)
    assert (question.decision, question.question.options) == (
        None, ["supplement", "replaces", "new", "withdrawn", "nothing"],
    )  # fmt: skip
    assert (await _filed(database)).attachments == ()
    (post,) = await posts(database, PostKind.QUESTION)
    assert (post.channel, post.question_id) == ("C0KOORD", question.question.id)
    assert [each.kind for each in await receipts(database)] == ["submission", "follow_up"]


@pytest.mark.parametrize("verdict", [Verdict.SUPPLEMENT, Verdict.REPLACES])
async def test_what_is_part_of_a_submission_stands_in_its_threads_with_its_files(
    database: Database, verdict: Verdict
) -> None:
    await _first(database)
    await _posted(database)
    await received(database, mailed(with_file(letter(MORE, From=ANE))))
    await decided(database, verdict)
    filed = await _filed(database)
    assert [file.name for file in filed.attachments] == ["kort.pdf"]
    below = await posts(database, PostKind.FOLLOW_UP, PostKind.FILE)
    assert len(below) == 2 * len(filed.referrals) > 0
    assert {post.referral_id for post in below} == {laid.referral.id for laid in filed.referrals}


@pytest.mark.parametrize("verdict", [Verdict.WITHDRAWN, Verdict.NOTHING])
async def test_what_is_no_part_of_a_submission_gives_it_no_files(
    database: Database, verdict: Verdict
) -> None:
    await _first(database)
    await received(database, mailed(with_file(letter(MORE, From=ANE))))
    await decided(database, verdict)
    filed = await _filed(database)
    assert filed.attachments == ()
    assert [each.verdict for each in filed.followed] == [verdict]


async def test_new_gives_a_number_a_receipt_and_cards_and_leaves_the_first_alone(database: Database) -> None:
    await _first(database)
    await received(database, mailed(with_file(letter(MORE, From=ANE))))
    before = len(await posts(database, PostKind.CARD))
    await decided(database, Verdict.NEW)
    first, second = (await known(database)).submissions
    assert (second.submission.number, second.submission.text.strip()) == (2, MORE)
    assert (first.attachments, [file.name for file in second.attachments]) == ((), ["kort.pdf"])
    assert second.referrals
    assert len(await posts(database, PostKind.CARD)) == before + len(second.referrals)
    newest = (await receipts(database))[-1]
    assert (newest.kind, newest.submission_id) == ("submission", second.submission.id)
    assert [item.submission_id for item in await items(database)] == [
        first.submission.id, second.submission.id,
    ]  # fmt: skip


async def test_a_mail_that_became_new_is_new_once_however_often_it_is_read(database: Database) -> None:
    await _first(database)
    await received(database, mailed(letter(MORE, From=ANE)))
    await decided(database, Verdict.NEW)
    before = repr((await known(database)).submissions), len(await receipts(database))
    await unread_again(database)
    await received(database)
    await doubled(database)
    await received(database)
    assert (repr((await known(database)).submissions), len(await receipts(database))) == before
    assert [item.set_aside for item in await items(database) if item.set_aside] == []


async def test_a_verdict_can_be_changed_until_it_is_new(database: Database) -> None:
    await _first(database)
    await received(database, mailed(with_file(letter(MORE, From=ANE))))
    (question,) = await asked(database, FOLLOW_UP)
    files = []
    for verdict in ("supplement", "nothing", "replaces", "withdrawn", "supplement"):
        assert isinstance(await said(database, question.question.id, verdict), Asked)
        files.append(len((await _filed(database)).attachments))
    assert files == [1, 0, 1, 1, 1]
    assert [each.verdict for each in await decisions(database)] == [
        "supplement", "nothing", "replaces", "withdrawn", "supplement",
    ]  # fmt: skip
    await decided(database, Verdict.NEW)  # nothing waits for a first word
    assert isinstance(await said(database, question.question.id, "new"), Asked)
    assert await said(database, question.question.id, "supplement") == Refusal(Why.ALREADY_DECIDED, by=KIM)
    assert len((await known(database)).submissions) == 1
    await received(database)
    assert len((await known(database)).submissions) == 2
    (now,) = await asked(database, FOLLOW_UP)
    assert still_open(now) == ()


async def test_the_same_word_twice_changes_nothing(database: Database) -> None:
    await _first(database)
    await received(database, mailed(with_file(letter(MORE, From=ANE))))
    (question,) = await asked(database, FOLLOW_UP)
    for _ in range(2):
        assert isinstance(await said(database, question.question.id, "supplement"), Asked)
    assert len(await decisions(database)) == 1
    assert len((await _filed(database)).attachments) == 1


async def test_a_coordinator_confirms_what_was_taken_for_granted(database: Database) -> None:
    await _first(database, Message_ID="<min-1@borger.example>")
    await received(database, mailed(with_file(letter(MORE, From=ANE, In_Reply_To="<min-1@borger.example>"))))
    (question,) = await asked(database, FOLLOW_UP)
    await said(database, question.question.id, "supplement")
    assert [each.decided_by for each in await decisions(database)] == [BOT, KIM]
    assert len((await _filed(database)).attachments) == 1


async def test_no_answer_but_the_options_is_taken_and_from_nobody_but_coordinators(
    database: Database,
) -> None:
    await _first(database)
    await received(database, mailed(letter(MORE, From=ANE)))
    (question,) = await asked(database, FOLLOW_UP)
    for verdict, by, why in (
        ("admitted", KIM, Why.NO_SUCH_CHOICE), ("new", "U0PIA", Why.NOT_A_COORDINATOR),
    ):  # fmt: skip
        assert await said(database, question.question.id, verdict, by=by) == Refusal(why)
    assert await decisions(database) == []


async def test_of_two_coordinators_at_once_one_decides(database: Database, database_url: str) -> None:
    await _first(database)
    await received(database, mailed(letter(MORE, From=ANE)))
    (question,) = await asked(database, FOLLOW_UP)
    others = [Database(database_url) for _ in range(3)]
    outcomes = await asyncio.gather(
        *(said(each, question.question.id, "new") for each in (database, *others))
    )
    assert all(isinstance(each, Asked) for each in outcomes)
    assert len(await decisions(database)) == 1
    mixed = await asyncio.gather(*(said(each, question.question.id, "nothing") for each in others))
    assert mixed == [Refusal(Why.ALREADY_DECIDED, by=KIM)] * 3
    await received(database)
    assert len((await known(database)).submissions) == 2
    for other in others:
        await other.close()


async def test_the_same_text_twice_from_one_sender_is_one_submission_with_both_mails(
    database: Database,
) -> None:
    await _first(database, Message_ID="<min-1@borger.example>")
    again = letter(From=ANE, Message_ID="<min-2@borger.example>", Subject="Sendt igen")
    relayed = bytes(letter(From=ANE, Message_ID="<min-3@borger.example>"))
    relayed = relayed.replace(b"Content-Transfer-Encoding: 8bit", b"Content-Transfer-Encoding: base64")
    head, _, body = relayed.partition(b"\r\n\r\n")
    if b"base64" in head:
        relayed = head + b"\r\n\r\n" + base64.encodebytes(body)
    await received(database, mailed(again), mailed(relayed))
    filed = await _filed(database)
    kept = await items(database)
    assert [item.message_id for item in kept] == [f"<min-{number}@borger.example>" for number in (1, 2, 3)]
    assert {item.submission_id for item in kept} == {filed.submission.id}
    assert (filed.followed, len(await receipts(database))) == ((), 1)


async def test_an_answer_to_either_copy_of_a_mail_finds_the_submission(database: Database) -> None:
    await _first(database, Message_ID="<min-1@borger.example>")
    await received(database, mailed(letter(From=ANE, Message_ID="<min-2@borger.example>")))
    await received(database, mailed(letter(MORE, From=ANE, In_Reply_To="<min-2@borger.example>")))
    assert [each.verdict for each in (await _filed(database)).followed] == [Verdict.SUPPLEMENT]


@pytest.mark.parametrize("together", [True, False])
async def test_the_same_later_mail_twice_is_asked_about_once(database: Database, together: bool) -> None:
    await _first(database)
    copies = [letter(MORE, From=ANE, Message_ID=f"<mere-{number}@borger.example>") for number in (1, 2)]
    if together:
        await received(database, *map(mailed, copies))
    else:
        for copy in copies:
            await received(database, mailed(copy))
    assert len(await asked(database)) == len(await follow_ups(database)) == 1
    filed = await _filed(database)
    assert {item.submission_id for item in await items(database)} == {filed.submission.id}
    assert len(await receipts(database)) == 2


async def test_a_submission_and_what_follows_it_may_be_read_in_one_batch(database: Database) -> None:
    await applied(database)
    await received(
        database, mailed(letter(From=ANE, Message_ID="<min-1@borger.example>")),
        mailed(letter(MORE, From=ANE, In_Reply_To="<min-1@borger.example>")),
        mailed(letter("Og et træ.", From=ANE)),
    )  # fmt: skip
    assert [each.verdict for each in (await _filed(database)).followed] == [Verdict.SUPPLEMENT, ""]


async def test_a_file_that_two_later_mails_bring_stays_when_one_of_them_is_left_out(
    database: Database,
) -> None:
    await _first(database, Message_ID="<min-1@borger.example>")
    answers = {"From": ANE, "In_Reply_To": "<min-1@borger.example>"}
    await received(
        database, mailed(with_file(letter(MORE, **answers))), mailed(with_file(letter("Igen.", **answers)))
    )
    first, second = (each.question.id for each in await asked(database, FOLLOW_UP))
    assert len((await _filed(database)).attachments) == 1
    await said(database, first, "nothing")
    assert [file.name for file in (await _filed(database)).attachments] == ["kort.pdf"]
    await said(database, second, "nothing")
    assert (await _filed(database)).attachments == ()


async def test_a_file_that_came_with_the_submission_is_not_given_twice(database: Database) -> None:
    await applied(database)
    await received(database, mailed(with_file(letter(From=ANE, Message_ID="<min-1@borger.example>"))))
    await received(database, mailed(with_file(letter(MORE, From=ANE, In_Reply_To="<min-1@borger.example>"))))
    assert len((await _filed(database)).attachments) == 1


async def test_thanks_for_the_receipt_bring_back_nothing_that_was_taken_back(database: Database) -> None:
    await _first(database)
    (receipt,) = await receipts(database)
    await received(database, mailed(letter("Jeg trækker mit svar tilbage.", From=ANE)))
    await decided(database, Verdict.WITHDRAWN)
    await received(database, mailed(letter("Tak.", From=ANE, In_Reply_To=receipt_id(receipt))))
    filed = await _filed(database)
    assert is_withdrawn(filed)
    assert [each.verdict for each in filed.followed] == [Verdict.WITHDRAWN, ""]
    await decided(database, Verdict.SUPPLEMENT)
    assert not is_withdrawn(await _filed(database))


async def test_a_submission_stays_taken_back_when_thanks_came_before_the_coordinator_said_so(
    database: Database,
) -> None:
    await _first(database)
    (receipt,) = await receipts(database)
    await received(database, mailed(letter("Jeg trækker mit svar tilbage.", From=ANE)))
    await received(database, mailed(letter("Tak.", From=ANE, In_Reply_To=receipt_id(receipt))))
    taken_back, thanks = await asked(database, FOLLOW_UP)
    assert (taken_back.verdict, thanks.verdict) == ("", Verdict.SUPPLEMENT)
    await said(database, taken_back.question.id, "withdrawn")
    assert is_withdrawn(await _filed(database))
    await said(database, thanks.question.id, "supplement")
    assert not is_withdrawn(await _filed(database))


async def test_a_later_mail_read_before_the_card_stands_is_owed_when_it_does(database: Database) -> None:
    await _first(database, Message_ID="<min-1@borger.example>")
    await received(database, mailed(letter(MORE, From=ANE, In_Reply_To="<min-1@borger.example>")))
    assert await posts(database, PostKind.FOLLOW_UP) == []
    cards = await posts(database, PostKind.CARD)
    async with database.begin() as store:
        for card in cards:
            held = await store.posts.hold(card.id)
            await follow(held, channel=held.channel, goes_on=False, overflows=False, store=store)
    assert len(await posts(database, PostKind.FOLLOW_UP)) == len(cards) > 0


async def test_a_card_that_is_posted_while_a_coordinator_decides_gets_the_later_mail_once(
    database: Database, database_url: str
) -> None:
    """Each of the two looks at what the other has not finished."""
    await _first(database)
    await received(database, mailed(letter(MORE, From=ANE)))
    (question,) = await asked(database, FOLLOW_UP)
    (card, *_) = await posts(database, PostKind.CARD)
    other, under_way = Database(database_url), asyncio.Event()

    async def post() -> None:
        async with other.begin() as store:
            held = await store.posts.hold(card.id)
            held.tried_at, held.ts = held.made_at, "17.1"
            await follow(held, channel=held.channel, goes_on=False, overflows=False, store=store)
            under_way.set()
            await asyncio.sleep(0.2)

    async def say() -> None:
        await under_way.wait()
        await said(database, question.question.id, "supplement")

    await asyncio.gather(post(), say())
    assert [each.referral_id for each in await posts(database, PostKind.FOLLOW_UP)] == [card.referral_id]
    await other.close()


async def test_a_mail_that_answers_a_receipt_of_a_hearing_elsewhere_is_an_answer_of_its_own(
    database: Database,
) -> None:
    await _first(database)
    await applied(database, replace(ROADS, addresses=("veje@ternevig.example",)))
    (receipt,) = await receipts(database)
    answer = letter(MORE, From=ANE, In_Reply_To=receipt_id(receipt), To="veje@ternevig.example")
    await received(database, mailed(answer, to="veje@ternevig.example"))
    (elsewhere,) = (await known(database, "veje")).submissions
    assert (elsewhere.submission.number, elsewhere.followed) == (1, ())
    assert (await _filed(database)).followed == ()
    assert ADDRESS not in answer["To"]


async def test_the_quoted_receipt_is_cut_from_a_reply_and_kept_beside_it(database: Database) -> None:
    await _first(database)
    (receipt,) = await receipts(database)
    quoted = "Den 14. sep. 2026 kl. 12.30 skrev Ternevig Kommune:\n> Tak for høringssvaret.\n> Venlig hilsen"
    await received(database, mailed(letter(f"{MORE}\n\n{quoted}", From=ANE, In_Reply_To=receipt_id(receipt))))
    (kept,) = await follow_ups(database)
    assert (kept.text.strip(), "Tak for høringssvaret." in kept.rest) == (MORE, True)


async def test_who_coordinates_now_decides_what_was_asked_before(database: Database) -> None:
    await _first(database)
    await received(database, mailed(letter(MORE, From=ANE)))
    (question,) = await asked(database, FOLLOW_UP)
    await applied(database, replace(PLAN, coordinators=("U0NY",), coordination_channel="C0NY"))
    assert await said(database, question.question.id, "new") == Refusal(Why.NOT_A_COORDINATOR)
    assert isinstance(await said(database, question.question.id, "new", by="U0NY"), Asked)
    (post,) = await posts(database, PostKind.QUESTION)
    assert post.channel == "C0NY"
