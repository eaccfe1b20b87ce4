"""Take back a Word file that somebody edited by hand: kept and compared, and never read into the facts."""

from __future__ import annotations

import asyncio
from datetime import datetime
from uuid import UUID

from handlers.notat.changed import Changes
from handlers.notat.edited import edited
from handlers.render.lines import lines, origin
from handlers.render.origin import Origin
from handlers.render.template import TemplateError
from handlers.rules import Refusal, Why, may_coordinate
from storage import blobs
from storage.compiled import Notat
from storage.store import Store
from storage.version import HandedBack


async def hand_back(
    hearing_id: UUID, docx: bytes, *, name: str, version: int | None, by: str, store: Store, now: datetime
) -> HandedBack | Refusal:
    """Keep it beside the version it came from, which stays as it is; the same file twice is kept once.

    It came from the version that the file itself says, else from the one told, else from the newest.
    """
    hearing = await store.hearings.by_id(hearing_id)
    refusal = may_coordinate(by, hearing.coordinators)
    if refusal is not None:
        return refusal
    try:
        made_as = await asyncio.to_thread(_made_as, docx)
    except TemplateError:
        return Refusal(Why.NO_WORD_FILE)
    if made_as is not None and made_as.hearing_id != hearing_id:
        return Refusal(Why.OTHER_HEARINGS_FILE)
    came_from = await _version(hearing_id, made_as.version if made_as else version, store=store)
    if came_from is None:
        return Refusal(Why.NO_SUCH_VERSION)
    return await _keep(came_from, docx, name=name, by=by, store=store, now=now)


def _made_as(docx: bytes) -> Origin | None:
    lines(docx)  # whatever cannot be compared is not kept either
    return origin(docx)


async def files_of(kept: HandedBack, *, store: Store) -> tuple[int, bytes, bytes]:
    """The version a file came from, and the two that are compared: as it was made, and as it came back."""
    notat = await store.posts.notat(kept.notat_id)
    was, is_ = [
        await blobs.fetch(each, session=store.session) for each in (notat.docx_sha256, kept.docx_sha256)
    ]
    return notat.version, was, is_


def compared(version: int, name: str, was: bytes, is_: bytes) -> Changes:
    """What was edited by hand in a file of this name."""
    return Changes(version, None, edited(lines(was), lines(is_)), file=name)


async def _version(hearing_id: UUID, version: int | None, *, store: Store) -> Notat | None:
    if version is None:
        return await store.versions.latest(hearing_id)
    return await store.versions.numbered(hearing_id, version)


async def _keep(notat: Notat, docx: bytes, *, name: str, by: str, store: Store, now: datetime) -> HandedBack:
    sha256 = blobs.name_of(docx)
    for each in await store.versions.handed_back(notat.hearing_id):
        if (each.notat_id, each.docx_sha256) == (notat.id, sha256):
            return each
    await blobs.keep((docx,), session=store.session)
    row = HandedBack(
        hearing_id=notat.hearing_id, notat_id=notat.id, name=name, docx_sha256=sha256, handed_by=by,
        handed_at=now,
    )  # fmt: skip
    store.add(row)
    store.note("handed_back", by=by, at=now, hearing_id=notat.hearing_id, version=notat.version, file=row.id)
    return row
