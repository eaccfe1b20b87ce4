"""Owe parties the mails that say their submissions arrived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers import acts
from storage.models import Submission
from storage.store import Store
from storage.talk import Receipt, ReceiptKind

RECEIPT = "kvittering."
"""How the Message-ID of each of our receipts begins."""

_MOST, _WITHIN = 5, timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Received:
    """A new submission; its receipt goes to `to`, empty for none, in answer to the Message-ID `answering`."""

    submission: Submission
    to: str
    answering: str


async def acknowledge(received: Sequence[Received], *, store: Store, now: datetime) -> None:
    """Owe one receipt for each, and no address more than five an hour: two machines may be at it.

    A receipt's own Message-ID is fixed here, so that one sent again after a crash is the same mail.
    """
    asking = {each.to for each in received if each.to}
    if not asking:
        return
    given = await store.submissions.receipts_since(now - _WITHIN, asking)
    for each in received:
        if each.to and given[each.to] < _MOST:
            given[each.to] += 1
            receipt = _receipt(each, now=now)
            store.add(receipt)
            store.owe([acts.send(receipt.id)])


def _receipt(received: Received, *, now: datetime) -> Receipt:
    submission = received.submission
    return Receipt(
        kind=ReceiptKind.SUBMISSION, hearing_id=submission.hearing_id, submission_id=submission.id,
        recipient=received.to, made_at=now, in_reply_to=received.answering,
        message_id=f"{RECEIPT}{submission.id}",
    )  # fmt: skip
