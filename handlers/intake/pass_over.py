"""Pass over a mail that is no submission; where it may be one all the same, a coordinator is asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from handlers.doubt.ask import ask_of_mail, asked_of_mail, tell, was_told
from handlers.intake.acknowledge import too_large
from handlers.mail import Bounce, Kind, Letter
from storage.asked import About, Verdict
from storage.models import SUBMISSION, Hearing, InboxItem
from storage.store import Store

# What a machine only passed on may well be meant for the hearing; it gets no receipt, and people see it.
_MAY_BE_MEANT = (Kind.SUBMISSION, Kind.LIST, Kind.AUTOMATIC)
_IN_DOUBT = (Kind.SPAM, Kind.RECALL)
TOO_LARGE = "too_large"
"""In an envelope: the bytes of a mail of which only the head was fetched."""


def is_meant(item: InboxItem, letter: Letter) -> bool:
    """Whether a mail is to be a submission, by what it is or because a person has said so."""
    if TOO_LARGE in item.envelope:
        return False
    return letter.kind in _MAY_BE_MEANT or item.taken_for == SUBMISSION


async def pass_over(
    item: InboxItem, letter: Letter, *, hearings: Sequence[Hearing], store: Store, now: datetime
) -> None:
    """Note what it seems to be, and do about it what there is to do."""
    if TOO_LARGE in item.envelope:
        await _refuse(item, letter, hearing=hearings[0], store=store, now=now)
        return
    item.taken_for = letter.kind
    store.note(
        "not_a_submission", by=item.door, at=now, hearing_id=hearings[0].id, item=item.id, kind=letter.kind
    )
    if letter.kind in _IN_DOUBT:
        await _doubt(item, letter, hearings=hearings, store=store, now=now)
    elif letter.bounce is not None and letter.bounce.final:
        await _bounced(letter.bounce, store=store, now=now)


async def _doubt(
    item: InboxItem, letter: Letter, *, hearings: Sequence[Hearing], store: Store, now: datetime
) -> None:
    """Ask whether it is a submission; where that is known of the same mail, it is read as one next."""
    asked = await asked_of_mail(About.KIND, item, letter, hearings=hearings, store=store)
    if asked is None:
        await ask_of_mail(
            About.KIND, item, letter, hearings=hearings, among=hearings, store=store, now=now,
            options=(Verdict.SUBMISSION, Verdict.NO_SUBMISSION), detail={"kind": letter.kind.value},
        )  # fmt: skip
    elif asked.verdict == Verdict.SUBMISSION:
        item.taken_for, item.read_at = SUBMISSION, None


async def _refuse(item: InboxItem, letter: Letter, *, hearing: Hearing, store: Store, now: datetime) -> None:
    """Say to both sides, once, that we have no more than its head."""
    item.taken_for = TOO_LARGE
    if not await was_told("too_large", of=item.blob_sha256, store=store):
        size = int(item.envelope[TOO_LARGE])
        tell("too_large", of=item.blob_sha256, hearing=hearing, store=store, now=now,
             size_mb=-(-size // 10**6))  # fmt: skip
        await too_large(item, letter, hearing=hearing, store=store, now=now)


async def _bounced(bounce: Bounce, *, store: Store, now: datetime) -> None:
    """A receipt of ours came back: the party does not know that we have the submission."""
    receipt = await store.submissions.receipt_named(bounce.original_id) if bounce.original_id else None
    if receipt is None or receipt.bounce:
        return
    receipt.bounce = bounce.status or "failed"
    if receipt.submission_id is not None:
        submission = await store.submissions.by_id(receipt.submission_id)
        hearing = await store.hearings.by_id(receipt.hearing_id)
        tell(
            "receipt_bounced", of=receipt.id, hearing=hearing, store=store, now=now,
            number=submission.number, status=bounce.status,
        )  # fmt: skip
