"""Mails that were kept are read again by a better reader: mended, and never doubled."""

from __future__ import annotations

from sqlmodel import select

from handlers.intake.reread import Reread, reread
from handlers.mail import READER
from storage.database import Database
from storage.journal import JournalEntry
from storage.models import Attachment, InboxItem, Submission
from storage.receipt import Receipt
from tests.handlers.building import NOW, TREES, applied, known, letter, mailed, received


async def _reread(database: Database) -> Reread:
    count = Reread()
    async with database.begin() as store:
        waiting = await store.inbox.readable_again(below=READER)
    for item in waiting:
        async with database.begin() as store:
            await reread(item, store=store, now=NOW, count=count)
    return count


async def _as_read_by_an_older_one(database: Database, **read_then: object) -> None:
    """What a reader that understood less had made of the mails."""
    async with database.begin() as store:
        for item in (await store.session.execute(select(InboxItem))).scalars():
            item.reader = 0
        for submission in (await store.session.execute(select(Submission))).scalars():
            for name, value in read_then.items():
                setattr(submission, name, value)


def _with_file() -> bytes:
    mail = letter()
    mail.add_attachment(b"%PDF-1.7 kort", maintype="application", subtype="pdf", filename="kort.pdf")
    return bytes(mail)


async def test_a_submission_that_reads_better_now_is_mended_and_stays_the_same(database: Database) -> None:
    await applied(database)
    await received(database, mailed(_with_file()))
    await _as_read_by_an_older_one(
        database, text="Vi Ã¸nsker", flaws=["charset_wrong: part 1"], content_key="old"
    )
    async with database.begin() as store:
        for file in (await store.session.execute(select(Attachment))).scalars():
            await store.session.delete(file)
    count = await _reread(database)
    assert (count.read, count.mended) == (1, 1)
    (filed,) = (await known(database)).submissions
    assert (filed.submission.text.strip(), filed.submission.number) == (TREES, 1)
    assert [file.name for file in filed.attachments] == ["kort.pdf"]
    assert filed.submission.flaws == []
    async with database.begin() as store:
        acts = (await store.session.execute(select(JournalEntry.act))).scalars().all()
    assert acts.count("reread") == 1


async def test_the_same_mail_coming_again_is_known_by_its_old_and_its_new_content(database: Database) -> None:
    await applied(database)
    raw = bytes(letter())
    await received(database, mailed(raw))
    await _as_read_by_an_older_one(database, content_key="as an older reader had it")
    await _reread(database)
    await received(database, mailed(b"Received: from relay.example; now\r\n" + raw))
    assert len((await known(database)).submissions) == 1
    async with database.begin() as store:
        assert len((await store.session.execute(select(Receipt))).all()) == 1


async def test_reading_again_changes_nothing_that_read_well(database: Database) -> None:
    await applied(database)
    await received(database, mailed(letter()), mailed(letter("Bænke.")))
    before = await known(database)
    await _as_read_by_an_older_one(database)
    count = await _reread(database)
    assert (count.read, count.mended, count.reconsidered) == (2, 0, 0)
    assert await known(database) == before
    assert (await _reread(database)).read == 0


async def test_a_mail_that_was_taken_for_a_machines_is_read_as_a_persons_once(database: Database) -> None:
    await applied(database)
    await received(database, mailed(letter()), mailed(letter("Ude.", Subject="Automatisk svar: Ny plan")))
    async with database.begin() as store:
        for item in (await store.session.execute(select(InboxItem))).scalars():
            if item.submission_id is None:
                item.reader, item.taken_for = 0, "recall"
            else:
                item.reader = 0
    assert (await _reread(database)).reconsidered == 0
    async with database.begin() as store:
        for item in (await store.session.execute(select(InboxItem))).scalars():
            item.reader, item.submission_id, item.taken_for = 0, None, "auto_reply"
    assert (await _reread(database)).reconsidered == 1
    assert await received(database) == 1
    assert len((await known(database)).submissions) == 1
