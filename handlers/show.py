"""Owe Slack a true picture: cards and drafts are drawn from the facts again whenever these change."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from handlers import acts
from storage.models import PostKind, Referral
from storage.store import Store
from storage.talk import Reply, SlackPost

_ABOVE_FILES = 15


async def show_referral(referral_id: UUID, *, store: Store) -> None:
    """The card at the head of the thread is to say how far things are."""
    card = await store.posts.card(referral_id)
    if card is not None:
        store.owe([acts.refresh(card.id)])


async def show_draft(remark_id: UUID, *, store: Store, now: datetime) -> None:
    """The one message in the thread that shows what the remark says and who approved it."""
    drafts = await store.posts.of_remark(remark_id, [PostKind.DRAFT])
    if drafts:
        store.owe(acts.refresh(draft.id, urgent=True) for draft in drafts)
        return
    await _post_under_card(f"draft:{remark_id}", PostKind.DRAFT, remark_id, store=store, now=now)


async def show_changed(remark_id: UUID, reply: Reply, *, store: Store, now: datetime) -> None:
    """Say once in the thread, for each change, that an approved remark's messages changed."""
    key = f"changed:{remark_id}:{reply.id}"
    await _post_under_card(key, PostKind.NOTICE, remark_id, store=store, now=now)


async def _post_under_card(key: str, kind: PostKind, remark_id: UUID, *, store: Store, now: datetime) -> None:
    facts = await store.remarks.by_id(remark_id)
    card = await store.posts.card(facts.remark.referral_id) if facts else None
    if facts is None or card is None:
        return
    referral: Referral = await store.submissions.referral(facts.remark.referral_id)
    post = SlackPost(
        key=key, hearing_id=referral.hearing_id, kind=kind, channel=card.channel, priority=_ABOVE_FILES,
        made_at=now, detail={}, parent_id=card.id, submission_id=referral.submission_id,
        referral_id=referral.id, remark_id=remark_id,
    )  # fmt: skip
    store.add(post)
    store.owe([acts.post_in(card.channel)])
