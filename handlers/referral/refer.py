"""Lay a submission before the departments it concerns, or ask the coordinator where it belongs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Unpack
from uuid import UUID, uuid4

from handlers.annex.pointing import spoken
from handlers.owe import About, owe_card
from handlers.routing.suggest import Routing, Suggestion, among
from storage.columns import ordered_id
from storage.hearings import Seat
from storage.models import Hearing, Point, PostKind, Referral, Submission
from storage.store import Store
from storage.words import Refer

BOT = "hoeringsbot"


async def spoken_of(submission: Submission, *, store: Store) -> str:
    """What a submission says with its files, as far as their text is known."""
    files = await store.submissions.attachments(submission.id)
    texts = await store.files.read_texts([file.blob_sha256 for file in files])
    return spoken(
        submission.text, (texts[file.blob_sha256].text for file in files if file.blob_sha256 in texts)
    )


class Desk:
    """Where submissions of one hearing are laid before its departments, within one transaction."""

    def __init__(self, hearing: Hearing, seats: Sequence[Seat], *, store: Store, now: datetime) -> None:
        self._hearing = hearing
        self._seats = {seat.key: seat for seat in seats if not seat.retired}
        self._store = store
        self._now = now

    def lay(self, submission: Submission, *, routing: Routing) -> list[str]:
        """Ask the departments that it speaks to, or first the coordinator; who is asked."""
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

    def route(self, spoken: str) -> Routing:
        """Whom a text speaks to, with the passages that say so."""
        return among(spoken, tuple(self._seats.values()))

    def refer(self, submission: Submission, suggestion: Suggestion, *, by: str, theme: str = "") -> UUID:
        """One referral with its points and its card; its id."""
        seat = self._seats[suggestion.department]
        referral_id = ordered_id()
        referral = {
            "id": referral_id, "hearing_id": self._hearing.id, "submission_id": submission.id,
            "hearing_department_id": seat.id, "theme": theme, "referred_by": by, "referred_at": self._now,
        }  # fmt: skip
        points = (
            {"id": uuid4(), "referral_id": referral_id, "position": position, "passage": passage}
            for position, passage in enumerate(suggestion.passages, 1)
        )
        self._store.add_rows(Referral, [referral])
        self._store.add_rows(Point, points)
        key = f"card:{referral_id}"
        self._post(key, PostKind.CARD, seat.channel, submission_id=submission.id, referral_id=referral_id)
        return referral_id

    def _ask(self, submission: Submission) -> None:
        key, channel = f"placement:{submission.id}", self._hearing.coordination_channel
        self._post(key, PostKind.PLACEMENT, channel, submission_id=submission.id)

    def _post(self, key: str, kind: PostKind, channel: str, **about: Unpack[About]) -> None:
        hearing_id = self._hearing.id
        owe_card(key, kind, hearing_id=hearing_id, channel=channel, now=self._now, store=self._store, **about)
