"""How far a remark and a referral have come, told from the facts alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from handlers.content import Content, digest, load
from storage.ending import Handover, NoRemarks
from storage.endings import NOTHING, Ends
from storage.remarks import RemarkFacts
from storage.talk import Approval


class State(StrEnum):
    """Where a referral stands; the Danish words are in templates/slack."""

    NEW = "new"
    IN_PROGRESS = "in_progress"
    TO_APPROVE = "to_approve"
    APPROVED = "approved"
    CHANGED = "changed"
    REOPENED = "reopened"
    """It had ended, or was approved, and is to be answered again."""
    SENT_ON = "sent_on"
    """The department said that it is not its own."""
    NO_REMARKS = "no_remarks"


@dataclass(frozen=True, slots=True)
class Standing:
    """A remark as it stands: what it says now, who wrote it, and the approval that counts, if any.

    `taken_back_by` is who took the newest yes back; empty when it counts, or nobody ever said yes. It was
    last `touched_at` when it was begun, gained a part or other words, or was approved.
    """

    remark_id: UUID
    referral_id: UUID
    position: int
    content: Content
    digest: str
    authors: frozenset[str]
    approval: Approval | None
    touched_at: datetime
    taken_back_by: str = ""

    @property
    def changed(self) -> bool:
        """Approved once, and its messages say something else now."""
        return self.approval is not None and self.approval.digest != self.digest

    @property
    def waits(self) -> bool:
        """What it says now is still to be approved."""
        return self.approval is None or self.changed

    @property
    def void(self) -> bool:
        """Nothing is left of it, and nobody said yes to it."""
        return self.approval is None and not self.content


def standing(facts: RemarkFacts) -> Standing:
    """A remark says what its messages say now, in the order they were marked; deleted ones say nothing.

    The newest approval counts: once that is taken back none does, for nobody says yes to an older text.
    """
    newest = facts.approvals[-1] if facts.approvals else None
    alive = [reply for reply in facts.parts if not reply.deleted]
    content: Content = tuple(block for reply in alive for block in load(reply.content))
    return Standing(
        remark_id=facts.remark.id,
        referral_id=facts.remark.referral_id,
        position=facts.remark.position,
        content=content,
        digest=digest(content),
        authors=facts.writers | {facts.remark.begun_by},
        approval=None if newest is None or newest.id in facts.withdrawn else newest,
        touched_at=max(_touches(facts)),
        taken_back_by=facts.withdrawn.get(newest.id, "") if newest is not None else "",
    )


def _touches(facts: RemarkFacts) -> Iterator[datetime]:
    yield facts.remark.begun_at
    if facts.marked_at is not None:
        yield facts.marked_at
    yield from (part.seen_at for part in facts.parts if not part.deleted)
    yield from (each.approved_at for each in facts.approvals)


@dataclass(frozen=True, slots=True)
class Ending:
    """What counts of how a referral ended: where it was sent on, or who says that there are no remarks.

    `again` when it had ended before and is open now.
    """

    sent_on: tuple[Handover, ...] = ()
    no_remarks: NoRemarks | None = None
    again: bool = False


def ending(ends: Ends, remarks: Sequence[Standing] = ()) -> Ending:
    """What counts is the newest: reopening it, sending it back or writing for the notat undoes an end."""
    back = [each.reopened_at for each in ends.reopened] + [each.handed_at for each in ends.received]
    opened = max(back, default=None)
    handed = tuple(each for each in ends.handed if opened is None or each.handed_at > opened)
    if handed:
        return Ending(sent_on=handed)
    last = max([*back, *(each.touched_at for each in remarks)], default=None)
    # Nobody can say that there are no remarks while a yes stands, so such a yes came after whoever said so.
    is_answered = any(each.approval is not None for each in remarks)
    stands = [each for each in ends.declined if not is_answered and (last is None or each.said_at > last)]
    # Once somebody might say so for the department, it is said; what others propose later changes nothing.
    said = next((each for each in stands if each.settled), stands[-1] if stands else None)
    ended_before = any(each.settled for each in ends.declined) or bool(ends.handed)
    return Ending(no_remarks=said, again=ended_before and said is None)


def state(remarks: Sequence[Standing], *, talked: bool, ends: Ends = NOTHING) -> State:
    """The state of a referral; `talked` says whether anybody wrote in its thread."""
    end, counted = ending(ends, remarks), [remark for remark in remarks if not remark.void]
    if end.sent_on:
        return State.SENT_ON
    if end.no_remarks is not None:
        return State.NO_REMARKS if end.no_remarks.settled else State.TO_APPROVE
    if not counted:
        return State.REOPENED if end.again else State.IN_PROGRESS if talked else State.NEW
    waiting = [remark for remark in counted if remark.approval is None]
    if waiting:
        return State.REOPENED if any(remark.taken_back_by for remark in waiting) else State.TO_APPROVE
    return State.CHANGED if any(remark.changed for remark in counted) else State.APPROVED


def approvers(remarks: Iterable[Standing]) -> tuple[str, ...]:
    """Who approved, each once, in order."""
    said_yes = (remark.approval.approver for remark in remarks if remark.approval is not None)
    return tuple(dict.fromkeys(said_yes))
