"""What a Word file says, paragraph by paragraph: read with care, since anybody may have made it."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from lxml import etree

from handlers.content import clean
from handlers.render.origin import Origin, told
from handlers.render.package import unpacked
from handlers.render.template import TemplateError, Unusable
from handlers.render.wordml import w

_PROPERTIES = "custom-properties+xml"
_LARGEST = 200_000_000  # bytes, unpacked
_TYPES, _DOCUMENT, _NOTES, _STYLES = "[Content_Types].xml", "document.main+xml", "footnotes+xml", "styles+xml"
_ALTERNATIVE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SIGNS = {w("tab"): " ", w("br"): " ", w("cr"): " ", w("noBreakHyphen"): "-"}
_HEADINGS = 9  # outline levels; the next one is body text


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph with something in it, and the heading it stands under; of a footnote that is None."""

    text: str
    under: str | None


def lines(docx: bytes) -> tuple[Line, ...]:
    """The body's paragraphs in order, those of tables and text boxes too, then the footnotes'.

    What somebody took out with changes tracked is gone, what they put in is there.

    Raises:
        TemplateError: it is no Word file, holds macros, or unpacks to more than 200 MB.
    """
    files = _files(docx)
    try:
        styles = _outlines(_part(files, _STYLES))
        heading, found = "", list[Line]()
        for text, level in _paragraphs(_part(files, _DOCUMENT), styles):
            heading = text if level < _HEADINGS else heading
            found.append(Line(text, heading))
        return (*found, *(Line(text, None) for text, _ in _paragraphs(_part(files, _NOTES), styles)))
    except etree.XMLSyntaxError as error:
        raise TemplateError(Unusable.NOT_WORD) from error


def origin(docx: bytes) -> Origin | None:
    """The version that the file says it was made as.

    Raises:
        TemplateError: as `lines`.
    """
    return told(_part(_files(docx), _PROPERTIES))


def _files(docx: bytes) -> dict[str, bytes]:
    try:
        files = unpacked(docx, largest=_LARGEST)
    except OverflowError as error:
        raise TemplateError(Unusable.TOO_LARGE) from error
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError) as error:
        raise TemplateError(Unusable.NOT_WORD) from error
    if any(name.endswith("vbaProject.bin") for name in files):
        raise TemplateError(Unusable.MACROS)
    if not _part(files, _DOCUMENT):
        raise TemplateError(Unusable.NOT_WORD)
    return files


def _part(files: Mapping[str, bytes], kind: str) -> bytes:
    """The part of this kind; empty when there is none."""
    try:
        types = etree.fromstring(files.get(_TYPES, b"<none/>"), _parser())
    except etree.XMLSyntaxError as error:
        raise TemplateError(Unusable.NOT_WORD) from error
    named = (each.get("PartName", "") for each in types if each.get("ContentType", "").endswith(kind))
    return next((files[name[1:]] for name in named if name[1:] in files), b"")


def _outlines(styles: bytes) -> dict[str, int]:
    """The outline level of each style that has one, by its id."""
    if not styles:
        return {}
    rows = {each.get(w("styleId"), ""): each for each in etree.fromstring(styles, _parser()).iter(w("style"))}

    def level(key: str, seen: frozenset[str] = frozenset()) -> int:
        row = rows.get(key)
        if row is None or key in seen:
            return _HEADINGS
        own = row.find(f"{w('pPr')}/{w('outlineLvl')}")
        above = row.find(w("basedOn"))
        if own is not None:
            return _number(own)
        return level(above.get(w("val"), ""), seen | {key}) if above is not None else _HEADINGS

    return {key: level(key) for key in rows}


@dataclass(slots=True)
class _Open:
    """A paragraph that is being read."""

    text: list[str] = field(default_factory=list)
    level: int = _HEADINGS


def _paragraphs(part: bytes, styles: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """Yield the words of each paragraph that has some, with its outline level."""
    if not part:
        return
    stack, hidden = list[_Open](), 0
    reading: Any = etree.iterparse(
        io.BytesIO(part), events=("start", "end"), resolve_entities=False, no_network=True
    )
    for event, each in reading:
        if each.tag in {w("moveFrom"), _ALTERNATIVE}:
            hidden += 1 if event == "start" else -1
        elif event == "start" and each.tag == w("p"):
            stack.append(_Open())
        elif event == "end" and stack and not hidden:
            _take(each, stack[-1], styles)
        if event == "end" and each.tag == w("p"):
            done = stack.pop()
            each.clear()
            text = " ".join(clean("".join(done.text)).split())
            if text:
                yield text, done.level


def _take(each: Any, into: _Open, styles: Mapping[str, int]) -> None:
    if each.tag == w("t"):
        into.text.append(each.text or "")
    elif each.tag in _SIGNS and each.getparent().tag == w("r"):
        into.text.append(_SIGNS[each.tag])
    elif each.tag == w("pStyle"):
        into.level = styles.get(each.get(w("val"), ""), _HEADINGS)
    elif each.tag == w("outlineLvl"):
        into.level = _number(each)


def _number(each: Any) -> int:
    typed = str(each.get(w("val"), ""))
    return int(typed) if typed.isdecimal() and len(typed) < 3 else _HEADINGS


@cache
def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True)
