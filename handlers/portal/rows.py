"""The hearing portal's export, CSV bytes to rows: submissions that did not come by mail.

Columns, in any order and letter case: nummer, dato, navn, type, tekst, filer, mail, adresse (or vej). There
must be dato, navn, and tekst or filer. Semicolons, commas or tabs part them; UTF-8, UTF-16 or cp1252.
"""

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter

from handlers.nfc import nfc
from handlers.portal.danish_dates import written_moment
from storage.words import PartyKind

_COLUMNS = {
    "number": ("nummer", "nr", "nr.", "løbenummer", "svarnummer", "id"),
    "received": ("dato", "modtaget", "indsendt", "oprettet", "tidspunkt"),
    "name": ("navn", "afsender", "indsender", "høringspart"),
    "kind": ("type", "kategori", "afsendertype"),
    "text": ("tekst", "høringssvar", "svar", "besked", "indhold"),
    "files": ("filer", "fil", "bilag", "vedhæftninger", "filnavne"),
    "mail": ("mail", "e-mail", "email", "mailadresse", "e-mailadresse"),
    "street": ("adresse", "vej", "vejnavn", "gade"),
}
_COLUMN = {name: column for column, names in _COLUMNS.items() for name in names}
_KINDS = {
    PartyKind.BORGER: ("borger", "privatperson", "privat", "person"),
    PartyKind.LOKALUDVALG: ("lokaludvalg", "lokalråd"),
    PartyKind.MYNDIGHED: ("myndighed", "offentlig myndighed", "kommune", "region", "stat", "styrelse"),
    PartyKind.RAAD: ("råd", "raad", "nævn", "råd og nævn"),
    PartyKind.FORENING: (
        "forening",
        "organisation",
        "interesseorganisation",
        "boligforening",
        "grundejerforening",
    ),
    PartyKind.VIRKSOMHED: ("virksomhed", "firma", "erhverv", "erhvervsdrivende"),
    PartyKind.ANDEN: ("anden", "andet", "andre", "øvrige"),
}
_KIND = {word: kind for kind, words in _KINDS.items() for word in words}
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")
_MAIL = re.compile(r"[^\s@<>]{1,64}@[^\s@<>]{1,190}")
_SEPARATORS = ";,\t"
_MOST_SIGNS = 16 * 2**20


@dataclass(frozen=True, slots=True)
class Row:
    """One submission of the portal. `line` is where it begins in the file, from 1; `received_at` is UTC.

    `files` are plain file names, to be looked for beside the CSV; `street` has no house number.
    """

    line: int
    number: str
    received_at: datetime
    name: str
    kind: PartyKind
    text: str
    files: tuple[str, ...] = ()
    mail: str = ""
    street: str = ""

    def key(self, files: Mapping[str, str]) -> str:
        """What makes it this submission and no other, in hex: its number, or else all that it says.

        `files` is the hash of each file by its name. Line and spaces make no difference, nor does the name's
        letter case.
        """
        said = ["number", _plain(self.number)] if self.number else [*self.said(files).items()]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()

    def differences(
        self, other: "Row", *, mine: Mapping[str, str], its: Mapping[str, str]
    ) -> tuple[str, ...]:
        """Return what of name, date, text and files another row has otherwise; () when it says the same."""
        here, there = self.said(mine), other.said(its)
        return tuple(what for what in here if here[what] != there[what])

    def said(self, files: Mapping[str, str]) -> dict[str, object]:
        """What it says, as values that are compared and hashed."""
        return {
            "name": self.name.casefold(),
            "date": self.received_at.isoformat(),
            "text": self.text.split(),
            "files": [[name, files.get(name, "")] for name in self.files],
        }


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that does not go in, with the line where it begins and why."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


_STORED = TypeAdapter(Row)


def stored(row: Row) -> bytes:
    """Give the row as bytes to be kept, the same for the same row; `restored` reads them."""
    return _STORED.dump_json(row)


def restored(raw: bytes) -> Row:
    """Read what `stored` gave.

    Raises:
        pydantic.ValidationError: these bytes are not a stored row.
    """
    return _STORED.validate_json(raw)


def rows(raw: bytes) -> tuple[Row | BadRow, ...]:
    """Read any bytes at all; blank rows are passed over, and what cannot be a submission is named."""
    usual = csv.field_size_limit(_MOST_SIGNS)
    try:
        return tuple(_rows(_decoded(raw)))
    finally:
        csv.field_size_limit(usual)


def _decoded(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _rows(text: str) -> Iterator[Row | BadRow]:
    lines = _lines(text)
    line, header = next(lines, (1, []))
    if isinstance(header, str):
        yield BadRow(line, header)
        return
    columns = [_COLUMN.get(_plain(name), "") for name in header]
    missing = _missing(columns)
    if missing:
        yield BadRow(line, missing)
        return
    for line, cells in lines:
        yield BadRow(line, cells) if isinstance(cells, str) else _row(line, cells, columns=columns)


def _lines(text: str) -> Iterator[tuple[int, list[str] | str]]:
    """Yield each row that is not blank with the line it begins in; a text for cells tells what is wrong."""
    opening = text.lstrip().split("\n", 1)[0]
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=max(_SEPARATORS, key=opening.count), strict=True
    )
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            yield line, f"is not CSV ({fault}): look for a quotation mark that is never closed"
            continue
        if any(cell.strip() for cell in cells):
            yield line, cells


def _missing(columns: Sequence[str]) -> str:
    """Say what is wrong with the header; "" when nothing is."""
    twice = sorted({_COLUMNS[column][0] for column in columns if column and columns.count(column) > 1})
    if twice:
        return f"the header names the column {twice[0]} twice"
    needed = [column for column in ("received", "name") if column not in columns]
    if not {"text", "files"} & set(columns):
        needed.append("text")
    named = ", ".join(_COLUMNS[column][0] for column in needed)
    return f"the header lacks the column {named}" if named else ""


def _row(line: int, cells: Sequence[str], *, columns: Sequence[str]) -> Row | BadRow:
    if len(cells) > len(columns):
        return BadRow(line, f"has {len(cells)} values, but the header has {len(columns)} columns")
    values = {column: _clean(cell) for column, cell in zip(columns, cells, strict=False) if column}
    received, kind = written_moment(values.get("received", "")), _kind(values.get("kind", ""))
    files = _files(values.get("files", ""))
    reason = _wrong(values, known={"received": received, "kind": kind}, files=files)
    if reason or received is None or kind is None:
        return BadRow(line, reason)
    return Row(
        line=line,
        number=values.get("number", ""),
        received_at=received,
        name=" ".join(values["name"].split()),
        kind=kind,
        text=values.get("text", ""),
        files=files,
        mail=values.get("mail", "").lower(),
        street=_street(values.get("street", "")),
    )


def _wrong(values: Mapping[str, str], *, known: Mapping[str, object], files: Sequence[str]) -> str:
    """Say all that is wrong with a row's values; "" when nothing is."""
    reasons = []
    if known["received"] is None:
        reasons.append(
            f"dato: must be a date such as 01-09-2026 or 2026-09-01 12:30, not {_cited(values['received'])}"
            if values.get("received")
            else "dato: is missing"
        )
    if not values.get("name"):
        reasons.append("navn: is missing")
    if known["kind"] is None:
        reasons.append(f"type: must be one of {', '.join(PartyKind)}, not {_cited(values['kind'])}")
    if not values.get("text") and not files:
        reasons.append("tekst: is missing, and there are no files")
    reasons.extend(
        f"filer: must be file names without folders, not {_cited(name)}"
        for name in files
        if not _is_name(name)
    )
    if values.get("mail") and not _MAIL.fullmatch(values["mail"]):
        reasons.append("mail: must be a mail address")
    return "; ".join(reasons)


def _kind(text: str) -> PartyKind | None:
    """Return the kind that a text names; no text is a private person, whose name is not printed."""
    plain = _plain(text)
    if not plain:
        return PartyKind.BORGER
    return next((_KIND[part] for part in [plain, *re.split(r"\s*[/,(]\s*", plain)] if part in _KIND), None)


def _files(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in re.split(r"[|\n]", text) if name.strip()))


def _is_name(name: str) -> bool:
    return name not in {".", ".."} and not re.search(r"[/\\:]", name) and len(name.encode()) <= 255


def _street(text: str) -> str:
    """Return the street of an address without its number: a number points to one person."""
    return " ".join(re.split(r"[,\n]|\s[0-9]", text)[0].split())


def _plain(text: str) -> str:
    return " ".join(_clean(text).casefold().split())


def _clean(text: str) -> str:
    composed = nfc(text.replace("\r\n", "\n").replace("\r", "\n"))
    return _UNFIT.sub("", composed).strip()


def _cited(text: str) -> str:
    return repr(text if len(text) <= 40 else f"{text[:39]}…")
