"""Lay a submission before the departments it concerns, or ask the coordinator where it belongs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from handlers import acts
from handlers.routing.suggest import Routing, Suggestion, among
from storage.hearings import Seat
from storage.models import Hearing, Point, PostKind, Referral, Submission
from storage.store import Store
from storage.talk import SlackPost
from storage.words import Refer

CARD, TEXT, FILE = 30, 20, 10
BOT = "hoeringsbot"


class Desk:
    """Where submissions of one hearing are laid before its departments, within one transaction."""

    def __init__(self, hearing: Hearing, seats: Sequence[Seat], *, store: Store, now: datetime) -> None:
        self._hearing = hearing
        self._seats = {seat.key: seat for seat in seats if not seat.retired}
        self._store = store
        self._now = now

    def lay(self, submission: Submission) -> list[str]:
        """Ask the departments that the text speaks to, or first the coordinator; the keys of those asked."""
        routing = self.route(submission)
        rule = self._hearing.refer
        if rule == Refer.AT_ONCE or (rule == Refer.WHEN_UNSURE and routing.sure):
            for suggestion in routing.suggestions:
                self.refer(submission, suggestion, by=BOT)
            return [suggestion.department for suggestion in routing.suggestions]
        self._ask(submission)
        return []

    @property
    def departments(self) -> tuple[str, ...]:
        """The keys of those that can be asked."""
        return tuple(self._seats)

    def route(self, submission: Submission) -> Routing:
        """Whom the text speaks to, with the passages that say so."""
        return among(submission.text, tuple(self._seats.values()))

    def refer(self, submission: Submission, suggestion: Suggestion, *, by: str) -> None:
        """One referral with its points and its card."""
        seat = self._seats[suggestion.department]
        referral = Referral(
            hearing_id=self._hearing.id, submission_id=submission.id, hearing_department_id=seat.id,
            referred_by=by, referred_at=self._now,
        )  # fmt: skip
        points = (
            {"id": uuid4(), "referral_id": referral.id, "position": position, "passage": passage}
            for position, passage in enumerate(suggestion.passages, 1)
        )
        card = self._post(f"card:{referral.id}", PostKind.CARD, seat.channel, submission)
        card.referral_id = referral.id
        self._store.add(referral, card)
        self._store.add_rows(Point, points)

    def _ask(self, submission: Submission) -> None:
        channel = self._hearing.coordination_channel
        self._store.add(self._post(f"placement:{submission.id}", PostKind.PLACEMENT, channel, submission))

    def _post(self, key: str, kind: PostKind, channel: str, submission: Submission) -> SlackPost:
        self._store.owe([acts.post_in(channel)])
        return SlackPost(
            key=key, hearing_id=self._hearing.id, kind=kind, channel=channel, priority=CARD,
            made_at=self._now, detail={}, submission_id=submission.id,
        )  # fmt: skip
