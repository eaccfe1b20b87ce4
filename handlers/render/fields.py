"""The placeholders `{{ … }}` of a Word template: found and filled however Word cut them up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from handlers.render.wordml import Element, w

_FIELD = re.compile(r"\{\{\s*([\w-]+)\s*\}\}")


def names(root: Element) -> frozenset[str]:
    """Every name that stands as a placeholder somewhere under the element."""
    return frozenset(
        name.lower() for paragraph in root.iter(w("p")) for name in _FIELD.findall(words(paragraph))
    )


def named(label: str) -> str:
    """The placeholder's name of a line of the case block."""
    return re.sub(r"\W+", "_", label.lower()).strip("_")


def words(paragraph: Element) -> str:
    """The paragraph's own text, without that of text boxes within it."""
    return "".join(piece.text or "" for piece in _pieces(paragraph))


def standing_alone(root: Element, name: str) -> list[Element]:
    """The paragraphs that hold this one placeholder and nothing else."""
    return [
        paragraph
        for paragraph in root.iter(w("p"))
        if (found := _FIELD.fullmatch(words(paragraph).strip())) and found[1].lower() == name
    ]


def fill(root: Element, values: Mapping[str, str]) -> None:
    """Put the values where their names stand; unknown names stay; a paragraph left with nothing goes."""
    for paragraph in list(root.iter(w("p"))):
        pieces = list(_pieces(paragraph))
        before = "".join(piece.text or "" for piece in pieces)
        known = [found for found in _FIELD.finditer(before) if found[1].lower() in values]
        for found in reversed(known):
            _replace(pieces, found.span(), values[found[1].lower()])
        if known and not words(paragraph).strip():
            remove(paragraph)


def remove(paragraph: Element) -> None:
    """Take the paragraph away, unless its place needs one or it ends a section."""
    parent = paragraph.getparent()
    if parent is None:
        return
    alone = sum(sibling.tag == w("p") for sibling in parent) == 1 and parent.tag != w("body")
    if alone or paragraph.find(f"{w('pPr')}/{w('sectPr')}") is not None or _draws(paragraph):
        for piece in _pieces(paragraph):
            piece.text = ""
        return
    parent.remove(paragraph)


def _draws(paragraph: Element) -> bool:
    return any(paragraph.iter(w("drawing"), w("pict"), w("object")))


def _pieces(paragraph: Element) -> Iterator[Element]:
    for piece in paragraph.iter(w("t")):
        if next(piece.iterancestors(w("p"))) is paragraph:
            yield piece


def _replace(pieces: list[Element], span: tuple[int, int], value: str) -> None:
    """Write the value into the first piece that the span touches, and cut the rest of the span away."""
    start, end = span
    position = 0
    for piece in pieces:
        text = piece.text or ""
        first, last = max(start - position, 0), min(end - position, len(text))
        position += len(text)
        if first >= last:
            continue
        piece.text = text[:first] + value + text[last:]
        piece.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        value = ""
