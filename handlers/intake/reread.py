"""Read mails kept earlier once more, after an upgrade: what reads better is mended, nothing is doubled."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from handlers import acts, mail
from handlers.annex.shape import Extracted
from handlers.content import clean
from handlers.intake.incoming import annexes, attachments, said_in
from handlers.intake.pass_over import is_meant
from handlers.mail import Letter
from handlers.talk.show import show_referral
from storage import blobs
from storage.asked import About
from storage.models import ContentKey, InboxItem, PostKind, Submission
from storage.store import Store


@dataclass(slots=True)
class Reread:
    """How many mails were read again, how many submissions mended, how many mails reconsidered."""

    read: int = 0
    mended: int = 0
    reconsidered: int = 0


async def reread(item_id: int, *, store: Store, now: datetime, count: Reread) -> None:
    """Read one mail again.

    The text and files of a submission are mended and shown so; its number, its party and all that people did
    stay. A mail that was taken for no submission, and seems to be one now, is read as if it had just come.
    """
    item, raw = await store.inbox.by_id(item_id), await store.inbox.raw(item_id)
    letter = await asyncio.to_thread(mail.read, raw, sender=item.envelope.get("sender"))
    item.reader, count.read = mail.READER, count.read + 1
    if item.submission_id is not None:
        count.mended += await _mend(item, letter, store=store, now=now)
    elif item.taken_for == letter.kind or not is_meant(item, letter):
        return
    elif item.taken_for in set(mail.Kind):
        item.read_at, item.taken_for = None, ""
        count.reconsidered += 1
        store.note("reconsidered", by=item.door, at=now, item=item_id)


async def _mend(item: InboxItem, letter: Letter, *, store: Store, now: datetime) -> bool:
    """Whether anything reads otherwise now. Only the mail that a submission was made of speaks for it."""
    if item.submission_id is None or (await store.inbox.items_of(item.submission_id))[0].id != item.id:
        return False
    submission = await store.submissions.by_id(item.submission_id)
    await store.hearings.hold(submission.hearing_id)
    await _know(submission, mail.content_key(letter), store=store)
    new = await _files(submission, letter, store=store)
    flaws = [f"{flaw.what}: {flaw.where}" for flaw in letter.flaws]
    kept = [flaw for flaw in submission.flaws if flaw.startswith("annex_")]
    passed_on = bool(submission.forwarded_by) and not await _was_asked(submission, store=store)
    said = said_in(letter, await _texts(letter, store=store), passed_on=passed_on)
    text, subject = clean(said), clean(letter.subject)
    if (submission.text, submission.subject, submission.flaws) == (text, subject, flaws + kept) and not new:
        return False
    submission.text, submission.subject, submission.flaws = text, subject, flaws + kept
    store.note("reread", by=item.door, at=now, hearing_id=submission.hearing_id, number=submission.number)
    await store.session.flush()
    for referral in await store.submissions.referrals(submission.id):
        await show_referral(referral.id, store=store)
        texts = await store.posts.under(referral.id, PostKind.TEXT)
        store.owe(acts.refresh(post.id) for post in texts)
    return True


async def _was_asked(submission: Submission, *, store: Store) -> bool:
    """Whether people had to say whose words it is; then it stands as it came."""
    return await store.questions.by_key(f"{About.AUTHOR}:{submission.id}") is not None


async def _texts(letter: Letter, *, store: Store) -> dict[str, Extracted]:
    """What we know already that its files say."""
    rows = await store.files.read_texts([blobs.name_of(file.payload) for file in annexes(letter)])
    return {name: Extracted(row.outcome, row.text) for name, row in rows.items()}


async def _know(submission: Submission, key: str, *, store: Store) -> None:
    """The same mail, should it come again, is this submission by its new key too."""
    if key != submission.content_key and not await store.submissions.known(submission.hearing_id, [key]):
        store.add(ContentKey(hearing_id=submission.hearing_id, key=key, submission_id=submission.id))


async def _files(submission: Submission, letter: Letter, *, store: Store) -> int:
    """Keep the files that nobody found before; how many those are."""
    had = await store.submissions.all_attachments(submission.id)
    new = attachments(annexes(letter), submission, had=had)
    sent = {blobs.name_of(file.payload): file.payload for file in annexes(letter)}
    await blobs.keep((sent[file.blob_sha256] for file in new), session=store.session)
    store.add(*new)
    return len(new)
