"""What a hearing still lacks before its notat is whole, and from whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from uuid import UUID

from handlers.content import load, plain
from handlers.hearing.parties import heading_name
from handlers.notat.additions import addition, answered_before
from handlers.notat.counting import is_late
from handlers.notat.finding import Finding, Lack, mark_of
from handlers.notat.misprints import misprints
from handlers.notat.order import Voice, numbered, voices
from handlers.notat.passages import passages
from handlers.talk.progress import State, ending, standing, state
from storage.asked import About, Decision
from storage.dossier import Dossier, Filed, Laid
from storage.models import Hearing, Party, Summary
from storage.questions import Asked
from storage.version import Waiver
from storage.words import PartyKind

_LACKS = {
    State.NEW: Lack.NO_REMARK,
    State.IN_PROGRESS: Lack.NO_REMARK,
    State.TO_APPROVE: Lack.NOT_APPROVED,
    State.REOPENED: Lack.NO_REMARK,
    State.CHANGED: Lack.CHANGED,
}


def findings(dossier: Dossier) -> tuple[Finding, ...]:
    """Everything that is missing and that nobody let pass, by submission; empty when it is whole."""
    let_pass = {waiver.finding for waiver in dossier.waivers}
    return tuple(each for each in _all(dossier) if not (each.waivable and each.key in let_pass))


def waived(dossier: Dossier) -> tuple[tuple[Finding, Waiver], ...]:
    """What is missing and was let pass, each with the newest word on why."""
    newest = {waiver.finding: waiver for waiver in dossier.waivers}
    found = (each for each in _all(dossier) if each.waivable)
    return tuple((each, newest[each.key]) for each in found if each.key in newest)


def _all(dossier: Dossier) -> tuple[Finding, ...]:
    """Everything, by submission as the notat prints them."""
    asked_after: set[UUID] = set()
    borne = {voice.first[1].submission.id: voice for voice in voices(dossier)}
    found: list[Finding] = []
    for printed, filed in numbered(dossier):
        about = _about(printed, filed, dossier.hearing)
        if _is_guessed(filed.party) and filed.party.id not in asked_after:
            asked_after.add(filed.party.id)
            mark = mark_of(filed.party.id, filed.party.list_name, filed.party.heading_name)
            found.append(replace(about, lack=Lack.UNCONFIRMED_PARTY, mark=mark))
        found.extend(_undecided(_standing(filed, dossier.hearing), about))
        if filed.submission.id in borne:
            voice = borne[filed.submission.id]
            found.extend(_of_voice(voice, replace(about, number=voice.bearer.submission.number)))
    return (*found, *misprints(passages(dossier)), *_of_hearing(dossier))


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
    added = addition(asked for filed in voice.all for asked in filed.asked)
    yield from _of_summary(voice.bearer.summary, added, about)
    for laid in voice.bearer.referrals:
        yield from _of_laid(laid, added, replace(about, department=laid.seat.name, theme=laid.referral.theme))


def _of_summary(summary: Summary | None, added: Decision | None, about: Finding) -> Iterator[Finding]:
    mark = mark_of(added.id) if added is not None else ""
    if summary is None or not plain(load(summary.content)).strip():
        yield replace(about, mark=mark)
    elif added is not None and added.decided_at > summary.written_at:
        yield replace(about, lack=Lack.SUMMARY_BEFORE_FOLLOW_UP, mark=mark)


def _of_laid(laid: Laid, added: Decision | None, about: Finding) -> Iterator[Finding]:
    lack, change = lack_of(laid), laid.ends.change
    if lack is not None:
        yield replace(about, lack=lack, mark=_mark(laid))
    if added is not None and answered_before(laid, added):
        yield replace(about, lack=Lack.ANSWER_BEFORE_FOLLOW_UP, mark=mark_of(added.id))
    if change is not None and is_change_open(laid):
        yield replace(about, lack=Lack.CHANGE_NOT_APPROVED, mark=mark_of(change.id))


def _mark(laid: Laid) -> str:
    """What tells this state of a referral from any other: what is said, what was approved, how it ended."""
    said = ((each.digest, each.approval and each.approval.id) for each in map(standing, laid.remarks))
    none, again = (each.id for each in laid.ends.declined), (each.id for each in laid.ends.reopened)
    return mark_of(*said, *none, *again)


def _of_hearing(dossier: Dossier) -> Iterator[Finding]:
    given = {filed.submission.number for filed in dossier.submissions}
    for number in sorted(set(range(1, dossier.hearing.number_given + 1)) - given):
        yield Finding(Lack.NUMBER_GAP, number=number)
    unplaced = (each for each in dossier.asked if each.question.submission_id is None)
    yield from _undecided(unplaced, Finding(Lack.UNDECIDED))
    if dossier.unread:
        yield Finding(Lack.UNREAD, count=dossier.unread)
    if dossier.set_aside:
        yield Finding(Lack.SET_ASIDE, count=dossier.set_aside)
    if dossier.acts_unread:
        yield Finding(Lack.ACTS_UNREAD, count=dossier.acts_unread)
    if dossier.acts_set_aside:
        yield Finding(Lack.ACTS_SET_ASIDE, count=dossier.acts_set_aside)
    if dossier.refused_posts:
        count, mark = len(dossier.refused_posts), mark_of(*sorted(dossier.refused_posts))
        yield Finding(Lack.NOT_POSTED, count=count, mark=mark)
    for department, why, since in dossier.barred:
        yield Finding(Lack.BARRED, department=department, why=why, mark=mark_of(since.isoformat()))
    if dossier.unlooked:
        yield Finding(Lack.UNLOOKED, count=dossier.unlooked)
