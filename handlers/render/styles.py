"""The styles of a Word template, found by name in English and Danish Word, the missing ones brought along."""

from __future__ import annotations

from copy import deepcopy
from functools import cache

from lxml import etree

from handlers.render.default_template import part
from handlers.render.wordml import Element, element, w
from handlers.render.words import STYLES

_LINKS = ("basedOn", "next", "link")


@cache
def _ours() -> Element:
    return etree.fromstring(part("word/styles.xml"))


class Styles:
    """Style ids of one document by what they are for; asking for one that is missing adds it."""

    def __init__(self, root: Element) -> None:
        self._root = root
        self._ids = {_name(style): style.get(w("styleId"), "") for style in root.iter(w("style"))}
        self._found: dict[str, str] = {}

    def id(self, purpose: str) -> str:
        """The style id for a purpose of docx.toml, such as `remark`."""
        if purpose not in self._found:
            self._found[purpose] = self._present(purpose) or self._brought(STYLES[purpose][0])
        return self._found[purpose]

    def found(self, purpose: str) -> str:
        """The template's own name for the style of a purpose, empty where it has none."""
        own = {style.get(w("styleId"), ""): style for style in self._root.iter(w("style"))}
        named = own[style_id].find(w("name")) if (style_id := self._present(purpose)) else None
        return "" if named is None else named.get(w("val"), "")

    def speak_danish(self) -> None:
        """Make Danish the language of every style, and of all text that does not say otherwise."""
        for language in self._root.iter(w("lang")):
            language.set(w("val"), "da-DK")
        defaults = self._root.find(w("docDefaults"))
        if defaults is None:
            defaults = element("docDefaults")
            self._root.insert(0, defaults)
        holder = _child(_child(defaults, "rPrDefault", first=True), "rPr", first=True)
        language = _child(holder, "lang")
        language.set(w("val"), "da-DK")

    def _present(self, purpose: str) -> str:
        return next((self._ids[name.lower()] for name in STYLES[purpose] if name.lower() in self._ids), "")

    def _brought(self, name: str) -> str:
        """Copy a style of ours, with those it builds on, under an id that is free here."""
        ours = next(style for style in _ours().iter(w("style")) if _name(style) == name.lower())
        copied = deepcopy(ours)
        copied.attrib.pop(w("default"), "")
        style_id = self._free(ours.get(w("styleId"), ""))
        copied.set(w("styleId"), style_id)
        self._ids[name.lower()] = style_id
        for tag in _LINKS:
            if (reference := copied.find(w(tag))) is not None:
                reference.set(w("val"), self._counterpart(reference.get(w("val"), "")))
        self._root.append(copied)
        return style_id

    def _counterpart(self, our_id: str) -> str:
        """This document's id for the style that has that id in ours."""
        style = next(style for style in _ours().iter(w("style")) if style.get(w("styleId")) == our_id)
        if style.get(w("default")) and (own := self._default(style.get(w("type"), ""))):
            return own
        names = next((names for names in STYLES.values() if names[0].lower() == _name(style)), [_name(style)])
        known = next((self._ids[name.lower()] for name in names if name.lower() in self._ids), "")
        return known or self._brought(_name(style))

    def _default(self, kind: str) -> str:
        defaults = (s for s in self._root.iter(w("style")) if s.get(w("default")) in {"1", "true", "on"})
        return next((s.get(w("styleId"), "") for s in defaults if s.get(w("type")) == kind), "")

    def _free(self, wanted: str) -> str:
        taken = set(self._ids.values())
        return (
            wanted
            if wanted not in taken
            else next(
                candidate
                for number in range(2, len(taken) + 3)
                if (candidate := f"{wanted}{number}") not in taken
            )
        )


def _name(style: Element) -> str:
    named = style.find(w("name"))
    return "" if named is None else named.get(w("val"), "").lower()


def _child(owner: Element, name: str, *, first: bool = False) -> Element:
    found = owner.find(w(name))
    if found is None:
        found = element(name)
        owner.insert(0 if first else len(owner), found)
    return found
