"""A Word template opened with care: what it is, and that it is no threat."""

from __future__ import annotations

import io
import zipfile
import zlib
from enum import StrEnum

import docx
from docx.document import Document
from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.exceptions import OpcError
from docx.opc.part import PartFactory, XmlPart
from lxml import etree

from handlers.render import parts
from handlers.render.package import packed, unpacked
from handlers.render.wordml import w

_LARGEST = 100_000_000  # bytes, unpacked
_TYPES = "[Content_Types].xml"
_TEMPLATE = b"wordprocessingml.template.main+xml"
_DOCUMENT = b"wordprocessingml.document.main+xml"

# Word 2010's second copy of the styles; Word calls a file unreadable when the two differ.
_SECOND_STYLES = "http://schemas.microsoft.com/office/2007/relationships/stylesWithEffects"

# A template's own template may be anywhere, and may have macros.
_ATTACHED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
_LARGEST_PART = 20_000_000  # bytes of one XML part; a parsed one takes ten times its size

# Without this python-docx keeps footnotes as bytes that nothing can be added to.
PartFactory.part_type_for[CT.WML_FOOTNOTES] = XmlPart


class Unusable(StrEnum):
    """Why a file cannot be a template."""

    NOT_WORD = "is no Word document (.docx or .dotx) that can be opened"
    MACROS = "holds macros: save it as .docx or .dotx"
    TOO_LARGE = "unpacks to more than a template may hold"


class TemplateError(ValueError):
    """The file cannot be a template; `reason` says why."""

    def __init__(self, reason: Unusable) -> None:
        super().__init__(reason.value)
        self.reason = reason


def opened(template: bytes) -> Document:
    """A .docx or .dotx, open for writing.

    Raises:
        TemplateError: it is no Word file, holds macros, or unpacks to more than 100 MB, or to a part of
            more than 20 MB that is to be parsed.
    """
    files = _files(template)
    types = files.get(_TYPES, b"")
    if b"macroEnabled" in types or any(name.endswith("vbaProject.bin") for name in files):
        raise TemplateError(Unusable.MACROS)
    files[_TYPES] = types.replace(_TEMPLATE, _DOCUMENT)
    try:
        document = docx.Document(io.BytesIO(packed(files, compressed=False)))
    except (OpcError, etree.XMLSyntaxError, KeyError, ValueError) as error:
        raise TemplateError(Unusable.NOT_WORD) from error
    for rel_id in [key for key, rel in document.part.rels.items() if rel.reltype == _SECOND_STYLES]:
        del document.part.rels[rel_id]
    _let_rest(document)
    return document


def usable(template: bytes) -> None:
    """Nothing, where the file can be a template.

    Raises:
        TemplateError: as `opened`.
    """
    opened(template)


def _let_rest(document: Document) -> None:
    """Take away what makes Word ask when the file is opened, or look for other files."""
    settings = document.settings.element
    for gone in [*settings.iter(w("updateFields")), *settings.iter(w("attachedTemplate"))]:
        settings.remove(gone)
    kept = document.part.part_related_by(RT.SETTINGS).rels
    for rel_id in [key for key, rel in kept.items() if rel.reltype == _ATTACHED]:
        del kept[rel_id]
    for root in parts.roots(document):
        for field in root.iter(w("fldChar"), w("fldSimple")):
            field.attrib.pop(w("dirty"), "")


def _files(template: bytes) -> dict[str, bytes]:
    try:
        files = unpacked(template, largest=_LARGEST)
    except OverflowError as error:
        raise TemplateError(Unusable.TOO_LARGE) from error
    except (zipfile.BadZipFile, zlib.error, RuntimeError) as error:  # RuntimeError: it wants a password
        raise TemplateError(Unusable.NOT_WORD) from error
    parsed = (content for name, content in files.items() if name.endswith((".xml", ".rels")))
    if any(len(content) > _LARGEST_PART for content in parsed):
        raise TemplateError(Unusable.TOO_LARGE)
    return files
