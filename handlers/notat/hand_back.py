"""Take back a Word file that somebody edited by hand: kept and compared, and never read into the facts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from handlers.content import Content, paragraphs
from handlers.notat.compare import Changed, Changes, How, What
from handlers.render.template import TemplateError, opened
from handlers.render.wordml import w
from handlers.rules import Refusal, Why, may_coordinate
from handlers.talk.difference import difference
from storage import blobs
from storage.compiled import Notat
from storage.store import Store
from storage.version import HandedBack


async def hand_back(
    hearing_id: UUID, docx: bytes, *, name: str, version: int | None, by: str, store: Store, now: datetime
) -> Changes | Refusal:
    """What its words are against those of the version it came from, the newest unless told.

    Kept beside that version, which stays as it is; the same file twice is kept once.
    """
    hearing = await store.hearings.hold(hearing_id)
    refusal = may_coordinate(by, hearing.coordinators)
    came_from = await _version(hearing_id, version, store=store)
    if refusal is not None or came_from is None:
        return refusal or Refusal(Why.NO_SUCH_VERSION)
    try:
        is_ = words_of(docx)
    except TemplateError:
        return Refusal(Why.NO_WORD_FILE)
    was = words_of(await blobs.fetch(came_from.docx_sha256, session=store.session))
    await _keep(came_from, docx, name=name, by=by, store=store, now=now)
    change = Changed(What.FILE, How.CHANGED, name=name, by=by, at=now, stretches=difference(was, is_))
    return Changes(came_from.version, None, (change,) if was != is_ else ())


def words_of(docx: bytes) -> Content:
    """The words of a Word file's body, paragraph by paragraph.

    Raises:
        TemplateError: it is no Word file that we may open.
    """
    body = opened(docx).element.body
    lines = ("".join(text.text or "" for text in each.iter(w("t"))) for each in body.iter(w("p")))
    return tuple(block for line in lines for block in paragraphs(line))


async def _version(hearing_id: UUID, version: int | None, *, store: Store) -> Notat | None:
    if version is None:
        return await store.versions.latest(hearing_id)
    return await store.versions.numbered(hearing_id, version)


async def _keep(notat: Notat, docx: bytes, *, name: str, by: str, store: Store, now: datetime) -> None:
    sha256 = blobs.name_of(docx)
    known = await store.versions.handed_back(notat.hearing_id)
    if any((each.notat_id, each.docx_sha256) == (notat.id, sha256) for each in known):
        return
    await blobs.keep((docx,), session=store.session)
    row = HandedBack(
        hearing_id=notat.hearing_id, notat_id=notat.id, name=name, docx_sha256=sha256, handed_by=by,
        handed_at=now,
    )  # fmt: skip
    store.add(row)
    store.note("handed_back", by=by, at=now, hearing_id=notat.hearing_id, version=notat.version, file=row.id)
