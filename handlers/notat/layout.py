"""A dossier as a notat: the same content in the order that its hearing has chosen, or another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial

from handlers.notat import by_submission, by_topic, ministry
from handlers.notat.cover import Check, check, cover
from handlers.notat.shape import Chapter, Fact, Notat
from storage.dossier import Dossier
from storage.models import Hearing
from storage.words import Layout, Stage
from templates import say

_say = partial(say, "notat/sentences.j2")
_FACTS = ("date", "case_number", "period", "version")
_PASSING = ("date", "version")
_CHAPTERS: Mapping[Layout, Callable[[Dossier], Iterator[Chapter]]] = {
    Layout.BY_SUBMISSION: by_submission.chapters,
    Layout.BY_TOPIC: by_topic.chapters,
    Layout.MINISTRY: ministry.chapters,
}


def notat(
    dossier: Dossier, *, version: int, at: datetime, order: Layout | None = None, stage: Stage | None = None,
    found: Check | None = None,
) -> Notat:  # fmt: skip
    """The whole notat, in the hearing's own `order` unless told; a draft as long as something is missing.

    It is also one when that is the `stage` asked for. For any order but by submission, the dossier must have
    been read with its passages. `found` is what `check` says of the dossier.
    """
    hearing, found = dossier.hearing, found or check(dossier)
    draft = bool(found.missing) or stage == Stage.DRAFT
    owner = next(seat for seat in dossier.seats if seat.owner)
    return Notat(
        title=_say("title", hearing=hearing),
        owner=owner.name,
        facts=_facts(hearing, version=version, at=at),
        draft=_say("draft") if draft else "",
        findings_heading=_say("findings_heading"),
        findings=cover(found) if draft else (),
        chapters=tuple(_CHAPTERS[order or hearing.layout](dossier)),
        running_title=_say("title", hearing=hearing),
        case_label=_say("case_label", hearing=hearing),
    )


def _facts(hearing: Hearing, *, version: int, at: datetime) -> tuple[Fact, ...]:
    told = (_say(name, hearing=hearing, version=version, at=at) for name in _FACTS)
    return tuple(Fact(label, value) for label, value in zip(fact_labels(), told, strict=True))


def passing_labels() -> frozenset[str]:
    """The labels of those that no two versions have in common."""
    return frozenset(_say(f"{name}_label") for name in _PASSING)


def fact_labels() -> tuple[str, ...]:
    """What the lines of the case block are called, in their order."""
    return tuple(_say(f"{name}_label") for name in _FACTS)
