"""A dossier as a notat, submission by submission: order, numbers, headings and fixed sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain

from handlers.content import Content, Item, Listing, Para, Run, count_paragraphs, load, paragraphs
from handlers.hearing.parties import asked_name, heading_name, list_name
from handlers.notat.counting import is_late
from handlers.notat.findings import Finding, findings
from handlers.notat.order import Numbered, Voice, numbered, spans, voices
from handlers.notat.shape import Chapter, Fact, Notat, Role
from handlers.talk.progress import Standing, standing
from storage.asked import Verdict
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
    hearing, ordered, chapters = dossier.hearing, tuple(numbered(dossier)), voices(dossier)
    heard = sum(party.weight for party in dossier.heard)
    resume = _say("resume", hearing=hearing, heard=heard, received=len(ordered))
    yield Chapter(Role.PART, _say("resume_heading"), paragraphs(resume))
    yield Chapter(Role.PART, _say("case_heading"), _text(hearing, "background"))
    yield Chapter(Role.SECTION, _say("heard_heading"), _heard(dossier, count=heard))
    yield Chapter(Role.SECTION, _say("received_heading"), _received(ordered, chapters, hearing))
    yield Chapter(Role.SECTION, _say("about_heading"), paragraphs(_say("about", hearing=hearing)))
    yield from chain.from_iterable(_submission(voice, hearing) for voice in chapters)


def _text(hearing: Hearing, name: str) -> Content:
    """One of the texts of the hearing file; empty when it was not given."""
    return paragraphs(hearing.texts.get(name, ""))


def _heard(dossier: Dossier, *, count: int) -> Content:
    hearing = dossier.hearing
    named = heard_names(dossier.heard, hearing.private_persons)
    asked = paragraphs(_say("heard", count=count)) + paragraphs(named)
    return asked + _text(hearing, "forwarding") + _text(hearing, "publication")


def _received(ordered: Sequence[Numbered], chapters: Iterable[Voice], hearing: Hearing) -> Content:
    same_as = {number: voice.first[0] for voice in chapters for number, _ in voice.others}
    lead = paragraphs(_say("received", count=len(ordered), rule=hearing.order.value))
    items = tuple(
        Item((Run(_listed(filed, hearing, same_as=same_as.get(number, 0))),), ordered=True)
        for number, filed in ordered
    )
    return (*lead, Listing(items)) if items else lead


def _listed(filed: Filed, hearing: Hearing, *, same_as: int) -> str:
    name, told = list_name(filed.party, hearing.private_persons), {each.verdict for each in filed.followed}
    return _say(
        "listed", name=name, mail=filed.submission.channel == Channel.MAIL, late=is_late(filed, hearing),
        replaced=Verdict.REPLACES in told, supplemented=Verdict.SUPPLEMENT in told, same_as=same_as,
    )  # fmt: skip


def _submission(voice: Voice, hearing: Hearing) -> Iterator[Chapter]:
    (number, first), bearer = voice.first, voice.bearer
    name = heading_name(first.party, hearing.private_persons)
    others = [each for each, _ in voice.others]
    heading = _say("submission_heading", number=number, name=name, others=len(others))
    same = paragraphs(_say("same", numbers=spans(others))) if others else ()
    summary = load(bearer.summary.content) if bearer.summary else ()
    yield Chapter(Role.SUBMISSION, heading, same + summary)
    for laid, remark in approved(bearer):
        body = load(remark.approval.content) if remark.approval else ()
        yield Chapter(Role.REMARK, remark_heading(laid.seat.name, body, form=hearing.heading_form), body)
