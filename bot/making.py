"""What operators make of a hearing: its notat, its appendix. It gives True when all went well."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from rich.console import Console

from bot.app import opened, own_template, sweeping, utc_now
from bot.notats import hearing_named, no
from bot.settings import Settings
from handlers.appendix.compile import compile_appendix
from handlers.notat.compile import Unfinished, compile_notat
from handlers.notat.cover import sentence
from handlers.rules import OPERATOR
from storage import blobs
from storage.compiled import Notat
from storage.database import Database
from storage.models import Hearing
from storage.words import Edition, Format, Layout, Stage
from templates import say


@dataclass(frozen=True, slots=True)
class Wish:
    """What an operator wants made: the notat's files of these formats, and the appendix of an edition."""

    layout: Layout | None
    formats: frozenset[Format]
    stage: Stage | None
    appendix: Edition | None


async def make(key: str, wish: Wish, *, folder: Path, settings: Settings, out: Console, err: Console) -> bool:
    """Compile a new version, kept as any other, and write its files.

    Threads are read again in Slack first, as when it is asked for there.
    """
    async with opened(settings) as database:
        async with database.begin() as store:
            hearing = await hearing_named(key, store=store, err=err)
        if hearing is None:
            return False
        notat = await compile_notat(
            hearing.id, by=OPERATOR, key=str(uuid4()), order=wish.layout, stage=wish.stage, deliver=False,
            unlooked=await _unlooked(hearing, database=database, settings=settings, err=err),
            template=own_template(settings), database=database, now=utc_now,
        )  # fmt: skip
        if not isinstance(notat, Notat):
            return _unfinished(notat, err=err)
        names = _names(notat, wish, key=key) | await _appendix(hearing, wish, database=database)
        async with database.begin() as store:
            files = {name: await blobs.fetch(sha, session=store.session) for name, sha in names.items()}
    await asyncio.to_thread(_write, files, folder)
    for name in files:
        out.print(f"{folder / name}", markup=False, highlight=False, soft_wrap=True)
    return True


async def _unlooked(hearing: Hearing, *, database: Database, settings: Settings, err: Console) -> int:
    """How many threads with something approved could not be read again in Slack."""
    sweep = sweeping(database, settings)
    if sweep is not None:
        return await sweep.before_notat(hearing.id)
    async with database.begin() as store:
        threads = await store.threads.at_risk(hearing.id)
    if threads:
        no(
            f"Threads in Slack with something approved were not read again ({threads}), since there is no"
            " HOERING_SLACK_BOT_TOKEN: the notat is a draft that says so.", err=err,
        )  # fmt: skip
    return threads


def _unfinished(found: Unfinished | None, *, err: Console) -> bool:
    """Say what is missing, in the words of the draft."""
    for each in found.missing if found is not None else ():
        no(sentence(each), err=err)
    return no("No version was made: it was to be final, and this is missing.", err=err)


def _names(notat: Notat, wish: Wish, *, key: str) -> dict[str, str]:
    """The files of a version that are wanted, name to blob."""
    stem = say("slack/words.j2", "notat_file", key=key, version=notat.version, draft=notat.draft)
    kept = {Format.DOCX: notat.docx_sha256, Format.PDF: notat.pdf_sha256, Format.HTML: notat.html_sha256}
    return {f"{stem}.{end}": sha for end, sha in kept.items() if end in wish.formats}


async def _appendix(hearing: Hearing, wish: Wish, *, database: Database) -> dict[str, str]:
    if wish.appendix is None:
        return {}
    row = await compile_appendix(
        hearing.id, public=wish.appendix == Edition.PUBLIC, by=OPERATOR, key=str(uuid4()), database=database,
        now=utc_now,
    )  # fmt: skip
    if row is None:
        return {}
    stem = say(
        "slack/notat.j2", "appendix_file", key=hearing.key, edition=row.edition.value, at=row.compiled_at
    )
    return {f"{stem}.pdf": row.pdf_sha256}


def _write(files: dict[str, bytes], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, file in files.items():
        (folder / name).write_bytes(file)
