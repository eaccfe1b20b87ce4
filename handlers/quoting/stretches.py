"""A mail's text as stretches of the sender's own words; between and beneath them stands what is quoted."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import groupby

from handlers.quoting.attributions import attribution, may_begin
from handlers.quoting.blocks import announces, begins, forwards, header_block, is_ruled, is_sent
from handlers.quoting.lines import LONGEST, Line, is_quoted_under

_MOST_TRIALS = 2_000  # a text with more lines that might open a quote is an attack
_LOOKED_AT = 1_000  # the first and last lines of somebody's words in which answers below may be spoken of
_NOTABLE = re.compile(r"[:<@\d]|[-_=*]{2}")  # there is one in all that opens a quote
_ANSWERS = r"(?:svar\w*|kommentar\w*|bemærkning\w*|answer\w*|comment\w*|repl(?:y|ies))"
_BELOW = (
    r"(?:nedenfor|herunder|nedenunder|nedenstående|i teksten|i mailen|below|inline|in line"
    r"|(?:med|i|in) (?:rødt?|blåt?|grønt?|fed|kursiv|red|blue|green|bold))"
)
_POINTS_BELOW = re.compile(
    rf"\b(?:{_ANSWERS}\b[^.!?\n]{{0,60}}\b{_BELOW}|{_BELOW}\b[^.!?\n]{{0,60}}\b{_ANSWERS})\b", re.IGNORECASE
)


@dataclass(slots=True)
class _Walk:
    """Where the walk through the lines stands and what it has found."""

    lines: Sequence[Line]
    at: int = 0
    own: list[list[Line]] = field(default_factory=list)
    cited: list[Sequence[Line]] = field(default_factory=list)  # marked lines among them
    says: bool = False  # there are words among the sender's own
    is_inside: bool = False  # the last of `own` is still open
    is_named: bool = False  # somebody was named whom the mail quotes
    trials: int = _MOST_TRIALS

    def keep(self, lines: Sequence[Line]) -> None:
        """Count lines as the sender's own."""
        if not self.is_inside:
            self.own.append([])
        self.own[-1] += lines
        self.is_inside = True
        self.says = self.says or any(line.says for line in lines)

    def skip(self, to: int) -> None:
        """Pass over lines that are not the sender's own."""
        self.at, self.is_inside, self.is_named = to, False, True

    def tries(self) -> bool:
        """Whether one more line may be looked at closely."""
        self.trials -= 1
        return self.trials >= 0


@dataclass(frozen=True, slots=True)
class Told:
    """The stretches of the sender's own words, and marked lines in them that nobody is named for."""

    own: list[list[Line]]
    cited: list[Sequence[Line]]

    def answered(self, closing: AbstractSet[int]) -> list[list[Line]]:
        """Leave out what is cited, unless it is one line or words that do not close the mail answer it."""
        passed = closing | {line.number for run in self.cited for line in run}
        words = (line for stretch in self.own for line in stretch if line.number not in passed)
        last = max((line.number for line in words if line.says), default=-1)
        out = {
            line.number
            for run in self.cited
            if run[0].number > last and sum(line.says for line in run) > 1
            for line in run
        }
        return [
            list(part)
            for stretch in self.own
            for is_out, part in groupby(stretch, key=lambda line: line.number in out)
            if not is_out
        ]


def told_apart(lines: Sequence[Line]) -> Told | None:
    """Tell the sender's own words from what is quoted; None where all is to be kept, as in a forward.

    Text that is quoted without marks runs to the end. Marked text ends where the marks do, so answers between
    and beneath quotes are the sender's.
    """
    walk = _Walk(lines)
    while walk.at < len(lines):
        line = lines[walk.at]
        if line.is_marked:
            _pass_marked(walk)
        elif not _NOTABLE.search(line.text, 0, LONGEST):
            walk.keep([line])
            walk.at += 1
        elif forwards(line) or not _pass_opener(walk):
            return None
    return Told(walk.own, walk.cited)


def _pass_marked(walk: _Walk) -> None:
    """Pass a run of marked lines. One that nobody is named for may be the sender's own citing."""
    lines, end = walk.lines, walk.at
    while end < len(lines) and lines[end].is_marked:
        end += 1
    run = lines[walk.at : end]
    is_set_off, head = run[0].is_set_off, _named_in(run, walk)
    if is_set_off and end == len(lines) and _points_below(walk):
        walk.keep(run)
        walk.at = end
    elif is_set_off or head or walk.is_named:
        is_all_head = not is_set_off and head > 0 and not any(line.says for line in run[head:])
        walk.skip(len(lines) if is_all_head and walk.says else end)
    else:
        _pass_cited(walk, run)


def _pass_cited(walk: _Walk, run: Sequence[Line]) -> None:
    says = walk.says
    walk.keep(run)
    walk.cited.append(run)
    walk.says = says
    walk.at += len(run)


def _named_in(run: Sequence[Line], walk: _Walk) -> int:
    """Count the lines at the head of a marked run that name whom it quotes."""
    start = next((index for index, line in enumerate(run[:5]) if line.bare), 0)
    if not walk.tries():
        return 0
    found = attribution(run, start)
    return start + (found[0] if found else header_block(run, start))


def _pass_opener(walk: _Walk) -> bool:
    """Pass what opens a quote and the quote, or else one line of one's own; False when a forward begins."""
    lines, at = walk.lines, walk.at
    block = _block(walk)
    if block and not walk.says:
        return _pass_letterhead(walk, block)
    count, is_sure = (block, True) if block else _attribution(walk)
    below = at + count
    if count and below < len(lines) and is_quoted_under(lines[below]):
        walk.skip(_end_of_marks(lines, below))
    elif count and is_sure:
        _pass_unmarked(walk, below)
    else:
        walk.keep(lines[at : at + 1])
        walk.at += 1
    return True


def _block(walk: _Walk) -> int:
    """Count the lines of a header block, with the line that announces it."""
    lines, at = walk.lines, walk.at
    is_announced = announces(lines[at])
    start = at + (is_announced or is_ruled(lines[at]))
    block = 0
    if start < len(lines) and begins(lines[start]) and walk.tries():
        block = header_block(lines, start)
    return block + start - at if block or is_announced else 0


def _attribution(walk: _Walk) -> tuple[int, bool]:
    if not may_begin(walk.lines, walk.at) or not walk.tries():
        return 0, False
    return attribution(walk.lines, walk.at) or (0, False)


def _pass_letterhead(walk: _Walk, count: int) -> bool:
    """Headers above all else are a mail passed on, or what the sender typed over the letter."""
    head = walk.lines[walk.at : walk.at + count]
    if announces(head[0]) or is_sent(head) or is_sent(head[1:]):
        return False
    walk.keep(head)
    walk.at += count
    return True


def _pass_unmarked(walk: _Walk, below: int) -> None:
    """Unmarked text under an opener is quoted, unless there is nothing else or it holds the answers."""
    if not walk.says:
        walk.skip(below)
    elif _points_below(walk):
        walk.keep(walk.lines[walk.at :])
        walk.at = len(walk.lines)
    else:
        walk.skip(len(walk.lines))


def _end_of_marks(lines: Sequence[Line], at: int) -> int:
    is_common = lines[at].is_marked
    while at < len(lines) and (lines[at].is_marked if is_common else is_quoted_under(lines[at])):
        at += 1
    return at


def _points_below(walk: _Walk) -> bool:
    if walk.is_named:
        return False
    words = "\n".join(line.text for stretch in walk.own for line in stretch)
    return bool(_POINTS_BELOW.search(words[:_LOOKED_AT]) or _POINTS_BELOW.search(words[-_LOOKED_AT:]))
