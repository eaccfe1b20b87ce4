"""The texts of a notat that its people write, and the resume that is put together where nobody wrote one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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


def tells_changes(dossier: Dossier) -> HearingText | None:
    """The text by hand that tells of the changes instead of the list of them; None where the list does."""
    written = (dossier.edits.texts.get(name) for name in (TextName.RESUME, TextName.CHANGES))
    return next((each for each in written if each is not None and each.content), None)


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


def listed_changes(changed: Sequence[Changed]) -> Content:
    """The changes to the proposal, then those that are thought of, each as a list with its lead."""
    certain = _listed("changes_lead", [each for each in changed if each.certain])
    thought = _listed("maybe_lead", [each for each in changed if not each.certain], after=bool(certain))
    return certain + thought


def _listed(lead: str, changed: Sequence[Changed], **told: bool) -> Content:
    if not changed:
        return ()
    points = (_say("change_point", what=each.what, numbers=spans(each.numbers)) for each in changed)
    items = tuple(Item((Run(point),)) for point in points)
    return (*paragraphs(_say(lead, count=len(items), **told)), Listing(items))


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
