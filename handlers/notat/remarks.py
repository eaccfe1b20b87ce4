"""The approved remarks on a submission, in the order and under the headings that they are printed with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from handlers.content import Content, count_paragraphs, load
from handlers.talk.progress import standing
from storage.dossier import Dossier, Filed, Laid
from storage.edits import Edits
from storage.remarks import RemarkFacts
from storage.words import HeadingForm
from templates import say

_say = partial(say, "notat/sentences.j2")


@dataclass(frozen=True, slots=True)
class Answer:
    """One remark that somebody said yes to: the copy that was approved."""

    laid: Laid
    remark_id: UUID
    approval_id: UUID
    digest: str
    heading: str
    body: Content


def answers(filed: Filed, dossier: Dossier) -> tuple[Answer, ...]:
    """The approved remarks on a submission, in their order."""
    found = (_answer(laid, facts, dossier) for laid, facts in in_order(filed, dossier.edits))
    return tuple(answer for answer in found if answer is not None)


def in_order(filed: Filed, edits: Edits) -> list[tuple[Laid, RemarkFacts]]:
    """All remarks on a submission, as a coordinator has put them; the rest follow as they were begun."""
    placed = {remark_id: place for place, remark_id in enumerate(edits.remarks.get(filed.submission.id, ()))}
    remarks = [(laid, facts) for laid in filed.referrals for facts in laid.remarks]
    return sorted(
        remarks, key=lambda each: (placed.get(each[1].remark.id, len(placed)), each[1].remark.position)
    )


def standing_in_order(filed: Filed, edits: Edits) -> list[tuple[Laid, RemarkFacts]]:
    """The same without those of which nothing is left: what a coordinator puts in order."""
    return [(laid, facts) for laid, facts in in_order(filed, edits) if not standing(facts).void]


def remark_heading(name: str, body: Content, *, form: HeadingForm) -> str:
    """The house form with the department's name, singular over a single paragraph."""
    return _say("remark_heading", name=name, form=form.value, one=count_paragraphs(body) == 1)


def shown_heading(laid: Laid, facts: RemarkFacts, dossier: Dossier) -> str:
    """The heading over a remark, whether it is approved or not."""
    stands = standing(facts)
    body = load(stands.approval.content) if stands.approval else stands.content
    return _heading(laid, facts.remark.id, body, dossier)


def _answer(laid: Laid, facts: RemarkFacts, dossier: Dossier) -> Answer | None:
    approval = standing(facts).approval
    if approval is None:
        return None
    body = load(approval.content)
    heading = _heading(laid, facts.remark.id, body, dossier)
    return Answer(laid, facts.remark.id, approval.id, approval.digest, heading, body)


def _heading(laid: Laid, remark_id: UUID, body: Content, dossier: Dossier) -> str:
    by_hand = dossier.edits.headings.get(remark_id)
    return by_hand or remark_heading(laid.seat.name, body, form=dossier.hearing.heading_form)
