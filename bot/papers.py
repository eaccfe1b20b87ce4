"""A notat made from its content alone, and a template looked through: nothing here needs a hearing."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from handlers.notat import published
from handlers.notat.compile import render
from handlers.notat.layout import fact_labels
from handlers.notat.shape import Notat
from handlers.render.survey import Survey, survey
from handlers.render.template import TemplateError
from handlers.render.words import STYLES

_PURPOSES = {
    "facts": "case block", "findings": "heading of what is missing", "draft": "word of a draft",
    "part": "heading, level 1", "section": "heading, level 2", "submission": "heading of a submission",
    "remark": "heading, level 3", "point": "point of a list", "note": "footnote", "note_mark": "its mark",
}  # fmt: skip


async def make(
    content: str, *, folder: Path, template: Path | None, at: datetime, out: Console, err: Console
) -> bool:
    """Make the files of a content, or say of each mistake in it where it is."""
    try:
        text = await asyncio.to_thread(sys.stdin.buffer.read if content == "-" else Path(content).read_bytes)
        own = await asyncio.to_thread(template.read_bytes) if template else None
    except OSError as problem:
        return _no(str(problem), err=err)
    notat = published.read(text)
    if not isinstance(notat, Notat):
        return _no(*(f"{content}, {mistake}" for mistake in notat), err=err)
    try:
        files = await asyncio.to_thread(partial(render, notat, at=at, template=own))
    except TemplateError as refused:
        return _no(f"{template} {refused}", err=err)
    stem = "notat" if content == "-" else Path(content).stem
    made = {folder / f"{stem}.{end}": getattr(files, end) for end in ("docx", "pdf", "html")}
    try:
        await asyncio.to_thread(_write, made, folder)
    except OSError as problem:
        return _no(str(problem), err=err)
    for path in made:
        out.print(str(path), markup=False, highlight=False, soft_wrap=True)
    return True


async def check(file: Path, *, out: Console, err: Console) -> bool:
    """Tell what a template has and what will be added; False where something in it is wrong."""
    try:
        found = survey(await asyncio.to_thread(file.read_bytes), labels=fact_labels())
    except OSError as problem:
        return _no(str(problem), err=err)
    except TemplateError as refused:
        return _no(f"{file} {refused}", err=err)
    table = Table("style for", "in the template")
    for purpose, names in STYLES.items():
        own = found.styles.get(purpose)
        table.add_row(_PURPOSES.get(purpose, purpose.replace("_", " ")), Text(own or f"added: {names[0]}"))
    out.print(table)
    for line in _told(found):
        out.print(line, markup=False, highlight=False, soft_wrap=True)
    return not (wrong := tuple(_wrong(found))) or _no(*wrong, err=err)


def _told(found: Survey) -> Iterable[str]:
    yield f"fields: {_listed((*found.fields, *found.facts)) or 'none'}"
    if found.added_parts:
        yield f"will be added: {_listed(found.added_parts)}"
    if not found.has_place:
        yield "{{ indhold }} stands in no paragraph of its own: the text is put at the end"
    if not found.marks_drafts:
        yield "{{ udkast }} is missing in the text or in every header: drafts are marked at the top of both"
    if not found.numbers_pages:
        yield "no page numbers: none will be printed"
    if found.undescribed:
        yield f"pictures without alternative text, silent to a screen reader: {found.undescribed}"


def _wrong(found: Survey) -> Iterable[str]:
    yield from (f"unknown field, printed as it stands: {{{{ {name} }}}}" for name in found.unknown)
    yield from (f"must stand alone in its paragraph: {{{{ {name} }}}}" for name in found.crowded)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def _write(files: dict[Path, bytes], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for path, file in files.items():
        path.write_bytes(file)


def _no(*sentences: str, err: Console) -> bool:
    for sentence in sentences:
        err.print(sentence, markup=False, highlight=False, soft_wrap=True)
    return False
