"""The receipts we owe: what each says, told to the mail server once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from bot.mailer import NO_ADDRESS, Mailer, Rejected
from handlers import mail
from handlers.clock import Clock
from handlers.intake.incoming import annexes
from handlers.intake.pass_over import TOO_LARGE
from handlers.intake.receipt import ReceiptFacts, compose
from storage.addresses import without_tag
from storage.database import Database
from storage.receipt import Receipt, ReceiptKind
from storage.store import Store

log = logging.getLogger(__name__)


async def send_receipt(receipt_id: UUID, *, database: Database, mailer: Mailer, now: Clock) -> None:
    """Send a receipt once; nothing when it was sent or refused before.

    No transaction is open while we talk to the mail server. Who dies between its yes and our note sends
    the receipt again, under the same Message-ID: the same mail twice is better than none.

    Raises:
        Unreachable: try again later.
    """
    async with database.begin() as store:
        facts = await _facts(receipt_id, sender=mailer.sender, store=store)
    if facts is None:
        return
    refusal = await _refusal(facts, mailer=mailer, now=now)
    async with database.begin() as store:
        receipt = await store.submissions.receipt(receipt_id)
        receipt.sent_at, receipt.refusal = (None, refusal) if refusal else (now(), "")
    log.info("receipt %s: %s", receipt_id, refusal or "sent")


async def _refusal(facts: ReceiptFacts, *, mailer: Mailer, now: Clock) -> str:
    """Send the mail; why it will never be taken, empty when it was."""
    message = compose(facts, now=now())
    if message is None:
        return NO_ADDRESS
    try:
        await mailer.send(message, to=message["To"].addresses[0].addr_spec)
    except Rejected as rejected:
        return rejected.reason
    return ""


async def _facts(receipt_id: UUID, *, sender: str, store: Store) -> ReceiptFacts | None:
    """What the receipt says; None when there is nothing left to send."""
    receipt = await store.submissions.receipt(receipt_id)
    if receipt.sent_at is not None or receipt.refusal:
        return None
    hearing = await store.hearings.by_id(receipt.hearing_id)
    came = await _came(receipt, store=store)
    address = await _address(came.envelopes, hearing.id, store=store)
    return ReceiptFacts(
        number=came.number, title=hearing.title, municipality=hearing.municipality, kind=receipt.kind,
        received_at=came.at, deadline=hearing.deadline, recipient=receipt.recipient, files=came.files,
        flaws=came.flaws, hearing_address=address, sender=sender or address, size=came.size,
        message_id=receipt.message_id, answering=receipt.in_reply_to,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Came:
    """What a receipt is for: when and where it came, and with which files; `size` in MB when too large."""

    at: datetime
    envelopes: Sequence[Mapping[str, Any]]
    number: int = 0
    files: tuple[str, ...] = ()
    flaws: tuple[str, ...] = ()
    size: int = 0


async def _came(receipt: Receipt, *, store: Store) -> _Came:
    if receipt.item_id is None:
        return await _submitted(receipt, store=store)
    item = await store.inbox.by_id(receipt.item_id)
    if receipt.kind == ReceiptKind.TOO_LARGE:
        size = -(-int(item.envelope[TOO_LARGE]) // 10**6)
        return _Came(item.received_at, [item.envelope], size=size)
    submission = await store.submissions.by_id(_named(receipt))
    letter = await asyncio.to_thread(mail.read, await store.inbox.raw(receipt.item_id))
    files = tuple(file.name for file in annexes(letter))
    flaws = tuple(f"{flaw.what}: {flaw.where}" for flaw in letter.flaws)
    return _Came(item.received_at, [item.envelope], submission.number, files, flaws)


async def _submitted(receipt: Receipt, *, store: Store) -> _Came:
    submission = await store.submissions.by_id(_named(receipt))
    files = await store.submissions.all_attachments(submission.id)
    own = tuple(file.name for file in files if file.follow_up_id is None)
    envelopes = await store.inbox.envelopes(submission.id)
    return _Came(submission.received_at, envelopes, submission.number, own, tuple(submission.flaws))


def _named(receipt: Receipt) -> UUID:
    if receipt.submission_id is None:
        raise LookupError(f"receipt {receipt.id} is for no submission")
    return receipt.submission_id


async def _address(envelopes: Sequence[Mapping[str, Any]], hearing_id: UUID, *, store: Store) -> str:
    """The hearing's address that it was sent to, else its first in the order of the alphabet."""
    own = sorted(row.address for row in await store.hearings.own_addresses(hearing_id))
    for envelope in envelopes:
        for recipient in envelope.get("recipients", ()):
            if without_tag(recipient) in own:
                return without_tag(recipient)
    return own[0]
