"""The text of a word processor's package (docx, odt and their like): XML in a zip, neither trusted."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from xml.parsers.expat import ExpatError, ParserCreate

from handlers.annex.shape import MAX_TEXT, NoTextError
from storage.words import Outcome

MAX_XML = 32_000_000  # bytes of one member; the text of a thousand pages is a tenth of it
MAX_MEMBERS = 20_000
MAX_LEVELS = 1_000  # of elements in elements
MAX_UNPACKED = 300_000_000  # bytes of a whole package, by its directory

_CHUNK = 65_536
_WORD_PARTS = re.compile(r"word/(?:document|footnotes|endnotes|comments)\d{0,3}\.xml")
_WORD_SILENT = frozenset(
    {"pPr", "rPr", "sectPr", "tblPr", "trPr", "tcPr", "tblGrid", "Fallback", "del", "moveFrom"}
)
_WORD_SAID = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "p": "\n"}
_WRITER_SILENT = frozenset(
    {"text:tracked-changes", "text:note-citation", "svg:title", "svg:desc", "dc:creator", "dc:date"}
    | {"text:bookmark-start", "office:scripts", "office:font-face-decls", "office:automatic-styles"}
)
_WHITE = re.compile(r"[ \t\r\n]+")


class _Done(Exception):  # noqa: N818  it is no error: there is text enough
    """There is as much text as is kept."""


class _Reader:
    """What has been said so far in one member."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.room = MAX_TEXT
        self.silent = 0  # how many elements are open in and with the one that is passed over
        self.open = 0  # how many elements are open whose characters count
        self.depth = 0

    def enter(self) -> None:
        self.depth += 1
        if self.depth > MAX_LEVELS:
            raise NoTextError(Outcome.DAMAGED)

    def say(self, text: str) -> None:
        self.said.append(text)
        self.room -= len(text)
        if self.room < 0:
            raise _Done


class _Word(_Reader):
    """Office Open XML: characters stand in `t`; a text box comes twice, for new programs and for old."""

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        self.enter()
        name = name.rpartition(":")[2]
        if self.silent or name in _WORD_SILENT:
            self.silent += 1
        elif name == "t":
            self.open += 1
        elif name in _WORD_SAID and name != "p":
            self.say(_WORD_SAID[name])

    def end(self, name: str) -> None:
        self.depth -= 1
        if self.silent:
            self.silent -= 1
        elif name.endswith(":p") or name == "p":
            self.say("\n")
        elif self.open and name.rpartition(":")[2] == "t":
            self.open -= 1

    def characters(self, text: str) -> None:
        if self.open and not self.silent:
            self.say(text)


class _Writer(_Reader):
    """OpenDocument: characters stand in paragraphs and headings, white space as in HTML."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.enter()
        if self.silent or name in _WRITER_SILENT:
            self.silent += 1
        elif name in {"text:p", "text:h"}:
            self.open += 1
        elif name == "text:s":
            count = attributes.get("text:c", "1")
            self.say(" " * (min(int(count), 100) if count.isdecimal() else 1))
        elif name in {"text:tab", "text:line-break"}:
            self.say("\t" if name == "text:tab" else "\n")

    def end(self, name: str) -> None:
        self.depth -= 1
        if self.silent:
            self.silent -= 1
        elif name in {"text:p", "text:h"}:
            self.open -= 1
            self.say("\n")

    def characters(self, text: str) -> None:
        if self.open and not self.silent:
            self.say(_WHITE.sub(" ", text))


def word(payload: bytes) -> str:
    """Give the text of a Word document with its notes and comments; what was struck out is left out.

    Raises NoTextError.
    """
    package = _opened(payload)
    members = [name for name in package.namelist() if _WORD_PARTS.fullmatch(name.replace("\\", "/"))]
    members.sort(key=lambda name: ("document" not in name, name))
    if not members:
        raise NoTextError(Outcome.DAMAGED)
    return "\n".join(_read(package, member, _Word()) for member in members)


def writer(payload: bytes) -> str:
    """Give the text of an OpenDocument text, sheet or presentation. Raises NoTextError."""
    package = _opened(payload)
    members = package.namelist()
    manifest = "META-INF/manifest.xml"
    if manifest in members and b"encryption-data" in b"".join(_chunks(package, manifest)):
        raise NoTextError(Outcome.LOCKED)
    if "content.xml" not in members:
        raise NoTextError(Outcome.DAMAGED)
    return _read(package, "content.xml", _Writer())


def check(payload: bytes) -> None:
    """Raise NoTextError for a zip that is damaged, locked or would unpack to more than MAX_UNPACKED."""
    _opened(payload)


def _opened(payload: bytes) -> zipfile.ZipFile:
    try:
        package = zipfile.ZipFile(BytesIO(payload))
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError) as error:
        raise NoTextError(Outcome.DAMAGED) from error
    members = package.infolist()
    if any(member.flag_bits & 1 for member in members):
        raise NoTextError(Outcome.LOCKED)
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED:
        raise NoTextError(Outcome.TOO_LARGE)
    return package


def _chunks(package: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """Unpack a member, whatever its directory says of it, bit by bit up to MAX_XML."""
    member = package.getinfo(name)
    if member.file_size > MAX_XML:
        raise NoTextError(Outcome.TOO_LARGE)
    if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise NoTextError(Outcome.DAMAGED)  # the standards know no other
    try:
        with package.open(member) as stream:
            yield from iter(lambda: stream.read(_CHUNK), b"")
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise NoTextError(Outcome.DAMAGED) from error


def _read(package: zipfile.ZipFile, name: str, reader: _Word | _Writer) -> str:
    parser = ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    parser.StartDoctypeDeclHandler = _refuse
    try:
        for chunk in _chunks(package, name):
            parser.Parse(chunk, False)  # noqa: FBT003  expat takes it by place only
        parser.Parse(b"", True)  # noqa: FBT003
    except ExpatError as error:
        raise NoTextError(Outcome.DAMAGED) from error
    except _Done:
        pass  # what is beyond is not kept
    return "".join(reader.said)


def _refuse(*_declared: object) -> None:
    """No such document has a DOCTYPE, with which an entity could be made to grow without end."""
    raise NoTextError(Outcome.DAMAGED)
