"""What the shipped fonts can show, and words for what they cannot."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from handlers.render.words import TEMPLATES

FONTS = TEMPLATES / "fonts"
FAMILIES = ("Carlito", "Noto Sans Arabic", "Noto Sans Symbols2")
# The engine sets these without a glyph of their own: no-break space, soft hyphen, line end.
_ALWAYS = frozenset({0xA0, 0xAD, 0x0A})
_SILENT = ("VARIATION SELECTOR", "EMOJI MODIFIER")
_OWN = frozenset({"Zs", "Pd"})
_LONGEST = 40  # signs that a line always holds
_UNBROKEN = re.compile(rf"[^\s/-]{{{_LONGEST}}}(?=[^\s/-])")


@cache
def _uncovered() -> re.Pattern[str]:
    first, *others = map(_covered, FAMILIES)
    # Blanks and dashes are the text's own font's, or an ordinary one of them.
    lent = {sign for sign in frozenset().union(*others) if unicodedata.category(chr(sign)) not in _OWN}
    shown = first | lent | _ALWAYS
    ranges = "".join(f"{re.escape(chr(first))}-{re.escape(chr(last))}" for first, last in _ranges(shown))
    return re.compile(f"[^{ranges}]")


def _covered(family: str) -> frozenset[int]:
    """What every face of a family has; one without an italic lends its upright face."""
    files = sorted(FONTS.glob(f"{family.replace(' ', '')}-*.ttf"))
    return frozenset.intersection(*map(_codepoints, files))


def _codepoints(path: Path) -> frozenset[int]:
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())


def _ranges(codepoints: frozenset[int]) -> list[tuple[int, int]]:
    ranges: list[tuple[int, int]] = []
    for codepoint in sorted(codepoints):
        if unicodedata.category(chr(codepoint)) in {"Co", "Cn", "Cc"} and codepoint != 0x0A:
            continue  # PDF/A-2a wants a meaning for each sign; these have none
        if ranges and ranges[-1][1] == codepoint - 1:
            ranges[-1] = (ranges[-1][0], codepoint)
        else:
            ranges.append((codepoint, codepoint))
    return ranges


def readable(text: str) -> str:
    """The text with each sign that no shipped font has as its Unicode name: `[grinning face]`."""
    return _uncovered().sub(lambda found: _described(found[0]), text)


def breakable(text: str) -> str:
    """The text with a place to break in each word too long for a line, so that none runs off the page."""
    return _UNBROKEN.sub("\\g<0>\N{ZERO WIDTH SPACE}", text)


def _described(sign: str) -> str:
    if sign == "\N{NON-BREAKING HYPHEN}":
        return "-"
    category = unicodedata.category(sign)
    if category == "Zs":
        return " "
    name = unicodedata.name(sign, f"U+{ord(sign):04X}")
    if category in {"Cf", "Cc"} or name.startswith(_SILENT):
        return ""
    return f"[{name.lower()}]"
