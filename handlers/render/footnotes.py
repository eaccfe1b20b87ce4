"""Footnotes of a Word document: the notes' own part, with the separators Word wants."""

from __future__ import annotations

from copy import deepcopy
from functools import cache

from lxml import etree

from handlers.render.default_template import part
from handlers.render.wordml import Element, element, w

_SEPARATORS = frozenset({"separator", "continuationSeparator", "continuationNotice"})
# What may follow w:footnotePr in w:settings (ECMA-376 part 1, 17.15.1.78).
_AFTER = frozenset(
    """
    endnotePr compat docVars rsids mathPr attachedSchema themeFontLang clrSchemeMapping
    doNotIncludeSubdocsInStats doNotAutoCompressPictures forceUpgrade captions readModeInkLockDown
    smartTagType schemaLibrary shapeDefaults doNotEmbedSmartTags decimalSymbol listSeparator
    """.split()  # noqa: SIM905 (twenty quoted names read worse)
)


@cache
def _ours() -> Element:
    return etree.fromstring(part("word/footnotes.xml"))


class Footnotes:
    """Adds notes to a footnotes part and hands back the marks that call them."""

    def __init__(self, root: Element, settings: Element) -> None:
        self._root = root
        self._complete()
        self._announce(settings)
        self._next = 1 + max((int(note.get(w("id"), "0")) for note in root.iter(w("footnote"))), default=0)
        self._next = max(self._next, 1)

    def add(self, body: Element, *, mark_style: str) -> Element:
        """Add a note with this paragraph; the run that calls it, to stand in the text."""
        number = str(self._next)
        self._next += 1
        self._root.append(element("footnote", body, id=number))
        return element("r", _styled(mark_style), element("footnoteReference", id=number))

    def _complete(self) -> None:
        present = {note.get(w("type")) for note in self._root.iter(w("footnote"))}
        taken = {note.get(w("id")) for note in self._root.iter(w("footnote"))}
        for ours in reversed([note for note in _ours() if note.get(w("type")) not in present]):
            copied = deepcopy(ours)
            if copied.get(w("id")) in taken:
                copied.set(w("id"), str(1 + max(int(number or 0) for number in taken)))
            taken.add(copied.get(w("id")))
            self._root.insert(0, copied)

    def _announce(self, settings: Element) -> None:
        """Name the separators in the settings, which is how Word finds them."""
        named = settings.find(w("footnotePr"))
        if named is None:
            named = self._placed(settings)
        for stale in named.findall(w("footnote")):
            named.remove(stale)
        special = [note for note in self._root.iter(w("footnote")) if note.get(w("type")) in _SEPARATORS]
        named.extend(element("footnote", id=note.get(w("id"), "")) for note in special)

    def _placed(self, settings: Element) -> Element:
        """An empty w:footnotePr where the settings' order wants it."""
        named = element("footnotePr")
        later = next((child for child in settings if etree.QName(child).localname in _AFTER), None)
        settings.insert(len(settings) if later is None else settings.index(later), named)
        return named


def note_number(style: str) -> Element:
    """The run at the head of a note that shows its own number."""
    return element("r", _styled(style), element("footnoteRef"))


def _styled(style: str) -> Element:
    return element("rPr", element("rStyle", val=style))
