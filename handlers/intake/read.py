"""Read what waits in the inbox: mails and portal rows become submissions, a batch in one transaction."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import InterfaceError, OperationalError

from handlers import mail
from handlers.annex import kinds
from handlers.annex.shape import Extracted
from handlers.clock import Clock
from handlers.intake.assign import Atlas, assign, atlas
from handlers.intake.author import author
from handlers.intake.extract import Extractor, extract
from handlers.intake.incoming import Incoming, annexes, from_mail, from_portal
from handlers.intake.likeness import THRESHOLD
from handlers.intake.pass_over import is_meant, pass_over
from handlers.intake.submit import submit
from handlers.letter.authentication import judged
from handlers.mail import File, Letter
from handlers.portal.rows import restored
from storage import blobs
from storage.database import Database
from storage.models import MAIL, MEANT_FOR_A_HEARING, Door, InboxItem
from storage.store import Store

log = logging.getLogger(__name__)

_AT_ONCE = 25  # mails that are read before their files go to the workers
_LARGE = 8_000_000  # bytes
Waiting = tuple[InboxItem, bytes]


@dataclass(frozen=True, slots=True)
class Sight:
    """What reading takes besides the mail.

    Without an `extractor` the text of files is not looked at. `trusted` are the servers whose word about a
    sender's genuineness is believed, and `genuine` finds out about a mail from the SMTP door ('pass …',
    'fail: …', '' for unknown). `staff_domains` are the municipality's own besides those of the hearings'
    addresses; texts whose similarity is `likeness` (0 to 1) or more are one campaign.
    """

    extractor: Extractor | None = None
    likeness: float = THRESHOLD
    trusted: Collection[str] = field(default=frozenset())
    staff_domains: Collection[str] = field(default=frozenset())
    genuine: Callable[[bytes], Awaitable[str]] | None = None


async def read(database: Database, *, now: Clock, sight: Sight | None = None, most: int = 200) -> int:
    """Read the oldest `most` items at the most; how many were read, 0 when none waits.

    An item that cannot be read is set aside with its reason, and the rest go on.

    Raises:
        sqlalchemy.exc.OperationalError, InterfaceError: the database is out of reach; nothing is lost.
    """
    sight = sight or Sight()
    try:
        async with database.begin() as store:
            waiting = await store.inbox.unread(MEANT_FOR_A_HEARING, most=most)
            return await _read(waiting, sight=sight, store=store, now=now())
    except Exception as fault:  # the edge: one of them is bad, so each goes alone
        if _is_out_of_reach(fault):
            raise
        return await _read_each(database, now=now, sight=sight, most=most)


async def _read_each(database: Database, *, now: Clock, sight: Sight, most: int) -> int:
    for done in range(most):
        bad: tuple[Door, str] | None = None
        try:
            async with database.begin() as store:
                waiting = await store.inbox.unread(MEANT_FOR_A_HEARING, most=1)
                bad = next(((item.door, item.key) for item, _ in waiting), None)
                if not await _read(waiting, sight=sight, store=store, now=now()):
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


async def _read(waiting: Sequence[Waiting], *, sight: Sight, store: Store, now: datetime) -> int:
    if not waiting:
        return 0
    letters, texts = await _letters(waiting, sight=sight, store=store)
    read = [(item, letter) for (item, _), letter in zip(waiting, letters, strict=True)]
    # Before the hearings are held: whoever else needs them must not wait for the world.
    vouched = [
        await _genuine(item, letter, raw, sight=sight) if letter and is_meant(item, letter) else ""
        for (item, raw), letter in zip(waiting, letters, strict=True)
    ]
    batch = _Batch(await atlas(read, store=store), sight=sight, texts=texts, store=store, now=now)
    sorted_out: dict[UUID, list[Incoming]] = defaultdict(list)
    for (item, raw), letter, genuine in zip(waiting, letters, vouched, strict=True):
        placed = await batch.place(item, letter, raw, genuine=genuine)
        if placed is not None:
            sorted_out[placed[0]].append(placed[1])
    for hearing_id in sorted(sorted_out):
        hearing = await store.hearings.hold(hearing_id)
        answers = sorted_out[hearing_id]
        await submit(answers, hearing=hearing, store=store, now=now, likeness=sight.likeness)
        for answer in answers:
            batch.was_read(answer.item)
    log.info("read %d inbox items", len(waiting))
    return len(waiting)


@dataclass(frozen=True, slots=True)
class _Batch:
    """What is read in one transaction, and what is known of it before its hearings are held."""

    chart: Atlas
    _: KW_ONLY
    sight: Sight
    texts: Mapping[str, Extracted]
    store: Store
    now: datetime

    async def place(
        self, item: InboxItem, letter: Letter | None, raw: bytes, *, genuine: str
    ) -> tuple[UUID, Incoming] | None:
        """The answer that an item is, and the hearing it is for; None for what is none, or none yet."""
        meant = self.chart.meant(item)
        if meant and letter is None:
            return meant[0].id, await _from_portal(item, raw, store=self.store)
        if meant and letter is not None and is_meant(item, letter):
            hearing_id = await assign(item, letter, chart=self.chart, store=self.store, now=self.now)
            if hearing_id is not None:
                return hearing_id, self._from_mail(item, letter, genuine=genuine)
        self.was_read(item)
        if not meant:
            item.set_aside = "no hearing has this address"
            log.error("inbox item %s was set aside: %s", item.id, item.set_aside)
        elif letter is not None and not is_meant(item, letter):
            await pass_over(item, letter, hearings=meant, store=self.store, now=self.now)
        return None

    def was_read(self, item: InboxItem) -> None:
        item.read_at, item.reader = self.now, mail.READER

    def _from_mail(self, item: InboxItem, letter: Letter, *, genuine: str) -> Incoming:
        own = {address.rpartition("@")[2] for address in self.chart.addresses}
        who = author(letter, staff_domains=own | set(self.sight.staff_domains))
        if who.forwarded_by and genuine.startswith("fail"):
            who = replace(who, doubt=True)  # anybody could write that our own staff passed it on
        mails = self.chart.referred_to(letter)
        return from_mail(item, letter, who, mails=mails, texts=self.texts, authentication=genuine)


async def _letters(
    waiting: Sequence[Waiting], *, sight: Sight, store: Store
) -> tuple[list[Letter | None], Mapping[str, Extracted]]:
    """The letters, None for what is no mail, and what their files say by the SHA-256 of their bytes."""
    letters = list[Letter | None]()
    coming = _files(waiting, letters, store=store)
    if sight.extractor is not None:
        return letters, await extract(coming, extractor=sight.extractor, store=store)
    async for _ in coming:
        pass
    return letters, {}


async def _files(
    waiting: Sequence[Waiting], letters: list[Letter | None], *, store: Store
) -> AsyncIterator[list[list[File]]]:
    """Read some mails at a time, and give the files of each that may say something, which are kept too.

    They are kept while the workers read them, unless they are large: then not both hold them at once.
    """
    is_large = sum(len(raw) for _, raw in waiting) > _LARGE
    step, said = len(waiting) if is_large else _AT_ONCE, list[bytes]()
    for at in range(0, len(waiting), step):
        read = await asyncio.to_thread(_parsed, waiting[at : at + step])
        letters += read
        mails = [[file for file in annexes(letter) if _may_say_something(file)] for letter in read if letter]
        said += [file.payload for files in mails for file in files]
        if is_large:
            await blobs.keep(said, session=store.session)
        yield mails
    if not is_large:
        await blobs.keep(said, session=store.session)


def _parsed(waiting: Sequence[Waiting]) -> list[Letter | None]:
    return [
        mail.read(raw, sender=item.envelope.get("sender")) if item.door in MAIL else None
        for item, raw in waiting
    ]


def _may_say_something(file: File) -> bool:
    return kinds.holds_text(kinds.kind(file.payload, content_type=file.content_type, name=file.name))


async def _genuine(item: InboxItem, letter: Letter, raw: bytes, *, sight: Sight) -> str:
    """What our own servers say about the sender, else what we find out."""
    said = judged(letter, trusted=sight.trusted) if sight.trusted else ""
    if said or sight.genuine is None or item.door != Door.SMTP:
        return said
    return await sight.genuine(raw)


async def _from_portal(item: InboxItem, raw: bytes, *, store: Store) -> Incoming:
    files = [
        File(
            file["name"],
            "application/octet-stream",
            await blobs.fetch(file["sha256"], session=store.session),
            inline=False,
        )
        for file in item.envelope["files"]
    ]
    return from_portal(item, restored(raw), files)
