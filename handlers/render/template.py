"""A Word template opened with care: what it is, and that it is no threat."""

from __future__ import annotations

import io
import zipfile
import zlib
from enum import StrEnum

import docx
from docx.document import Document
from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.exceptions import OpcError
from docx.opc.part import PartFactory, XmlPart
from lxml import etree

from handlers.render.package import packed, unpacked

_LARGEST = 100_000_000  # bytes, unpacked
_TYPES = "[Content_Types].xml"
_TEMPLATE = b"wordprocessingml.template.main+xml"
_DOCUMENT = b"wordprocessingml.document.main+xml"

# Word 2010's second copy of the styles; Word calls a file unreadable when the two differ.
_SECOND_STYLES = "http://schemas.microsoft.com/office/2007/relationships/stylesWithEffects"

# Without this python-docx keeps footnotes as bytes that nothing can be added to.
PartFactory.part_type_for[CT.WML_FOOTNOTES] = XmlPart


class Unusable(StrEnum):
    """Why a file cannot be a template."""

    NOT_WORD = "not-word"
    MACROS = "macros"
    TOO_LARGE = "too-large"


class TemplateError(ValueError):
    """The file cannot be a template; `reason` says why."""

    def __init__(self, reason: Unusable) -> None:
        super().__init__(reason.value)
        self.reason = reason


def opened(template: bytes) -> Document:
    """A .docx or .dotx, open for writing.

    Raises:
        TemplateError: it is no Word file, holds macros, or unpacks to more than 100 MB.
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
    return document


def _files(template: bytes) -> dict[str, bytes]:
    try:
        return unpacked(template, largest=_LARGEST)
    except OverflowError as error:
        raise TemplateError(Unusable.TOO_LARGE) from error
    except (zipfile.BadZipFile, zlib.error, RuntimeError) as error:  # RuntimeError: it wants a password
        raise TemplateError(Unusable.NOT_WORD) from error
