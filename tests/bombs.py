"""Files made to stop whoever reads their text: a line each in `BOMBS`."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from handlers.intake.extract import Extractor, Limits
from handlers.letter.shape import File
from storage import blobs
from storage.words import Outcome
from tests.handlers import papers
from tests.handlers.papers import DOCX, ODT, PDF, RTF, XLSX

_SHOWN = b"BT /F 12 Tf 9 9 Td " + b"(Hej alle sammen) Tj " * 5_000 + b"ET "
_PARAGRAPHS = b"<w:p><w:r><w:t>Hej alle sammen</w:t></w:r></w:p>" * 5_000
_NAMED = (Outcome.TOO_LARGE, Outcome.TOO_SLOW)
_DEEP = b"{\\rtf1" + b"{" * 5_000_000 + b"a" + b"}" * 5_000_000 + b"}"


@dataclass(frozen=True, slots=True)
class Bomb:
    """A file that claims to be of a kind, and what may come of it."""

    kind: str
    build: Callable[[], bytes]
    outcomes: tuple[Outcome, ...] = _NAMED


def _flate(piece: bytes, times: int) -> bytes:
    return papers.pdf(papers.repeated(piece, times), packing="/FlateDecode")


def _flate_twice() -> bytes:
    packed = zlib.compress(papers.repeated(b"q " * 500_000, 1_000), 9)
    return papers.pdf(packed, packing="/FlateDecode/FlateDecode")


def _cells() -> bytes:
    return papers.packed({"xl/workbook.xml": b"<a/>", "xl/sharedStrings.xml": [b" " * 1_000_000] * 600})


def _zip_in_zip() -> bytes:
    return papers.packed({"a.zip": papers.packed({"b": b"0" * 10_000_000})})


BOMBS: dict[str, Bomb] = {
    "a pdf with 600 MB of blanks": Bomb(PDF, lambda: _flate(b" " * 1_000_000, 600)),
    "a pdf with 200 MB of text on a page": Bomb(PDF, lambda: _flate(_SHOWN, 2_000)),
    "a pdf that is packed twice": Bomb(PDF, _flate_twice),
    "a pdf of 100,000 pages": Bomb(PDF, lambda: papers.pdf(papers.lines("Hej"), pages=100_000)),
    "a docx with 580 MB of XML": Bomb(
        DOCX, lambda: papers.packed({"word/document.xml": [b"<a>", *[_PARAGRAPHS] * 2_400]})
    ),
    "an odt with 580 MB of XML": Bomb(
        ODT, lambda: papers.packed({"content.xml": [b"<a>", *[_PARAGRAPHS] * 2_400]})
    ),
    "an odt of elements in elements": Bomb(
        ODT, lambda: papers.packed({"content.xml": b"<a>" * 10_000_000}), (Outcome.DAMAGED,)
    ),
    "an xlsx with 600 MB of cells": Bomb(XLSX, _cells),
    "a docx of 60,000 members": Bomb(
        DOCX, lambda: papers.packed({"word/document.xml": b"<a/>"} | {f"{n}": b"" for n in range(60_000)})
    ),
    "a zip in a zip": Bomb("application/zip", _zip_in_zip, (Outcome.UNKNOWN,)),
    "rtf of 4 million paragraphs": Bomb(RTF, lambda: b"{\\rtf1 " + b"\\par x" * 4_000_000 + b"}"),
    "rtf of 5 million open brackets": Bomb(RTF, lambda: _DEEP, (Outcome.TEXT, *_NAMED)),
    "rtf that says it holds 2 GB": Bomb(
        RTF, lambda: b"{\\rtf1 {\\pict\\bin2000000000 xxx}", (Outcome.EMPTY, *_NAMED)
    ),
    "a page of 20 MB": Bomb("text/html", lambda: b"<p>hej <b>med</b> dig" * 1_000_000),
    "a text of 39 MB": Bomb("text/plain", lambda: b"hej med dig\n" * 3_250_000, (Outcome.TEXT,)),
}  # fmt: skip


def read(name: str, payload: bytes) -> None:
    """Have a bomb read by one worker, and after it an ordinary file.

    Raises AssertionError when something else comes of either.
    """
    bomb = BOMBS[name]
    files = [
        File("bombe", bomb.kind, payload, inline=False),
        File("svar", "text/plain", b"Hej", inline=False),
    ]
    found = asyncio.run(_texts(files))
    outcome, after = found[blobs.name_of(payload)], found[blobs.name_of(b"Hej")]
    assert outcome in bomb.outcomes, outcome
    assert after == Outcome.TEXT, after


async def _texts(files: list[File]) -> dict[str, Outcome]:
    async with Extractor(Limits(workers=1)) as extractor:
        return {name: each.outcome for name, each in (await extractor.texts(files)).items()}
