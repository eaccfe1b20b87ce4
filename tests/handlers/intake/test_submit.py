"""Answers become submissions: each once, numbered, by a known party, and acknowledged only to people."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import text
from sqlmodel import select

from handlers.hearing.identify import Identity, identify
from handlers.intake.bring import bring
from handlers.intake.read import read
from handlers.mail import FlawKind
from handlers.portal.rows import Row
from storage import blobs
from storage.asked import Verdict
from storage.database import Database
from storage.inbox import Arrival
from storage.journal import JournalEntry
from storage.models import InboxItem, Party, Submission
from storage.receipt import Receipt
from storage.words import Channel, PartyKind
from tests.handlers.building import (
    ADDRESS,
    NOW,
    PLAN,
    applied,
    decided,
    heard,
    known,
    letter,
    mailed,
    received,
)

BORGER, FORENING = PartyKind.BORGER, PartyKind.FORENING


async def _received(database: Database, *arrivals: Arrival | EmailMessage) -> list[Submission]:
    """What becomes of mails to a hearing, in the order of their numbers."""
    await applied(database)
    await received(database, *(each if isinstance(each, Arrival) else mailed(each) for each in arrivals))
    return [filed.submission for filed in (await known(database)).submissions]


async def _receipts(database: Database) -> list[Receipt]:
    async with database.begin() as store:
        return list((await store.session.execute(select(Receipt))).scalars())


async def _jobs(database: Database) -> list[str]:
    async with database.engine.connect() as connection:
        rows = await connection.execute(text("SELECT task_name FROM procrastinate_jobs ORDER BY id"))
        return [row.task_name for row in rows]


async def _brought(database: Database, *rows: Row, files: dict[str, bytes] | None = None) -> int:
    async with database.begin() as store:
        hearing = await store.hearings.by_key("plan")
        assert hearing is not None
        brought = await bring(rows, files or {}, hearing=hearing, store=store, now=NOW)
    await received(database)
    return brought.new


async def _names(database: Database) -> list[tuple[str, PartyKind]]:
    return [(filed.party.list_name, filed.party.kind) for filed in (await known(database)).submissions]


async def test_the_same_mail_twice_is_one_submission_and_one_receipt(database: Database) -> None:
    raw = bytes(letter())
    relayed = [f"Received: from relay{number}.example; now\r\n".encode() + raw for number in (1, 2)]
    assert len(await _received(database, mailed(raw), mailed(raw), *(mailed(each) for each in relayed))) == 1
    assert len(await _received(database, mailed(b"Received: from late.example; now\r\n" + raw))) == 1
    assert len(await _receipts(database)) == 1
    async with database.begin() as store:
        items = list((await store.session.execute(select(InboxItem))).scalars())
    assert len(items) == 4
    assert len({item.submission_id for item in items}) == 1


async def test_two_citizens_who_send_one_campaigns_text_are_two_submissions(database: Database) -> None:
    mails = [letter(From=f"Borger <{name}@borger.example>") for name in ("ane", "bo")]
    assert [submission.number for submission in await _received(database, *mails)] == [1, 2]
    assert len({filed.party.id for filed in (await known(database)).submissions}) == 2


async def test_a_citizen_who_writes_again_is_the_same_party(database: Database) -> None:
    first = letter("Træer.", From="Ane Bro <ane@borger.example>")
    await _received(database, first, letter("Bænke.", From="A. Bro <ANE@Borger.example>"))
    await decided(database, Verdict.NEW)
    assert [filed.submission.number for filed in (await known(database)).submissions] == [1, 2]
    assert len({filed.party.id for filed in (await known(database)).submissions}) == 1


async def test_submissions_that_are_read_together_are_numbered_as_they_came(database: Database) -> None:
    late = [replace(mailed(letter(f"Nr. {n}.")), received_at=NOW - timedelta(hours=n)) for n in range(5)]
    texts = [submission.text.strip() for submission in await _received(database, *late)]
    assert texts == ["Nr. 4.", "Nr. 3.", "Nr. 2.", "Nr. 1.", "Nr. 0."]


async def test_a_receipt_answers_the_mail_it_is_for(database: Database) -> None:
    mine = letter(Message_ID="<7@borger.example>", From="Ane Bro <ane@borger.example>")
    (submission,) = await _received(database, mine)
    (receipt,) = await _receipts(database)
    assert (receipt.recipient, receipt.in_reply_to) == ("ane@borger.example", "<7@borger.example>")
    assert receipt.message_id == f"kvittering.{submission.id}"
    assert "send" in await _jobs(database)


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"},
        {"Subject": "Automatisk svar: Ny plan"},
        {"X-Autoreply": "yes"},
        {"From": "Mail Delivery System <mailer-daemon@post.example>", "X-Failed-Recipients": "a@by.example"},
    ],
)
async def test_an_automatic_answer_or_a_bounce_is_no_submission(
    database: Database, headers: dict[str, str]
) -> None:
    assert await _received(database, letter(**headers)) == []
    assert (await _receipts(database), await _jobs(database)) == ([], [])
    async with database.begin() as store:
        notes = (await store.session.execute(select(JournalEntry.act))).scalars().all()
    assert "not_a_submission" in notes


async def test_a_real_bounce_is_no_submission(database: Database) -> None:
    report = EmailMessage()
    report["From"], report["To"], report["Subject"] = "mailer-daemon@post.example", ADDRESS, "Undelivered"
    report["Content-Type"] = 'multipart/report; report-type=delivery-status; boundary="b"'
    failed = "Final-Recipient: rfc822; a@x.example\nAction: failed\nStatus: 5.1.1"
    status = f"message/delivery-status\n\nReporting-MTA: dns; post.example\n\n{failed}"
    raw = (
        bytes(report)
        + (f"--b\nContent-Type: text/plain\n\nDesværre.\n--b\nContent-Type: {status}\n--b--\n").encode()
    )
    assert await _received(database, mailed(raw, sender="")) == []
    assert await _receipts(database) == []


@pytest.mark.parametrize(
    ("headers", "sender"),
    [
        ({"List-Id": "<beboere.lygten.example>"}, "ane@borger.example"),
        ({"Precedence": "bulk"}, "ane@borger.example"),
        ({"X-Auto-Response-Suppress": "All"}, "ane@borger.example"),
        ({"From": "no-reply@firma.example"}, "no-reply@firma.example"),
        ({}, ""),
    ],
)
async def test_what_a_machine_passed_on_is_a_submission_without_receipt(
    database: Database, headers: dict[str, str], sender: str
) -> None:
    assert len(await _received(database, mailed(letter(**headers), sender=sender))) == 1
    assert await _receipts(database) == []
    assert "send" not in await _jobs(database)


async def test_a_form_that_sends_as_nobody_speaks_for_whom_its_answers_go_to(database: Database) -> None:
    headers = {"From": "Kommunens formular <no-reply@by.example>", "Reply-To": "Ane Bro <ane@borger.example>"}
    await _received(database, letter(**headers), letter("Mere.", From="Ane <ane@borger.example>"))
    await decided(database, Verdict.NEW)
    first, second = (await known(database)).submissions
    assert (first.party.list_name, first.party.id) == ("Ane Bro", second.party.id)
    assert {receipt.recipient for receipt in await _receipts(database)} == {"ane@borger.example"}


async def test_a_form_whose_citizen_gave_no_name_is_not_the_forms_party(database: Database) -> None:
    headers = {
        "From": "Grundejerforeningens formular <no-reply@by.example>",
        "Reply-To": "ane@borger.example",
    }
    await _received(database, letter(**headers))
    assert await _names(database) == [("ane@borger.example", BORGER)]


async def test_a_name_alone_makes_nobody_the_organisation_that_bears_it(database: Database) -> None:
    name = "Lygtevejens Grundejerforening"
    await _received(database, letter("Træer.", From=f"{name} <formand@lygten.example>"))
    await _received(database, letter("Bænke.", From=f"{name.upper()} <kasserer@lygten.example>"))
    await _received(database, letter("Ro.", From=f"{name}, Bo Å <kasserer@lygten.example>"))
    await decided(database, Verdict.NEW)
    first, second, third = (await known(database)).submissions
    assert first.party.id != second.party.id
    assert {(filed.party.list_name, filed.party.kind) for filed in (first, second)} == {(name, FORENING)}
    assert {first.party.confirmed, second.party.confirmed} == {False}
    assert third.party.id == second.party.id


async def test_who_wrote_as_a_private_person_may_write_for_an_association_too(database: Database) -> None:
    await _received(database, letter("Privat.", From="Ane Bro <ane@borger.example>"))
    await _received(database, letter("For alle.", From="Lygtens Grundejerforening <ane@borger.example>"))
    await _received(database, letter("Også for alle.", From="Lygtens Grundejerforening <ane@borger.example>"))
    await _received(database, letter("Privat igen.", From="Ane Bro <ane@borger.example>"))
    await decided(database, Verdict.NEW)
    private, ours, again, still_private = (filed.party for filed in (await known(database)).submissions)
    assert (private.kind, ours.kind) == (BORGER, FORENING)
    assert (again.id, still_private.id) == (ours.id, private.id)
    assert (private.confirmed, ours.confirmed) == (True, False)


async def test_an_unknown_address_that_claims_a_known_partys_name_is_a_party_to_be_confirmed(
    database: Database,
) -> None:
    asked = heard("Ternen", heading="Foreningen Ternen", mail=("post@ternen.example",))
    await applied(database, replace(PLAN, heard=(asked,)))
    for said, address in (("A.", "post@ternen"), ("B.", "ukendt@andet"), ("C.", "ukendt@andet")):
        await received(database, mailed(letter(said, From=f"Ternen <{address}.example>")))
    await decided(database, Verdict.NEW)
    ours, claimed, again = (filed.party for filed in (await known(database)).submissions)
    assert (ours.confirmed, claimed.confirmed) == (True, False)
    assert claimed.id == again.id != ours.id
    assert (claimed.list_name, claimed.heading_name, claimed.kind) == (
        "Ternen",
        "Foreningen Ternen",
        FORENING,
    )
    assert claimed.heard_as is None


async def test_a_row_of_the_portal_is_by_whom_its_name_says(database: Database) -> None:
    await applied(database, replace(PLAN, heard=(heard("Ternen"),)))
    rows = [Row(2, "1", NOW, "Ternen", FORENING, "A."), Row(3, "2", NOW, "Lygten", FORENING, "B.")]
    for row in rows:
        await _brought(database, row)
    ternen, lygten = (filed.party for filed in (await known(database)).submissions)
    assert (ternen.heard_as, ternen.confirmed, lygten.confirmed) == (0, True, True)


async def test_the_coordinator_says_that_who_claims_a_name_bears_it(database: Database) -> None:
    await applied(database, replace(PLAN, heard=(heard("Ternen", heading="Foreningen Ternen"),)))
    await received(database, mailed(letter("A.", From="Ternen <ukendt@andet.example>")))
    await _identified(database, Identity(FORENING, "ternen"))
    await received(database, mailed(letter("B.", From="Ternen <ukendt@andet.example>")))
    await decided(database, Verdict.NEW)
    one, two = (filed.party for filed in (await known(database)).submissions)
    assert one.id == two.id
    assert (one.heard_as, one.heading_name, one.confirmed) == (0, "Foreningen Ternen", True)


async def test_whom_the_coordinator_has_named_is_confirmed(database: Database) -> None:
    await _received(database, letter("A.", From="Lygtens Grundejerforening <ny@lygten.example>"))
    await _identified(database, Identity(BORGER, "Ane Bro"))
    (filed,) = (await known(database)).submissions
    assert (filed.party.kind, filed.party.confirmed) == (BORGER, True)


async def _identified(database: Database, identity: Identity) -> None:
    (filed,) = (await known(database)).submissions
    async with database.begin() as store:
        assert isinstance(
            await identify(filed.submission.id, identity, by="U0KIM", store=store, now=NOW), Party
        )


async def test_two_private_persons_of_one_name_are_two_parties(database: Database) -> None:
    await _received(database, letter("A."), letter("B.", From="Ane Bro <ane.bro@andet.example>"))
    assert len({filed.party.id for filed in (await known(database)).submissions}) == 2


async def test_private_persons_without_any_address_are_never_one_party(database: Database) -> None:
    await applied(database)
    rows = [Row(n, str(n), NOW, "Ane Bro", BORGER, f"Træ nr. {n}.") for n in (1, 2)]
    assert await _brought(database, *rows) == 2
    assert len({filed.party.id for filed in (await known(database)).submissions}) == 2
    async with database.begin() as store:
        assert await store.hearings.aliases((await known(database)).hearing.id) == []


async def test_a_heard_party_is_known_by_a_name_that_does_not_tell_its_kind(database: Database) -> None:
    asked = (heard("Ternen", aliases=("UU Ternevig",)), heard("Ane Bro", kind=BORGER))
    await applied(database, replace(PLAN, heard=asked))
    await received(
        database, mailed(letter("A.", From="UU Ternevig <post@uu.example>")),
        mailed(letter("B.", From="Ane Bro <ane@andet.example>")),
    )  # fmt: skip
    ternen, ane = sorted((await known(database)).submissions, key=lambda filed: filed.submission.text)
    assert ternen.party.list_name == "Ternen"
    assert ane.party.heard_as is None


async def test_a_name_longer_than_any_real_one_stops_nothing(database: Database) -> None:
    name = "".join(chr(0x4E00 + n * 7_919 % 20_000) for n in range(3_000))
    await applied(database)
    rows = [Row(n, str(n), NOW, f"{name}{n}forening", FORENING, "Træer.", mail="") for n in (1, 2)]
    assert await _brought(database, *rows) == 2
    await received(database, mailed(letter("A.", From=f"{name[:900]} klub <ane@borger.example>")))
    assert [filed.submission.number for filed in (await known(database)).submissions] == [1, 2, 3]


async def test_a_party_without_name_is_known_by_its_address(database: Database) -> None:
    await _received(database, letter(From="formand@vejforening.example"))
    assert await _names(database) == [("formand@vejforening.example", BORGER)]


async def test_line_ends_in_a_name_do_not_break_its_line(database: Database) -> None:
    await applied(database)
    await _brought(database, Row(2, "1", NOW, "Ternens\nBoldklub\x07", FORENING, "Baner."))
    assert await _names(database) == [("Ternens Boldklub", FORENING)]


async def test_files_are_kept_in_order_and_pictures_of_the_mail_are_none(database: Database) -> None:
    message = letter("Se filerne.")
    message.add_attachment(b"%PDF-1", maintype="application", subtype="pdf", filename="kort\x00 æ.pdf")
    message.add_attachment(b"PNG", maintype="image", subtype="png", filename="logo.png", disposition="inline",
                           cid="<logo>")  # fmt: skip
    message.add_attachment(b"%PDF-1", maintype="application", subtype="pdf", filename="samme.pdf")
    await _received(database, message)
    (filed,) = (await known(database)).submissions
    sent = [(f.position, f.size, f.content_type) for f in filed.attachments if f.name.endswith("pdf")]
    assert [each[1:] for each in sent] == [(6, "application/pdf")] * 2
    assert not any("\x00" in file.name for file in filed.attachments)
    async with database.begin() as store:
        assert await blobs.fetch(filed.attachments[0].blob_sha256, session=store.session) == b"%PDF-1"


async def test_a_row_of_the_portal_becomes_a_submission_with_its_files(database: Database) -> None:
    await applied(database)
    row = Row(
        2, "17", NOW - timedelta(days=3), "Lygte Klub", FORENING, "Flere baner.", ("kort.pdf",), "k@l.example"
    )
    assert await _brought(database, row, files={"kort.pdf": b"%PDF"}) == 1
    (filed,) = (await known(database)).submissions
    assert (filed.submission.channel, filed.submission.received_at) == (Channel.PORTAL, row.received_at)
    assert [(file.name, file.size) for file in filed.attachments] == [("kort.pdf", 4)]
    assert await _receipts(database) == []


async def test_a_row_that_is_brought_twice_is_one_submission(database: Database) -> None:
    await applied(database)
    row = Row(2, "17", NOW, "Lygte Klub", FORENING, "Flere baner.")
    moved = replace(row, line=40, name="LYGTE KLUB", text="Flere   baner.")
    assert await _brought(database, row, row) == 1
    assert await _brought(database, moved, row) == 0
    assert len((await known(database)).submissions) == 1


async def _refused(database: Database, *rows: Row, files: dict[str, bytes] | None = None) -> list[str]:
    async with database.begin() as store:
        hearing = await store.hearings.by_key("plan")
        assert hearing is not None
        brought = await bring(rows, files or {}, hearing=hearing, store=store, now=NOW)
    return [str(bad) for bad in brought.refused]


async def test_a_number_that_is_in_already_with_something_else_is_named_and_not_taken(
    database: Database,
) -> None:
    await applied(database)
    row = Row(2, "HP-3", NOW, "Lygte Klub", FORENING, "Flere baner.", ("kort.pdf",))
    assert await _refused(
        database, row, replace(row, line=7, text="Færre baner."), files={"kort.pdf": b"1"}
    ) == ["line 7: number HP-3 is in already with another text"]
    await received(database)
    assert await _refused(database, row, files={"kort.pdf": b"1"}) == []
    said = await _refused(database, replace(row, name="Lygte Råd"), files={"kort.pdf": b"2"})
    assert said == ["line 2: number HP-3 is in already with another name and files"]
    await received(database)
    (filed,) = (await known(database)).submissions
    assert filed.submission.text == "Flere baner."


async def test_without_a_number_another_text_is_another_submission(database: Database) -> None:
    await applied(database)
    row = Row(2, "", NOW, "Lygte Klub", FORENING, "Flere baner.", ("kort.pdf",))
    assert await _brought(database, row, files={"kort.pdf": b"1"}) == 1
    assert await _brought(database, row, files={"kort.pdf": b"2"}) == 1
    assert await _brought(database, row, replace(row, text="Færre."), files={"kort.pdf": b"2"}) == 1
    assert len((await known(database)).submissions) == 3


async def test_a_number_is_one_hearings_own(database: Database) -> None:
    await applied(database)
    other = await applied(database, replace(PLAN, key="anden", addresses=("fri@ternevig.example",)))
    row = Row(2, "1", NOW, "Lygte Klub", FORENING, "Flere baner.")
    assert await _brought(database, row) == 1
    async with database.begin() as store:
        assert (await bring([row], {}, hearing=other, store=store, now=NOW)).new == 1


async def test_no_address_gets_more_than_five_receipts_an_hour(database: Database) -> None:
    ane = "Ane Bro <ane@borger.example>"
    await _received(database, *(letter(f"Træ nr. {n}.", From=ane) for n in range(4)))
    mails = [letter(f"Bænk nr. {n}.", From=ane) for n in range(4)]
    assert len(await _received(database, *mails, letter("Ro.", From="Bo Å <bo@borger.example>"))) == 2
    told = sorted(receipt.recipient for receipt in await _receipts(database))
    assert told == ["ane@borger.example"] * 5 + ["bo@borger.example"]
    later = replace(mailed(letter("Senere.", From=ane)), received_at=NOW + timedelta(hours=2))
    async with database.begin() as store:
        await store.inbox.keep([later])
    await read(database, now=lambda: NOW + timedelta(hours=2))
    assert len(await _receipts(database)) == 7


@pytest.mark.parametrize("header", ["In_Reply_To", "References"])
async def test_an_answer_to_our_receipt_is_a_submission_without_receipt(
    database: Database, header: str
) -> None:
    named = {header: "<kvittering.01a2@ternevig.example>"}
    assert len(await _received(database, letter(**named))) == 1
    assert await _receipts(database) == []


@pytest.mark.parametrize(("size", "kept"), [(20_001, ["image/png"]), (20_000, [])])
async def test_a_photo_in_the_text_is_an_annex_and_a_logo_is_none(
    database: Database, size: int, kept: list[str]
) -> None:
    message = EmailMessage()
    for name, value in letter().items():
        if not name.lower().startswith(("content-", "mime-")):
            message[name] = value
    message.set_content("Se billedet.")
    message.add_alternative('<p>Se billedet: <img src="cid:foto"></p>', subtype="html")
    picture = b"\x89PNG\r\n\x1a\n".ljust(size, b"x")
    message.get_payload()[1].add_related(picture, maintype="image", subtype="png", cid="<foto>")  # type: ignore[index, union-attr]  # the HTML
    await _received(database, message)
    (filed,) = (await known(database)).submissions
    assert [file.content_type for file in filed.attachments] == kept


async def test_what_is_wrong_with_a_mail_is_kept_with_it(database: Database) -> None:
    raw = bytes(letter()).replace(b"Subject:", b"Date: i gaar\r\nSubject:")
    (submission,) = await _received(database, mailed(raw))
    assert submission.flaws == [f"{FlawKind.BAD_DATE}: header Date"]


async def test_the_journal_holds_numbers_and_never_words(database: Database) -> None:
    await _received(database, letter("Hemmelige træer.", Subject="Hemmelig"))
    async with database.begin() as store:
        entries = list((await store.session.execute(select(JournalEntry))).scalars())
    assert [entry.detail["number"] for entry in entries if entry.act == "submitted"] == [1]
    told = repr([(entry.actor, entry.act, entry.detail) for entry in entries])
    assert not any(secret in told for secret in ("emmelig", "Ane", "borger.example"))
