"""Give one remark a heading of its own, or the hearing's form again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from handlers.content import clean
from handlers.rules import Refusal, Why, may_coordinate
from storage.edited import RemarkHeading
from storage.store import Store

_LONGEST = 300  # signs


async def retitle(
    remark_id: UUID, heading: str, *, by: str, store: Store, now: datetime
) -> RemarkHeading | Refusal:
    """An empty heading gives it the hearing's form again."""
    facts = await store.remarks.by_id(remark_id)
    if facts is None:
        return Refusal(Why.NO_SUCH_CHOICE)
    submission = await store.submissions.by_id(facts.remark.submission_id)
    hearing = await store.hearings.by_id(submission.hearing_id)
    refusal = may_coordinate(by, hearing.coordinators)
    if refusal is not None:
        return refusal
    line = " ".join(clean(heading).split())
    if len(line) > _LONGEST:
        return Refusal(Why.HEADING_TOO_LONG, number=_LONGEST)
    written = RemarkHeading(remark_id=remark_id, heading=line, written_by=by, written_at=now)
    store.add(written)
    store.note("remark_retitled", by=by, at=now, hearing_id=hearing.id, remark=remark_id)
    return written
