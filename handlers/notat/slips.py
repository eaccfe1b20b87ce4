"""What somebody should look at once more before a notat is final, though it may be right as it is."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from handlers.discretion import holds_contact
from handlers.intake.likeness import Signature, likeness, signature
from handlers.notat.finding import Finding, Lack
from handlers.notat.findings import lack_of
from handlers.notat.order import numbered, voices
from handlers.notat.passages import REMARK, Passage, Where, about_voice, passages
from handlers.notat.remarks import answers
from handlers.notat.typed import typed
from handlers.talk.difference import Fate, difference
from storage.dossier import Dossier
from storage.words import PartyKind

_ALIKE = 0.6  # likeness of two remarks of which one may be a copy of the other
_LONGEST = 60
_BETWEEN = r"[\s\u2010-\u2013-]{1,3}"
_MOST_COPIES = 50  # pairs that are told of


def slips(dossier: Dossier) -> tuple[Finding, ...]:
    """All of them, by what kind they are."""
    read = tuple(passages(dossier))
    return (
        *typed(read, dossier),
        *_alike(dossier),
        *_departments(read, dossier),
        *_contact(read),
        *_unanswered(dossier),
        *_copies(read),
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


def _copies(read: Iterable[Passage]) -> Iterator[Finding]:
    """Yield pairs of remarks of which one looks like a copy of the other with something changed."""
    remarks = [each for each in read if each.about.number and each.about.where == REMARK]
    first = {each.digest: each for each in reversed(remarks)}  # what is used again as it is, is no slip
    signed = [(each, sign) for each in first.values() if (sign := signature(each.said)) is not None]
    for one, other in sorted(_pairs(signed), key=lambda pair: [each.about.printed for each in pair])[
        :_MOST_COPIES
    ]:
        gone, new = _differs(one, other)
        yield replace(one.found(Lack.NEAR_COPY, words=gone, other=new), count=other.about.printed)


def _pairs(signed: Sequence[tuple[Passage, Signature]]) -> list[tuple[Passage, Passage]]:
    near = defaultdict[int, list[int]](list)
    for place, (_, sign) in enumerate(signed):
        for band in sign.bands:
            near[band].append(place)
    pairs = {pair for places in near.values() for pair in combinations(sorted(places), 2)}
    return [
        _in_order(signed[one][0], signed[other][0])
        for one, other in pairs
        if likeness(signed[one][1], signed[other][1]) >= _ALIKE
    ]


def _in_order(one: Passage, other: Passage) -> tuple[Passage, Passage]:
    return (one, other) if one.about.printed <= other.about.printed else (other, one)


def _differs(one: Passage, other: Passage) -> tuple[str, str]:
    """The first words in which two texts differ, of each."""
    stretches = difference(one.content, other.content)
    first = {fate: next((each.text for each in stretches if each.fate == fate), "") for fate in Fate}
    return first[Fate.GONE].strip()[:_LONGEST], first[Fate.NEW].strip()[:_LONGEST]
