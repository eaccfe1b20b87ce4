"""Post what we owe Slack, each thing once, in order, at Slack's pace."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from bot.outage import is_out_of_reach
from bot.slack.api.board import Board
from bot.slack.api.calls import RefusedError, UnknownOutcomeError
from bot.slack.api.pace import Pace, updating
from bot.slack.api.refusals import barrier, is_of_one_post
from bot.slack.posts import attached, pictures
from bot.slack.posts.redrawing import Redrawing, lets_us_draw
from bot.slack.posts.restoring import Restoring
from bot.slack.posts.sending import Owed, Place, Sending, digest
from bot.trace import traced
from handlers import acts
from handlers.clock import Clock
from handlers.referral.follow import follow
from handlers.shut_out import shut_out
from handlers.talk.restore import is_courtesy
from handlers.talk.show import show_first_page
from storage.database import Database
from storage.lanes import Lanes
from storage.models import PostKind
from storage.words import Doing

log = logging.getLogger(__name__)

_MOST_TRIES = 5
_MOST_IN_A_ROW = 3  # failures; then it is Slack, and not the posts


@dataclass(slots=True)
class _Setbacks:
    """What failed in one drain while the rest went on; `unproven` may be Slack's fault and not the post's."""

    faults: dict[UUID, Exception] = field(default_factory=dict)
    unproven: dict[UUID, str] = field(default_factory=dict)
    in_a_row: int = 0


@dataclass(slots=True)
class Posting:
    """The posts of one workspace on their way out; `updates` paces drawing again what stands."""

    database: Database
    board: Board
    now: Clock
    pace: Pace = field(default_factory=Pace)
    updates: Pace = field(default_factory=lambda: updating(Pace()))
    _lanes: Lanes = field(init=False)
    _sending: Sending = field(init=False)
    _redrawing: Redrawing = field(init=False)
    _restoring: Restoring = field(init=False)

    def __post_init__(self) -> None:
        self._lanes = Lanes(self.database)
        self._sending = Sending(self.database, self.board, self.now, self.pace)
        self._redrawing = Redrawing(self.database, self.board, self.now, self.updates, self._sending)
        self._restoring = Restoring(self.database, self.board, self.now)

    async def drain(self, channel: str) -> None:
        """Post all that is owed in a channel.

        What fails alone is passed over, so that the rest goes on, and set aside when it failed too often.

        Raises:
            RefusedError: Slack refuses the channel or our token; what is owed stays owed.
            UnknownOutcomeError: a post may or may not stand there; the next drain looks before it posts.
            storage.lanes.LaneTakenError: another worker is at it.
            Exception: what the last post that was passed over failed with; it is still owed.
        """
        async with self._lanes.hold(f"drain {channel}"):
            if await self._has_moved(channel):
                return
            setbacks = _Setbacks()
            while (owed := await self._begin(channel, without=setbacks.faults)) is not None:
                await self._go_on(owed, setbacks)
        for fault in setbacks.faults.values():
            raise fault

    async def _has_moved(self, channel: str) -> bool:
        """Whether it is known by name, so that all that is owed there is from now on owed by its id.

        There is one order, and one pace, of what is posted in a channel, whatever it is called.
        """
        try:
            place = await self.board.channel_id(channel)
        except RefusedError as refusal:
            await self._kept_out(channel, refusal)
            raise
        if place == channel:
            return False
        async with self.database.begin() as store:
            await store.posts.move(channel, to=place)
            await store.threads.opened({channel}, Doing.POST)
            store.owe([acts.post_in(place)])
        return True

    async def _go_on(self, owed: Owed, setbacks: _Setbacks) -> None:
        try:
            place = await self._sending.send(owed)
            if place is not None:
                await self._posted(owed.post.id, place)
        except UnknownOutcomeError as fault:
            setbacks.in_a_row += 1
            if not fault.answered or setbacks.in_a_row >= _MOST_IN_A_ROW:
                raise
            setbacks.faults[owed.post.id] = fault
            setbacks.unproven[owed.post.id] = str(fault)
        except RefusedError as refusal:
            await self._refused(owed, refusal, setbacks)
        except Exception as fault:
            if is_out_of_reach(fault):
                raise
            log.error("post %s cannot be drawn: %s", owed.post.id, traced(fault))
            setbacks.faults[owed.post.id] = fault
            await self._count(owed.post.id, type(fault).__name__, setbacks)
        else:
            await self._blame(setbacks)

    async def _blame(self, setbacks: _Setbacks) -> None:
        """Slack is there, since something was posted: what failed before failed alone."""
        setbacks.in_a_row = 0
        for post_id, reason in setbacks.unproven.items():
            await self._count(post_id, reason, setbacks)
        setbacks.unproven.clear()

    async def _count(self, post_id: UUID, reason: str, setbacks: _Setbacks) -> None:
        async with self.database.begin() as store:
            post = await store.posts.hold(post_id)
            post.tries += 1
            if post.tries < _MOST_TRIES:
                return
            post.refusal = reason
        del setbacks.faults[post_id]
        log.error("post %s was set aside after %d tries: %s", post_id, _MOST_TRIES, reason)

    async def _refused(self, owed: Owed, refusal: RefusedError, setbacks: _Setbacks) -> None:
        if refusal.remedy:
            await self._untried(owed)
            await self._kept_out(owed.post.channel, refusal)
            raise refusal
        log.error("Slack refused post %s: %s", owed.post.id, refusal)
        if is_of_one_post(refusal.reason):
            async with self.database.begin() as store:
                row = await store.posts.hold(owed.post.id)
                row.refusal, row.dismissed_at = refusal.reason, self.now() if is_courtesy(row) else None
            return
        setbacks.faults[owed.post.id] = refusal
        await self._count(owed.post.id, refusal.reason, setbacks)

    async def _kept_out(self, channel: str, refusal: RefusedError) -> None:
        is_known = await self._is_barred_already(channel, refusal)
        level = logging.INFO if is_known else logging.ERROR
        log.log(level, "nothing is posted in %s (%s). %s", channel, refusal.reason, refusal.remedy)

    async def _is_barred_already(self, channel: str, refusal: RefusedError) -> bool:
        """Note what keeps us out of a channel; whether that was known."""
        why = barrier(refusal.reason)
        if why is None:
            return False
        async with self.database.begin() as store:
            return not await shut_out(channel, Doing.POST, why=why, store=store, now=self.now())

    async def _untried(self, owed: Owed) -> None:
        """Slack said no, so that there is nothing to look for."""
        if not owed.tried_before:
            async with self.database.begin() as store:
                (await store.posts.hold(owed.post.id)).tried_at = None

    async def refresh(self, post_id: UUID) -> None:
        """Show in a message what the facts say now (see `Redrawing`)."""
        await self._redrawing.refresh(post_id)

    async def knock(self, channel: str) -> None:
        """Draw again what was left as it was in a channel, if Slack lets us now."""
        await self._redrawing.knock(channel)

    async def anew(self, post_id: UUID, *, how: str) -> None:
        """Let what stands in a wrong place or shape, or was deleted, stand anew."""
        await self._restoring.anew(post_id, how=how)

    async def link(self, post_id: UUID) -> None:
        """Learn where a post stands, once, and draw again whatever leads to it."""
        async with self.database.begin() as store:
            post = await store.posts.by_id(post_id)
        if post.ts is None or post.permalink:
            return
        permalink = await self.board.permalink(post.channel, post.ts)
        async with self.database.begin() as store:
            post = await store.posts.hold(post_id)
            post.permalink = permalink
            if post.referral_id is not None:
                store.owe(acts.refresh(each) for each in await store.endings.telling_of(post.referral_id))

    async def _begin(self, channel: str, *, without: Collection[UUID]) -> Owed | None:
        """The next post of a channel, noted as tried."""
        async with self.database.begin() as store:
            while (post := await store.posts.owed(channel, without=without)) is not None:
                parent = await store.posts.by_id(post.parent_id) if post.parent_id else None
                if parent is not None and parent.refusal:
                    post.refusal, post.dismissed_at = parent.refusal, parent.dismissed_at
                    await store.session.flush()
                    continue
                first = post if parent is None or parent.ts is not None else parent
                tried_before = first.tried_at is not None
                first.tried_at = first.tried_at or self.now()
                under = parent.ts if parent and first is post else first.detail.get("thread")
                return Owed(first, under or None, tried_before)
        return None

    async def _posted(self, post_id: UUID, place: Place) -> None:
        async with self.database.begin() as store:
            post = await store.posts.hold(post_id)
            asked_for, drawn = post.channel, place.drawn
            await store.threads.opened({asked_for, place.channel}, Doing.POST)
            await lets_us_draw([place.channel], store=store)
            post.channel, post.ts, post.shown, post.tries = place.channel, place.ts, place.shown, 0
            if post.kind == PostKind.FILE and place.shown != await attached.guise(post, store=store):
                store.owe([acts.reshare(post.id)])
            if drawn is not None:
                at = float(place.ts) if place.shown else None
                post.detail = pictures.remembered(post, drawn, at=at)
                await follow(
                    post, channel=asked_for, goes_on=drawn.goes_on, overflows=drawn.overflows, store=store
                )
                await show_first_page(post, store=store)
                await store.session.flush()
                now_drawn = await self._sending.draw(post, store=store)
                if digest(now_drawn.picture) != place.shown:  # facts changed while it was on its way
                    store.owe([acts.refresh(post.id)])
        log.info("posted %s", post_id)
