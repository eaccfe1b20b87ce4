"""What a hearing still lacks before its notat is whole, and from whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from handlers.parties import heading_name
from handlers.progress import State, standing, state
from storage.dossier import Dossier, Filed, Laid


class Lack(StrEnum):
    """A kind of finding; its Danish sentence stands in templates/findings.j2."""

    NOT_REFERRED = "not_referred"
    NO_SUMMARY = "no_summary"
    NO_REMARK = "no_remark"
    NOT_APPROVED = "not_approved"
    CHANGED = "changed"
    SET_ASIDE = "set_aside"
    NOT_POSTED = "not_posted"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is missing: of which submission (0 for the hearing), and from which department."""

    lack: Lack
    number: int = 0
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
    """Everything that is missing, by submission; empty when the notat is whole."""
    return tuple(
        finding for filed in dossier.submissions for finding in _of_submission(filed, dossier)
    ) + tuple(_of_hearing(dossier))


def state_of(laid: Laid) -> State:
    """How far one referral is."""
    return state([standing(facts) for facts in laid.remarks], talked=laid.talked)


def _of_submission(filed: Filed, dossier: Dossier) -> Iterator[Finding]:
    number = filed.submission.number
    party = heading_name(filed.party, dossier.hearing.private_persons)
    if not filed.referrals:
        yield Finding(Lack.NOT_REFERRED, number, party)
    if filed.summary is None:
        yield Finding(Lack.NO_SUMMARY, number, party)
    for laid in filed.referrals:
        lack = _LACKS.get(state_of(laid))
        if lack is not None:
            yield Finding(lack, number, party, department=laid.seat.name)


def _of_hearing(dossier: Dossier) -> Iterator[Finding]:
    if dossier.set_aside:
        yield Finding(Lack.SET_ASIDE, count=dossier.set_aside)
    if dossier.refused_posts:
        yield Finding(Lack.NOT_POSTED, count=dossier.refused_posts)
