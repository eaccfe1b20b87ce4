"""Take in what a thread shows and we were not told: edits, deletions, replies, ✅ put and taken away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from handlers.rules import NO_GROUPS, Groups, Refusal, Why
from handlers.talk.approve import approve, approve_message
from handlers.talk.collect import Said, collect
from handlers.talk.mark import mark
from handlers.talk.progress import standing
from handlers.talk.show import show_unsure
from handlers.talk.thread import Known, Tick
from handlers.talk.withdraw import take_back
from storage.models import How
from storage.store import Store
from storage.talk import Approval, ReactionPut, Reply

_ASKED = frozenset({Why.CHANGED_MEANWHILE, Why.ONE_OF_SEVERAL})
"""The reasons for which an approver's ✅ is no yes, and they cannot know it."""


@dataclass(frozen=True, slots=True)
class Found:
    """A ✅ that we were not told of, put at `since` or later.

    It stands on what somebody `said`, or on the draft of a remark, which has `shown` the words with this
    digest all that time, empty when it showed others too.
    """

    tick: Tick
    since: datetime
    said: Said | None = None
    remark_id: UUID | None = None
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Missed:
    """What a look at a referral's thread found; `asked_at` is when Slack was asked, by its clock."""

    referral_id: UUID
    asked_at: datetime
    said: tuple[Said, ...] = ()
    gone: tuple[Reply, ...] = ()
    put: tuple[Found, ...] = ()
    removed: tuple[Tick, ...] = ()

    def __len__(self) -> int:
        return len(self.said) + len(self.gone) + len(self.put) + len(self.removed)

    def counted(self) -> str:
        """How many things of which kind, for the log."""
        return (
            f"{len(self.said)} messages, {len(self.gone)} deletions,"
            f" {len(self.put)} check marks put and {len(self.removed)} taken away"
        )


async def known(referral_id: UUID, *, asked_at: datetime | None, store: Store) -> Known:
    """What we know of a thread that was last read at `asked_at`."""
    return Known(
        await store.remarks.alive(referral_id), frozenset(await store.remarks.put(referral_id)),
        await store.remarks.removals(referral_id), asked_at,
    )  # fmt: skip


async def reconcile(missed: Missed, *, groups: Groups = NO_GROUPS, store: Store, now: datetime) -> None:
    """Take it in as if Slack had told us, in the order in which nothing is approved that may not be.

    Where the order of a ✅ and an edit cannot be known, the approver is asked in the thread.
    """
    await store.remarks.hold(missed.referral_id)
    for said in missed.said:
        await collect(said, asked_at=missed.asked_at, store=store, now=now)
    for reply in missed.gone:
        await collect(_deleted(reply, at=missed.asked_at), store=store, now=now)
    for message, person in missed.removed:
        await take_back(
            missed.referral_id, message, by=person, removed_at=missed.asked_at, store=store, now=now
        )
    known_by_now = await store.remarks.put(missed.referral_id)
    for found in missed.put:
        if found.tick not in known_by_now:
            await _take_in(found, missed.referral_id, groups=groups, store=store, now=now)


def _deleted(reply: Reply, *, at: datetime) -> Said:
    version = f"{at.timestamp():.6f}"
    return Said(reply.referral_id, reply.message, version, reply.author, (), {}, deleted=True)


async def _take_in(found: Found, referral_id: UUID, *, groups: Groups, store: Store, now: datetime) -> None:
    message, person = found.tick
    store.add(ReactionPut(referral_id=referral_id, message=message, person=person, put_at=found.since))
    outcome = await _approve(found, groups=groups, store=store, now=now)
    if isinstance(outcome, Refusal) and outcome.why in _ASKED:
        await _ask(found, outcome.why, store=store, now=now)


async def _approve(found: Found, *, groups: Groups, store: Store, now: datetime) -> Approval | Refusal | None:
    message, person = found.tick
    if found.said is not None:
        return await approve_message(
            found.said, by=person, how=How.REACTION, reacted_at=found.since, groups=groups, store=store,
            now=now,
        )  # fmt: skip
    if found.remark_id is None:
        return None
    return await approve(
        found.remark_id, by=person, how=How.REACTION, shown=found.shown, message=message,
        reacted_at=found.since, groups=groups, store=store, now=now,
    )  # fmt: skip


async def _ask(found: Found, why: Why, *, store: Store, now: datetime) -> None:
    """Ask the approver to say yes to the draft, which shows what stands now; once for each ✅."""
    message, person = found.tick
    remark_id = found.remark_id
    if found.said is not None:
        marked = await mark(found.said, by=person, alone=True, store=store, now=now)
        remark_id = None if isinstance(marked, Refusal) else marked
    facts = await store.remarks.by_id(remark_id) if remark_id is not None else None
    if facts is None:
        return
    remark = standing(facts)
    if remark.content and (remark.approval is None or remark.changed):
        key = f"unsure:{message}:{person}:{found.since.timestamp()}"
        await show_unsure(remark.remark_id, key, person=person, why=why, store=store, now=now)
