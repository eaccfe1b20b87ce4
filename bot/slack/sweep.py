"""Read threads in Slack again, since events may be lost: the thread is the truth.

All on every (re)connect, then each at intervals, and before a notat those that it hangs on; those first in
which something was approved, and of these the one that nobody looked at for the longest.
"""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from bot.outage import Outage, is_out_of_reach
from bot.slack import talk
from bot.slack.api.calls import RefusedError, UnknownOutcomeError
from bot.slack.api.refusals import barrier, is_of_our_token
from bot.slack.beside import news_beside
from bot.slack.door import SlackDoor
from bot.slack.page import Page
from bot.slack.views.drafts import shown_at
from bot.trace import traced
from handlers import acts
from handlers.rules import NO_GROUPS
from handlers.shut_out import shut_out
from handlers.talk.collect import Said
from handlers.talk.reconcile import Found, Missed, known, reconcile
from handlers.talk.thread import Known, Tick, difference
from storage.lanes import Lanes, LaneTakenError
from storage.models import PostKind
from storage.talk import Reply
from storage.threads import Thread
from storage.words import Doing

log = logging.getLogger(__name__)

_RISKY_EVERY, _QUIET_EVERY = timedelta(minutes=15), timedelta(hours=1)
_GOES_ON = timedelta(days=60)  # after the answers were due
_LOOKS_EVERY = 2.0  # seconds between questions whether a thread is due
_LEFT_ALONE = 60.0  # seconds for a channel that keeps us out, or a thread that cannot be read
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 60.0
_FOR_QUIET, _FOR_RISKY = 20.0, 120.0  # seconds that a notat waits for looks that are not needed, or fresh
_FRESH = timedelta(minutes=30)
_DOUBTS_AGAIN = timedelta(minutes=5)
_READING = {"conversations.replies", "conversations.join", "reactions.get"}  # refused of a channel
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Sweep:
    """Looks at threads, one by one. `connected_at` is when Slack last began to tell us what happens.

    Where `is_told_of_gaps`, we know when it did not: a socket that is held says so, calls that never came
    over HTTP do not.
    """

    door: SlackDoor
    connected_at: datetime = _NEVER
    is_told_of_gaps: bool = False
    _left_alone: dict[str | UUID, float] = field(default_factory=dict)
    _notats: int = 0
    _lanes: Lanes = field(init=False)

    def __post_init__(self) -> None:
        self._lanes = Lanes(self.door.database)

    def connected(self) -> None:
        """Whatever happened while nobody told us is looked for in all threads."""
        self.connected_at = self.door.now()

    def doubted(self) -> None:
        """Something reached us late, so that something else may not have reached us at all."""
        if self.door.now() - self.connected_at > _DOUBTS_AGAIN:
            self.connected()

    async def run(self, *, outage: Outage) -> None:
        """Look at whatever thread is due, for ever."""
        wait = _FIRST_WAIT
        while True:
            looked = False
            with outage.weathered("no thread can be read"):
                try:
                    looked = await self.next()
                except (UnknownOutcomeError, RefusedError) as fault:
                    if isinstance(fault, RefusedError):  # silence tells of itself
                        log.warning(
                            "Slack lets us read no threads (%s), again in %.0f s. %s",
                            fault, wait, fault.remedy,
                        )  # fmt: skip
                    await asyncio.sleep(wait)
                    wait = min(2 * wait, _LONGEST_WAIT)
                    continue
            wait = _FIRST_WAIT
            if not looked:
                await asyncio.sleep(_LOOKS_EVERY)

    async def next(self) -> bool:
        """Look at the thread whose turn it is; False when it is no thread's turn, or not ours to look.

        Raises:
            UnknownOutcomeError: Slack does not answer.
            RefusedError: Slack does not take our token.
        """
        if self._notats:
            return False
        with suppress(LaneTakenError):
            async with self._lanes.hold("sweep"):
                thread = await self._due()
                if thread is not None:
                    await self._try(thread)
                return thread is not None
        return False

    async def before_notat(self, hearing_id: UUID) -> int:
        """Look at a hearing's threads again; how many that the notat hangs on could not be looked at.

        Those must have been read since now. Where there are so many that this takes minutes, a look of the
        last half hour will do for the rest, if we know that Slack has told us what happened ever since.
        """
        self._notats += 1
        self._left_alone.clear()
        try:
            began = self.door.now()
            await self.door.caught_up(with_all_before=began)
            will_do = await self._look_at_all(hearing_id)
            after = [each for each in await self._of(hearing_id) if each.at_risk]
            return sum(1 for each in after if each.post_id not in will_do and not _since(began, each))
        finally:
            self._notats -= 1

    async def _look_at_all(self, hearing_id: UUID) -> set[UUID]:
        """Look as far as Slack lets us; the posts of those threads whose last look will do."""
        began, will_do = time.monotonic(), set[UUID]()
        for thread in await self._of(hearing_id):
            took = time.monotonic() - began
            if took > (_FOR_RISKY if thread.at_risk else _FOR_QUIET) and self._will_do(thread):
                will_do.add(thread.post_id)
            elif thread.channel not in self._left_alone and not await self._persist(thread):
                break
        return will_do

    async def look(self, thread: Thread) -> int:
        """Read a thread and take in what we were not told; how many things that were.

        Raises:
            RefusedError: Slack keeps us out.
            UnknownOutcomeError: Slack does not answer.
        """
        asked_at = self.door.now()
        async with self.door.database.begin() as store:
            before = await known(thread.referral_id, asked_at=thread.asked_at, store=store)
            drafts = await store.posts.under(thread.referral_id, PostKind.DRAFT)
            others = await store.threads.before(thread.referral_id)
        messages = await self.door.board.thread(thread.channel, thread.ts)
        for other in others:
            messages = await self.door.board.thread(other.channel, other.ts) | messages
        page = Page(thread, asked_at, messages, {each.ts: each for each in drafts if each.ts})
        missed = await self._missed(page, before)
        groups = await self.door.groups() if missed.put else NO_GROUPS
        async with self.door.database.begin() as store:
            if missed:
                await reconcile(missed, groups=groups, store=store, now=self.door.now())
            store.owe(acts.restore(post_id) for post_id in page.lacks())
            await store.threads.looked(thread.post_id, at=asked_at)
            await store.threads.opened({thread.channel}, Doing.READ)
        if missed:
            log.info("the thread of post %s told what events had not: %s", thread.post_id, missed.counted())
        return len(missed)

    async def _missed(self, page: Page, before: Known) -> Missed:
        shown, thread = page.shown(), page.thread
        differs = difference(before, shown)
        said = [await self._said(page, ts) for ts in differs.news]
        beside = await news_beside(thread.referral_id, door=self.door)
        return Missed(
            thread.referral_id, page.asked_at + self.door.board.clock.ahead,
            said=tuple(each for each in (*said, *beside) if isinstance(each, Said)),
            gone=(
                *[before.replies[ts] for ts in differs.gone if await self._is_gone(thread, ts)],
                *(each for each in beside if isinstance(each, Reply)),
            ),
            put=tuple([await self._found(page, tick, before.since(tick)) for tick in differs.put]),
            removed=differs.removed,
        )  # fmt: skip

    async def _said(self, page: Page, ts: str) -> Said | None:
        spoken = talk.message_in(page.thread.channel, page.messages[ts])
        return await self.door.said(spoken, referral=page.thread.referral_id)

    async def _is_gone(self, thread: Thread, ts: str) -> bool:
        """Ask for it by itself: nothing brings back a message that we took for deleted."""
        message = await self.door.board.message(thread.channel, ts)
        return message is None or talk.is_tombstone(message)

    async def _found(self, page: Page, tick: Tick, since: datetime) -> Found:
        draft = page.drafts.get(tick[0])
        if draft is not None:
            pages = [each for each in page.drafts.values() if each.remark_id == draft.remark_id]
            return Found(tick, since, remark_id=draft.remark_id, shown=shown_at(pages, since) or "")
        return Found(tick, since, said=await self._said(page, tick[0]))

    async def _due(self) -> Thread | None:
        now = self.door.now()
        self._left_alone = {
            what: until for what, until in self._left_alone.items() if until > time.monotonic()
        }
        async with self.door.database.begin() as store:
            return await store.threads.due(
                risky_before=max(self.connected_at, now - _RISKY_EVERY),
                quiet_before=max(self.connected_at, now - _QUIET_EVERY), ended_after=now - _GOES_ON,
                channels=[what for what in self._left_alone if isinstance(what, str)],
                posts=[what for what in self._left_alone if isinstance(what, UUID)],
            )  # fmt: skip

    async def _try(self, thread: Thread) -> None:
        """Look, and leave alone for a while what cannot be read, so that the rest goes on."""
        try:
            await self.look(thread)
        except RefusedError as refusal:
            if is_of_our_token(refusal.reason):
                raise
            await self._refused(thread, refusal)
        except UnknownOutcomeError:
            raise
        except Exception as fault:
            if is_out_of_reach(fault):
                raise
            self._leave(thread.post_id)
            log.error("the thread of post %s cannot be read: %s", thread.post_id, traced(fault))

    async def _refused(self, thread: Thread, refusal: RefusedError) -> None:
        if refusal.method not in _READING:  # who somebody is, or who is in a group
            self._leave(thread.post_id)
            log.error("the thread of post %s cannot be read: %s. %s", thread.post_id, refusal, refusal.remedy)
            return
        self._leave(thread.channel)
        log.error("threads in %s cannot be read: %s. %s", thread.channel, refusal, refusal.remedy)
        await self._barred(thread.channel, refusal)

    async def _barred(self, channel: str, refusal: RefusedError) -> None:
        why = barrier(refusal.reason)
        if why is not None:
            async with self.door.database.begin() as store:
                await shut_out(channel, Doing.READ, why=why, store=store, now=self.door.now())

    async def _persist(self, thread: Thread) -> bool:
        """Look, twice if need be; False when Slack does not answer, so that asking on is no use."""
        for wait in (_LOOKS_EVERY, None):
            try:
                await self._try(thread)
            except (UnknownOutcomeError, RefusedError) as fault:
                log.warning("a thread cannot be read before a notat (%s). %s", fault, _todo(fault))
                if wait is None or isinstance(fault, RefusedError):
                    return False
                await asyncio.sleep(wait)
            else:
                break
        return True

    async def _of(self, hearing_id: UUID) -> list[Thread]:
        async with self.door.database.begin() as store:
            return await store.threads.of_hearing(hearing_id)

    def _will_do(self, thread: Thread) -> bool:
        told_since = max(self.connected_at, self.door.now() - _FRESH)
        return not thread.at_risk or (self.is_told_of_gaps and _since(told_since, thread))

    def _leave(self, what: str | UUID) -> None:
        self._left_alone[what] = time.monotonic() + _LEFT_ALONE


def _since(moment: datetime, thread: Thread) -> bool:
    return thread.asked_at is not None and thread.asked_at >= moment


def _todo(fault: Exception) -> str:
    return fault.remedy if isinstance(fault, RefusedError) else ""
