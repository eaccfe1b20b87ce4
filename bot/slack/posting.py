"""Post what we owe Slack, each thing once, in order, at Slack's pace."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import time
from dataclasses import dataclass, field
from uuid import UUID

from bot.slack import pictures
from bot.slack.board import Board, Picture, RefusedError
from handlers import acts
from handlers.follow import follow
from handlers.read import Clock
from storage.database import Database
from storage.models import PostKind
from storage.store import Store
from storage.talk import SlackPost

log = logging.getLogger(__name__)

_FILES = (PostKind.FILE, PostKind.NOTAT)
_LOOKS_BACK = 60.0  # seconds our clock and Slack's may differ
_LOOKS_AGAIN = 2.0  # seconds until Slack's history shows what it has just stored


@dataclass(slots=True)
class Pace:
    """At most `burst` at once, then one an `interval` (seconds): for messages, what Slack allows a channel.

    https://docs.slack.dev/apis/web-api/rate-limits
    """

    burst: int = 3
    interval: float = 1.0
    _due: dict[str, float] = field(default_factory=dict)

    async def wait(self, what: str) -> None:
        """Return when the next of its kind may go, such as the next message in a channel."""
        now = time.monotonic()
        due = max(self._due.get(what, 0.0), now - self.burst * self.interval) + self.interval
        self._due[what] = due
        if due > now:
            await asyncio.sleep(due - now)


def updating(pace: Pace) -> Pace:
    """How fast messages may be drawn again beside `pace`: of chat.update Slack takes some 50 a minute."""
    return Pace(burst=8, interval=1.45 * pace.interval)


@dataclass(frozen=True, slots=True)
class Posting:
    """The posts of one workspace on their way out; `updates` paces drawing again what stands."""

    database: Database
    board: Board
    now: Clock
    pace: Pace = field(default_factory=Pace)
    updates: Pace = field(default_factory=lambda: updating(Pace()))

    async def drain(self, channel: str) -> None:
        """Post all that is owed in a channel.

        Raises:
            UnknownOutcomeError: a post may or may not stand there; the next drain looks before it posts.
        """
        while (owed := await self._begin(channel)) is not None:
            post, tried_before = owed
            try:
                place = await (self._share if post.kind in _FILES else self._post)(post, tried_before)
            except RefusedError as refusal:
                await self._refused(post.id, refusal)
            else:
                await self._posted(post.id, *place)

    async def refresh(self, post_id: UUID) -> None:
        """Show in a message what the facts say now, if it shows something else."""
        if await self._redrawn(post_id) is None:
            return
        await self.updates.wait("chat.update")
        redrawn = await self._redrawn(post_id)  # from the facts as they are now, after the wait
        if redrawn is None:
            return
        post, ts, drawn = redrawn
        try:
            await self.board.update(post.channel, ts, drawn.picture, key=post.key)
        except RefusedError as refusal:
            log.error("post %s cannot be updated: %s", post_id, refusal)
            return
        async with self.database.begin() as store:
            row = await store.posts.by_id(post_id)
            row.shown, row.detail = _digest(drawn.picture), row.detail | drawn.detail

    async def _redrawn(self, post_id: UUID) -> tuple[SlackPost, str, pictures.Drawn] | None:
        """A post that should show something else, with its ts; None when there is nothing to do."""
        async with self.database.begin() as store:
            post = await store.posts.hold(post_id)
            if post.ts is None:
                return None
            drawn = await pictures.drawn(post, store=store)
        return None if _digest(drawn.picture) == post.shown else (post, post.ts, drawn)

    async def _begin(self, channel: str) -> tuple[SlackPost, bool] | None:
        """The next post of a channel, noted as tried; whether it was tried before."""
        async with self.database.begin() as store:
            while (post := await store.posts.owed(channel)) is not None:
                parent = await store.posts.by_id(post.parent_id) if post.parent_id else None
                if parent is not None and parent.refusal:
                    post.refusal = parent.refusal
                    await store.session.flush()
                    continue
                first = post if parent is None or parent.ts is not None else parent
                tried_before = first.tried_at is not None
                first.tried_at = first.tried_at or self.now()
                return first, tried_before
        return None

    async def _post(self, post: SlackPost, tried_before: bool) -> tuple[str, str, str, pictures.Drawn | None]:
        async with self.database.begin() as store:
            thread = await _thread(post, store=store)
            drawn = await pictures.drawn(post, store=store)
        found = await self._find(post, thread) if tried_before else None
        if found is None:
            await self.pace.wait(post.channel)
            found = await self.board.post(post.channel, drawn.picture, key=post.key, thread=thread)
            return *found, _digest(drawn.picture), drawn
        # It was drawn from earlier facts, so it is drawn again.
        return *found, "", drawn

    async def _find(self, post: SlackPost, thread: str | None) -> tuple[str, str] | None:
        since = (post.tried_at or self.now()).timestamp() - _LOOKS_BACK
        for wait in (0.0, _LOOKS_AGAIN):
            await asyncio.sleep(wait)
            found = await self.board.find(post.channel, key=post.key, since=since, thread=thread)
            if found is not None:
                return found
        return None

    async def _share(
        self, post: SlackPost, tried_before: bool
    ) -> tuple[str, str, str, pictures.Drawn | None]:
        async with self.database.begin() as store:
            thread = await _thread(post, store=store)
            shared = await pictures.shared(post, store=store)
        if tried_before and post.file_id and await self._holds(post, thread):
            return post.channel, f"file:{post.file_id}", "", None
        ids = [await self.board.upload(upload) for upload in shared.uploads]
        async with self.database.begin() as store:
            (await store.posts.by_id(post.id)).file_id = ids[0]
        await self.pace.wait(post.channel)
        files = [(key, upload.title) for key, upload in zip(ids, shared.uploads, strict=True)]
        await self.board.share(post.channel, files, thread=thread, comment=shared.comment)
        return post.channel, f"file:{ids[0]}", "", None

    async def _holds(self, post: SlackPost, thread: str | None) -> bool:
        since = (post.tried_at or self.now()).timestamp() - _LOOKS_BACK
        for wait in (0.0, _LOOKS_AGAIN):
            await asyncio.sleep(wait)
            if await self.board.holds_file(post.channel, post.file_id, since=since, thread=thread):
                return True
        return False

    async def _posted(
        self, post_id: UUID, channel: str, ts: str, shown: str, drawn: pictures.Drawn | None
    ) -> None:
        async with self.database.begin() as store:
            post = await store.posts.hold(post_id)
            asked_for = post.channel
            post.channel, post.ts, post.shown = channel, ts, shown
            if drawn is not None:
                post.detail = post.detail | drawn.detail
                await follow(
                    post, channel=asked_for, goes_on=drawn.goes_on, overflows=drawn.overflows, store=store
                )
                await store.session.flush()
                now_drawn = await pictures.drawn(post, store=store)
                if _digest(now_drawn.picture) != shown:  # facts changed while it was on its way
                    store.owe([acts.refresh(post.id)])
        log.info("posted %s", post_id)

    async def _refused(self, post_id: UUID, refusal: RefusedError) -> None:
        async with self.database.begin() as store:
            (await store.posts.by_id(post_id)).refusal = refusal.reason
        log.error("Slack refused post %s: %s", post_id, refusal)


async def _thread(post: SlackPost, *, store: Store) -> str | None:
    return (await store.posts.by_id(post.parent_id)).ts if post.parent_id else None


def _digest(picture: Picture) -> str:
    canonical = json.dumps([picture.text, list(picture.blocks)], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(canonical.encode("ascii", "surrogatepass")).hexdigest()
