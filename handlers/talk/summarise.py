"""Write the summary of a submission: the coordinator's words, printed before the remarks."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from handlers.content import Content, dump
from handlers.rules import Refusal, may_coordinate
from storage.models import Summary
from storage.store import Store


async def summarise(
    submission_id: UUID, content: Content, *, by: str, store: Store, now: datetime
) -> Summary | Refusal:
    """A new summary beside the earlier ones; the newest counts, and one without words is none."""
    submission = await store.submissions.by_id(submission_id)
    hearing = await store.hearings.by_id(submission.hearing_id)
    refusal = may_coordinate(by, hearing.coordinators)
    if refusal is not None:
        return refusal
    summary = Summary(submission_id=submission_id, content=dump(content), written_by=by, written_at=now)
    store.add(summary)
    store.note("summarised", by=by, at=now, hearing_id=hearing.id, number=submission.number)
    return summary
