"""Text composed (Unicode NFC) in time linear in its length, whatever marks are heaped up in it."""

from __future__ import annotations

import re
import unicodedata

_AS_IT_IS = re.compile("[\0-\u02ff\u2010-\u2027\u20ac]*")
"""Letters and signs of which none is composed with another, as nearly all Danish text has them alone."""
_PIECE, _LONGEST_HEAP = 256, 32  # signs; no language puts more than a few marks on one letter (UAX #15 §13)


def nfc(text: str) -> str:
    """Compose accents with their letters. What stands in a heap of more than 32 marks stays as it is.

    Normalising takes the square of the length of a run of combining marks, so it is done in pieces, which
    never part a letter from its marks.
    """
    if text.isascii() or _AS_IT_IS.fullmatch(text):
        return text
    if len(text) <= _PIECE:
        return unicodedata.normalize("NFC", text)
    pieces, at = list[str](), 0
    while at < len(text):
        end = _cut(text, at + _PIECE)
        pieces.append(unicodedata.normalize("NFC", text[at:end]))
        at = end
    return "".join(pieces)


def _cut(text: str, at: int) -> int:
    """The place to cut at: before the next sign that is no mark, and can be part of no letter before it."""
    for place in range(at, min(at + _LONGEST_HEAP, len(text))):
        if not unicodedata.combining(text[place]) and not _goes_on(text[place]):
            return place
    return min(at + _LONGEST_HEAP, len(text))


def _goes_on(sign: str) -> bool:
    """Korean vowels and final consonants compose with what stands before them, though they are no marks."""
    return "\u1160" <= sign <= "\u11ff"
