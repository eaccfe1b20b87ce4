"""Appendices made of the sample, and how to look into them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2  # type: ignore[import-untyped]

from handlers.annex import kinds
from handlers.appendix.compile import write
from handlers.appendix.placing import placed
from handlers.appendix.press.pressing import pressed
from handlers.appendix.redaction import Redaction, redacted, redaction_of
from handlers.appendix.shape import Appendix
from handlers.appendix.sheets import Pressed, Unshown
from tests.handlers.appendix import sample


def press(raw: bytes, folder: Path, *, name: str) -> Pressed | Unshown:
    """What comes of a file, without a worker."""
    file = folder / sha256(raw).hexdigest()
    file.write_bytes(raw)
    return pressed(file, kind=kinds.kind(raw, content_type="", name=name), to=file.with_suffix(".pdf"))


def compiled(
    whole: Appendix, files: dict[str, bytes], folder: Path, *, by: Redaction | None = None, longest: int = 300
) -> bytes:
    """The appendix with these files, each under the name it has there."""
    by = by or redaction_of(whole.edition)
    found = {sha256(raw).hexdigest(): press(raw, folder, name=name) for name, raw in files.items()}
    whole = redacted(whole, by=by)
    write(whole, placed(whole, found, by=by), folder=folder, at=sample.NOW, longest=longest)
    return (folder / "appendix.pdf").read_bytes()


def texts(document: bytes) -> list[str]:
    """What stands on each page."""
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(document)]


def elements(document: pikepdf.Pdf) -> Iterator[Any]:
    """Every element of the structure tree, in reading order."""

    def below(node: Any) -> Iterator[Any]:
        for kid in node.get("/K", []) if isinstance(node.get("/K"), pikepdf.Array) else [node.get("/K")]:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                yield kid
                yield from below(kid)

    yield from below(document.Root.StructTreeRoot)


def opened(document: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(document))
