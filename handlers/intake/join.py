"""Join a later mail to the submission it belongs to, and ask the coordinator what it is to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from handlers.content import clean
from handlers.doubt.ask import ask
from handlers.intake.incoming import Incoming, attachments
from handlers.intake.kinship import Relation
from handlers.intake.seeming import seems
from handlers.mail import File
from handlers.notat.counting import is_taken_back
from handlers.quoting import Cut, cut
from handlers.talk.show import show_follow_up
from storage import blobs
from storage.asked import About, FollowUp, Verdict
from storage.models import Hearing, Submission
from storage.store import Store

_OPTIONS = (Verdict.SUPPLEMENT, Verdict.REPLACES, Verdict.NEW, Verdict.WITHDRAWN, Verdict.NOTHING)

_GRAVE = frozenset({Verdict.WITHDRAWN, Verdict.REPLACES})


async def join(
    answer: Incoming, submission: Submission, *, related: Relation, hearing: Hearing, store: Store,
    now: datetime,
) -> FollowUp:  # fmt: skip
    """The later mail as it is kept.

    Where its sender said which submission it belongs to, it is part of that until a coordinator says
    otherwise; but nothing is taken back or replaced without a person's word.
    """
    kept = _kept(answer, submission)
    wants = seems(subject=answer.subject, text=kept.text, before=submission.subject)
    is_part = related.is_sure and wants not in _GRAVE and not await _needs_a_word(submission, store=store)
    store.add(kept)
    await ask(
        About.FOLLOW_UP, of=kept.id, hearings=[hearing], options=_OPTIONS, store=store, now=now,
        submission_id=submission.id, follow_up_id=kept.id, item_id=answer.item_id,
        until_then=Verdict.SUPPLEMENT if is_part else "",
        detail={"why": related.why.value, "seems": wants.value},
    )  # fmt: skip
    if is_part:
        await attach(kept, answer.annexes, submission, store=store)
        await show_follow_up(kept, store=store, now=now)
    return kept


async def _needs_a_word(submission: Submission, *, store: Store) -> bool:
    """A coordinator must say what it is: to one taken back, it may be thanks; one of many stands up by it."""
    await store.session.flush()
    followed = await store.questions.followed([submission.id])
    return (
        is_taken_back(followed.get(submission.id, ()))
        or await store.campaigns.membership(submission.id) is not None
    )


async def attach(follow_up: FollowUp, files: Sequence[File], submission: Submission, *, store: Store) -> None:
    """Put the files of a later mail with the submission, each once."""
    await blobs.keep((file.payload for file in files), session=store.session)
    await store.session.flush()
    had = await store.submissions.all_attachments(submission.id)
    store.add(*attachments(files, submission, had=had, follow_up_id=follow_up.id))
    await store.session.flush()


def _kept(answer: Incoming, submission: Submission) -> FollowUp:
    written = cut(answer.letter) if answer.letter else Cut(answer.text, "")
    return FollowUp(
        hearing_id=submission.hearing_id, submission_id=submission.id, item_id=answer.item_id,
        content_key=answer.content_key, message_id=answer.message_id, subject=clean(answer.subject),
        text=clean(written.text), rest=clean(written.rest), flaws=list(answer.flaws),
        received_at=answer.came_at,
    )  # fmt: skip
