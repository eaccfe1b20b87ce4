"""Messages beside the threads that were taken into one: what becomes of them later counts there."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from bot.slack import talk
from bot.slack.door import SlackDoor
from bot.slack.talk import Spoken
from handlers.talk.attach import key_of, place_of
from handlers.talk.collect import Said, is_news, said_before, version_in_a_form
from handlers.talk.show import copy_post
from storage.database import Database
from storage.talk import Reply
from storage.words import NOTICE, Notice


async def said_beside(spoken: Spoken | None, *, door: SlackDoor) -> Said | None:
    """What a message says, in the thread that it was taken into; None when that is none."""
    referral_id = await _thread_of(spoken, door.database) if spoken is not None else None
    if spoken is None or referral_id is None:
        return None
    content = () if spoken.deleted else (await door.read_rich_text(spoken.body)).content
    return Said(
        referral_id, key_of(spoken.channel, spoken.ts), version_of(spoken), spoken.author, content,
        spoken.body, spoken.deleted,
    )  # fmt: skip


def version_of(spoken: Spoken) -> str:
    """When it was last edited, by Slack's clock, in the signs of what is written in a form."""
    return version_in_a_form(datetime.fromtimestamp(float(spoken.version), UTC))


async def said_by_copy(channel: str, ts: str, *, door: SlackDoor) -> Said | None:
    """What a copy of ours says for its author; None when that is no copy."""
    async with door.database.begin() as store:
        post = await store.posts.by_ts(channel, ts)
        if post is None or post.referral_id is None or post.detail.get(NOTICE) != Notice.SAID:
            return None
        reply = await store.remarks.newest(post.referral_id, post.detail["said"])
    return said_before(reply) if reply is not None and not reply.deleted else None


async def news_beside(referral_id: UUID, *, door: SlackDoor) -> list[Said | Reply]:
    """Of the messages taken into a thread: what we were not told they say, and those that are gone."""
    async with door.database.begin() as store:
        copied = await store.remarks.copied(referral_id)
    news = list[Said | Reply]()
    for reply in copied:
        channel, ts = place_of(reply.message)
        message = await door.board.message(channel, ts)
        if message is None or talk.is_tombstone(message):
            news.append(reply)
            continue
        said = await said_beside(talk.beside(channel, message, at=ts), door=door)
        if said is not None and is_news(said, reply):
            news.append(said)
    return news


async def _thread_of(spoken: Spoken, database: Database) -> UUID | None:
    async with database.begin() as store:
        copy = await store.posts.by_key(copy_post(key_of(spoken.channel, spoken.ts)))
    return copy.referral_id if copy is not None else None
