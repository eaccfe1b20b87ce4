"""What the sender wrote now, apart from what is quoted, forwarded headers, signatures and phones' footers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from handlers.letter.shape import Letter
from handlers.quoting.lines import Line, divided, lines_of
from handlers.quoting.signatures import closing_lines
from handlers.quoting.stretches import told_apart

__all__ = ["Cut", "cut"]

_PASSED_ON = re.compile(
    r"\s{0,9}(?:\[[^\]]{0,60}\]\s{0,9}){0,3}"
    r"(?:vs|vb|vl|fw|fwd|wg|tr|rv|enc|doorst|videresendt|videresend|vidarebefordrat|weitergeleitet)\s?:",
    re.IGNORECASE,
)

_MOST_ROUNDS = 3  # in which a quote that goes may lay bare a signature above it, and that another quote


@dataclass(frozen=True, slots=True)
class Cut:
    """A letter's text in two, each in order: what was written now, and the rest ('' when there is none)."""

    text: str
    rest: str


def cut(letter: Letter) -> Cut:
    """Part what the sender wrote now from quotes, header blocks, signature and phones' footers.

    Every line of `letter.text` is in one of the two. `text` is never empty when the letter says something: a
    mail that only quotes is given whole, and so is one that passes another on.
    """
    whole = Cut(letter.text, "")
    if _PASSED_ON.match(letter.subject):
        return whole
    raw = letter.text.split("\n")
    lines = lines_of(raw, letter.quoted)
    told = told_apart(lines)
    if told is None:
        return whole
    own = told.own
    for _ in told.cited[:_MOST_ROUNDS]:
        own = told.answered(_closing(own))
    if not _says(own):
        return whole
    closing = _closing(own)
    signed = [[line for line in stretch if line.number not in closing] for stretch in own]
    kept = {line.number for stretch in (signed if _says(signed) else own) for line in stretch}
    return whole if len(kept) == len(lines) else Cut(*divided(raw, kept))


def _closing(own: Sequence[Sequence[Line]]) -> set[int]:
    return {number for stretch in own for number in closing_lines(stretch, is_first=stretch is own[0])}


def _says(own: Sequence[Sequence[Line]]) -> bool:
    return any(line.says for stretch in own for line in stretch)
