"""Which fonts can be read aloud: those in the file, with a meaning for each sign."""

from __future__ import annotations

from collections.abc import Iterator

import pikepdf
from pikepdf import Dictionary, Name, Object

_NESTED = 12  # forms in forms
_MOST = 2_000  # resources of one page
_NONSYMBOLIC = 32  # ISO 32000-1 table 123
_FILES = ("/FontFile", "/FontFile2", "/FontFile3")
_NAMED = frozenset({"/WinAnsiEncoding", "/MacRomanEncoding"})


def of_page(resources: Object | None) -> dict[tuple[int, int] | int, Object]:
    """Every font that a page names, also in its forms and patterns.

    Raises:
        ValueError: there are more resources, or deeper ones, than a page has.
    """
    found: dict[tuple[int, int] | int, Object] = {}
    seen: set[tuple[int, int]] = set()
    for each in _nested(resources, seen, _NESTED):
        found |= {font.objgen if font.is_indirect else len(found): font for font in _values(each, "/Font")}
    return found


def conforms(font: Object) -> bool:
    """Tell whether a font is in the file, and tells what each of its signs means (ISO 14289-1 §7.21)."""
    if font.get("/Subtype") == Name.Type0:
        return _conforms_composite(font)
    if font.get("/Subtype") == Name.Type3:
        return "/ToUnicode" in font
    described = font.get("/FontDescriptor")
    if not isinstance(described, Dictionary) or not _is_embedded(described):
        return False
    encoding = font.get("/Encoding")
    base = encoding.get("/BaseEncoding") if isinstance(encoding, Dictionary) else encoding
    is_named = base is not None and str(base) in _NAMED
    is_symbolic = not int(described.get("/Flags", 0)) & _NONSYMBOLIC
    if font.get("/Subtype") == Name.TrueType and is_symbolic == (encoding is not None):
        return False  # §7.21.6
    # A Type 1 font names its signs itself.
    return "/ToUnicode" in font or is_named or (encoding is not None and font.get("/Subtype") == Name.Type1)


def _conforms_composite(font: Object) -> bool:
    inner = font.DescendantFonts[0]
    described = inner.get("/FontDescriptor")
    if not isinstance(described, Dictionary) or not _is_embedded(described) or "/ToUnicode" not in font:
        return False
    return inner.get("/Subtype") != Name.CIDFontType2 or "/CIDToGIDMap" in inner


def _is_embedded(described: Object) -> bool:
    return any(file in described for file in _FILES)


def _nested(resources: Object | None, seen: set[tuple[int, int]], depth: int) -> Iterator[Object]:
    if not isinstance(resources, Dictionary):
        return
    if not depth or len(seen) > _MOST:
        raise ValueError("too many resources")
    yield resources
    inner = [*_values(resources, "/XObject"), *_values(resources, "/Pattern"), *_values(resources, "/Font")]
    for each in inner:
        if each.objgen in seen or not isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
            continue
        if each.is_indirect:
            seen.add(each.objgen)
        yield from _nested(each.get("/Resources"), seen, depth - 1)


def _values(resources: Object, kind: str) -> list[Object]:
    named = resources.get(kind)
    if not isinstance(named, Dictionary):
        return []
    return [each for each in named.values() if isinstance(each, Object)]
