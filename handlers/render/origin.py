"""Which version a Word file was made as, kept in the file itself (custom properties, ECMA-376 part 1 §22.3).

Word and LibreOffice keep it when the file is edited and saved, also under another name.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from lxml import etree

from handlers.render.wordml import Element

_NAME = "hoeringsbot"
_PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_SET = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"  # the format of all custom properties
_FIRST = 2  # the lowest number that one may have


@dataclass(frozen=True, slots=True)
class Origin:
    """The version of a hearing's notat that a file was made as."""

    hearing_id: UUID
    version: int


def sign(document: Document, origin: Origin) -> None:
    """Write into the file what it was made as, beside the properties that its template has."""
    package = document.part.package
    known = [key for key, rel in package.rels.items() if rel.reltype == RT.CUSTOM_PROPERTIES]
    root = _root(package.rels[known[0]].target_part.blob if known else b"")
    for key in known:
        del package.rels[key]
    for each in [each for each in root if each.get("name") == _NAME]:
        root.remove(each)
    numbers = [int(each.get("pid", _FIRST)) for each in root]
    made = etree.SubElement(root, f"{{{_PROPERTIES}}}property", fmtid=_SET, name=_NAME)
    made.set("pid", str(max(numbers, default=_FIRST - 1) + 1))
    etree.SubElement(made, f"{{{_TYPES}}}lpwstr").text = f"{origin.hearing_id}:{origin.version}"
    payload = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    part = Part(PackURI("/docProps/custom.xml"), CT.OFC_CUSTOM_PROPERTIES, payload, package)
    package.relate_to(part, RT.CUSTOM_PROPERTIES)


def told(properties: bytes) -> Origin | None:
    """What a file's custom properties say it was made as; None when they say nothing of it."""
    own = [each for each in _root(properties) if each.get("name") == _NAME]
    for each in own:
        hearing_id, _, version = "".join(str(text) for text in each.itertext()).partition(":")
        try:
            return Origin(UUID(hearing_id), int(version))
        except ValueError:
            continue
    return None


def _root(properties: bytes) -> Element:
    """The list of properties; of what is none, an empty one."""
    empty = etree.Element(f"{{{_PROPERTIES}}}Properties", nsmap={"op": _PROPERTIES, "vt": _TYPES})
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root: Element = etree.fromstring(properties, parser) if properties else empty
    except etree.XMLSyntaxError:
        return empty
    return root
