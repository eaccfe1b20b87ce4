"""The texts of a notat that its people write, and the resume that is put together where nobody wrote one."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from handlers.content import Block, Content, Item, Listing, Para, Run, load, paragraphs
from handlers.notat.changes import Changed, changes
from handlers.notat.order import numbered, spans
from storage.dossier import Dossier
from storage.edited import HearingText
from storage.models import Hearing
from storage.words import TextName
from templates import say

_say = partial(say, "notat/sentences.j2")


def text_of(hearing: Hearing, newest: HearingText | None, name: TextName) -> Content:
    """One of the texts as it counts; empty when nobody wrote it."""
    return load(newest.content) if newest is not None else paragraphs(hearing.texts.get(name, ""))


def text(dossier: Dossier, name: TextName) -> Content:
    """The same, of a whole dossier."""
    return text_of(dossier.hearing, dossier.edits.texts.get(name), name)


def heard_count(dossier: Dossier) -> int:
    """How many were heard: a party may stand for several."""
    return sum(party.weight for party in dossier.heard)


def resume(dossier: Dossier) -> Content:
    """The resume that somebody wrote, else the proposed one."""
    return text(dossier, TextName.RESUME) or proposed_resume(dossier)


def proposed_resume(dossier: Dossier) -> Content:
    """Purpose, counts and changes: what a coordinator wrote of the changes, else those that are marked."""
    received = sum(1 for _ in numbered(dossier))
    counts = paragraphs(_say("resume", heard=heard_count(dossier), received=received))
    written = text(dossier, TextName.CHANGES)
    told = run_on((*text(dossier, TextName.PURPOSE), *counts, *written))
    return told if written else (*told, *listed_changes(changes(dossier)))


def listed_changes(changed: Iterable[Changed]) -> Content:
    """The changes to the proposal as a list with its lead; empty when there are none."""
    points = tuple(
        Item((Run(_say("change_point", what=each.what, numbers=spans(each.numbers))),))
        for each in changed
        if each.certain
    )
    return (*paragraphs(_say("changes_lead", count=len(points))), Listing(points)) if points else ()


def run_on(blocks: Iterable[Block]) -> Content:
    """Neighbouring paragraphs as one."""
    joined: list[Block] = []
    for block in blocks:
        last = joined[-1] if joined else None
        if isinstance(last, Para) and isinstance(block, Para) and not (last.quote or block.quote):
            joined[-1] = Para((*last.runs, Run(" "), *block.runs))
        else:
            joined.append(block)
    return tuple(joined)
