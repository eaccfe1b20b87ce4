"""What a Word file says of itself: title, author, language, status and date (ECMA-376 part 2)."""

from __future__ import annotations

from datetime import UTC, datetime

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.part import XmlPart
from lxml import etree

from handlers.render.layout import Layout
from handlers.render.wordml import Element

_DC = "http://purl.org/dc/elements/1.1/"
_TERMS = "http://purl.org/dc/terms/"
_CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"


def state(printed: Layout, document: Document, *, at: datetime | None) -> None:
    """Say it anew: what the template said of itself is not true of the notat."""
    root = _root(document)
    for child in list(root):
        root.remove(child)
    said = [
        (f"{{{_DC}}}title", printed.title),
        (f"{{{_DC}}}creator", printed.owner),
        (f"{{{_DC}}}language", "da-DK"),
        (f"{{{_CORE}}}contentStatus", printed.draft),
    ]
    for name, value in said:
        if value:
            etree.SubElement(root, name).text = value
    for name in ("created", "modified") if at else ():
        dated = etree.SubElement(root, f"{{{_TERMS}}}{name}", {f"{{{_XSI}}}type": "dcterms:W3CDTF"})
        dated.text = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else ""


def _root(document: Document) -> Element:
    _ = document.core_properties  # makes the part where a template has none
    part = document.part.package.part_related_by(RT.CORE_PROPERTIES)
    if not isinstance(part, XmlPart):
        raise TypeError("core properties are no XML part")
    root: Element = part.element
    return root
