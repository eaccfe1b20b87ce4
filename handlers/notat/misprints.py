"""What must not be printed as it stands: brackets that nobody filled in, and CPR numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from handlers.discretion import CPR
from handlers.notat.finding import Finding, Lack
from handlers.notat.passages import Passage

_BRACKET = re.compile(r"\[[^\[\]\n]{0,200}\]?|\]")
_MEANT = re.compile(r"\[\s*(?:…|\.{3}|sic!?|red\.?|\d{1,3})\s*\]", re.IGNORECASE)
_LONGEST = 60


def misprints(passages: Iterable[Passage]) -> Iterator[Finding]:
    """Yield of each passage one finding of a kind, with the first thing that was found."""
    for passage in passages:
        said = passage.said
        left = next((each[0] for each in _BRACKET.finditer(said) if not _MEANT.fullmatch(each[0])), "")
        if left:
            yield passage.found(Lack.BRACKETS, words=left[:_LONGEST])
        if CPR.search(said):
            yield passage.found(Lack.CPR)
