"""Pages that cannot be read aloud as they are, painted, with their words kept beside the picture."""

from __future__ import annotations

import pikepdf
import pypdfium2  # type: ignore[import-untyped]
from PIL import Image

from handlers.annex import pdf
from handlers.appendix.press import pictures
from handlers.appendix.sheets import Look, Sheet

_DOTS = 200.0  # an inch
_LONGEST_SIDE = 2_400  # dots
_MOST_WORDS = 8_000  # signs


def open_whole(document: bytes) -> pypdfium2.PdfDocument:
    """Open a sound document."""
    opened = pypdfium2.PdfDocument(document)
    if opened.get_formtype():
        opened.init_forms()
    return opened


def sheet(document: pypdfium2.PdfDocument, number: int, *, out: pikepdf.Pdf) -> tuple[pikepdf.Object, Sheet]:
    """Paint a page."""
    page = document[number]
    width, height = page.get_size()
    scale = min(_DOTS / 72, _LONGEST_SIDE / max(width, height))
    painted = _plain(page.render(scale=scale).to_pil())
    words = pdf.words(page, document.formenv)[:_MOST_WORDS]
    form = pictures.drawing(painted, out=out, size=(width, height))
    page.close()
    return form, Sheet(width, height, Look.PICTURE, " ".join(words.split()))


def _plain(painted: Image.Image) -> Image.Image:
    """Give it in grey when it has no colours."""
    colours = painted.convert("RGB")
    red, green, blue = colours.resize((200, 200)).split()
    return colours.convert("L") if red.tobytes() == green.tobytes() == blue.tobytes() else colours
