"""What somebody should look at once more before a notat is final, though it may be right as it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import combinations

from handlers.discretion import holds_contact
from handlers.notat.changes import change_of
from handlers.notat.copies import copies
from handlers.notat.finding import Finding, Lack
from handlers.notat.order import numbered, voices
from handlers.notat.passages import Passage, Where, about_voice, passages
from handlers.notat.spelling import misspelt
from handlers.notat.texts import tells_changes
from handlers.notat.typed import typed
from handlers.notat.unanswered import unanswered
from storage.dossier import Dossier
from storage.models import Party
from storage.words import Layout, PartyKind


def slips(dossier: Dossier) -> tuple[Finding, ...]:
    """All of them, by what kind they are."""
    read = tuple(passages(dossier))
    return (
        *typed(read, dossier),
        *_alike(dossier),
        *misspelt(read, dossier),
        *_contact(read),
        *_untold(dossier),
        *unanswered(dossier),
        *copies(read),
    )


def _contact(read: Iterable[Passage]) -> Iterator[Finding]:
    """Yield where somebody could be reached; a case number may look like a phone's."""
    for passage in read:
        if passage.about.where != Where.CASE_NUMBER and holds_contact(passage.said):
            yield passage.found(Lack.CONTACT)


def _alike(dossier: Dossier) -> Iterator[Finding]:
    """Yield parties whose names differ in case, signs or a single letter: they may be one."""
    parties = {filed.party.id: filed.party for _, filed in numbered(dossier)}
    parties |= {party.id: party for party in dossier.heard}
    known = [name for party in parties.values() for name in _names(party)]
    near = defaultdict[str, dict[str, None]](dict)
    for name in known:
        for way in _ways(name):
            near[way][name] = None
    pairs = {pair for names in near.values() for pair in combinations(sorted(names), 2)}
    for one, other in sorted(pairs):
        yield Finding(Lack.NAMES_ALIKE, words=one, other=other)


def _names(party: Party) -> set[str]:
    """What a party is called in print; within a group only in full, and a private person not at all."""
    if party.kind == PartyKind.BORGER:
        return set()
    return {party.heading_name} if party.group else {party.heading_name, party.list_name}


def _ways(name: str) -> set[str]:
    """A name in its letters and digits, and the same without any one letter."""
    bare = "".join(sign for sign in name.casefold() if sign.isalnum())
    short = {bare[:at] + bare[at + 1 :] for at, sign in enumerate(bare) if not sign.isdigit()}
    return {bare} | (short if len(bare) > 8 else set())


def _untold(dossier: Dossier) -> Iterator[Finding]:
    """Yield changes that a text by hand may not tell of; a ministry reads of all of them in the end."""
    written = tells_changes(dossier)
    if written is None or dossier.hearing.layout == Layout.MINISTRY:
        return
    for voice in voices(dossier):
        for laid in voice.bearer.referrals:
            agreed = laid.ends.agreed
            if agreed is not None and change_of(laid) is not None and agreed.said_at > written.written_at:
                about = about_voice(voice, dossier, Lack.CHANGE_AFTER_TEXT)
                yield replace(about, department=laid.seat.name, theme=laid.referral.theme, where=written.name)
