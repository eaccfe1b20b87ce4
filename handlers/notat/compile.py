"""Compile the notat from the approved remarks, keep it with its files, and owe it to the coordinators."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from handlers.apart import made
from handlers.clock import Clock
from handlers.notat import layout
from handlers.notat.cover import Check, check
from handlers.notat.finding import Finding
from handlers.notat.makeup import makeup
from handlers.notat.shape import Notat, dump
from handlers.owe import Priority, owe_post
from handlers.render.docx import docx
from handlers.render.html import html
from handlers.render.origin import Origin
from handlers.render.pdf import pdf
from storage import blobs, compiled
from storage.database import Database
from storage.dossier import Dossier, dossier
from storage.lanes import Lanes
from storage.models import Hearing, PostKind
from storage.store import Store
from storage.version import Makeup
from storage.words import Format, Layout, Stage

_LARGE = 200  # submissions; a thousand take typst some 700 MB and many seconds


@dataclass(frozen=True, slots=True)
class Files:
    """The notat in its three formats."""

    docx: bytes
    pdf: bytes
    html: bytes


@dataclass(frozen=True, slots=True)
class Unfinished:
    """Why there is no notat, since it was to be final and is not whole."""

    missing: tuple[Finding, ...]


async def compile_notat(
    hearing_id: UUID, *, by: str, key: str, order: Layout | None = None, stage: Stage | None = None,
    formats: Collection[Format] = (), unlooked: int = 0, deliver: bool = True,
    template: bytes | None = None, database: Database, now: Clock,
) -> compiled.Notat | Unfinished | None:  # fmt: skip
    """A new version of the notat; None when the wish `key` has been fulfilled before.

    It is laid out in the hearing's own order unless another is wished for. `unlooked` is how many threads
    could not be read again before it. While something is missing it is a draft; where it was to be final
    there is none then, and the list of what is missing comes in its place. All three files are kept, and what
    we `deliver` comes to the coordinators: these `formats`, or all. The Word file is made in `template`, or
    in ours. Of one hearing, one compile runs at a time, wherever it was asked for.
    """
    async with Lanes(database).wait(f"compile {hearing_id}"):
        async with database.begin() as store:
            if await store.posts.by_key(_post_key(key)) is not None:
                return None
            version = await store.posts.next_version(hearing_id)
        read = await _read(hearing_id, unlooked=unlooked, database=database)
        found, at = await asyncio.to_thread(check, read), now()
        owed = _Owed(_post_key(key), read.hearing, at) if deliver else None
        if found.missing and stage == Stage.FINAL:
            return await _refused(found, owed, by=by, unlooked=unlooked, database=database)
        content = await asyncio.to_thread(
            layout.notat, read, version=version, at=at, order=order, stage=stage, found=found
        )
        work = partial(render, content, at=at, template=template, origin=Origin(hearing_id, version))
        # A large one in a fresh process whose memory goes back to the system.
        files = await made(work, apart=len(read.submissions) >= _LARGE)
        row = _row(content, files, hearing=read.hearing, version=version, by=by, at=at)
        made_of = makeup(read, found, notat_id=row.id, order=order or read.hearing.layout)
        await _keep(row, made_of, files, owed, formats=formats, database=database)
    return row


async def _read(hearing_id: UUID, *, unlooked: int, database: Database) -> Dossier:
    async with database.begin(snapshot=True) as store:
        hearing = await store.hearings.by_id(hearing_id)
        return replace(await dossier(hearing, passages=True, store=store), unlooked=unlooked)


@dataclass(frozen=True, slots=True)
class _Owed:
    """What the coordinators are owed for a wish: its notat, or that there is none."""

    key: str
    hearing: Hearing
    at: datetime

    def owe(self, kind: PostKind, store: Store, *, detail: dict[str, Any], notat: UUID | None = None) -> None:
        owe_post(
            self.key, kind, hearing_id=self.hearing.id, channel=self.hearing.coordination_channel,
            priority=Priority.NOTAT, now=self.at, store=store, notat_id=notat, detail=detail,
        )  # fmt: skip


async def _refused(
    found: Check, owed: _Owed | None, *, by: str, unlooked: int, database: Database
) -> Unfinished:
    if owed is not None:
        async with database.begin() as store:
            owed.owe(PostKind.UNFINISHED, store, detail={"by": by, "unlooked": unlooked})
    return Unfinished(found.missing)


async def _keep(
    row: compiled.Notat, made_of: Makeup, files: Files, owed: _Owed | None, *, formats: Collection[Format],
    database: Database,
) -> None:  # fmt: skip
    async with database.begin() as store:
        await blobs.keep((files.docx, files.pdf, files.html), session=store.session)
        store.add(row, made_of)
        store.note(
            "compiled", by=row.compiled_by, at=row.compiled_at, hearing_id=row.hearing_id,
            version=row.version, draft=row.draft,
        )  # fmt: skip
        if owed is not None:
            owed.owe(PostKind.NOTAT, store, notat=row.id, detail={"formats": sorted(formats)})


def render(
    notat: Notat, *, at: datetime, template: bytes | None = None, origin: Origin | None = None
) -> Files:
    """The files of a notat; the same notat, moment and template give the same bytes.

    Raises:
        handlers.render.template.TemplateError: the template is none that we may open.
    """
    word = docx(notat, template=template, at=at, origin=origin)
    return Files(docx=word, pdf=pdf(notat, at=at), html=html(notat).encode())


def _row(
    content: Notat, files: Files, *, hearing: Hearing, version: int, by: str, at: datetime
) -> compiled.Notat:
    values = dump(content)
    canonical = json.dumps(values, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return compiled.Notat(
        hearing_id=hearing.id, version=version, draft=bool(content.draft), content=values,
        digest=hashlib.sha256(canonical.encode("ascii")).hexdigest(), compiled_by=by, compiled_at=at,
        docx_sha256=blobs.name_of(files.docx), pdf_sha256=blobs.name_of(files.pdf),
        html_sha256=blobs.name_of(files.html),
    )  # fmt: skip


def _post_key(wish: str) -> str:
    return f"notat:{wish}"
