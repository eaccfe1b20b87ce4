"""Ask whether submissions that came after the deadline are taken in; ask again when the deadline moves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from handlers.doubt.ask import ask, show_question
from handlers.talk.show import show_referral
from storage.asked import About, Verdict
from storage.models import Hearing, Submission
from storage.store import Store


async def judge_late(
    submissions: Iterable[Submission], *, hearing: Hearing, store: Store, now: datetime
) -> None:
    """Ask about each that we received after the deadline; the moment we received it is what counts."""
    for submission in submissions:
        if submission.received_at > hearing.deadline:
            await ask(
                About.LATE, of=submission.id, hearings=[hearing], store=store, now=now,
                options=(Verdict.ADMITTED, Verdict.LEFT_OUT), submission_id=submission.id,
            )  # fmt: skip


async def judge_all(hearing: Hearing, *, was: datetime, store: Store, now: datetime) -> None:
    """The deadline was moved: what lies between the old and the new is judged again, and shown so."""
    first, last = sorted((was, hearing.deadline))
    moved = await store.submissions.received_between(hearing.id, first, last)
    await judge_late(moved, hearing=hearing, store=store, now=now)
    for submission in moved:
        asked = await store.questions.by_key(f"{About.LATE}:{submission.id}")
        if asked is not None:
            await show_question(asked.question.id, store=store)
        for referral in await store.submissions.referrals(submission.id):
            await show_referral(referral.id, store=store)
