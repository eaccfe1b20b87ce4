"""Owe Slack a true picture: cards and drafts are drawn from the facts again whenever these change."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from handlers import acts
from handlers.days import LONG_OVER
from handlers.owe import Priority, owe_post
from handlers.referral.follow import catch_up
from handlers.richtext.paging import pages
from handlers.rules import Why
from handlers.talk.progress import standing
from storage.asked import FollowUp
from storage.models import PostKind, Referral
from storage.store import Store
from storage.talk import Approval, SlackPost
from storage.words import NOTICE, Notice

_PAGE = "page"


async def show_referral(referral_id: UUID, *, store: Store) -> None:
    """The card at the head of the thread is to say how far things are."""
    card = await store.posts.card(referral_id)
    if card is not None:
        store.owe([acts.refresh(card.id)])


def copy_post(message: str) -> str:
    """The key of the post that shows our copy of a message from beside the thread; `message` is its key."""
    return f"attached:{message}"


async def show_copy(message: str, *, store: Store) -> None:
    """Where a message has a copy, that is to say what the message says."""
    copy = await store.posts.by_key(copy_post(message))
    if copy is not None:
        store.owe([acts.refresh(copy.id)])


async def show_words(hearing_id: UUID, *, party_id: UUID | None = None, store: Store) -> None:
    """What shows citizens' words, or one party's, is to show as much of them as it now may."""
    posts = await store.posts.quoting(hearing_id, party_id=party_id)
    store.owe(acts.refresh(post.id) for post in posts)
    files = await store.posts.sharing(hearing_id, party_id=party_id)
    store.owe(acts.reshare(post.id) for post in files)


async def show_days(*, store: Store, now: datetime) -> None:
    """A day has gone by: cards are to say how many are left; one that shows so already stays as it is."""
    recently = now - timedelta(days=LONG_OVER + 2)
    for card_id in await store.endings.cards_of_hearings_answering_after(recently):
        store.owe([acts.refresh(card_id)])


async def show_follow_up(follow_up: FollowUp, *, store: Store, now: datetime) -> None:
    """A later mail is to stand in every thread of its submission, as what it was decided to be."""
    store.owe(acts.refresh(post.id, urgent=True) for post in await store.posts.of_follow_up(follow_up.id))
    for referral in await store.submissions.referrals(follow_up.submission_id):
        card = await store.posts.card(referral.id)
        # Held, since whoever posts the card just now looks for later mails only once.
        if card is not None and (await store.posts.hold(card.id)).ts is not None:
            await catch_up(card, channel=card.channel, now=now, store=store)


async def show_draft(remark_id: UUID, *, store: Store, now: datetime) -> None:
    """What shows in the thread what the remark says and who approved it: one message, more if it is long.

    Messages that a remark needs no more stay, and say so.
    """
    drafts = await store.posts.of_remark(remark_id, [PostKind.DRAFT])
    store.owe(acts.refresh(draft.id, urgent=True) for draft in drafts)
    facts = await store.remarks.by_id(remark_id)
    needed = max(1, len(pages(standing(facts).content))) if facts is not None else 0
    for page in range(len(drafts) + 1, needed + 1):
        key, detail = (f"draft:{remark_id}:{page}", {_PAGE: page}) if page > 1 else (f"draft:{remark_id}", {})
        await _post_under_card(key, PostKind.DRAFT, remark_id, detail=detail, store=store, now=now)


def page_of(draft: SlackPost) -> int:
    """Which message of a draft this is, from 1."""
    return int(draft.detail.get(_PAGE, 1))


async def show_first_page(draft: SlackPost, *, store: Store) -> None:
    """A further message of a draft now shows something else, on which hangs what the first one offers."""
    if draft.remark_id is None or page_of(draft) == 1:
        return
    drafts = await store.posts.of_remark(draft.remark_id, [PostKind.DRAFT])
    store.owe(acts.refresh(each.id, urgent=True) for each in drafts if page_of(each) == 1)


async def show_changed(remark_id: UUID, change: UUID, *, store: Store, now: datetime) -> None:
    """Say once in the thread, for each change (a reply or an order), that an approved remark changed."""
    key = f"changed:{remark_id}:{change}"
    detail = {NOTICE: Notice.CHANGED}
    await _post_under_card(key, PostKind.NOTICE, remark_id, detail=detail, store=store, now=now)


async def show_approved(approval: Approval, *, store: Store, now: datetime) -> None:
    """Answer in the thread what was approved; a draft that is only now to be posted there does it itself."""
    drafts = await store.posts.of_remark(approval.remark_id, [PostKind.DRAFT])
    if any(draft.ts is not None for draft in drafts):
        key = f"approved:{approval.id}"
        detail = {NOTICE: Notice.APPROVED, "approval": str(approval.id)}
        await _post_under_card(key, PostKind.NOTICE, approval.remark_id, detail=detail, store=store, now=now)


async def show_unsure(
    remark_id: UUID, key: str, *, person: str, why: Why, store: Store, now: datetime
) -> None:
    """Ask in the thread for an approver's yes to the draft, since their ✅ cannot count, and say why not."""
    detail = {NOTICE: Notice.UNSURE, "why": why.value, "person": person}
    await _post_under_card(key, PostKind.NOTICE, remark_id, store=store, now=now, detail=detail)


async def _post_under_card(
    key: str, kind: PostKind, remark_id: UUID, *, detail: dict[str, Any] | None = None, store: Store,
    now: datetime,
) -> None:  # fmt: skip
    facts = await store.remarks.by_id(remark_id)
    card = await store.posts.card(facts.remark.referral_id) if facts else None
    if facts is None or card is None:
        return
    referral: Referral = await store.submissions.referral(facts.remark.referral_id)
    owe_post(
        key, kind, hearing_id=referral.hearing_id, channel=card.channel, priority=Priority.TALK, now=now,
        store=store, parent_id=card.id, submission_id=referral.submission_id, referral_id=referral.id,
        remark_id=remark_id, detail=detail or {},
    )  # fmt: skip
