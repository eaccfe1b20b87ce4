"""The approved remarks on a submission, in the order and under the headings that they are printed with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from handlers.content import Content, count_paragraphs, load
from handlers.talk.progress import standing
from storage.dossier import Dossier, Filed, Laid
from storage.edits import Edits
from storage.hearings import Seat
from storage.remarks import RemarkFacts
from storage.words import HeadingForm
from templates import genitive, say

_say = partial(say, "notat/sentences.j2")


@dataclass(frozen=True, slots=True)
class Answer:
    """One remark that somebody said yes to: the copy that was approved."""

    laid: Laid
    remark_id: UUID
    approval_id: UUID
    digest: str
    heading: str
    by_hand: bool
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


def remark_heading(seat: Seat, body: Content, *, form: HeadingForm, theme: str = "") -> str:
    """The house form with the department's name, singular over a single paragraph."""
    one, its = count_paragraphs(body) == 1, seat.genitive or genitive(seat.name)
    return _say("remark_heading", name=seat.name, its=its, form=form.value, one=one, theme=theme)


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
    by_hand = bool(dossier.edits.headings.get(facts.remark.id))
    return Answer(laid, facts.remark.id, approval.id, approval.digest, heading, by_hand, body)


def _heading(laid: Laid, remark_id: UUID, body: Content, dossier: Dossier) -> str:
    by_hand = dossier.edits.headings.get(remark_id)
    form, theme = dossier.hearing.heading_form, _told_apart_by(laid, dossier)
    return by_hand or remark_heading(laid.seat, body, form=form, theme=theme)


def _told_apart_by(laid: Laid, dossier: Dossier) -> str:
    """The theme of a referral, where its department speaks of another theme of the same submission too."""
    if not laid.referral.theme:
        return ""
    together = (filed.referrals for filed in dossier.submissions)
    mine = next(every for every in together if any(each is laid for each in every))
    others = (each for each in mine if each.seat.id == laid.seat.id and each is not laid)
    speaks_twice = any(not standing(facts).void for each in others for facts in each.remarks)
    return laid.referral.theme if speaks_twice else ""
