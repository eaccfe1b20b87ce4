"""Put the mail that a submission came in into the thread, as its sender sent it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from handlers.discretion import veil
from handlers.owe import Priority, owe_post
from handlers.referral.hold import hold
from handlers.rules import Refusal, Why
from storage.models import MAIL, Hearing, Party, PostKind, Submission
from storage.store import Store
from storage.talk import SlackPost


def may_be_shown(submission: Submission, party: Party, hearing: Hearing) -> bool:
    """Whether nobody's private address stands in the mail, or the hearing shows those."""
    if hearing.show_private_contacts:
        return True
    return veil(party, hearing).lifted and not submission.forwarded_by


async def attach_mail(referral_id: UUID, *, by: str, store: Store, now: datetime) -> SlackPost | Refusal:
    """Once in each thread, when somebody asks: mails may be large, and their files stand there already."""
    held = await hold(referral_id, store=store)
    submission = await store.submissions.by_id(held.referral.submission_id)
    party = await store.submissions.party(submission.party_id)
    if not may_be_shown(submission, party, held.hearing):
        return Refusal(Why.PRIVATE_MAIL)
    mails = [item for item in await store.inbox.items_of(submission.id) if item.door in MAIL]
    card, key = await store.posts.card(referral_id), f"mail:{referral_id}"
    if not mails or card is None:
        return Refusal(Why.NO_MAIL)
    if await store.posts.by_key(key) is not None:
        return Refusal(Why.MAIL_IS_THERE)
    store.note("mail_attached", by=by, at=now, hearing_id=held.hearing.id, referral=referral_id)
    return owe_post(
        key, PostKind.FILE, hearing_id=held.hearing.id, channel=card.channel, priority=Priority.TALK, now=now,
        store=store, parent_id=card.id, submission_id=submission.id, referral_id=referral_id,
        detail={"mail": min(int(item.id or 0) for item in mails)},
    )  # fmt: skip
