"""A dossier as a notat: the same content in the order that its hearing has chosen, or another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial

from handlers.content import Content, Item, Listing, Para, Run
from handlers.notat import by_submission, by_topic, ministry
from handlers.notat.findings import Finding, findings
from handlers.notat.shape import Chapter, Fact, Notat
from storage.dossier import Dossier
from storage.models import Hearing
from storage.words import Layout
from templates import say

_say = partial(say, "notat/sentences.j2")
_FACTS = ("date", "case_number", "period", "version")
_CHAPTERS: Mapping[Layout, Callable[[Dossier], Iterator[Chapter]]] = {
    Layout.BY_SUBMISSION: by_submission.chapters,
    Layout.BY_TOPIC: by_topic.chapters,
    Layout.MINISTRY: ministry.chapters,
}


def notat(dossier: Dossier, *, version: int, at: datetime, order: Layout | None = None) -> Notat:
    """The whole notat, in the hearing's own `order` unless told; a draft as long as something is missing.

    For any order but by submission, the dossier must have been read with its passages.
    """
    hearing, missing = dossier.hearing, findings(dossier)
    owner = next(seat for seat in dossier.seats if seat.owner)
    return Notat(
        title=_say("title", hearing=hearing),
        owner=owner.name,
        facts=_facts(hearing, version=version, at=at),
        draft=_say("draft") if missing else "",
        findings_heading=_say("findings_heading"),
        findings=_findings(missing),
        chapters=tuple(_CHAPTERS[order or hearing.layout](dossier)),
        running_title=_say("title", hearing=hearing),
        case_label=_say("case_label", hearing=hearing),
    )


def _facts(hearing: Hearing, *, version: int, at: datetime) -> tuple[Fact, ...]:
    told = (_say(name, hearing=hearing, version=version, at=at) for name in _FACTS)
    return tuple(Fact(label, value) for label, value in zip(fact_labels(), told, strict=True))


def fact_labels() -> tuple[str, ...]:
    """What the lines of the case block are called, in their order."""
    return tuple(_say(f"{name}_label") for name in _FACTS)


def _findings(missing: Sequence[Finding]) -> Content:
    if not missing:
        return ()
    lines = (say("findings.j2", finding.lack, finding=finding) for finding in missing)
    return (
        Para((Run(_say("findings_lead", count=len(missing))),)),
        Listing(tuple(Item((Run(line),)) for line in lines)),
    )
