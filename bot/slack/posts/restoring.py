"""Bring back what somebody deleted of ours in Slack, and move what stands in the wrong place or shape."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from uuid import UUID

from bot.slack.api.board import Board
from bot.slack.posts import attached
from handlers.clock import Clock
from handlers.talk.restore import NEEDED, owe_again, restore
from storage.database import Database

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Restoring:
    """The posts of one workspace that have to stand anew."""

    database: Database
    board: Board
    now: Clock

    async def anew(self, post_id: UUID, *, how: str) -> None:
        """Do one of these, as `handlers.acts` names them."""
        ways = {"restore": self.restore, "move": self.move, "reshare": self.reshare}
        await ways[how](post_id)

    async def restore(self, post_id: UUID) -> None:
        """Owe a post anew if it is gone, which is asked by itself: a thread read too soon may lack it."""
        async with self.database.begin() as store:
            post = await store.posts.by_id(post_id)
        if post.ts is None or post.kind not in NEEDED:
            return
        message = await self.board.message(post.channel, post.ts)
        if message is not None and message.get("subtype") != "tombstone":
            return
        async with self.database.begin() as store:
            held = await store.posts.hold(post_id)
            if held.ts == post.ts:
                await restore(held, goes_on=message is not None, store=store, now=self.now())
                log.warning("post %s was deleted in Slack and is posted again", post_id)

    async def move(self, post_id: UUID) -> None:
        """Take away what stands below a card that is gone; it is owed below the new one."""
        async with self.database.begin() as store:
            post = await store.posts.by_id(post_id)
        await self._take_away(post_id, stood=post.ts)

    async def reshare(self, post_id: UUID) -> None:
        """Take files back that may be shown in another way now; they are owed anew."""
        async with self.database.begin() as store:
            post = await store.posts.hold(post_id)
            if post.shown == await attached.guise(post, store=store):
                return
        await self._take_away(post_id, stood=post.ts)

    async def _take_away(self, post_id: UUID, *, stood: str | None) -> None:
        async with self.database.begin() as store:
            post = await store.posts.by_id(post_id)
        if stood is None or post.ts != stood:
            return
        await self.board.take_away(post.channel, "" if post.file_id else stood, file_id=post.file_id)
        async with self.database.begin() as store:
            held = await store.posts.hold(post_id)
            if held.ts == stood:
                await owe_again(held, store=store)
