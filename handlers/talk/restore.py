"""Owe anew what somebody deleted in Slack and people still need: a card, a draft, a question."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from handlers import acts
from handlers.owe import Priority, owe_post
from handlers.talk.show import show_first_page
from storage.models import PostKind
from storage.store import Store
from storage.talk import SlackPost, ThreadBefore
from storage.words import NOTICE, Notice

NEEDED = frozenset({PostKind.CARD, PostKind.DRAFT, PostKind.PLACEMENT, PostKind.QUESTION})
"""What work hangs on. Whoever deletes other things of ours, such as a citizen's words, has their reason."""
_SINCE = "since"


def is_courtesy(post: SlackPost) -> bool:
    """Whether nothing is missing where Slack takes a post no more: what it tells is told elsewhere too."""
    return post.detail.get(NOTICE) == Notice.MOVED


async def owe_again(post: SlackPost, *, store: Store) -> None:
    """A post that stands nowhere any more; the caller holds it."""
    post.ts, post.tried_at, post.file_id, post.shown = None, None, "", ""
    if _SINCE in post.detail:
        post.detail = post.detail | {_SINCE: None}
    await store.session.flush()
    await show_first_page(post, store=store)
    store.owe([acts.post_in(post.channel)])


async def restore(post: SlackPost, *, goes_on: bool, store: Store, now: datetime) -> None:
    """A post that is known to be gone; what stood below a card follows it into its new thread.

    Where the old thread `goes_on`, people who wrote in it are told there.
    """
    was = post.ts
    if was is None:
        return
    if post.kind == PostKind.CARD and post.referral_id is not None:
        store.add(ThreadBefore(channel=post.channel, ts=was, referral_id=post.referral_id, left_at=now))
        below = await store.posts.below(post.id)
        store.owe(acts.move(each.id) for each in below)
        _tell(post, Notice.RESTORED, {}, parent_id=post.id, store=store, now=now)
        if goes_on and await store.remarks.alive(post.referral_id):
            _tell(post, Notice.MOVED, {"thread": was}, parent_id=None, store=store, now=now)
    post.permalink = ""
    await owe_again(post, store=store)
    store.note("restored", by="hoeringsbot", at=now, hearing_id=post.hearing_id, post=post.id)


def _tell(
    card: SlackPost, notice: Notice, detail: dict[str, str], *, parent_id: UUID | None, store: Store,
    now: datetime,
) -> None:  # fmt: skip
    owe_post(
        f"{notice}:{card.id}:{card.ts}", PostKind.NOTICE, hearing_id=card.hearing_id, channel=card.channel,
        priority=Priority.TALK, now=now, store=store, parent_id=parent_id, submission_id=card.submission_id,
        referral_id=card.referral_id, detail={NOTICE: notice} | detail,
    )  # fmt: skip
