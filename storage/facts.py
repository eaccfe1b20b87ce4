"""One submission with all that belongs to it, for showing it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from storage.dossier import Filed, Laid
from storage.hearings import Seat
from storage.models import Hearing
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Case:
    """A submission in its hearing, with the hearing's departments."""

    hearing: Hearing
    seats: tuple[Seat, ...]
    filed: Filed

    def laid(self, referral_id: UUID) -> Laid:
        """One of its referrals."""
        return next(laid for laid in self.filed.referrals if laid.referral.id == referral_id)


async def case(submission_id: UUID, *, store: Store) -> Case:
    """Read it all."""
    submission = await store.submissions.by_id(submission_id)
    seats = await store.hearings.seats(submission.hearing_id)
    by_id = {seat.id: seat for seat in seats}
    referrals = await store.submissions.referrals(submission_id)
    ids = [referral.id for referral in referrals]
    talked, remarks = await store.remarks.replied(ids), await store.remarks.of_referrals(ids)
    ends, behind = await store.endings.of(ids), await store.campaigns.membership(submission_id)
    filed = Filed(
        submission=submission,
        party=await store.submissions.party(submission.party_id),
        summary=await store.submissions.summary(submission_id),
        attachments=tuple(await store.submissions.attachments(submission_id)),
        referrals=tuple(
            Laid(
                each,
                by_id[each.hearing_department_id],
                each.id in talked,
                tuple(facts for facts in remarks if facts.remark.referral_id == each.id),
                ends=ends[each.id],
            )
            for each in referrals
        ),
        asked=tuple(await store.questions.of_submission(submission_id)),
        followed=tuple((await store.questions.followed([submission_id])).get(submission_id, ())),
        lead_id=behind.lead_id if behind else None,
        members=tuple(member.submission_id for member in await store.campaigns.behind(submission_id)),
    )
    return Case(await store.hearings.by_id(submission.hearing_id), tuple(seats), filed)
