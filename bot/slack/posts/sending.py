"""Put one thing into Slack: a message or files, once, also when an earlier try may have got through."""

from __future__ import annotations

import asyncio
import hashlib
import json
from dataclasses import dataclass

from bot.slack.api.board import Board, Picture
from bot.slack.api.pace import Pace
from bot.slack.posts import attached, deliveries, pictures
from bot.slack.views import elements
from handlers.clock import Clock
from storage.database import Database
from storage.posts import FILES
from storage.store import Store
from storage.talk import SlackPost

_LOOKS_BACK = 60.0  # seconds our clock and Slack's may differ
_LOOKS_AGAIN = 2.0  # seconds until Slack's history shows what it has just stored
_FILE_LOOKS = 6  # for a file, each after a longer wait: half a minute in all


@dataclass(frozen=True, slots=True)
class Owed:
    """A post whose turn it is, and the thread it goes into."""

    post: SlackPost
    thread: str | None
    tried_before: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where a post stands now, and what it shows."""

    channel: str
    ts: str
    shown: str = ""
    drawn: pictures.Drawn | None = None


def digest(picture: Picture) -> str:
    """What tells a picture from every other."""
    canonical = json.dumps([picture.text, list(picture.blocks)], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(canonical.encode("ascii", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Sending:
    """How one thing gets there."""

    database: Database
    board: Board
    now: Clock
    pace: Pace

    async def send(self, owed: Owed) -> Place | None:
        """Where it stands now; None when somebody else has dealt with it meanwhile."""
        await self.board.us()
        return await (self._share if owed.post.kind in FILES else self._post)(owed)

    async def draw(self, post: SlackPost, *, store: Store) -> pictures.Drawn:
        """The message that a post is at this moment. Slack has said before who we are."""
        url = str((await self.board.us()).get("url", ""))
        return await pictures.drawn(post, store=store, now=self.now(), url=url)

    async def _post(self, owed: Owed) -> Place | None:
        post = owed.post
        found = await self._find(post, owed.thread) if owed.tried_before else None
        if found is None:
            await self.pace.wait(post.channel)
        async with self.database.begin() as store:
            if not await _is_still_owed(post, store=store):
                return None
            drawn = await self.draw(post, store=store)
        if found is not None:  # it was drawn from earlier facts, so it is drawn again
            return Place(*found, drawn=drawn)
        place = await self.board.post(post.channel, drawn.picture, key=post.key, thread=owed.thread)
        return Place(*place, digest(drawn.picture), drawn)

    async def _find(self, post: SlackPost, thread: str | None) -> tuple[str, str] | None:
        since = (post.tried_at or self.now()).timestamp() - _LOOKS_BACK
        for wait in (0.0, _LOOKS_AGAIN):
            await asyncio.sleep(wait)
            found = await self.board.find(post.channel, key=post.key, since=since, thread=thread)
            if found is not None:
                return found
        return None

    async def _share(self, owed: Owed) -> Place | None:
        post = owed.post
        if owed.tried_before and post.file_id and await self._holds(post, owed.thread):
            return Place(post.channel, f"file:{post.file_id}", post.shown)
        async with self.database.begin() as store:
            told = await deliveries.people_in(post, store=store)
        names = await self.board.names(sorted(told))
        async with self.database.begin() as store:
            shared = await pictures.shared(post, names=names, store=store)
            guise = await attached.guise(post, store=store)
        if not shared.uploads:
            return await self._say_instead(owed, shared.comment, guise=guise)
        ids = [await self.board.upload(upload) for upload in shared.uploads]
        await self.pace.wait(post.channel)
        async with self.database.begin() as store:
            if not await _is_still_owed(post, store=store):
                return None
            row = await store.posts.by_id(post.id)
            row.file_id, row.shown = ids[0], guise
        files = [(key, upload.title) for key, upload in zip(ids, shared.uploads, strict=True)]
        await self.board.share(post.channel, files, thread=owed.thread, comment=shared.comment)
        return Place(post.channel, f"file:{ids[0]}", guise)

    async def _say_instead(self, owed: Owed, sentence: str, *, guise: str) -> Place | None:
        """A message where a file was to stand that may not be shown."""
        post = owed.post
        found = await self._find(post, owed.thread) if owed.tried_before else None
        if found is not None:
            return Place(*found, post.shown)
        await self.pace.wait(post.channel)
        async with self.database.begin() as store:
            if not await _is_still_owed(post, store=store):
                return None
            (await store.posts.by_id(post.id)).shown = guise
        place = await self.board.post(post.channel, elements.bare(sentence), key=post.key, thread=owed.thread)
        return Place(*place, guise)

    async def _holds(self, post: SlackPost, thread: str | None) -> bool:
        """Whether a file got through: Slack takes it, and some time later lets it appear.

        As long as Slack knows the file, it is on its way; a second look must say that it does not.
        """
        since = (post.tried_at or self.now()).timestamp() - _LOOKS_BACK
        for look in range(_FILE_LOOKS):
            await asyncio.sleep(_LOOKS_AGAIN * look)
            if await self.board.holds_file(post.channel, post.file_id, since=since, thread=thread):
                return True
            if look and not await self.board.knows_file(post.file_id):
                return False
        return False


async def _is_still_owed(post: SlackPost, *, store: Store) -> bool:
    """Whether nobody else has dealt with it while we waited."""
    now = await store.posts.by_id(post.id)
    return now.ts is None and not now.refusal
