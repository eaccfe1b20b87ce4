"""Say who a party is, where its mail did not tell: the coordinator's word counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from handlers.content import clean
from handlers.hearing.parties import alias
from handlers.rules import Refusal, may_coordinate
from handlers.talk.show import show_words
from storage.models import Party
from storage.store import Store
from storage.words import PartyKind


@dataclass(frozen=True, slots=True)
class Identity:
    """How a party is printed; an empty heading name is the list name, `street` is a private person's."""

    kind: PartyKind
    list_name: str
    heading_name: str = ""
    street: str = ""


async def identify(
    submission_id: UUID, identity: Identity, *, by: str, store: Store, now: datetime
) -> Party | Refusal:
    """Set who the submission's party is, for all its submissions, and show it on their cards.

    By the name of a party that the hearing knows already, it is that party.
    """
    submission = await store.submissions.by_id(submission_id)
    hearing = await store.hearings.hold(submission.hearing_id)
    refusal = may_coordinate(by, hearing.coordinators)
    if refusal is not None:
        return refusal
    was = await store.submissions.party(submission.party_id)
    party = await _meant(was, identity, store=store)
    if party is was or party.heard_as is None:
        name = clean(identity.list_name).strip()
        party.heading_name = clean(identity.heading_name).strip() or name or party.heading_name
        party.kind, party.list_name = identity.kind, name or party.list_name
        party.street = clean(identity.street).strip()
    party.confirmed = True
    await store.session.flush()
    await show_words(hearing.id, party_id=party.id, store=store)
    store.note("identified", by=by, at=now, hearing_id=hearing.id, number=submission.number, kind=party.kind)
    return party


async def _meant(party: Party, identity: Identity, *, store: Store) -> Party:
    """The party as it is, or the one whose name an unconfirmed one bears; then all it sent is that one's.

    Two private persons may share a name.
    """
    name = alias(identity.list_name)
    known = (await store.submissions.parties(party.hearing_id, [name])).get(name)
    if known is None or known is party or party.confirmed:
        return party
    if PartyKind.BORGER in {identity.kind, known.kind}:
        return party
    await store.submissions.give_over(party, to=known)
    return known
