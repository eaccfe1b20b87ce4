"""Assign mails to the hearings they are for; where several share an address, people may be asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from handlers.doubt.ask import ask_of_mail, asked_of_mail
from handlers.hearing.parties import alias
from handlers.intake.choosing import Asked, Candidate, choose
from handlers.intake.kinship import receipts_in
from handlers.mail import Letter
from storage import questions
from storage.addresses import Addresses, hearings_of, tag_of, without_tag
from storage.asked import About, Verdict
from storage.models import Hearing, InboxItem
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Atlas:
    """What we know of where a batch of mails may belong.

    `mails` are the submissions of mails that they refer to, by Message-ID with brackets.
    """

    addresses: Addresses
    hearings: Mapping[UUID, Hearing]
    mails: Mapping[str, UUID]
    hearing_of: Mapping[UUID, UUID]
    earlier: Mapping[str, set[UUID]]

    def meant(self, item: InboxItem) -> list[Hearing]:
        """The hearings an item was sent to, by their keys; empty when it was sent to none."""
        ids = hearings_of(item.envelope, self.addresses)
        return sorted((self.hearings[each] for each in ids), key=lambda hearing: hearing.key)

    def referred_to(self, letter: Letter) -> dict[str, UUID]:
        """The submissions of those of its references that are mails we have."""
        return {name: self.mails[name] for name in letter.references if name in self.mails}

    def tells(self, item: InboxItem, letter: Letter) -> Asked:
        """What a mail tells of its hearing."""
        said_to = (*item.envelope.get("recipients", ()), *letter.recipients)
        answered = {*self.referred_to(letter).values(), *receipts_in(letter.references)}
        return Asked(
            subject=letter.subject,
            text=letter.text,
            tags=frozenset(tag_of(each) for each in said_to if without_tag(each) in self.addresses) - {""},
            answered=frozenset(self.hearing_of[each] for each in answered if each in self.hearing_of),
            earlier=frozenset(self.earlier.get(_known_as(letter), ())),
        )


async def atlas(letters: Sequence[tuple[InboxItem, Letter | None]], *, store: Store) -> Atlas:
    """Look up whatever these may lead to, in a number of questions that does not grow with them.

    Their hearings are held until we commit, so that nobody answers meanwhile what is asked about a mail.
    """
    addresses = await store.hearings.addresses()
    ids = {each for item, _ in letters for each in hearings_of(item.envelope, addresses)}
    hearings = {each: await store.hearings.hold(each) for each in sorted(ids)}
    read = [letter for _, letter in letters if letter is not None]
    references = {name for letter in read for name in letter.references}
    mails = await store.inbox.submissions_of(references) if references else {}
    answered = {*mails.values(), *receipts_in(references)}
    known = await store.submissions.among(answered) if answered else []
    shared = len(hearings) > 1
    earlier = await store.submissions.hearings_of({_known_as(letter) for letter in read}) if shared else {}
    return Atlas(addresses, hearings, mails, {each.id: each.hearing_id for each in known}, earlier)


async def assign(
    item: InboxItem, letter: Letter, *, chart: Atlas, store: Store, now: datetime
) -> UUID | None:
    """The hearing a mail is for; None when a coordinator is asked first."""
    meant = chart.meant(item)
    if len(meant) == 1:
        return meant[0].id
    asked = await asked_of_mail(About.HEARING, item, letter, hearings=meant, store=store)
    if asked is not None:
        return _answered(item, asked, meant)
    chosen = choose(chart.tells(item, letter), [_candidate(each) for each in meant], at=item.received_at)
    if chosen.hearing_id is None:
        left = [chart.hearings[each.hearing_id] for each in chosen.left] or meant
        await ask_of_mail(
            About.HEARING, item, letter, hearings=meant, among=left, store=store, now=now,
            options=[*(each.key for each in left), Verdict.NOTHING],
        )  # fmt: skip
    return chosen.hearing_id


def _answered(item: InboxItem, asked: questions.Asked, meant: Sequence[Hearing]) -> UUID | None:
    if asked.verdict == Verdict.NOTHING:
        item.taken_for = Verdict.NOTHING
    return next((each.id for each in meant if each.key == asked.verdict), None)


def _candidate(hearing: Hearing) -> Candidate:
    return Candidate(
        hearing.id, hearing.key, hearing.title, hearing.case_number, hearing.opens, hearing.deadline
    )


def _known_as(letter: Letter) -> str:
    return alias((letter.reply_to or letter.sender).address)
