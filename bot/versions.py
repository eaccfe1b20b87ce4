"""What operators see of a notat's versions, and what they hand back. Each gives True when all went well."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.app import opened, utc_now
from bot.settings import Settings
from handlers.notat.changed import Changes
from handlers.notat.hand_back import compared, files_of, hand_back
from handlers.notat.history import changes_since
from handlers.render.changes import changes_page
from handlers.render.redline import RedlineError, redline
from handlers.rules import OPERATOR, Refusal
from storage import blobs
from storage.models import Hearing
from storage.store import Store
from templates import say


async def versions(key: str, *, settings: Settings, out: Console, err: Console) -> bool:
    """Show every version, how whole it was, what was let pass with the reasons, and what came back edited."""
    table = Table("version", "made (UTC)", "by", "draft", "missing", "let pass", "handed back", "content")
    async with opened(settings) as database, database.begin() as store:
        hearing = await store.hearings.by_key(key)
        if hearing is None:
            return _no(f"There is no hearing {key!r}.", err=err)
        reasons = {str(each.id): each.reason for each in await store.versions.waivers(hearing.id)}
        back = await store.versions.handed_back(hearing.id)
        for each in await store.versions.all(hearing.id):
            made_of = await store.versions.makeup(each.id)
            waived = [reasons[known] for known in made_of.waivers] if made_of else []
            table.add_row(
                str(each.version), f"{each.compiled_at:%Y-%m-%d %H:%M}", each.compiled_by,
                "yes" if each.draft else "no", str(made_of.missing) if made_of else "?", "\n".join(waived),
                "\n".join(file.name for file in back if file.notat_id == each.id), each.digest[:12],
            )  # fmt: skip
    out.print(table)
    return True


async def changes(
    key: str, *, since: int | None, folder: Path, settings: Settings, out: Console, err: Console
) -> bool:
    """Write the page that says what has changed since a version."""
    async with opened(settings) as database, database.begin() as store:
        hearing = await store.hearings.by_key(key)
        if hearing is None:
            return _no(f"There is no hearing {key!r}.", err=err)
        found = await changes_since(hearing, since, store=store, now=utc_now())
    return await _shown(found, hearing, folder=folder, out=out, err=err)


async def tracked(
    key: str, pair: tuple[int, int], *, folder: Path, settings: Settings, out: Console, err: Console
) -> bool:
    """Write the later of two versions as a Word file with its changes tracked."""
    async with opened(settings) as database, database.begin() as store:
        hearing = await store.hearings.by_key(key)
        kept = [await store.versions.numbered(hearing.id, each) for each in pair] if hearing else []
        rows = [row for row in kept if row is not None]
        if len(rows) < len(pair):
            return _no("There are no two such versions.", err=err)
        old, new = [await blobs.fetch(row.docx_sha256, session=store.session) for row in rows]
    work = partial(redline, old, new, author="hoeringsbot", at=rows[1].compiled_at)
    name = f"{say('slack/notat.j2', 'redline_file', key=key, since=pair[0], version=pair[1])}.docx"
    try:
        file = await asyncio.to_thread(work)
    except RedlineError as problem:
        return _no(str(problem), err=err)
    await asyncio.to_thread(_write, folder / name, file)
    out.print(f"{folder / name}", markup=False, highlight=False, soft_wrap=True)
    return True


async def handed_back(
    key: str, file: Path, *, version: int | None, folder: Path, settings: Settings, out: Console,
    err: Console,
) -> bool:  # fmt: skip
    """Keep an edited Word file, and write the page that says what was edited."""
    try:
        docx = await asyncio.to_thread(file.read_bytes)
    except OSError as problem:
        return _no(f"{file} cannot be read: {problem}", err=err)
    async with opened(settings) as database, database.begin() as store:
        hearing = await store.hearings.by_key(key)
        if hearing is None:
            return _no(f"There is no hearing {key!r}.", err=err)
        found = await _edits(hearing, docx, name=file.name, version=version, store=store)
    return await _shown(found, hearing, folder=folder, out=out, err=err)


async def _edits(
    hearing: Hearing, docx: bytes, *, name: str, version: int | None, store: Store
) -> Changes | Refusal:
    kept = await hand_back(
        hearing.id, docx, name=name, version=version, by=OPERATOR, store=store, now=utc_now()
    )
    if isinstance(kept, Refusal):
        return kept
    await store.settle()
    came_from, was, is_ = await files_of(kept, store=store)
    return await asyncio.to_thread(compared, came_from, kept.name, was, is_)


async def _shown(
    found: Changes | Refusal, hearing: Hearing, *, folder: Path, out: Console, err: Console
) -> bool:
    if isinstance(found, Refusal):
        return _no(f"It cannot be compared: {found.why.value.replace('_', ' ')}.", err=err)
    name = say("notat/changes.j2", "file", key=hearing.key, changes=found)
    page = changes_page(found, hearing=hearing, names={})
    await asyncio.to_thread(_write, folder / f"{name}.html", page.encode())
    out.print(f"{folder / name}.html", markup=False, highlight=False, soft_wrap=True)
    return True


def _write(path: Path, file: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(file)


def _no(sentence: str, *, err: Console) -> bool:
    err.print(sentence, markup=False, highlight=False, soft_wrap=True)
    return False
