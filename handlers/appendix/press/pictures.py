"""Pictures as sheets: upright, without what a camera wrote into them, no finer than print needs."""

from __future__ import annotations

import io
import warnings
import zlib
from collections.abc import Iterator
from pathlib import Path

import pikepdf
from pikepdf import Dictionary, Name
from PIL import Image, ImageOps, ImageSequence

from handlers.appendix.sheets import Look, NotShownError, Pressed, Sheet, Why

MAX_PIXELS = 120_000_000
MAX_FRAMES = 300
_FINEST = 2_400  # pixels of the longer side: 200 dots an inch on A4
_USUAL, _COARSEST = 96.0, 50.0  # dots an inch where the picture does not say, or says what cannot be
_FORMATS = ("PNG", "JPEG", "GIF", "TIFF", "BMP", "WEBP")
_WORTH = 1.5  # how much larger a picture may be for staying sharp


def pressed(file: Path, *, to: Path) -> Pressed:
    """Write each frame of a picture as a sheet; of an animation only the first.

    Raises:
        NotShownError: it is too large, or has too many frames.
    """
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    quiet = warnings.catch_warnings(action="ignore")
    with quiet, Image.open(file, formats=_FORMATS) as picture, pikepdf.new() as out:
        if picture.width * picture.height > MAX_PIXELS or getattr(picture, "n_frames", 1) > MAX_FRAMES:
            raise NotShownError(Why.TOO_LARGE)
        made = [_sheet(frame, out=out) for frame in _frames(picture)]
        out.Root.Sheets = pikepdf.Array([drawn for drawn, _ in made])
        out.save(to)
    return Pressed(to, tuple(sheet for _, sheet in made))


def drawing(picture: Image.Image, *, out: pikepdf.Pdf, size: tuple[float, float]) -> pikepdf.Object:
    """Give a picture in grey or RGB as a form of this size in points."""
    width, height = size
    form = out.make_stream(b"%.4f 0 0 %.4f 0 0 cm /I Do" % (width, height))
    form.Type, form.Subtype, form.FormType = Name.XObject, Name.Form, 1
    form.BBox = pikepdf.Array([0, 0, round(width, 4), round(height, 4)])
    form.Resources = Dictionary(XObject=Dictionary(I=_image(picture, out=out)))
    return form


def _frames(picture: Image.Image) -> Iterator[Image.Image]:
    is_paged = picture.format == "TIFF"
    for frame in ImageSequence.Iterator(picture):
        yield frame
        if not is_paged:
            return


def _sheet(frame: Image.Image, *, out: pikepdf.Pdf) -> tuple[pikepdf.Object, Sheet]:
    dots = _dots(frame)
    upright = _opaque(ImageOps.exif_transpose(frame))
    width, height = (side * 72 / dots for side in upright.size)
    upright.thumbnail((_FINEST, _FINEST), Image.Resampling.LANCZOS)
    return drawing(upright, out=out, size=(width, height)), Sheet(width, height, Look.PICTURE)


def _dots(frame: Image.Image) -> float:
    said = float(frame.info.get("dpi", (_USUAL, _USUAL))[0])
    return said if _COARSEST < said < 5_000 else _USUAL


def _opaque(picture: Image.Image) -> Image.Image:
    """Give it in grey or RGB, on white where it lets through."""
    if picture.has_transparency_data:
        clear = picture.convert("RGBA")
        ground = Image.new("RGBA", clear.size, "white")
        return Image.alpha_composite(ground, clear).convert("RGB")
    return picture.convert("L" if picture.mode in {"1", "L", "I;16", "I", "F"} else "RGB")


def _image(picture: Image.Image, *, out: pikepdf.Pdf) -> pikepdf.Object:
    photo = io.BytesIO()
    picture.save(photo, "JPEG", quality=85, comment=b"")  # else what the camera said goes along
    sharp, soft = zlib.compress(picture.tobytes(), 6), photo.getvalue()
    is_drawn = len(sharp) < _WORTH * len(soft)
    image = out.make_stream(sharp if is_drawn else soft)
    image.Filter = Name.FlateDecode if is_drawn else Name.DCTDecode
    image.Type, image.Subtype = Name.XObject, Name.Image
    image.Width, image.Height = picture.size
    image.ColorSpace = Name.DeviceGray if picture.mode == "L" else Name.DeviceRGB
    image.BitsPerComponent = 8
    return image
