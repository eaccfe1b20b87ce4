"""Compile the notat from the approved remarks, keep it with its files, and owe it to the coordinators."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from uuid import UUID

from handlers.apart import made
from handlers.clock import Clock
from handlers.notat import layout
from handlers.notat.cover import check
from handlers.notat.makeup import makeup
from handlers.notat.shape import Notat, dump
from handlers.owe import Priority, owe_post
from handlers.render.docx import docx
from handlers.render.html import html
from handlers.render.pdf import pdf
from storage import blobs, compiled
from storage.database import Database
from storage.dossier import dossier
from storage.models import Hearing, PostKind
from storage.words import Format, Layout, Stage

_LARGE = 200  # submissions; a thousand take typst some 700 MB and many seconds


@dataclass(frozen=True, slots=True)
class Files:
    """The notat in its three formats."""

    docx: bytes
    pdf: bytes
    html: bytes


async def compile_notat(
    hearing_id: UUID, *, by: str, key: str, order: Layout | None = None, stage: Stage | None = None,
    formats: Collection[Format] = (), unlooked: int = 0, deliver: bool = True,
    template: bytes | None = None, database: Database, now: Clock,
) -> compiled.Notat | None:  # fmt: skip
    """A new version of the notat; None when the wish `key` has been fulfilled before.

    It is laid out in the hearing's own order unless another is wished for. `unlooked` is how many threads
    could not be read again before it, so that it can only be a draft; whatever its `stage` is to be, it is
    never final while something is missing. All three files are kept, and what we `deliver` comes to the
    coordinators: these `formats`, or all. The Word file is made in `template`, or in ours.
    Of one hearing, one compile runs at a time: the job's lane sees to it.
    """
    async with database.begin() as store:
        if await store.posts.by_key(_post_key(key)) is not None:
            return None
        version = await store.posts.next_version(hearing_id)
    async with database.begin(snapshot=True) as store:
        hearing = await store.hearings.by_id(hearing_id)
        chosen = order or hearing.layout
        read = await dossier(hearing, passages=chosen != Layout.BY_SUBMISSION, store=store)
        read = replace(read, unlooked=unlooked)
    at = now()
    found = await asyncio.to_thread(check, read)
    content = await asyncio.to_thread(
        layout.notat, read, version=version, at=at, order=chosen, stage=stage, found=found
    )
    work = partial(render, content, at=at, template=template)
    # A large one in a fresh process whose memory goes back to the system.
    files = await made(work, apart=len(read.submissions) >= _LARGE)
    row = _row(content, files, hearing=read.hearing, version=version, by=by, at=at)
    made_of = makeup(read, found, notat_id=row.id)
    async with database.begin() as store:
        await blobs.keep((files.docx, files.pdf, files.html), session=store.session)
        store.add(row, made_of)
        store.note("compiled", by=by, at=at, hearing_id=row.hearing_id, version=version, draft=row.draft)
        if deliver:
            owe_post(
                _post_key(key), PostKind.NOTAT, hearing_id=row.hearing_id, priority=Priority.NOTAT, now=at,
                channel=read.hearing.coordination_channel, store=store, notat_id=row.id,
                detail={"formats": sorted(formats)},
            )  # fmt: skip
    return row


def render(notat: Notat, *, at: datetime, template: bytes | None = None) -> Files:
    """The files of a notat; the same notat, moment and template give the same bytes.

    Raises:
        handlers.render.template.TemplateError: the template is none that we may open.
    """
    word = docx(notat, template=template, at=at)
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
