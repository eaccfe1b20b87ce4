"""Makes the Word template that ships as templates/notat/notat.docx, from its XML parts beside it."""

from __future__ import annotations

from pathlib import Path

from handlers.render.package import packed
from handlers.render.words import TEMPLATES

PARTS = TEMPLATES / "docx"
SHIPPED = TEMPLATES / "notat.docx"


def default_template() -> bytes:
    """The template as bytes, the same on every machine: the parts are stored, not compressed."""
    files = sorted(path for path in PARTS.rglob("*") if path.is_file())
    return packed({_name(path): path.read_bytes() for path in files}, compressed=False)


def part(name: str) -> bytes:
    """One XML part of our own template, such as `word/styles.xml`, for what another template lacks."""
    return (PARTS / name).read_bytes()


def _name(path: Path) -> str:
    return path.relative_to(PARTS).as_posix()


if __name__ == "__main__":
    SHIPPED.write_bytes(default_template())
