"""How alike two texts are, and by what the texts nearly like one are found among many (MinHash with bands).

Two texts are as alike as the shingles (three words in a row) that they share are many among all that they
have: their Jaccard similarity, estimated from signatures of a fixed size. Letters and digits count, case and
signs do not; the greeting and the signature under the closing words do not either, since in letters that many
people send, those are what differs. Shingles run across line breaks, for mail programs wrap as they like.

A signature is cut into 25 bands of five slots. Texts with a similarity s share a band with the probability
1 - (1 - s⁵)²⁵: 0.9999 at 0.8, 0.99 at 0.7, and 0.0002 at 0.1, as between two letters of their own to one
hearing.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from hashlib import blake2b

from rensa import RMinHash  # type: ignore[import-untyped]

from handlers.routing.danish import clean

THRESHOLD = 0.8
"""The likeness from which two texts are taken for one letter, sent by several."""

_FORM = 1
"""Another number whenever the same text would get another signature: old and new are never compared."""
_SEED = 7
_BANDS, _ROWS = 25, 5
_SLOTS = _BANDS * _ROWS
_PACKED = struct.Struct(f"<B{_SLOTS}I")
_KEYS = struct.Struct(f"<{_BANDS}q")
_FEWEST_WORDS, _SHINGLE = 25, 3
_LONGEST = 100_000  # signs that are looked at
_ENDLESS = re.compile(r"\S{81,}")  # no word; and composing a run of accents takes its length squared
_WORD = re.compile(r"[^\W_]+")
_GREETING = re.compile(r"\s*(?:kære|kaere|til|att|hej|goddag|god dag|dear)\b[^\n]{0,80}\n", re.IGNORECASE)
_CLOSING = re.compile(
    r"^[ \t]*(?:(?:med |de )?(?:(?:aller)?venlig\w{0,5}|bedste|kærlig\w{0,5}|mange) hils\w{1,5}"
    r"|hilsen|mvh|m\.v\.h|vh|v\.h|(?:best|kind) regards)\b",
    re.IGNORECASE | re.MULTILINE,
)
_LAST_SIGNS, _MOST_SIGNED = 1_500, 25


@dataclass(frozen=True, slots=True)
class Signature:
    """A text's MinHash: 125 numbers of 32 bits."""

    slots: tuple[int, ...]

    @property
    def bands(self) -> list[int]:
        """25 signed 64-bit numbers; two texts that share one of them are worth comparing.

        A number tells its band too, so that an index need only find equal numbers.
        """
        packed = self.to_bytes()
        width = 4 * _ROWS
        return list(
            _KEYS.unpack(
                b"".join(
                    blake2b(packed[1 + at * width :][:width], digest_size=8, salt=bytes((_FORM, at))).digest()
                    for at in range(_BANDS)
                )
            )
        )

    def to_bytes(self) -> bytes:
        return _PACKED.pack(_FORM, *self.slots)

    @classmethod
    def from_bytes(cls, packed: bytes) -> Signature:
        """Give back what `to_bytes` gave.

        Raises:
            ValueError: these are no such bytes, or they were made in another way than signatures are now.
        """
        if len(packed) != _PACKED.size or packed[0] != _FORM:
            raise ValueError("not a signature as they are made now")
        return cls(_PACKED.unpack(packed)[1:])


def signature(text: str) -> Signature | None:
    """Make the signature of a text; None where it says too little to be compared: under some 25 words.

    The same on every machine. Of a very long text the first 100,000 signs are looked at.
    """
    words = _WORD.findall(_body(clean(_ENDLESS.sub(" ", text[:_LONGEST]))).casefold())
    shingles = set(map(" ".join, zip(words, words[1:], words[2:], strict=False)))
    if len(shingles) <= _FEWEST_WORDS - _SHINGLE:
        return None
    hashed = RMinHash(_SLOTS, _SEED)
    hashed.update(list(shingles))
    return Signature(tuple(hashed.digest()))


def likeness(one: Signature, other: Signature) -> float:
    """Estimate the Jaccard similarity of two texts, 0 to 1, with a standard error of at most 0.04."""
    return sum(a == b for a, b in zip(one.slots, other.slots, strict=True)) / _SLOTS


def _body(text: str) -> str:
    """The text without its greeting, and without a signature as short as signatures are."""
    greeting = _GREETING.match(text)
    start = greeting.end() if greeting else 0
    closings = [each.start() for each in _CLOSING.finditer(text, max(start, len(text) - _LAST_SIGNS))]
    if not closings:
        return text[start:]
    signed = len(_WORD.findall(text, closings[-1]))
    return text[start : closings[-1]] if signed <= _MOST_SIGNED else text[start:]
