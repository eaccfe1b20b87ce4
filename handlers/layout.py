"""A dossier as a notat, submission by submission: order, numbers, headings and fixed sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain

from handlers.content import Content, Item, Listing, Para, Run, count_paragraphs, load, paragraphs
from handlers.findings import Finding, findings
from handlers.notat import Chapter, Fact, Notat, Role
from handlers.order import in_order, numbered
from handlers.parties import asked_name, heading_name, list_name
from handlers.progress import Standing, standing
from storage.dossier import Dossier, Filed, Laid
from storage.models import Hearing, Party
from storage.words import Channel, HeadingForm, PrivatePersons
from templates import join, say

_SENTENCES = "notat/sentences.j2"


def notat(dossier: Dossier, *, version: int, at: datetime) -> Notat:
    """The whole notat; it is a draft as long as something is missing."""
    hearing, missing = dossier.hearing, findings(dossier)
    owner = next(seat for seat in dossier.seats if seat.owner)
    return Notat(
        title=_say("title", hearing=hearing),
        owner=owner.name,
        facts=_facts(hearing, version=version, at=at),
        draft=_say("draft") if missing else "",
        findings_heading=_say("findings_heading"),
        findings=_findings(missing),
        chapters=tuple(_chapters(dossier)),
        running_title=_say("title", hearing=hearing),
        case_label=_say("case_label", hearing=hearing),
    )


def approved(filed: Filed) -> tuple[tuple[Laid, Standing], ...]:
    """The remarks of a submission that somebody said yes to, in their order."""
    remarks = ((laid, standing(facts)) for laid in filed.referrals for facts in laid.remarks)
    return tuple(sorted(((laid, s) for laid, s in remarks if s.approval), key=lambda pair: pair[1].position))


def remark_heading(name: str, body: Content, *, form: HeadingForm) -> str:
    """The house form with the department's name, singular over a single paragraph."""
    return _say("remark_heading", name=name, form=form.value, one=count_paragraphs(body) == 1)


def heard_names(heard: Sequence[Party], rule: PrivatePersons) -> str:
    """The parties that were asked as one running sentence, a group's members in brackets after it."""
    groups: dict[str, list[str]] = {}
    for number, party in enumerate(heard):
        groups.setdefault(party.group or f"\0{number}", []).append(asked_name(party, rule))
    sentence = join(
        names[0] if group[0] == "\0" else f"{group} ({join(names)})" for group, names in groups.items()
    )
    return sentence if sentence.endswith(".") or not sentence else f"{sentence}."


def _say(phrase: str, **values: object) -> str:
    return say(_SENTENCES, phrase, **values)


def _facts(hearing: Hearing, *, version: int, at: datetime) -> tuple[Fact, ...]:
    names = ("date", "case_number", "period", "version")
    return tuple(
        Fact(_say(f"{name}_label"), _say(name, hearing=hearing, version=version, at=at)) for name in names
    )


def _findings(missing: Sequence[Finding]) -> Content:
    if not missing:
        return ()
    lines = (say("findings.j2", finding.lack, finding=finding) for finding in missing)
    return (
        Para((Run(_say("findings_lead", count=len(missing))),)),
        Listing(tuple(Item((Run(line),)) for line in lines)),
    )


def _chapters(dossier: Dossier) -> Iterator[Chapter]:
    hearing, ordered = dossier.hearing, in_order(dossier)
    heard = sum(party.weight for party in dossier.heard)
    resume = _say("resume", hearing=hearing, heard=heard, received=len(ordered))
    yield Chapter(Role.PART, _say("resume_heading"), paragraphs(resume))
    yield Chapter(Role.PART, _say("case_heading"), _text(hearing, "background"))
    yield Chapter(Role.SECTION, _say("heard_heading"), _heard(dossier, count=heard))
    yield Chapter(Role.SECTION, _say("received_heading"), _received(ordered, hearing))
    yield Chapter(Role.SECTION, _say("about_heading"), paragraphs(_say("about", hearing=hearing)))
    yield from chain.from_iterable(_submission(number, filed, hearing) for number, filed in numbered(dossier))


def _text(hearing: Hearing, name: str) -> Content:
    """One of the texts of the hearing file; empty when it was not given."""
    return paragraphs(hearing.texts.get(name, ""))


def _heard(dossier: Dossier, *, count: int) -> Content:
    hearing = dossier.hearing
    named = heard_names(dossier.heard, hearing.private_persons)
    asked = paragraphs(_say("heard", count=count)) + paragraphs(named)
    return asked + _text(hearing, "forwarding") + _text(hearing, "publication")


def _received(ordered: Sequence[Filed], hearing: Hearing) -> Content:
    lead = paragraphs(_say("received", count=len(ordered), rule=hearing.order.value))
    items = tuple(Item((Run(_listed(filed, hearing)),), ordered=True) for filed in ordered)
    return (*lead, Listing(items)) if items else lead


def _listed(filed: Filed, hearing: Hearing) -> str:
    late = filed.submission.received_at > hearing.deadline
    name = list_name(filed.party, hearing.private_persons)
    return _say("listed", name=name, mail=filed.submission.channel == Channel.MAIL, late=late)


def _submission(number: int, filed: Filed, hearing: Hearing) -> Iterator[Chapter]:
    name = heading_name(filed.party, hearing.private_persons)
    summary = load(filed.summary.content) if filed.summary else ()
    yield Chapter(Role.SUBMISSION, _say("submission_heading", number=number, name=name), summary)
    for laid, remark in approved(filed):
        body = load(remark.approval.content) if remark.approval else ()
        heading = remark_heading(laid.seat.name, body, form=hearing.heading_form)
        yield Chapter(Role.REMARK, heading, body)
