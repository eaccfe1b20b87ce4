"""Read what waits in the inbox: mails and portal rows become submissions, a batch in one transaction."""

from __future__ import annotations

import asyncio
import logging
import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import InterfaceError, OperationalError

from handlers import mail
from handlers.acknowledge import RECEIPT
from handlers.clock import Clock
from handlers.content import clean
from handlers.parties import is_nobody
from handlers.portal.rows import restored
from handlers.submit import Annex, Incoming, submit
from storage import blobs
from storage.addresses import hearing_of
from storage.database import Database
from storage.models import MEANT_FOR_A_HEARING, SUBMISSION, Door, InboxItem
from storage.store import Store
from storage.words import Channel

log = logging.getLogger(__name__)

# What a machine only passed on may well be meant for the hearing; it gets no receipt, and people see it.
_MAY_BE_MEANT = (mail.Kind.SUBMISSION, mail.Kind.LIST, mail.Kind.AUTOMATIC)
_PHOTO = 20_000  # bytes; a picture in the text that is larger is more than a logo
Waiting = tuple[InboxItem, bytes]


async def read(database: Database, *, now: Clock, most: int = 50) -> int:
    """Read the oldest `most` items at the most; how many were read, 0 when none waits.

    An item that cannot be read is set aside with its reason, and the rest go on.

    Raises:
        sqlalchemy.exc.OperationalError, InterfaceError: the database is out of reach; nothing is lost.
    """
    try:
        async with database.begin() as store:
            return await _read(
                await store.inbox.unread(MEANT_FOR_A_HEARING, most=most), store=store, now=now()
            )
    except Exception as fault:  # the edge: one of them is bad, so each goes alone
        if _is_out_of_reach(fault):
            raise
        return await _read_each(database, now=now, most=most)


async def _read_each(database: Database, *, now: Clock, most: int) -> int:
    for done in range(most):
        bad: tuple[Door, str] | None = None
        try:
            async with database.begin() as store:
                waiting = await store.inbox.unread(MEANT_FOR_A_HEARING, most=1)
                bad = next(((item.door, item.key) for item, _ in waiting), None)
                if not await _read(waiting, store=store, now=now()):
                    return done
        except Exception as fault:
            if bad is None or _is_out_of_reach(fault):
                raise
            await _set_aside(*bad, database=database, reason=type(fault).__name__, at=now())
    return most


def _is_out_of_reach(fault: Exception) -> bool:
    """The database did not answer. One that finds a value too large (SQLSTATE class 54) did answer."""
    if not isinstance(fault, (OperationalError, InterfaceError)):
        return False
    return not str(getattr(fault.orig, "sqlstate", None) or "").startswith("54")


async def _set_aside(door: Door, key: str, *, database: Database, reason: str, at: datetime) -> None:
    async with database.begin() as store:
        taken = await store.inbox.take(door, key)
        if taken is not None:
            item, _raw = taken
            item.read_at, item.set_aside = at, reason
            store.note("set_aside", by=item.door, at=at, item=item.id)
            log.error("inbox item %s was set aside: %s", item.id, reason)


async def _read(waiting: Sequence[Waiting], *, store: Store, now: datetime) -> int:
    if not waiting:
        return 0
    letters = await asyncio.to_thread(_letters, waiting)
    addresses = await store.hearings.addresses()
    sorted_out: dict[UUID, list[Incoming]] = defaultdict(list)
    for (item, raw), letter in zip(waiting, letters, strict=True):
        item.read_at = now
        hearing_id = hearing_of(item.envelope, addresses)
        if hearing_id is None:
            item.set_aside = "no hearing has this address"
            log.error("inbox item %s was set aside: %s", item.id, item.set_aside)
        elif letter is None:
            sorted_out[hearing_id].append(await _from_portal(item, raw, store=store))
        elif letter.kind in _MAY_BE_MEANT or item.taken_for == SUBMISSION:
            sorted_out[hearing_id].append(_from_mail(item, letter))
        else:
            item.taken_for = letter.kind
            store.note("not_a_submission", by=item.door, at=now, hearing_id=hearing_id, item=item.id,
                       kind=letter.kind)  # fmt: skip
    for hearing_id in sorted(sorted_out):
        hearing = await store.hearings.hold(hearing_id)
        await submit(sorted_out[hearing_id], hearing=hearing, store=store, now=now)
    log.info("read %d inbox items", len(waiting))
    return len(waiting)


def _letters(waiting: Sequence[Waiting]) -> list[mail.Letter | None]:
    return [mail.read(_traced(item, raw)) if item.door == Door.SMTP else None for item, raw in waiting]


def _traced(item: InboxItem, raw: bytes) -> bytes:
    """The mail with the envelope's sender on top (RFC 5321 §4.4): that of a bounce is empty."""
    sender = re.sub(r"[^\x21-\x7e]|[<>]", "", str(item.envelope.get("sender", "")))
    return f"Return-Path: <{sender}>\r\n".encode("ascii") + raw


def _from_mail(item: InboxItem, letter: mail.Letter) -> Incoming:
    author = letter.reply_to or letter.sender
    gateway = is_nobody(letter.sender.address)
    return Incoming(
        item=item, channel=Channel.MAIL, content_key=mail.content_key(letter), subject=letter.subject,
        name=author.name or ("" if gateway else letter.sender.name), address=author.address,
        text=letter.text, message_id=clean(letter.message_id),
        annexes=tuple(Annex(file.name, file.content_type, file.payload) for file in _annexes(letter)),
        flaws=tuple(f"{flaw.what}: {flaw.where}" for flaw in letter.flaws),
        reply_to=clean(author.address) if letter.may_acknowledge and not _answers_a_receipt(letter) else "",
    )  # fmt: skip


def _answers_a_receipt(letter: mail.Letter) -> bool:
    """A machine that answers our receipt without saying that it is one would never stop."""
    return any(name.startswith(f"<{RECEIPT}") for name in letter.references)


def _annexes(letter: mail.Letter) -> list[mail.File]:
    """Files that were sent as such, and photos; what only adorns the mail stays with its raw bytes."""
    return [file for file in letter.files if not file.inline or _is_photo(file)]


def _is_photo(file: mail.File) -> bool:
    return file.content_type.startswith("image/") and len(file.payload) > _PHOTO


async def _from_portal(item: InboxItem, raw: bytes, *, store: Store) -> Incoming:
    row = restored(raw)
    annexes = [
        Annex(
            file["name"], "application/octet-stream", await blobs.fetch(file["sha256"], session=store.session)
        )
        for file in item.envelope["files"]
    ]
    return Incoming(
        item=item, channel=Channel.PORTAL, content_key=item.key, name=row.name, address=row.mail,
        text=row.text, street=row.street, kind=row.kind, annexes=tuple(annexes), received_at=row.received_at,
    )  # fmt: skip
