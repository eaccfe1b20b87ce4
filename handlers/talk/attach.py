"""Take what somebody wrote in the channel into the thread it was meant for, in that person's name."""

from __future__ import annotations

from datetime import datetime

from handlers.owe import Priority, owe_post
from handlers.rules import Refusal, Why
from handlers.talk.collect import MODAL, Said, collect
from handlers.talk.show import copy_post
from storage.models import PostKind
from storage.store import Store
from storage.talk import Reply
from storage.words import NOTICE, Notice


def key_of(channel: str, ts: str) -> str:
    """The key of a message that stands in no thread: our copy of it stands in one, and says what it says."""
    return f"{MODAL}{channel}:{ts}"


def place_of(key: str) -> tuple[str, str]:
    """The channel and ts of the message that has this key."""
    channel, _, ts = key.removeprefix(MODAL).partition(":")
    return channel, ts


async def attach(said: Said, *, store: Store, now: datetime) -> Reply | Refusal:
    """Count the message as said under the referral, and show it there; it goes into one thread only."""
    key = copy_post(said.message)
    await store.remarks.hold(said.referral_id)
    card = await store.posts.card(said.referral_id)
    if card is None or not said.content:
        return Refusal(Why.EMPTY_REMARK)
    if await store.posts.by_key(key) is not None:
        return Refusal(Why.ALREADY_ATTACHED)
    reply = await collect(said, store=store, now=now)
    owe_post(
        key, PostKind.NOTICE, hearing_id=card.hearing_id, channel=card.channel, priority=Priority.TALK,
        now=now, store=store, parent_id=card.id, submission_id=card.submission_id,
        referral_id=said.referral_id, detail={NOTICE: Notice.SAID, "said": said.message},
    )  # fmt: skip
    store.note("attached", by=said.author, at=now, hearing_id=card.hearing_id, referral=said.referral_id)
    return reply
