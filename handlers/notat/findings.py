"""What a hearing still lacks before its notat is whole, and from whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from handlers.hearing.parties import heading_name
from handlers.notat.counting import is_late
from handlers.notat.order import Voice, numbered, voices
from handlers.talk.progress import State, ending, standing, state
from storage.asked import About, Verdict
from storage.dossier import Dossier, Filed, Laid
from storage.models import Hearing, Party, Summary
from storage.questions import Asked
from storage.words import Barred, PartyKind


class Lack(StrEnum):
    """A kind of finding; its Danish sentence stands in templates/findings.j2."""

    NOT_REFERRED = "not_referred"
    NO_SUMMARY = "no_summary"
    NO_REMARK = "no_remark"
    NOT_APPROVED = "not_approved"
    CHANGE_NOT_APPROVED = "change_not_approved"
    """Nobody has said yes to what an answer is said to change in the proposal."""
    HANDED_BACK = "handed_back"
    """A department says that it is not its own, and nobody has said whose it is."""
    CHANGED = "changed"
    SUMMARY_BEFORE_FOLLOW_UP = "summary_before_follow_up"
    """What the party has said since is not in the summary."""
    UNCONFIRMED_PARTY = "unconfirmed_party"
    UNDECIDED = "undecided"
    """A coordinator was asked something, and nobody has answered."""
    UNREAD = "unread"
    SET_ASIDE = "set_aside"
    NOT_POSTED = "not_posted"
    BARRED = "barred"
    """Slack keeps us out of a channel."""
    UNLOOKED = "unlooked"
    """What was approved could not be seen once more in Slack, where people may have changed it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is missing: of which submission (0 for the hearing), and from which department.

    `number` is the journal's, which Slack speaks of; `printed` the one that the notat gives it. `about` is
    what is undecided, `why` what keeps us out of a channel, each None for other lacks. `theme` is set where a
    department answers in several threads.
    """

    lack: Lack
    number: int = 0
    printed: int = 0
    party: str = ""
    department: str = ""
    count: int = 0
    about: About | None = None
    why: Barred | None = None
    theme: str = ""


_LACKS = {
    State.NEW: Lack.NO_REMARK,
    State.IN_PROGRESS: Lack.NO_REMARK,
    State.TO_APPROVE: Lack.NOT_APPROVED,
    State.REOPENED: Lack.NO_REMARK,
    State.CHANGED: Lack.CHANGED,
}


def findings(dossier: Dossier) -> tuple[Finding, ...]:
    """Everything that is missing, by submission as the notat prints them; empty when it is whole."""
    asked_after: set[UUID] = set()
    borne = {voice.first[1].submission.id: voice for voice in voices(dossier)}
    found: list[Finding] = []
    for printed, filed in numbered(dossier):
        about = _about(printed, filed, dossier.hearing)
        if _is_guessed(filed.party) and filed.party.id not in asked_after:
            asked_after.add(filed.party.id)
            found.append(replace(about, lack=Lack.UNCONFIRMED_PARTY))
        found.extend(_undecided(_standing(filed, dossier.hearing), about))
        if filed.submission.id in borne:
            voice = borne[filed.submission.id]
            found.extend(_of_voice(voice, replace(about, number=voice.bearer.submission.number)))
    return (*found, *_of_hearing(dossier))


def state_of(laid: Laid) -> State:
    """How far one referral is."""
    return state([standing(facts) for facts in laid.remarks], talked=laid.talked, ends=laid.ends)


def is_change_open(laid: Laid) -> bool:
    """Whether something is said to change in the proposal, or not to, that no approver has said yes to."""
    change = laid.ends.change
    return change is not None and not change.settled and not ending(laid.ends).sent_on


def lack_of(laid: Laid) -> Lack | None:
    """What one referral still lacks; None when the department has said all that it has to say."""
    reached, remarks = state_of(laid), [standing(facts) for facts in laid.remarks]
    if reached == State.SENT_ON:
        sent_on = ending(laid.ends, remarks).sent_on
        return None if any(each.to_referral_id for each in sent_on) else Lack.HANDED_BACK
    if reached == State.REOPENED and not all(remark.void for remark in remarks):
        return Lack.NOT_APPROVED
    return _LACKS.get(reached)


def _about(printed: int, filed: Filed, hearing: Hearing) -> Finding:
    party = heading_name(filed.party, hearing.private_persons)
    return Finding(Lack.NO_SUMMARY, filed.submission.number, printed, party)


def _is_guessed(party: Party) -> bool:
    """Whether a name would be printed that nobody has vouched for."""
    return party.kind != PartyKind.BORGER and not party.confirmed


def _standing(filed: Filed, hearing: Hearing) -> Iterator[Asked]:
    """Yield what was asked and is still a question: whether it is late is none once the deadline is later."""
    for each in filed.asked:
        if each.question.about != About.LATE or is_late(filed, hearing):
            yield each


def _undecided(asked: Iterable[Asked], about: Finding) -> Iterator[Finding]:
    """Yield what nobody has answered, of each matter one."""
    open_ones = Counter(each.question.about for each in asked if each.decision is None)
    for what, count in open_ones.items():
        yield replace(about, lack=Lack.UNDECIDED, about=what, count=count)


def _of_voice(voice: Voice, about: Finding) -> Iterator[Finding]:
    if not voice.bearer.referrals:
        yield replace(about, lack=Lack.NOT_REFERRED)
    if voice.bearer.summary is None:
        yield about
    elif any(_is_newer(asked, voice.bearer.summary) for filed in voice.all for asked in filed.asked):
        yield replace(about, lack=Lack.SUMMARY_BEFORE_FOLLOW_UP)
    for laid in voice.bearer.referrals:
        lack = lack_of(laid)
        if lack is not None:
            yield replace(about, lack=lack, department=laid.seat.name, theme=laid.referral.theme)
        if is_change_open(laid):
            yield replace(
                about, lack=Lack.CHANGE_NOT_APPROVED, department=laid.seat.name, theme=laid.referral.theme
            )


def _is_newer(asked: Asked, summary: Summary) -> bool:
    """Whether a later mail became part of what is summarised after it was."""
    adds = asked.question.about == About.FOLLOW_UP and asked.verdict in {Verdict.SUPPLEMENT, Verdict.REPLACES}
    return adds and asked.decision is not None and asked.decision.decided_at > summary.written_at


def _of_hearing(dossier: Dossier) -> Iterator[Finding]:
    unplaced = (each for each in dossier.asked if each.question.submission_id is None)
    yield from _undecided(unplaced, Finding(Lack.UNDECIDED))
    if dossier.unread:
        yield Finding(Lack.UNREAD, count=dossier.unread)
    if dossier.set_aside:
        yield Finding(Lack.SET_ASIDE, count=dossier.set_aside)
    if dossier.refused_posts:
        yield Finding(Lack.NOT_POSTED, count=dossier.refused_posts)
    for department, why in dossier.barred:
        yield Finding(Lack.BARRED, department=department, why=why)
    if dossier.unlooked:
        yield Finding(Lack.UNLOOKED, count=dossier.unlooked)
