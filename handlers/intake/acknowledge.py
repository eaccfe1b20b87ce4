"""Owe parties the mails that say their submissions arrived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from handlers import acts
from handlers.content import clean
from handlers.mail import Letter
from storage.columns import ordered_id
from storage.models import Hearing, InboxItem, Submission
from storage.receipt import Receipt, ReceiptKind
from storage.store import Store

RECEIPT = "kvittering."
"""How the Message-ID of each of our receipts begins."""

_REFUSAL = "ikke-modtaget."
_OURS = (RECEIPT, _REFUSAL)

_MOST, _WITHIN = 5, timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Received:
    """What arrived for a submission; its receipt goes to `to`, empty for none, and answers `answering`.

    `answering` is a Message-ID. `is_later`: it is a later mail, the inbox item `item_id`.
    """

    submission: Submission
    to: str
    answering: str
    is_later: bool = False
    item_id: int | None = None


async def acknowledge(received: Sequence[Received], *, store: Store, now: datetime) -> None:
    """Owe one receipt for each, and no address more than five an hour: two machines may be at it.

    A receipt's own Message-ID is fixed here, so that one sent again after a crash is the same mail.
    """
    await _owe([_receipt(each, now=now) for each in received if each.to], store=store, now=now)


async def too_large(
    item: InboxItem, letter: Letter, *, hearing: Hearing, store: Store, now: datetime
) -> None:
    """Owe the sender of a mail that was larger than we take the word that we have not got it."""
    to = reply_to(letter)
    if to:
        receipt = {
            "kind": ReceiptKind.TOO_LARGE, "hearing_id": hearing.id, "item_id": item.id, "recipient": to,
            "made_at": now, "in_reply_to": clean(letter.message_id), "message_id": f"{_REFUSAL}{item.id}",
        }  # fmt: skip
        await _owe([receipt], store=store, now=now)


def reply_to(letter: Letter, *, is_by_a_person: bool = False) -> str:
    """Where our mail back to a mail goes; empty when there must be none (RFC 3834).

    A machine that answers our receipt without saying that it is one would never stop, unless somebody has
    seen that it is no machine.
    """
    answers_us = any(name[1:].startswith(_OURS) for name in letter.references)
    if not letter.may_acknowledge or (answers_us and not is_by_a_person):
        return ""
    return clean((letter.reply_to or letter.sender).address)


async def _owe(receipts: Sequence[dict[str, Any]], *, store: Store, now: datetime) -> None:
    if not receipts:
        return
    given = await store.submissions.receipts_since(now - _WITHIN, {each["recipient"] for each in receipts})
    for receipt in receipts:
        if given[receipt["recipient"]] < _MOST:
            given[receipt["recipient"]] += 1
            receipt_id = ordered_id()
            store.add_rows(Receipt, [receipt | {"id": receipt_id}])
            store.owe([acts.send(receipt_id)])


def _receipt(received: Received, *, now: datetime) -> dict[str, Any]:
    submission, later = received.submission, received.is_later
    return {
        "kind": ReceiptKind.FOLLOW_UP if later else ReceiptKind.SUBMISSION,
        "hearing_id": submission.hearing_id, "submission_id": submission.id, "item_id": received.item_id,
        "recipient": received.to, "made_at": now, "in_reply_to": received.answering,
        "message_id": f"{RECEIPT}{submission.id}{f'.{received.item_id}' if later else ''}",
    }  # fmt: skip
