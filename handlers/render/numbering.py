"""Lists of a Word document: our two looks added to whatever it has, one number series a list."""

from __future__ import annotations

from copy import deepcopy
from functools import cache

from lxml import etree

from handlers.render.default_template import part
from handlers.render.wordml import Element, element, w

_BULLETS, _NUMBERS = 0, 1  # how numbering.xml of our own template counts its looks


@cache
def _ours() -> Element:
    return etree.fromstring(part("word/numbering.xml"))


class Numbering:
    """Hands out list ids; every ordered list gets its own, so that it starts at 1."""

    def __init__(self, root: Element) -> None:
        self._root = root
        self._looks = {look: self._added(look) for look in (_BULLETS, _NUMBERS)}
        self._next = 1 + max(_values(root, "num", "numId"), default=0)
        self._bullets = self._series(_BULLETS)

    def series(self, *, ordered: bool, level: int) -> str:
        """The id of a list that begins here at the level."""
        return self._series(_NUMBERS, restart=level) if ordered else self._bullets

    def _series(self, look: int, *, restart: int | None = None) -> str:
        number = str(self._next)
        self._next += 1
        series = element("num", element("abstractNumId", val=self._looks[look]), numId=number)
        if restart is not None:
            series.append(element("lvlOverride", element("startOverride", val="1"), ilvl=str(restart)))
        after = self._root.find(w("numIdMacAtCleanup"))
        self._root.insert(len(self._root) if after is None else self._root.index(after), series)
        return number

    def _added(self, look: int) -> str:
        """The id of our look in this document; abstract definitions come before all series."""
        ours = next(one for one in _ours().iter(w("abstractNum")) if one.get(w("abstractNumId")) == str(look))
        marks = [mark.get(w("val")) for mark in ours.iter(w("nsid"))]
        for present in self._root.iter(w("abstractNum")):
            if [mark.get(w("val")) for mark in present.iter(w("nsid"))] == marks:
                return present.get(w("abstractNumId"), "")
        copied = deepcopy(ours)
        number = str(1 + max(_values(self._root, "abstractNum", "abstractNumId"), default=-1))
        copied.set(w("abstractNumId"), number)
        first = self._root.find(w("num"))
        self._root.insert(len(self._root) if first is None else self._root.index(first), copied)
        return number


def _values(root: Element, tag: str, key: str) -> list[int]:
    return [int(one.get(w(key), "0")) for one in root.iter(w(tag))]
