"""Paragraphs and lists of remarks that look like copies of one another with something changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from handlers.content import Content, plain
from handlers.intake.likeness import Signature, likeness, signature
from handlers.notat.finding import Finding, Lack
from handlers.notat.passages import REMARK, Passage
from handlers.talk.difference import Fate, difference

_ALIKE = 0.6  # likeness of two pieces of which one may be a copy of the other
_LONGEST = 60
_MOST = 50  # pairs that are told of


@dataclass(frozen=True, slots=True)
class _Piece:
    """A paragraph or list, and the remark it stands in."""

    of: Passage
    content: Content
    sign: Signature


def copies(read: Iterable[Passage]) -> Iterator[Finding]:
    """Yield each pair, told of the remark that is printed first; what is used again as it is, is no slip."""
    first: dict[str, _Piece] = {}
    for passage in read:
        if passage.about.number and passage.about.where == REMARK:
            for piece in _pieces(passage):
                first.setdefault(plain(piece.content), piece)
    for one, other in _pairs(tuple(first.values()))[:_MOST]:
        gone, new = _differs(one, other)
        told = one.of.found(Lack.NEAR_COPY, words=gone, other=new)
        yield replace(told, count=other.of.about.printed)


def _pieces(passage: Passage) -> tuple[_Piece, ...]:
    """Those that say enough to be compared; a remark of none but short ones is compared as a whole."""
    blocks = _signed(passage, [(block,) for block in passage.content])
    return blocks or _signed(passage, [passage.content])


def _signed(passage: Passage, contents: Iterable[Content]) -> tuple[_Piece, ...]:
    signs = ((content, signature(plain(content))) for content in contents)
    return tuple(_Piece(passage, content, sign) for content, sign in signs if sign is not None)


def _pairs(pieces: Sequence[_Piece]) -> list[tuple[_Piece, _Piece]]:
    """Those of different remarks, in printed order, as the pieces are."""
    near = defaultdict[int, list[int]](list)
    for place, piece in enumerate(pieces):
        for band in piece.sign.bands:
            near[band].append(place)
    places = sorted({pair for among in near.values() for pair in combinations(among, 2)})
    pairs = ((pieces[one], pieces[other]) for one, other in places)
    return [
        (one, other) for one, other in pairs
        if one.of is not other.of and likeness(one.sign, other.sign) >= _ALIKE
    ]  # fmt: skip


def _differs(one: _Piece, other: _Piece) -> tuple[str, str]:
    """The first words in which two pieces differ, of each."""
    stretches = difference(one.content, other.content)
    first = {fate: next((each.text for each in stretches if each.fate == fate), "") for fate in Fate}
    return first[Fate.GONE].strip()[:_LONGEST], first[Fate.NEW].strip()[:_LONGEST]
