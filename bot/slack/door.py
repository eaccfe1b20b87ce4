"""Take in what Slack sends: kept before the ack, read once, and read later when we were killed between.

A global middleware runs before Bolt acknowledges, so what is not kept is not acknowledged and Slack
delivers it again (https://docs.slack.dev/apis/events-api#retries).
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.outage import OUT_OF_REACH
from bot.slack import payloads, talk
from bot.slack.api.calls import RefusedError, UnknownOutcomeError
from bot.slack.api.refusals import is_of_everything
from bot.slack.doers import doer, envelope
from bot.slack.home import Homes
from bot.slack.talk import Spoken
from bot.slack.telling import Telling
from handlers.clock import Clock
from handlers.content import Content
from handlers.intake.receive import Reception
from handlers.richtext import rich_text as richtext
from handlers.richtext.mentions import Names, mentioned
from handlers.rules import Groups
from handlers.talk.attach import key_of
from handlers.talk.collect import Said
from handlers.talk.show import copy_post
from storage.database import Database
from storage.inbox import Arrival
from storage.models import Door, PostKind
from storage.store import Store
from storage.talk import SlackPost
from templates import say

log = logging.getLogger(__name__)

T = TypeVar("T")
RECEIVED_AT = "received_at"
_KEY, _REPLAYED, _READ = "inbox_key", "replayed", "was_read"
_LEFT_BEHIND = timedelta(seconds=5)
_TRIES = 3
_CATCHES_UP_WITHIN, _LOOKS_EVERY = 7.0, 0.1
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 60.0
_UNHEARD = 404  # Bolt's answer when no listener fits
_CLOCKS_DIFFER = timedelta(seconds=60)


class NotNotedYetError(Exception):
    """Something of ours is being posted there, so that it cannot be told yet whose thread it is."""


# Slack or the database was away: the payload is good, and waits as long as they do.
_PASSING = (UnknownOutcomeError, *OUT_OF_REACH, NotNotedYetError)


@dataclass(slots=True)
class SlackDoor(Telling):
    """What the listeners share."""

    database: Database
    reception: Reception
    now: Clock
    _faults: Counter[str] = field(default_factory=Counter)
    _waits: dict[str, tuple[float, float]] = field(default_factory=dict)
    homes: Homes = field(init=False)

    def __post_init__(self) -> None:
        self.homes = Homes(self.database, self.board, self.now)

    async def keep(
        self,
        body: dict[str, Any],
        context: AsyncBoltContext,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002  Bolt's name
    ) -> BoltResponse:
        """Bolt middleware: return only when the payload is durable. A replayed one is kept already.

        What people say outside threads is not kept, but of a message that has a copy in one it is.
        """
        key = payloads.key_of(body)
        context[_KEY] = key
        if not context.get(_REPLAYED):
            if talk.is_talk(body) and not await self._has_copy(talk.rewritten(body)):
                # Who wrote beside a thread may be given a hint; what they wrote is not kept.
                return await next() if talk.stray(body) else BoltResponse(status=200)
            raw = json.dumps(body, ensure_ascii=True, separators=(",", ":")).encode("ascii")
            told = envelope(doer(body))
            await self.reception.receive(Arrival(Door.SLACK, key, raw, self.now(), told))
        return await next()

    @asynccontextmanager
    async def reading(self, context: AsyncBoltContext) -> AsyncIterator[Store | None]:
        """A transaction in which this payload counts as read; None when it was read already.

        When it came in stands in the context under `RECEIVED_AT`, the same whenever it is read.
        """
        async with self.database.begin() as store:
            taken = await store.inbox.take(Door.SLACK, context[_KEY])
            if taken is None:
                yield None
                return
            taken[0].read_at = self.now()
            context[RECEIVED_AT] = taken[0].received_at
            yield store
            # What counts is in the facts now; the rest of what people said is none of our business.
            await store.inbox.forget(taken[0])
        context[_READ] = True
        self._faults.pop(context[_KEY], None)
        self.homes.stir()

    async def read(self, context: AsyncBoltContext, step: Callable[[Store], Awaitable[T]]) -> T | None:
        """What comes of a step in that transaction; None when this payload was read already."""
        async with self.reading(context) as store:
            return None if store is None else await step(store)

    async def said(self, spoken: Spoken | None, *, referral: Any = None) -> Said | None:
        """A message as something said under a referral; None when it stands in no thread of ours."""
        if spoken is None:
            return None
        referral = referral or await self._referral(spoken.channel, spoken.thread)
        if referral is None:
            return None
        content = () if spoken.deleted else (await self.read_rich_text(spoken.body)).content
        return Said(
            referral_id=referral, message=spoken.ts, version=spoken.version, author=spoken.author,
            content=content, raw=spoken.body, deleted=spoken.deleted,
        )  # fmt: skip

    async def _has_copy(self, spoken: Spoken | None) -> bool:
        """Whether what was said beside the threads was taken into one."""
        if spoken is None:
            return False
        async with self.database.begin() as store:
            return await store.posts.by_key(copy_post(key_of(spoken.channel, spoken.ts))) is not None

    async def read_rich_text(self, body: dict[str, Any]) -> richtext.Reading:
        """What somebody wrote in a message or a form, with the names of all it points at."""
        reading = richtext.read(body, names=await self._names(body))
        if reading.unknown:
            log.info("of parts of a text only the words were taken: %s", ", ".join(reading.unknown))
        return reading

    def glimpse(self, body: dict[str, Any]) -> Content:
        """The same without asking Slack for names: enough to tell whether it can be taken in."""
        return richtext.read(body, names=_names({})).content

    def is_replayed(self, context: AsyncBoltContext) -> bool:
        """Whether this was kept before we were killed, so that nobody waits for an answer."""
        return bool(context.get(_REPLAYED))

    async def groups(self) -> Groups:
        """Who is in the user groups that may approve in some hearing."""
        async with self.database.begin() as store:
            seats = await store.hearings.seats()
        named = {each for seat in seats for each in seat.approvers | seat.deputies}
        return await self.board.members(sorted(each for each in named if each.startswith("S")))

    async def replay(self, app: AsyncApp) -> None:
        """Read what was kept and never read, because we were killed between; set aside what cannot be."""
        async with self.database.begin() as store:
            left = await store.inbox.left_behind(Door.SLACK, before=self.now() - _LEFT_BEHIND, most=100)
        self._waits = {key: self._waits[key] for key, _raw in left if key in self._waits}
        for key, raw in left:
            if self._faults[key] >= _TRIES:
                await self._set_aside(key, raw)
            elif self._is_due(key):
                await self._again(app, key, raw)

    def failed(self, context: AsyncBoltContext, fault: Exception) -> None:
        """A listener raised; its payload is read again, unless this was the last of its tries."""
        if not _passes(fault) and not self.is_read(context):
            self._faults[context.get(_KEY, "")] += 1

    def is_read(self, context: AsyncBoltContext) -> bool:
        """Whether what it tells counts, so that only what came after failed."""
        return bool(context.get(_READ))

    def _is_due(self, key: str) -> bool:
        due, wait = self._waits.get(key, (0.0, _FIRST_WAIT))
        if time.monotonic() < due:
            return False
        self._waits[key] = time.monotonic() + wait, min(2 * wait, _LONGEST_WAIT)
        return True

    async def _again(self, app: AsyncApp, key: str, raw: bytes) -> None:
        request = AsyncBoltRequest(mode="socket_mode", body=json.loads(raw), context={_REPLAYED: True})
        answer = await app.async_dispatch(request)
        if answer.status == _UNHEARD:
            self._faults[key] = _TRIES

    async def _set_aside(self, key: str, raw: bytes) -> None:
        """Give up on a payload, and tell whoever did it that it counts for nothing."""
        tries = self._faults.pop(key, 0)
        async with self.database.begin() as store:
            taken = await store.inbox.take(Door.SLACK, key)
            if taken is None:
                return
            taken[0].read_at, taken[0].set_aside = self.now(), "no listener could read it"
            log.error("inbox item %s was set aside after %d tries", taken[0].id, tries)
        who = doer(json.loads(raw))
        if who is not None:
            await self.whisper(_word("not_read"), who)

    async def caught_up(self, *, with_all_before: datetime) -> None:
        """Return when what people did before a moment is read, or takes longer than it should."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_CATCHES_UP_WITHIN):
                while await self._unread(before=with_all_before):  # noqa: ASYNC110  others may read them
                    await asyncio.sleep(_LOOKS_EVERY)

    async def _unread(self, *, before: datetime) -> int:
        async with self.database.begin() as store:
            return await store.inbox.unread_acts(before=before)

    async def ours(self, channel: str, ts: str) -> SlackPost | None:
        """Our own post that stands at a place.

        Raises:
            NotNotedYetError: Slack may have stored a post there that we have not noted.
        """
        async with self.database.begin() as store:
            post = await store.posts.by_ts(channel, ts)
            stood = datetime.fromtimestamp(float(ts), UTC)
            doubts = () if post else await store.posts.in_doubt(before=stood + _CLOCKS_DIFFER)
        if channel in [await self._id_of(doubt) for doubt in doubts]:
            raise NotNotedYetError
        return post

    async def _id_of(self, channel: str) -> str | None:
        try:
            return await self.board.channel_id(channel)
        except RefusedError:
            return None

    async def _referral(self, channel: str, thread: str) -> Any:
        post = await self.ours(channel, thread)
        if post is None:
            async with self.database.begin() as store:
                return await store.threads.once_of(channel, thread)
        return post.referral_id if post.kind == PostKind.CARD else None

    async def _names(self, body: dict[str, Any]) -> Names:
        return _names(await self.board.names(mentioned(body), for_good=True))


def _passes(fault: Exception) -> bool:
    """Whether the same payload can be read once Slack, what it lets us do, or the database is back."""
    shut = isinstance(fault, RefusedError) and is_of_everything(fault.reason)
    return shut or (isinstance(fault, _PASSING) and not isinstance(fault, LookupError))


def _names(known: Mapping[str, str]) -> Names:
    person, channel = _word("unknown_person"), _word("unknown_channel")
    return Names(known, person=person, channel=channel, group=person)


def _word(phrase: str) -> str:
    return say("slack/words.j2", phrase)
