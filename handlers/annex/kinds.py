"""Which kinds of files hold text, and how each is read."""

from enum import StrEnum

from handlers.letter import files

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How a compound file begins (MS-CFB §2.2)."""

_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."


class Way(StrEnum):
    """A way of reading."""

    PDF = "pdf"
    WORD = "word"  # a package of Office Open XML (ISO/IEC 29500)
    WRITER = "writer"  # a package of OpenDocument (ISO/IEC 26300)
    OFFICE = "office"  # what another library knows how to read
    PAGE = "page"  # HTML
    PLAIN = "plain"
    MAIL = "mail"


_WAYS = {
    "application/pdf": Way.PDF,
    "application/x-pdf": Way.PDF,
    f"{_OPEN_XML}wordprocessingml.document": Way.WORD,
    f"{_OPEN_XML}wordprocessingml.template": Way.WORD,
    "application/vnd.ms-word.document.macroenabled.12": Way.WORD,
    f"{_OPEN_DOCUMENT}text": Way.WRITER,
    f"{_OPEN_DOCUMENT}text-template": Way.WRITER,
    f"{_OPEN_DOCUMENT}spreadsheet": Way.WRITER,
    f"{_OPEN_DOCUMENT}presentation": Way.WRITER,
    f"{_OPEN_XML}spreadsheetml.sheet": Way.OFFICE,
    f"{_OPEN_XML}presentationml.presentation": Way.OFFICE,
    "application/msword": Way.OFFICE,
    "application/rtf": Way.OFFICE,
    "text/rtf": Way.OFFICE,
    "application/x-ole-storage": Way.OFFICE,
    "text/html": Way.PAGE,
    "application/xhtml+xml": Way.PAGE,
    "text/plain": Way.PLAIN,
    "text/csv": Way.PLAIN,
    "text/markdown": Way.PLAIN,
    "application/vnd.ms-outlook": Way.MAIL,
    "message/rfc822": Way.MAIL,
    "message/global": Way.MAIL,
}

_CONTAINERS = frozenset({"application/zip", "application/x-ole-storage"})


def holds_text(content_type: str) -> bool:
    """Tell whether a file of this type is one whose text can be had; a picture or an archive is not."""
    return _bare(content_type) in _WAYS


def kind(payload: bytes, *, content_type: str, name: str = "") -> str:
    """Give the type that a file has: by its content, else what it claims, else by its name.

    A container whose content does not tell is what it claims to be, whatever shape it is in.
    """
    found = _bare(files.content_type(payload, claimed=_bare(content_type), name=name))
    if found not in _CONTAINERS:
        return found
    claims = (files.content_type(b"", claimed="", name=name), _bare(content_type))
    return next((claim for claim in claims if claim in _WAYS), found)


def way(kind: str, *, is_ole: bool = False) -> Way | None:
    """Tell how a type of file is read, None when it is not.

    `is_ole` says that the bytes are an OLE container (MS-CFB), in which a package with a password lies, too.
    """
    found = _WAYS.get(kind)
    return Way.OFFICE if is_ole and found in {Way.WORD, Way.WRITER} else found


def _bare(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()
