"""A hostile file takes nothing along; documents are converted where they can be."""

from __future__ import annotations

import asyncio
import io
import shutil
import zlib
from hashlib import sha256
from pathlib import Path

import docx
import pytest

from handlers.appendix.prepare import Limits, prepare
from handlers.appendix.shape import Enclosure
from handlers.appendix.sheets import Look, Pressed, Unshown, Why
from tests.handlers import papers
from tests.handlers.appendix import sample

_OFFICE = pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not on this machine")


async def _prepared(
    given: dict[str, bytes], folder: Path, limits: Limits | None = None
) -> dict[str, Pressed | Unshown]:
    """What comes of each file, by its name."""
    kept = {sha256(raw).hexdigest(): raw for raw in given.values()}

    async def load(name: str) -> bytes:
        return kept[name]

    files = [
        Enclosure(1, name, "application/octet-stream", len(raw), sha256(raw).hexdigest())
        for name, raw in given.items()
    ]
    found = await prepare(files, load=load, folder=folder, limits=limits)
    return {name: found[sha256(raw).hexdigest()] for name, raw in given.items()}


def _bomb() -> bytes:
    """A page whose content unpacks to far more than it should."""
    packed = zlib.compress(papers.repeated(b"0 0 m 9 9 l S BDC\n" * 1_000, 4_000))
    return papers.pdf(packed, packing="/FlateDecode/FlateDecode")


async def test_a_hostile_file_takes_no_other_along(tmp_path: Path) -> None:
    given = {"bombe.pdf": _bomb(), "foto.jpg": sample.jpeg(), "scan.pdf": sample.scanned(), "tom.pdf": b""}
    found = await _prepared(given, tmp_path, Limits(workers=1, seconds=10.0, memory=400_000_000))
    assert isinstance(bomb := found["bombe.pdf"], Unshown)
    assert bomb.why in {Why.TOO_LARGE, Why.TOO_SLOW, Why.DAMAGED}
    assert found["tom.pdf"] == Unshown(Why.EMPTY)
    for name in ("foto.jpg", "scan.pdf"):
        assert isinstance(pressed := found[name], Pressed)
        assert pressed.path.exists()


async def test_a_file_beyond_all_measure_is_not_even_fetched(tmp_path: Path) -> None:
    found = await _prepared({"stor.pdf": sample.scanned()}, tmp_path, Limits(file_bytes=10))
    assert found == {"stor.pdf": Unshown(Why.TOO_LARGE)}


@_OFFICE
async def test_a_word_document_becomes_tagged_sheets_and_a_broken_one_a_reason(tmp_path: Path) -> None:
    given = {
        "svar.docx": papers.typed("Vi ønsker flere træer.\nOg bænke."),
        "brudt.docx": papers.word("<w:p>"),
    }
    found = await _prepared(given, tmp_path)
    assert isinstance(answer := found["svar.docx"], Pressed)
    assert [sheet.look for sheet in answer.sheets] == [Look.TAGGED]
    assert isinstance(found["brudt.docx"], Unshown)


@_OFFICE
async def test_a_document_does_not_fetch_a_picture_from_afar(tmp_path: Path) -> None:
    asked: list[bytes] = []

    async def told(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readline())
        writer.close()

    server = await asyncio.start_server(told, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    found = await _prepared({"sporet.docx": _tracking(f"http://127.0.0.1:{port}/hvem.png")}, tmp_path)
    server.close()
    assert isinstance(found["sporet.docx"], Pressed)
    assert asked == []


def _tracking(address: str) -> bytes:
    """A document whose picture lies elsewhere."""
    document, out = docx.Document(), io.BytesIO()
    picture = io.BytesIO(sample.png())
    document.add_picture(picture)
    shown = document.inline_shapes[0]._inline.graphic.graphicData.pic.blipFill.blip  # noqa: SLF001
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
    shown.link = document.part.relate_to(address, kind, is_external=True)
    del shown.attrib["{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"]
    document.save(out)
    return out.getvalue()
