"""Move a submission or a remark to another place in the notat, or let the hearing's rule order them again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from handlers.notat.order import in_order
from handlers.notat.remarks import standing_in_order
from handlers.rules import Refusal, Why, may_coordinate
from handlers.talk.sequence import sequence
from storage.dossier import Filed, dossier
from storage.edited import RemarkOrder, SubmissionOrder
from storage.facts import case
from storage.models import Hearing
from storage.store import Store


async def move_submission(
    hearing_id: UUID, number: int, *, to: int, by: str, store: Store, now: datetime
) -> SubmissionOrder | Refusal:
    """Print the submission with this journal number in the place `to`, counted from one."""
    hearing = await store.hearings.hold(hearing_id)
    refusal = may_coordinate(by, hearing.coordinators)
    if refusal is not None:
        return refusal
    ordered = in_order(await dossier(hearing, store=store))
    mover = next((filed for filed in ordered if filed.submission.number == number), None)
    if mover is None or not 1 <= to <= len(ordered):
        return Refusal(Why.NO_SUCH_SUBMISSION if mover is None else Why.NO_SUCH_PLACE, number=len(ordered))
    ids = moved([filed.submission.id for filed in ordered], mover.submission.id, to=to)
    store.note("submission_moved", by=by, at=now, hearing_id=hearing.id, number=number, to=to)
    return _ordered(hearing, ids, by=by, store=store, now=now)


async def order_by_rule(
    hearing_id: UUID, *, by: str, store: Store, now: datetime
) -> SubmissionOrder | Refusal:
    """Order the submissions as the hearing's rule has them, whatever was moved before."""
    hearing = await store.hearings.hold(hearing_id)
    refusal = may_coordinate(by, hearing.coordinators)
    if refusal is not None:
        return refusal
    store.note("submissions_by_rule", by=by, at=now, hearing_id=hearing.id)
    return _ordered(hearing, (), by=by, store=store, now=now)


async def order_remarks(
    hearing_id: UUID, number: int, places: Mapping[str, int], *, by: str, store: Store, now: datetime
) -> RemarkOrder | Refusal:
    """Give remarks, by their ids, new places on the submission with this journal number; the rest stay."""
    hearing = await store.hearings.hold(hearing_id)
    refusal = may_coordinate(by, hearing.coordinators)
    if refusal is not None:
        return refusal
    submission = await store.submissions.by_number(hearing.id, number)
    if submission is None:
        return Refusal(Why.NO_SUCH_SUBMISSION)
    filed, edits = (await case(submission.id, store=store)).filed, await store.edits.of_hearing(hearing.id)
    ids = [str(facts.remark.id) for _, facts in standing_in_order(filed, edits)]
    if not set(places) <= set(ids) or not all(1 <= place <= len(ids) for place in places.values()):
        return Refusal(Why.NO_SUCH_PLACE, number=len(ids))
    order = RemarkOrder(
        submission_id=submission.id, remarks=list(sequence(ids, places)), ordered_by=by, ordered_at=now
    )
    store.add(order)
    store.note("remarks_ordered", by=by, at=now, hearing_id=hearing.id, number=number)
    return order


def moved(ids: Sequence[UUID], mover: UUID, *, to: int) -> list[UUID]:
    """The ids with one of them in another place, counted from one."""
    rest = [each for each in ids if each != mover]
    return [*rest[: to - 1], mover, *rest[to - 1 :]]


def numbered_in_the_journal(submissions: Sequence[Filed], number: int) -> Filed | None:
    """The submission that was given this number on arrival."""
    return next((filed for filed in submissions if filed.submission.number == number), None)


def _ordered(
    hearing: Hearing, ids: Sequence[UUID], *, by: str, store: Store, now: datetime
) -> SubmissionOrder:
    order = SubmissionOrder(
        hearing_id=hearing.id, submissions=[str(each) for each in ids], ordered_by=by, ordered_at=now
    )
    store.add(order)
    return order
