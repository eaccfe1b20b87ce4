"""Hold a referral as it stands, so that what is decided about it is decided on what is true."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from handlers.rules import Refusal, Why
from handlers.talk.progress import Ending, Standing, ending, standing
from storage.endings import NEXT, Ends
from storage.hearings import Seat
from storage.models import Hearing, Referral
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Held:
    """A referral, the department that was asked and all others, and how far things are."""

    referral: Referral
    hearing: Hearing
    seat: Seat
    seats: tuple[Seat, ...]
    remarks: tuple[Standing, ...]
    ends: Ends

    @property
    def ending(self) -> Ending:
        """What counts of how it ended."""
        return ending(self.ends, self.remarks)

    def moment(self, now: datetime) -> datetime:
        """When an act counts from that is decided on this: after all that stands.

        Whoever waited for us was told the time before what we did, and may not undo it in the past.
        """
        ends = self.ends
        stands = [
            *(each.said_at for each in ends.declined), *(each.reopened_at for each in ends.reopened),
            *(each.handed_at for each in (*ends.handed, *ends.received)),
            *(each.touched_at for each in self.remarks),
        ]  # fmt: skip
        return max([now, *(each + NEXT for each in stands)])

    @property
    def still_open(self) -> Refusal | None:
        """Why there is nothing more to do in its thread; None while there is."""
        return Refusal(Why.SENT_ON) if self.ending.sent_on else None

    def overtaken(self, clicked_at: datetime) -> Refusal | None:
        """Why a click counts no more: the referral was opened again after it came in."""
        since = any(each.reopened_at >= clicked_at for each in self.ends.reopened)
        return Refusal(Why.OVERTAKEN) if since else None

    @property
    def unapproved(self) -> Refusal | None:
        """Why it cannot end without a remark: somebody said yes to one, and it is in the notat."""
        stands = next((each.approval for each in self.remarks if each.approval is not None), None)
        return Refusal(Why.APPROVED_STANDS, by=stands.approver) if stands is not None else None


async def hold(referral_id: UUID, *, store: Store) -> Held:
    """A referral as it stands; until we commit, whoever else holds it or writes in its thread waits."""
    await store.remarks.hold(referral_id)
    referral = await store.submissions.referral(referral_id)
    await store.session.refresh(referral)  # who asked for it before may have waited for another's change
    seats = tuple(await store.hearings.seats(referral.hearing_id))
    return Held(
        referral=referral,
        hearing=await store.hearings.by_id(referral.hearing_id),
        seat=next(seat for seat in seats if seat.id == referral.hearing_department_id),
        seats=seats,
        remarks=tuple(standing(facts) for facts in await store.remarks.of_referrals([referral_id])),
        ends=(await store.endings.of([referral_id]))[referral_id],
    )
