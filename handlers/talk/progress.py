"""How far a remark and a referral have come, told from the facts alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from handlers.content import Content, digest, load
from storage.remarks import RemarkFacts
from storage.talk import Approval


class State(StrEnum):
    """Where a referral stands; the Danish words are in templates/slack."""

    NEW = "new"
    IN_PROGRESS = "in_progress"
    TO_APPROVE = "to_approve"
    REOPENED = "reopened"
    """It was approved, and that yes was taken back."""
    APPROVED = "approved"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Standing:
    """A remark as it stands: what it says now, who wrote it, and the approval that counts, if any.

    `taken_back_by` is who took the newest yes back; empty when it counts, or nobody ever said yes.
    """

    remark_id: UUID
    referral_id: UUID
    position: int
    content: Content
    digest: str
    authors: frozenset[str]
    approval: Approval | None
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
        taken_back_by=facts.withdrawn.get(newest.id, "") if newest is not None else "",
    )


def state(remarks: Sequence[Standing], *, talked: bool) -> State:
    """The state of a referral; `talked` says whether anybody wrote in its thread."""
    counted = [remark for remark in remarks if not remark.void]
    if not counted:
        return State.IN_PROGRESS if talked else State.NEW
    waiting = [remark for remark in counted if remark.approval is None]
    if waiting:
        return State.REOPENED if any(remark.taken_back_by for remark in waiting) else State.TO_APPROVE
    return State.CHANGED if any(remark.changed for remark in counted) else State.APPROVED


def approvers(remarks: Iterable[Standing]) -> tuple[str, ...]:
    """Who approved, each once, in order."""
    said_yes = (remark.approval.approver for remark in remarks if remark.approval is not None)
    return tuple(dict.fromkeys(said_yes))
