"""Ask the coordinator what we must not decide ourselves; each thing once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from handlers import acts
from handlers.mail import Letter, content_key
from handlers.owe import Priority, owe_post
from handlers.referral.refer import BOT
from storage.asked import About, Decision, Question
from storage.inbox import WAITS_FOR
from storage.models import Hearing, InboxItem, PostKind
from storage.questions import Asked
from storage.store import Store


async def ask(
    about: About, *, of: object, hearings: Sequence[Hearing], options: Sequence[str], store: Store,
    now: datetime, submission_id: UUID | None = None, follow_up_id: UUID | None = None,
    item_id: int | None = None, until_then: str = "", detail: dict[str, Any] | None = None,
) -> Question | None:  # fmt: skip
    """Ask in the coordination channel of each hearing; None when it was asked before.

    `of` is the id of what the question is about. `until_then` is the verdict that counts as long as nobody
    decides otherwise; without one, the hearing is not whole before somebody has decided.
    """
    key = f"{about}:{of}"
    if await store.questions.by_key(key) is not None:
        return None
    question = Question(
        key=key, hearing_id=hearings[0].id, about=about, options=list(options), submission_id=submission_id,
        follow_up_id=follow_up_id, item_id=item_id, detail=detail or {}, asked_at=now,
    )  # fmt: skip
    store.add(question)
    if until_then:
        store.add(Decision(question_id=question.id, verdict=until_then, decided_by=BOT, decided_at=now))
    for channel, hearing in {hearing.coordination_channel: hearing for hearing in hearings}.items():
        owe_post(
            f"question:{question.id}:{channel}", PostKind.QUESTION, hearing_id=hearing.id, channel=channel,
            priority=Priority.CARD, now=now, store=store, submission_id=submission_id,
            question_id=question.id, follow_up_id=follow_up_id,
        )  # fmt: skip
    store.note("asked", by=BOT, at=now, hearing_id=hearings[0].id, about=about, question=question.id)
    return question


async def asked_of_mail(
    about: About, item: InboxItem, letter: Letter, *, hearings: Sequence[Hearing], store: Store
) -> Asked | None:
    """What was asked about the same mail before; None when nothing was.

    By whatever way it comes again, it waits for the answer that the first one gets, whatever else it would be
    now. The caller holds the hearings.
    """
    asked = await store.questions.by_key(f"{about}:{_said(letter, hearings)}")
    if asked is not None:
        item.envelope = item.envelope | {WAITS_FOR: str(asked.question.id)}
    return asked


async def ask_of_mail(
    about: About, item: InboxItem, letter: Letter, *, hearings: Sequence[Hearing], among: Sequence[Hearing],
    options: Sequence[str], store: Store, now: datetime, detail: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    """Ask about a mail that was sent to `hearings` in the channels of those `among` them; it waits."""
    question = await ask(
        about, of=_said(letter, hearings), hearings=among, options=options, store=store, now=now,
        item_id=item.id, detail=detail,
    )  # fmt: skip
    if question is not None:
        item.envelope = item.envelope | {WAITS_FOR: str(question.id)}


def _said(letter: Letter, hearings: Sequence[Hearing]) -> str:
    """The same for the same mail to the same hearings."""
    keys = ",".join(sorted(hearing.key for hearing in hearings))
    return sha256(f"{content_key(letter)} {keys}".encode()).hexdigest()


async def show_question(question_id: UUID, *, store: Store) -> None:
    """What was asked is to be shown as it stands now."""
    store.owe([acts.refresh(post.id, urgent=True) for post in await store.posts.of_question(question_id)])


def tell(
    phrase: str, *, of: object, hearing: Hearing, store: Store, now: datetime, **values: str | int
) -> None:
    """Tell the coordinators something in a line, which waits for nothing; `of` tells it from all others."""
    owe_post(
        _line(phrase, of), PostKind.LINE, hearing_id=hearing.id, channel=hearing.coordination_channel,
        priority=Priority.TALK, now=now, store=store, detail={"phrase": phrase, **values},
    )  # fmt: skip


async def was_told(phrase: str, *, of: object, store: Store) -> bool:
    """Whether the coordinators were told so before."""
    return await store.posts.by_key(_line(phrase, of)) is not None


def _line(phrase: str, of: object) -> str:
    return f"line:{phrase}:{of}"
