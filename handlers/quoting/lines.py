"""The lines of a text that say something, and which of them are marked as somebody else's."""

import re
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

LONGEST = 400  # signs; a longer line is running text, neither header nor attribution nor signature

_MARK = re.compile(r"[>\s]*>\s?")
_STRANGE_MARK = re.compile(r"\||\w{1,20}> ?")
_WORD = re.compile(r"[^\W_\u1427]")  # the sign that a tracking program leaves counts for none


class Line(NamedTuple):
    """A line that is not blank: `text` without outer white space, `number` from 0 in the whole text."""

    text: str
    number: int
    is_marked: bool  # by '>' or by the page that it comes from
    is_set_off: bool  # by the page

    @property
    def says(self) -> bool:
        """Whether there are words in it, beside quote marks and rules."""
        return _WORD.search(self.text) is not None

    @property
    def bare(self) -> str:
        """What stands behind the quote marks."""
        found = _MARK.match(self.text[:LONGEST])
        return self.text[found.end() :].strip() if found else self.text


def lines_of(raw: Sequence[str], quoted: Iterable[tuple[int, int]]) -> list[Line]:
    """Take the lines that are not blank; `quoted` are spans of the whole text, ordered, that are marked."""
    spans = iter(quoted)
    start, end = next(spans, (0, 0))
    found, at = list[Line](), 0
    for number, line in enumerate(raw):
        text = line.strip()
        middle = at + len(line) // 2
        while end <= middle and end:
            start, end = next(spans, (0, 0))
        at += len(line) + 1
        if text:
            is_set_off = start <= middle < end
            found.append(Line(text, number, is_set_off or text[0] == ">", is_set_off))
    return found


def is_quoted_under(line: Line) -> bool:
    """Tell whether a line right under an attribution is marked, be it by a sign that is rare elsewhere."""
    return line.is_marked or _STRANGE_MARK.match(line.text[:LONGEST]) is not None


def divided(raw: Sequence[str], kept: Collection[int]) -> tuple[str, str]:
    """Part a text by line numbers into what is kept and the rest; a blank line goes with that above it."""
    sides: tuple[list[str], list[str]] = ([], [])
    is_rest = False
    for number, line in enumerate(raw):
        if line and not line.isspace():
            is_rest = number not in kept
        sides[is_rest].append(line)
    return _tidy(sides[0]), _tidy(sides[1])


def _tidy(lines: list[str]) -> str:
    return "\n".join(lines).strip("\n").rstrip()
