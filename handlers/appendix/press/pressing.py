"""A file to sheets, or why it gives none."""

from __future__ import annotations

import logging
from pathlib import Path

import pikepdf
from PIL import Image

from handlers.appendix.press import pdfs, pictures
from handlers.appendix.press.kinds import PDFS, PICTURES
from handlers.appendix.sheets import NotShownError, Pressed, Unshown, Why

_OF_LIBRARIES = (
    pikepdf.PdfError, ValueError, LookupError, ArithmeticError, TypeError, AttributeError, OSError,
    RuntimeError, SyntaxError,
)  # fmt: skip
# What our libraries say of a file tells operators nothing, and may tell of citizens.
logging.getLogger("pikepdf").setLevel(logging.CRITICAL)


def pressed(file: Path, *, kind: str, to: Path) -> Pressed | Unshown:
    """Write the sheets of a file to `to`. Never raises for what is wrong with the file."""
    try:
        return _pressed(file, kind=kind, to=to)
    except NotShownError as error:
        return Unshown(error.why)
    except pikepdf.PasswordError:
        return Unshown(Why.LOCKED)
    except (MemoryError, Image.DecompressionBombError):
        return Unshown(Why.TOO_LARGE)
    except _OF_LIBRARIES:
        return Unshown(Why.DAMAGED)  # a fault of a library is the same to people as one of the file


def _pressed(file: Path, *, kind: str, to: Path) -> Pressed:
    if not file.stat().st_size:
        raise NotShownError(Why.EMPTY)
    if kind in PDFS:
        return pdfs.pressed(file, to=to)
    if kind in PICTURES:
        return pictures.pressed(file, to=to)
    raise NotShownError(Why.UNKNOWN)
