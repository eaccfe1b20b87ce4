"""What is to be posted next once a post stands: below a card the text in full, and below that the files."""

from __future__ import annotations

from handlers.refer import FILE, TEXT
from storage.models import PostKind
from storage.store import Store
from storage.talk import SlackPost


async def follow(post: SlackPost, *, channel: str, goes_on: bool, overflows: bool, store: Store) -> None:
    """Owe, in `channel` as the hearing names it, what comes after a post that stands now.

    `goes_on`: the text needs another message after this one; `overflows`: it is longer than messages may
    hold, so the whole of it follows as a file.
    """
    if post.kind == PostKind.CARD:
        store.add(_below(post, channel, f"text:{post.referral_id}:1", PostKind.TEXT, TEXT, part=1))
        await _files(post, channel, store=store)
    elif goes_on:
        part = int(post.detail["part"]) + 1
        store.add(_below(post, channel, f"text:{post.referral_id}:{part}", PostKind.TEXT, TEXT, part=part))
    elif overflows:
        store.add(_below(post, channel, f"text:{post.referral_id}:whole", PostKind.FILE, FILE))


async def _files(card: SlackPost, channel: str, *, store: Store) -> None:
    if card.submission_id is None:
        return
    for file in await store.submissions.attachments(card.submission_id):
        below = _below(card, channel, f"file:{card.referral_id}:{file.position}", PostKind.FILE, FILE)
        below.attachment_id = file.id
        store.add(below)


def _below(
    post: SlackPost, channel: str, key: str, kind: PostKind, priority: int, **detail: int
) -> SlackPost:
    return SlackPost(
        key=key, hearing_id=post.hearing_id, kind=kind, channel=channel, priority=priority,
        made_at=post.made_at, detail=detail, parent_id=post.parent_id or post.id,
        referral_id=post.referral_id, submission_id=post.submission_id,
    )  # fmt: skip
