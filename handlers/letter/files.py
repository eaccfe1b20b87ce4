"""What files are: a safe name, and a type told from the content."""

import re

from handlers.letter import charset
from handlers.nfc import nfc

MAX_NAME = 120

OUTLOOK = "application/vnd.ms-outlook"

_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069]')
_PATH = re.compile(r"\A(?:[A-Za-z]:)?/|(?:\A|/)\.\.?/")
_EXTENSIONS = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "rtf": "application/rtf",
    "txt": "text/plain",
    "csv": "text/csv",
    "htm": "text/html",
    "html": "text/html",
    "eml": "message/rfc822",
    "msg": OUTLOOK,
    "zip": "application/zip",
    "png": "image/png",
    "gif": "image/gif",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "webp": "image/webp",
    "heic": "image/heic",
    "bmp": "image/bmp",
    "ics": "text/calendar",
    "vcf": "text/vcard",
    "p7s": "application/pkcs7-signature",
    "p7m": "application/pkcs7-mime",
}
_PREFERRED = {kind: extension for extension, kind in reversed(_EXTENSIONS.items())}
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"{\\rtf", "application/rtf"),
    (b"\x78\x9f\x3e\x22", "application/ms-tnef"),
)
_LATER_MAGIC = {b"ftyp" + brand: "image/heic" for brand in (b"heic", b"heix", b"mif1")}
_WEBP = re.compile(rb"RIFF.{4}WEBP", re.DOTALL)
_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
_ZIP_MEMBERS = ((b"word/document", "docx"), (b"xl/workbook", "xlsx"), (b"ppt/presentation", "pptx"))
_VAGUE = frozenset({"", "application/octet-stream", "application/x-octet-stream", "application/binary"})
_MESSAGE = re.compile(
    rb"\s{0,4}(?:(?:return-path|received|from|to|subject|date|message-id|mime-version|delivered-to)"
    rb":[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n(?:[!-9;-~]+:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n){2})",
    re.IGNORECASE,
)


def content_type(payload: bytes, *, claimed: str, name: str) -> str:
    """Tell the type by the content, else by what the mail claims, else by the name's ending."""
    if claimed.startswith("message/"):
        return claimed  # it may hold anything, also near its beginning
    return _by_content(payload, name) or (claimed if claimed not in _VAGUE else _by_name(name) or claimed)


def safe_name(asked: str, *, kind: str, number: int) -> str:
    """Make a name that can be shown and stored: no path, no control or direction signs, never empty.

    `asked` may be a whole Windows or Unix path. Without a usable name it is `part-NUMBER` with the ending
    of its type, or `unknown.dat`.
    """
    name = _FORBIDDEN.sub("", charset.clean(asked).replace("\n", " "))
    name = name.rpartition("\\")[2]
    name = name.rpartition("/")[2] if _PATH.search(name) else name.replace("/", "-")
    name = nfc(" ".join(name.split())).strip(". ") if "." in name else name.strip()
    if not name:
        ending = _PREFERRED.get(kind, "")
        return f"part-{number}.{ending}" if ending else "unknown.dat"
    return _shortened(name)


def _shortened(name: str) -> str:
    if len(name) <= MAX_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:
        return name[:MAX_NAME]
    return f"{stem[: MAX_NAME - len(ending) - 1].rstrip()}.{ending}"


def _by_content(payload: bytes, name: str) -> str:
    for magic, kind in _MAGIC:
        if payload.startswith(magic):
            return kind
    if payload.startswith(_OLE):
        return _by_ole(payload, name)
    if payload.startswith(_ZIP):
        return _by_zip(payload)
    if b"%PDF-" in payload[:1_024]:
        return _EXTENSIONS["pdf"]
    return _LATER_MAGIC.get(payload[4:12], "image/webp" if _WEBP.match(payload) else "")


def _by_ole(payload: bytes, name: str) -> str:
    """Word, Excel and Outlook share one container; the names of its streams tell them apart."""
    if "__substg1.0_".encode("utf-16-le") in payload:
        return _EXTENSIONS["msg"]
    if "WordDocument".encode("utf-16-le") in payload:
        return _EXTENSIONS["doc"]
    if "Workbook".encode("utf-16-le") in payload:
        return _EXTENSIONS["xls"]
    return _by_name(name) or "application/x-ole-storage"


def _by_zip(payload: bytes) -> str:
    if payload[30:38] == b"mimetype" and (found := re.match(rb"application/[\w.+-]{1,80}", payload[38:140])):
        return found[0].removesuffix(b"PK").decode("ascii")
    directory = payload[-65_536:] + payload[:4_096]
    for member, ending in _ZIP_MEMBERS:
        if member in directory:
            return _EXTENSIONS[ending]
    return _EXTENSIONS["zip"]


def looks_like_a_mail(payload: bytes) -> bool:
    """Tell whether bytes that claim to be nothing in particular begin as a mail does."""
    return bool(_MESSAGE.match(payload[:16_384]))


def _by_name(name: str) -> str:
    return _EXTENSIONS.get(name.rpartition(".")[2].lower(), "")
