"""Owe a party the mail that says its submission arrived."""

from __future__ import annotations

from datetime import datetime

from handlers import acts
from storage.models import Submission
from storage.store import Store
from storage.talk import Receipt


def acknowledge(submission: Submission, *, to: str, answering: str, store: Store, now: datetime) -> None:
    """One receipt to `to`, in answer to the mail with the Message-ID `answering`; none when `to` is empty.

    The receipt's own Message-ID is fixed here, so that a receipt sent again after a crash is the same mail.
    """
    if not to:
        return
    receipt = Receipt(
        submission_id=submission.id, recipient=to, made_at=now, in_reply_to=answering,
        message_id=f"kvittering.{submission.id}",
    )  # fmt: skip
    store.add(receipt)
    store.owe([acts.send(receipt.id)])
