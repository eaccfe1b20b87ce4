"""What a hearing still lacks before its notat is whole, and from whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from handlers.order import numbered
from handlers.parties import heading_name
from handlers.progress import State, standing, state
from storage.dossier import Dossier, Filed, Laid
from storage.models import Hearing, Party
from storage.words import PartyKind


class Lack(StrEnum):
    """A kind of finding; its Danish sentence stands in templates/findings.j2."""

    NOT_REFERRED = "not_referred"
    NO_SUMMARY = "no_summary"
    NO_REMARK = "no_remark"
    NOT_APPROVED = "not_approved"
    CHANGED = "changed"
    UNCONFIRMED_PARTY = "unconfirmed_party"
    UNREAD = "unread"
    SET_ASIDE = "set_aside"
    NOT_POSTED = "not_posted"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is missing: of which submission (0 for the hearing), and from which department.

    `number` is the journal's, which Slack speaks of; `printed` the one that the notat gives it.
    """

    lack: Lack
    number: int = 0
    printed: int = 0
    party: str = ""
    department: str = ""
    count: int = 0


_LACKS = {
    State.NEW: Lack.NO_REMARK,
    State.IN_PROGRESS: Lack.NO_REMARK,
    State.TO_APPROVE: Lack.NOT_APPROVED,
    State.CHANGED: Lack.CHANGED,
}


def findings(dossier: Dossier) -> tuple[Finding, ...]:
    """Everything that is missing, by submission as the notat prints them; empty when it is whole."""
    asked_after: set[UUID] = set()
    found: list[Finding] = []
    for printed, filed in numbered(dossier):
        about = _about(printed, filed, dossier.hearing)
        if _is_guessed(filed.party) and filed.party.id not in asked_after:
            asked_after.add(filed.party.id)
            found.append(replace(about, lack=Lack.UNCONFIRMED_PARTY))
        found.extend(_of_submission(filed, about))
    return (*found, *_of_hearing(dossier))


def state_of(laid: Laid) -> State:
    """How far one referral is."""
    return state([standing(facts) for facts in laid.remarks], talked=laid.talked)


def _about(printed: int, filed: Filed, hearing: Hearing) -> Finding:
    party = heading_name(filed.party, hearing.private_persons)
    return Finding(Lack.NO_SUMMARY, filed.submission.number, printed, party)


def _is_guessed(party: Party) -> bool:
    """Whether a name would be printed that nobody has vouched for."""
    return party.kind != PartyKind.BORGER and not party.confirmed


def _of_submission(filed: Filed, about: Finding) -> Iterator[Finding]:
    if not filed.referrals:
        yield replace(about, lack=Lack.NOT_REFERRED)
    if filed.summary is None:
        yield about
    for laid in filed.referrals:
        lack = _LACKS.get(state_of(laid))
        if lack is not None:
            yield replace(about, lack=lack, department=laid.seat.name)


def _of_hearing(dossier: Dossier) -> Iterator[Finding]:
    if dossier.unread:
        yield Finding(Lack.UNREAD, count=dossier.unread)
    if dossier.set_aside:
        yield Finding(Lack.SET_ASIDE, count=dossier.set_aside)
    if dossier.refused_posts:
        yield Finding(Lack.NOT_POSTED, count=dossier.refused_posts)
