"""What somebody should look at once more before a notat is final, though it may be right as it is."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from handlers.discretion import holds_contact
from handlers.notat.copies import copies
from handlers.notat.finding import Finding, Lack
from handlers.notat.findings import lack_of
from handlers.notat.order import numbered, voices
from handlers.notat.passages import Passage, Where, about_voice, passages
from handlers.notat.remarks import answers
from handlers.notat.typed import typed
from storage.dossier import Dossier
from storage.words import PartyKind

_LONGEST = 60
_BETWEEN = r"[\s\u2010-\u2013-]{1,3}"


def slips(dossier: Dossier) -> tuple[Finding, ...]:
    """All of them, by what kind they are."""
    read = tuple(passages(dossier))
    return (
        *typed(read, dossier),
        *_alike(dossier),
        *_departments(read, dossier),
        *_contact(read),
        *_unanswered(dossier),
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
    known = [party.list_name for party in parties.values() if party.kind != PartyKind.BORGER]
    near = defaultdict[str, dict[str, None]](dict)
    for name in known:
        for way in _ways(name):
            near[way][name] = None
    pairs = {pair for names in near.values() for pair in combinations(sorted(names), 2)}
    for one, other in sorted(pairs):
        yield Finding(Lack.NAMES_ALIKE, words=one, other=other)


def _ways(name: str) -> set[str]:
    """A name in its letters and digits, and the same without any one letter."""
    bare = "".join(sign for sign in name.casefold() if sign.isalnum())
    short = {bare[:at] + bare[at + 1 :] for at, sign in enumerate(bare) if not sign.isdigit()}
    return {bare} | (short if len(bare) > 8 else set())


def _departments(read: Sequence[Passage], dossier: Dossier) -> Iterator[Finding]:
    """Yield names of departments that are written otherwise than in the register."""
    names = {seat.name for seat in dossier.seats}
    patterns = [(name, _loosely(name)) for name in sorted(names) if len(re.findall(r"\w+", name)) > 1]
    for passage in read:
        for name, pattern in patterns:
            for found in pattern.finditer(passage.said):
                if " ".join(found[0].split()) not in names:
                    yield passage.found(Lack.DEPARTMENT_SPELT, words=found[0][:_LONGEST], other=name)
                    break


def _loosely(name: str) -> re.Pattern[str]:
    """What finds a name however its hyphens, spaces, capitals and joining s are written."""
    *most, last = re.findall(r"\w+", name)
    joined = [re.escape(word.removesuffix("s")) + "s?" for word in most]
    return re.compile(r"(?<!\w)" + _BETWEEN.join([*joined, re.escape(last)]) + r"(?!-)", re.IGNORECASE)


def _unanswered(dossier: Dossier) -> Iterator[Finding]:
    for voice in voices(dossier):
        lacks = any(lack_of(laid) for laid in voice.bearer.referrals)
        if voice.bearer.referrals and not lacks and not answers(voice.bearer, dossier):
            yield about_voice(voice, dossier, Lack.UNANSWERED)
