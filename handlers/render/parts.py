"""The parts of a Word package that the notat writes in, made where a template lacks them."""

from __future__ import annotations

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import XmlPart
from docx.oxml.parser import parse_xml

from handlers.render.default_template import part
from handlers.render.wordml import Element


def roots(document: Document) -> list[Element]:
    """What may hold placeholders: the body, and every header and footer."""
    margins = (_related(document, kind) for kind in (RT.HEADER, RT.FOOTER))
    return [document.element.body, *(found.element for group in margins for found in group)]


def headers(document: Document) -> list[Element]:
    """The header of every page kind that the template has."""
    return [header.element for header in _related(document, RT.HEADER)]


def numbering(document: Document) -> XmlPart:
    """The part with the lists; a new one is empty."""
    return _part(document, RT.NUMBERING, content_type=CT.WML_NUMBERING, name="numbering")


def footnotes(document: Document) -> XmlPart:
    """The part with the footnotes; a new one is empty."""
    return _part(document, RT.FOOTNOTES, content_type=CT.WML_FOOTNOTES, name="footnotes")


def _related(document: Document, kind: str) -> list[XmlPart]:
    related = (rel.target_part for rel in document.part.rels.values() if rel.reltype == kind)
    return [found for found in dict.fromkeys(related) if isinstance(found, XmlPart)]


def _part(document: Document, kind: str, *, content_type: str, name: str) -> XmlPart:
    if present := _related(document, kind):
        return present[0]
    package = document.part.package
    root = parse_xml(part(f"word/{name}.xml"))
    for child in list(root):
        root.remove(child)
    made = XmlPart(PackURI(f"/word/{name}.xml"), content_type, root, package)
    document.part.relate_to(made, kind)
    return made
