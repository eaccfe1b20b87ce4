"""What is to be posted next once a post stands: below a card the text in full, and below that the files."""

from __future__ import annotations

from datetime import datetime

from handlers import acts
from handlers.owe import About, Priority, owe_post
from storage.models import PostKind
from storage.questions import TELLING
from storage.store import Store
from storage.talk import SlackPost

QUESTION = "question"
"""The detail of a file that holds the text of which a question shows the beginning."""


async def follow(post: SlackPost, *, channel: str, goes_on: bool, overflows: bool, store: Store) -> None:
    """Owe, in `channel` as the hearing names it, what comes after a post that stands now.

    `goes_on`: the text needs another message after this one; `overflows`: it is longer than messages may
    hold, so the whole of it follows as a file.
    """
    if post.kind == PostKind.CARD:
        await _text(post, 1, channel=channel, store=store)
        if post.referral_id is not None and await store.endings.telling_of(post.referral_id):
            store.owe([acts.link(post.id)])
        await catch_up(post, channel=channel, now=post.made_at, store=store)
    elif goes_on:
        await _text(post, int(post.detail["part"]) + 1, channel=channel, store=store)
    elif overflows:
        key = f"text:{post.referral_id or post.id}:{post.follow_up_id or 'whole'}"
        if await store.posts.by_key(key) is None:
            file = _file(post, key, channel=channel, store=store)
            file.follow_up_id = post.follow_up_id
            file.detail = {QUESTION: str(post.question_id)} if post.question_id else {}


async def catch_up(card: SlackPost, *, channel: str, now: datetime, store: Store) -> None:
    """Owe what belongs below a card and is not there yet: files, and later mails that are part of it."""
    if card.submission_id is None or card.referral_id is None:
        return
    there = await store.posts.keys_under(card.referral_id)
    for followed in (await store.questions.followed([card.submission_id])).get(card.submission_id, ()):
        key = f"follow_up:{card.referral_id}:{followed.follow_up.id}"
        if followed.verdict in TELLING and key not in there:
            about = _below(card)
            about["follow_up_id"] = followed.follow_up.id
            owe_post(
                key, PostKind.FOLLOW_UP, hearing_id=card.hearing_id, channel=channel, now=now,
                priority=Priority.TALK, store=store, **about,
            )  # fmt: skip
    for file in await store.submissions.attachments(card.submission_id):
        key = f"file:{card.referral_id}:{file.position}"
        if key not in there:
            _file(card, key, channel=channel, store=store).attachment_id = file.id


async def _text(post: SlackPost, part: int, *, channel: str, store: Store) -> None:
    key, about = f"text:{post.referral_id}:{part}", _below(post)
    if await store.posts.by_key(key) is not None:  # the post before it stands anew
        return
    about["detail"] = {"part": part}
    owe_post(
        key, PostKind.TEXT, hearing_id=post.hearing_id, channel=channel, priority=Priority.TEXT,
        now=post.made_at, store=store, **about,
    )  # fmt: skip


def _file(post: SlackPost, key: str, *, channel: str, store: Store) -> SlackPost:
    return owe_post(
        key, PostKind.FILE, hearing_id=post.hearing_id, channel=channel, priority=Priority.FILE,
        now=post.made_at, store=store, **_below(post),
    )  # fmt: skip


def _below(post: SlackPost) -> About:
    return About(
        parent_id=post.parent_id or post.id, referral_id=post.referral_id, submission_id=post.submission_id
    )
