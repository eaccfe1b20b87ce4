"""Content as several messages' rich_text, where one cannot hold it: nothing is left out, counts go on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from handlers.content import Content
from handlers.richtext.rich_text import rich_text

Json = dict[str, Any]

PAGE = 7_000
"""UTF-16 units; Slack takes some 8,000 in a message, and ours say something beside the content."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A point of a list, or a stretch of a paragraph, with what it stands in."""

    origin: int
    shell: Json
    element: Json
    size: int


@dataclass(slots=True)
class _Page:
    elements: list[Json] = field(default_factory=list)
    origin: int = -1
    room: int = PAGE

    def put(self, piece: _Piece) -> None:
        if piece.origin != self.origin:
            self.elements.append(piece.shell | {"elements": []})
            self.origin = piece.origin
        self.elements[-1]["elements"].append(piece.element)
        self.room -= piece.size


def pages(content: Content) -> tuple[Json, ...]:
    """One block of rich_text for each message; none when there is no content."""
    found: list[_Page] = []
    for block in rich_text(content):
        for piece in _pieces(block["elements"]):
            if not found or (piece.size > found[-1].room and found[-1].elements):
                found.append(_Page())
            found[-1].put(piece)
    return tuple({"type": "rich_text", "elements": page.elements} for page in found)


def _pieces(elements: list[Json]) -> Iterator[_Piece]:
    origin = 0
    for element in elements:
        shell = {key: value for key, value in element.items() if key != "elements"}
        for number, inner in enumerate(element["elements"]):
            if element["type"] != "rich_text_list":
                yield _Piece(origin, shell, inner, _size(inner))
                continue
            counted = shell | _offset(shell, number)
            first, *rest = _points(inner)
            yield _Piece(origin, counted, first, _size(first))
            for more in rest:
                origin += 1
                yield from (_Piece(origin, _SECTION, each, _size(each)) for each in more["elements"])
            origin += bool(rest)
        origin += 1


_SECTION: Json = {"type": "rich_text_section"}


def _offset(shell: Json, number: int) -> Json:
    """Where a list that is broken off goes on counting."""
    ordered, offset = shell["style"] == "ordered", shell.get("offset", 0) + number
    return {"offset": offset} if ordered and offset else {}


def _points(point: Json) -> list[Json]:
    """A point as sections that each fit a page."""
    found: list[list[Json]] = [[]]
    room = PAGE
    for inner in point["elements"]:
        if _size(inner) > room and found[-1]:
            found.append([])
            room = PAGE
        found[-1].append(inner)
        room -= _size(inner)
    return [point | {"elements": each} for each in found]


def _size(element: Json) -> int:
    """How much of a message an element takes."""
    if "elements" in element:
        return sum(_size(inner) for inner in element["elements"])
    words = str(element.get("text", "")) + str(element.get("url", ""))
    return len(words.encode("utf-16-le", "surrogatepass")) // 2
