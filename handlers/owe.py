"""Owe Slack a post: the row that says what is to stand there, and the job that puts it there."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum
from typing import Any, TypedDict, Unpack
from uuid import UUID

from handlers import acts
from storage.models import PostKind
from storage.store import Store
from storage.talk import SlackPost


class Priority(IntEnum):
    """What goes first where much is owed in one channel; equals go in the order they were asked for."""

    FILE = 10
    TALK = 15
    """What a thread's people wait for: above the files, which take long."""
    TEXT = 20
    CARD = 30
    NOTAT = 40


class About(TypedDict, total=False):
    """What a post stands under, and what it shows."""

    parent_id: UUID | None
    submission_id: UUID | None
    referral_id: UUID | None
    remark_id: UUID | None
    attachment_id: UUID | None
    notat_id: UUID | None
    question_id: UUID | None
    follow_up_id: UUID | None
    detail: dict[str, Any]


def owe_card(
    key: str, kind: PostKind, *, hearing_id: UUID, channel: str, now: datetime, store: Store,
    **about: Unpack[About],
) -> None:  # fmt: skip
    """As `owe_post`, for what comes in numbers: nothing else in this transaction can find it."""
    about.setdefault("detail", {})
    row = {"key": key, "kind": kind, "hearing_id": hearing_id, "channel": channel, "made_at": now}
    store.add_rows(SlackPost, [row | {"priority": Priority.CARD} | about])
    store.owe([acts.post_in(channel)])


def owe_post(
    key: str, kind: PostKind, *, hearing_id: UUID, channel: str, priority: Priority, now: datetime,
    store: Store, **about: Unpack[About],
) -> SlackPost:  # fmt: skip
    """Owe a post in `channel` as the hearing names it, when this transaction commits and only then.

    `key` tells this post from all others for ever: a second one with the same key fails at commit.
    """
    about.setdefault("detail", {})
    post = SlackPost(
        key=key, hearing_id=hearing_id, kind=kind, channel=channel, priority=priority, made_at=now, **about
    )
    store.add(post)
    store.owe([acts.post_in(channel)])
    return post
