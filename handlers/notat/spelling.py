"""Names of departments and parties that are written otherwise in a text than they are known."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from handlers.notat.finding import Finding, Lack
from handlers.notat.order import numbered
from handlers.notat.passages import REMARK, Passage, Where
from storage.dossier import Dossier
from storage.words import PartyKind, TextName
from templates import genitives

_READ = {REMARK, Where.SUMMARY, Where.HEADING, Where.CHANGE, *TextName}
_WORD = re.compile(r"[^\W_]+")
_TIED = re.compile(r"[\s\u00ad\u2010-\u2013'\u2019/&-]{0,3}")  # what may stand between the words of any name
_DASHES = str.maketrans({"\u2019": "'", "\u00ad": None} | dict.fromkeys("\u2010\u2011\u2012\u2013", "-"))
_EDGES = re.compile(r"\A[\W_]+|[\W_]+\Z")
_HYPHENS = re.compile(r"[ \u00ad\u2010-\u2013-]{1,2}")
_SHORTEST_WORD, _SHORTEST_NAME = 4, 9  # letters by which a name is found, and that it must have itself
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Name:
    """A name, all the ways in which it may be written, and what is said of any other."""

    name: str
    right: frozenset[str]
    lack: Lack
    cased: bool
    """Whether capitals count."""


@dataclass(frozen=True, slots=True)
class _Index:
    """Names by their words, and those of a single word by how long they are."""

    right: frozenset[str]
    by_word: Mapping[str, Sequence[tuple[Name, int, int, str]]]
    alone: Mapping[int, Sequence[tuple[str, Name]]]
    known: dict[str, Name | None] = field(default_factory=dict)


def misspelt(read: Iterable[Passage], dossier: Dossier) -> Iterator[Finding]:
    """Yield of each passage and name the first other way in which it is written there."""
    index = _index((*_departments(dossier), *_parties(dossier)))
    for passage in read:
        if passage.about.where in _READ:
            told = set[str]()
            for name, written in _found(passage.said, index):
                if name.name not in told:
                    told.add(name.name)
                    yield passage.found(name.lack, words=written[:_LONGEST], other=name.name)


def near(one: str, other: str) -> bool:
    """Whether two words are the same but for one letter, more, less or other; no digit is."""
    head = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if head is None:
        rest = one[len(other) :] or other[len(one) :]
        return len(rest) <= 1 and not rest.isdigit()
    a, b = one[head:], other[head:]
    if a[0].isdigit() or b[0].isdigit():
        return False
    return a[1:] == b[1:] or a[1:] == b or a == b[1:]


def _departments(dossier: Dossier) -> Iterator[Name]:
    for seat in dossier.seats:
        yield Name(seat.name, _right(seat.name, seat.genitive), Lack.DEPARTMENT_SPELT, cased=True)


def _parties(dossier: Dossier) -> Iterator[Name]:
    """Yield the names of those who answered or were asked; private persons have none."""
    parties = {filed.party.id: filed.party for _, filed in numbered(dossier)}
    parties |= {party.id: party for party in dossier.heard}
    for party in parties.values():
        if party.kind != PartyKind.BORGER:
            right = _right(party.heading_name, party.list_name, party.short_name)
            yield Name(party.heading_name, right, Lack.PARTY_SPELT, cased=" " in party.heading_name)


def _right(*names: str) -> frozenset[str]:
    return frozenset(_line(form) for name in names if name for form in genitives(name))


def _index(names: Sequence[Name]) -> _Index:
    known = [(name, words) for name in names if sum(map(len, words := _bare(name.name))) >= _SHORTEST_NAME]
    often = Counter(word for _, words in known for word in set(words))
    by_word = defaultdict[str, list[tuple[Name, int, int, str]]](list)
    alone = defaultdict[int, list[tuple[str, Name]]](list)
    for name, words in known:
        long = [at for at, word in enumerate(words) if len(word) >= _SHORTEST_WORD]
        for whole in ("".join(words), "".join(words) + "s"):
            if len(words) == 1:
                alone[len(whole)].append((whole, name))
                continue
            # A letter is wrong in one word at the most, so one of any two stands there as it is.
            for at in sorted(long, key=lambda at: often[words[at]])[:2]:
                by_word[words[at]].append((name, at, len(words), whole))
    return _Index(frozenset[str]().union(*(name.right for name in names)), by_word, alone)


def _bare(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _found(said: str, index: _Index) -> Iterator[tuple[Name, str]]:
    words = list(_WORD.finditer(said))
    for word in words:
        name = _alone(word[0], index)
        if name is not None and _is_wrong(name, word[0], index):
            yield name, word[0]
    for one, other in pairwise(words):
        if _HYPHENS.fullmatch(said, one.end(), other.start()):
            whole = (one[0] + other[0]).casefold()
            for name in (name for bare, name in index.alone.get(len(whole), ()) if bare == whole):
                yield name, said[one.start() : other.end()]
    yield from _several(said, words, index)


def _alone(word: str, index: _Index) -> Name | None:
    """The name of one word that this word is near to, if it is near to one."""
    bare = word.casefold()
    if bare not in index.known:
        lengths = range(len(bare) - 1, len(bare) + 2)
        names = (pair for length in lengths for pair in index.alone.get(length, ()))
        index.known[bare] = next((name for known, name in names if near(known, bare)), None)
    return index.known[bare]


def _several(said: str, words: Sequence[re.Match[str]], index: _Index) -> Iterator[tuple[Name, str]]:
    """Yield names of several words of which one at least stands there as it is."""
    low = [word[0].casefold() for word in words]
    for place, word in enumerate(low):
        for name, at, count, whole in index.by_word.get(word, ()):
            start = place - at
            for first, length in ((start, count), (start, count + 1), (start - 1, count + 1)):
                part = slice(max(first, 0), first + length)
                if not _is_near(low[part], whole, torn=length > count) or not _tied(said, words[part], name):
                    continue
                written = said[words[part][0].start() : words[part][-1].end()]
                if _is_wrong(name, written, index):
                    yield name, written


def _is_near(words: Sequence[str], whole: str, *, torn: bool) -> bool:
    """Whether they are the name but for a letter; with all its letters where a word is `torn` in two."""
    bare = "".join(words)
    return bare == whole if torn else abs(len(bare) - len(whole)) <= 1 and near(whole, bare)


def _tied(said: str, words: Iterable[re.Match[str]], name: Name) -> bool:
    """Whether no sentence ends between them, unless there is a full stop in the name itself."""
    between = (said[one.end() : other.start()] for one, other in pairwise(words))
    return all(_TIED.fullmatch(signs) or signs in name.name for signs in between)


def _is_wrong(name: Name, written: str, index: _Index) -> bool:
    """Whether it is none of the names that are known, nor the genitive of one."""
    line = _line(written)
    if line in index.right:
        return False
    return name.cased or line.casefold() not in {right.casefold() for right in name.right}


def _line(written: str) -> str:
    """What is compared: no signs around it, and those within in one form."""
    return _EDGES.sub("", " ".join(written.translate(_DASHES).split()))
