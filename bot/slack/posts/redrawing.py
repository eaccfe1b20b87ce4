"""Draw again what stands in Slack, whenever the facts say something else."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from bot.slack.api.board import Board
from bot.slack.api.calls import RefusedError
from bot.slack.api.pace import Pace
from bot.slack.api.refusals import barrier
from bot.slack.posts import pictures
from bot.slack.posts.sending import Sending, digest
from handlers import acts
from handlers.clock import Clock
from handlers.shut_out import shut_out
from handlers.talk.show import show_first_page
from storage.database import Database
from storage.store import Store
from storage.talk import SlackPost
from storage.words import Doing

log = logging.getLogger(__name__)

GONE = frozenset({"message_not_found", "cant_update_message"})
"""What Slack says of a message that was deleted, the second where replies under it stay."""


@dataclass(frozen=True, slots=True)
class Redrawing:
    """The messages of one workspace, drawn anew at the pace of `updates`."""

    database: Database
    board: Board
    now: Clock
    updates: Pace
    sending: Sending

    async def refresh(self, post_id: UUID) -> None:
        """Show in a message what the facts say now, if it shows something else.

        Where Slack keeps us from drawing in its channel, it is left as it is until that is over.
        """
        await self.board.us()
        redrawn = await self._redrawn(post_id)
        if redrawn is None or await self._is_left_alone(redrawn[0].channel):
            return
        try:
            await self._draw_again(post_id)
        except RefusedError as refusal:
            await self._kept_from_drawing(redrawn[0].channel, refusal)

    async def knock(self, channel: str) -> None:
        """Draw again what was left as it was in a channel, if Slack lets us now.

        Raises:
            RefusedError: it does not yet.
        """
        await self.board.us()
        async with self.database.begin() as store:
            left = await store.posts.drawn_in(channel)
        for post_id in left:
            if await self._draw_again(post_id):
                break
        async with self.database.begin() as store:
            await lets_us_draw([channel], store=store)

    async def _draw_again(self, post_id: UUID) -> bool:
        """Draw what should show something else, at Slack's pace; whether Slack took it."""
        if await self._redrawn(post_id) is None:
            return False
        await self.updates.wait("chat.update")
        # From the facts as they are now, after the wait.
        redrawn = await self._redrawn(post_id, is_going_out=True)
        if redrawn is None:
            return False
        post, ts, drawn = redrawn
        try:
            await self.board.update(post.channel, ts, drawn.picture, key=post.key)
        except RefusedError as refusal:
            if refusal.remedy:
                raise
            log.error("post %s cannot be updated: %s", post_id, refusal)
            if refusal.reason in GONE:
                async with self.database.begin() as store:
                    store.owe([acts.restore(post_id)])
            return False
        async with self.database.begin() as store:
            row = await store.posts.by_id(post_id)
            row.shown = digest(drawn.picture)
            row.detail = pictures.remembered(row, drawn, at=self._shown_at())
            await show_first_page(row, store=store)
        return True

    def _shown_at(self) -> float:
        """What Slack's clock shows now at most: by that a ✅ is judged."""
        return (self.now() + self.board.clock.ahead).timestamp()

    async def _is_left_alone(self, channel: str) -> bool:
        async with self.database.begin() as store:
            return Doing.UPDATE in await store.threads.kept_from(channel)

    async def _kept_from_drawing(self, channel: str, refusal: RefusedError) -> None:
        """Leave a channel alone but for one who knocks; where it is our token, each tries again."""
        why = barrier(refusal.reason)
        if why is None:
            raise refusal
        async with self.database.begin() as store:
            is_news = await shut_out(channel, Doing.UPDATE, why=why, store=store, now=self.now())
            store.owe([acts.knock(channel)])
        if is_news:
            log.error("nothing is drawn again in %s (%s). %s", channel, refusal.reason, refusal.remedy)

    async def _redrawn(
        self, post_id: UUID, *, is_going_out: bool = False
    ) -> tuple[SlackPost, str, pictures.Drawn] | None:
        """A post that should show something else, with its ts; None when there is nothing to do.

        When it is going out to Slack, nobody knows what stands there until the answer is noted.
        """
        async with self.database.begin() as store:
            post = await store.posts.hold(post_id)
            if post.ts is None:
                return None
            drawn = await self.sending.draw(post, store=store)
            if digest(drawn.picture) != post.shown:
                if is_going_out:
                    post.shown, post.detail = "", pictures.unsure(post, drawn)
                return post, post.ts, drawn
            # The facts may have changed in what this message leaves to others.
            detail = pictures.remembered(post, drawn, at=self._shown_at())
            if detail != post.detail:
                post.detail = detail
                await show_first_page(post, store=store)
        return None


async def lets_us_draw(channels: Collection[str], *, store: Store) -> None:
    """Slack lets us write in these channels: what was left as it was meanwhile is to be drawn again."""
    if await store.threads.opened(channels, Doing.UPDATE):
        for channel in channels:
            store.owe(acts.refresh(each) for each in await store.posts.drawn_in(channel))
