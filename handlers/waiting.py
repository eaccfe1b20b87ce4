"""What waits for one person in a hearing: what to answer, what to say yes to, and how the hearing stands."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from handlers.hearing.parties import heading_name
from handlers.notat.counting import counted, is_late
from handlers.notat.finding import Lack
from handlers.notat.findings import findings, lack_of, state_of
from handlers.rules import Groups, people
from handlers.talk.progress import State, standing
from storage.asked import About
from storage.dossier import Dossier, Filed, Laid
from storage.models import Hearing


@dataclass(frozen=True, slots=True)
class Waits:
    """A referral that waits; `remark_id` is the remark that is to be approved, if it is one."""

    referral_id: UUID
    number: int
    party: str
    department: str
    state: State
    remark_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """How many of a department's referrals are done, and how many wait for a yes."""

    department: str
    done: int
    to_approve: int
    total: int


@dataclass(frozen=True, slots=True)
class Unanswered:
    """What a coordinator is asked: by question, or for `submission_id` where it belongs (`about` is None)."""

    about: About | None
    number: int
    question_id: UUID | None = None
    submission_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Glance:
    """A hearing at a glance; `missing` counts what keeps the notat from being whole."""

    bars: tuple[Bar, ...]
    questions: tuple[Unanswered, ...]
    received: int
    late: int
    missing: int
    unread: int
    set_aside: int
    not_posted: int
    acts_unread: int = 0
    acts_set_aside: int = 0

    @property
    def is_stuck(self) -> bool:
        """Whether there is something that operators must see to, or that only time can."""
        kept = self.unread or self.set_aside or self.acts_unread or self.acts_set_aside
        return bool(kept or self.not_posted)


@dataclass(frozen=True, slots=True)
class Stand:
    """How one referral of a submission stands, worked out once for all who look."""

    filed: Filed
    laid: Laid
    state: State
    lack: Lack | None


def stands(dossier: Dossier) -> tuple[Stand, ...]:
    """Every referral that counts, by submission."""
    return tuple(
        Stand(filed, laid, state_of(laid), lack_of(laid))
        for filed in counted(dossier)
        for laid in filed.referrals
    )


def to_answer(
    all_there: Sequence[Stand], hearing: Hearing, *, written: Collection[UUID], at_home: Collection[UUID]
) -> tuple[tuple[Waits, ...], tuple[Waits, ...]]:
    """Of what is open, the referrals that a person has `written` under, and the others in their departments.

    `at_home` are the seats whose channels the person is in. Of the others, those that wait for words only.
    """
    mine, others = list[Waits](), list[Waits]()
    for each in all_there:
        if each.lack is not None and each.laid.referral.id in written:
            mine.append(waits(each.filed, each.laid, hearing))
        elif each.lack == Lack.NO_REMARK and each.laid.seat.id in at_home:
            others.append(waits(each.filed, each.laid, hearing))
    return tuple(mine), tuple(others)


def to_approve(
    all_there: Sequence[Stand], hearing: Hearing, *, person: str, groups: Groups
) -> tuple[Waits, ...]:
    """What waits for this person's yes; with four eyes nothing that they have written themselves."""
    found = list[Waits]()
    for each in all_there:
        if each.lack not in {Lack.NOT_APPROVED, Lack.CHANGED}:
            continue
        if person not in people(each.laid.seat.approvers | each.laid.seat.deputies, groups):
            continue
        waiting = [remark for remark in map(standing, each.laid.remarks) if not remark.void]
        waiting = [remark for remark in waiting if remark.approval is None or remark.changed]
        open_to = [remark for remark in waiting if not (hearing.four_eyes and person in remark.authors)]
        if open_to or not waiting:
            remark_id = open_to[0].remark_id if open_to else None
            found.append(waits(each.filed, each.laid, hearing, remark_id=remark_id))
    return tuple(found)


def glance(dossier: Dossier, all_there: Sequence[Stand], *, waiting_for_a_place: Collection[UUID]) -> Glance:
    """The whole hearing; `waiting_for_a_place` are the submissions whose departments nobody has chosen."""
    asked = (each for each in dossier.asked if each.decision is None)
    numbers = {filed.submission.id: filed.submission.number for filed in dossier.submissions}
    questions = [
        Unanswered(each.question.about, numbers.get(each.question.submission_id or each.question.id, 0),
                   question_id=each.question.id)
        for each in asked
    ]  # fmt: skip
    unplaced = [filed.submission for filed in counted(dossier) if not filed.referrals and not filed.lead_id]
    places = [
        Unanswered(None, each.number, submission_id=each.id)
        for each in unplaced
        if each.id in waiting_for_a_place
    ]
    return Glance(
        bars=tuple(_bars(dossier, all_there)), questions=(*places, *questions),
        received=len(dossier.submissions),
        late=sum(1 for filed in dossier.submissions if is_late(filed, dossier.hearing)),
        missing=len(findings(dossier)), unread=dossier.unread, set_aside=dossier.set_aside,
        not_posted=len(dossier.refused_posts),
        acts_unread=dossier.acts_unread, acts_set_aside=dossier.acts_set_aside,
    )  # fmt: skip


def waits(filed: Filed, laid: Laid, hearing: Hearing, *, remark_id: UUID | None = None) -> Waits:
    """One referral as what waits."""
    return Waits(
        laid.referral.id, filed.submission.number, heading_name(filed.party, hearing.private_persons),
        laid.seat.name, state_of(laid), remark_id,
    )  # fmt: skip


def _bars(dossier: Dossier, all_there: Sequence[Stand]) -> Iterator[Bar]:
    of: dict[UUID, list[Lack | None]] = {seat.id: [] for seat in dossier.seats if not seat.retired}
    for each in all_there:
        if each.lack is not None or each.state != State.SENT_ON:
            of.setdefault(each.laid.seat.id, []).append(each.lack)
    for seat in dossier.seats:
        if seat.id in of:
            lacks = of[seat.id]
            to_approve = sum(1 for lack in lacks if lack in {Lack.NOT_APPROVED, Lack.CHANGED})
            yield Bar(seat.name, lacks.count(None), to_approve, len(lacks))
