"""Compile the appendix of a hearing's notat from its submissions and their files, and keep it."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from uuid import UUID

from handlers.apart import made
from handlers.appendix import volumes
from handlers.appendix.bind import bind
from handlers.appendix.layout import Known, appendix
from handlers.appendix.placing import Files, placed
from handlers.appendix.prepare import Load, prepare
from handlers.appendix.redaction import Redaction, redacted, redaction_of
from handlers.appendix.shape import Appendix, Enclosure
from handlers.clock import Clock
from storage import blobs, compiled
from storage.database import Database
from storage.dossier import Dossier, dossier
from storage.store import Store
from storage.words import Edition, Outcome

Kept = Callable[[compiled.Appendix, Store], None]
"""What is owed when an appendix is kept, in the same transaction."""

_LARGE = 50  # submissions, or sheets, from which the work is done apart


async def compile_appendix(
    hearing_id: UUID,
    *,
    public: bool,
    by: str,
    key: str,
    database: Database,
    now: Clock,
    redaction: Redaction | None = None,
    kept: Kept | None = None,
) -> compiled.Appendix | None:
    """The appendix as it stands now; None when the wish `key` has been fulfilled before.

    The internal one shows everything; of the public one `redaction` takes out what must not be in it.
    """
    async with database.begin() as store:
        if await store.submissions.appendix(key) is not None:
            return None
    edition, at = Edition.PUBLIC if public else Edition.INTERNAL, now()
    async with database.begin(snapshot=True) as store:
        read = await dossier(await store.hearings.by_id(hearing_id), store=store)
        known = await _known(read, store=store)
    by_rule = redaction or redaction_of(edition)
    whole = redacted(appendix(read, edition=edition, known=known, at=at), by=by_rule)
    with tempfile.TemporaryDirectory(prefix="hoeringsbot-") as name:
        folder = Path(name)
        pressed = await prepare(_shown(whole), load=_loading(database), folder=folder)
        files = placed(whole, pressed, by=by_rule)
        await made(partial(write, whole, files, folder=folder, at=at), apart=_is_large(files))
        payload = await asyncio.to_thread((folder / "appendix.pdf").read_bytes)
    row = compiled.Appendix(
        key=key, hearing_id=hearing_id, edition=edition, submissions=len(whole.entries),
        files=sum(map(len, files.values())), unshown=_unshown(files),
        numbered_as=whole.numbered_as, compiled_by=by, compiled_at=at, pdf_sha256=blobs.name_of(payload),
    )  # fmt: skip
    async with database.begin() as store:
        await _keep(row, payload, store=store, kept=kept)
    return row


def write(whole: Appendix, files: Files, *, folder: Path, at: datetime, longest: int = volumes.LONG) -> None:
    """Write `appendix.pdf` in `folder`; the same content, sheets and moment give the same bytes.

    One of more than `longest` submissions and sheets is set in volumes.
    """
    empty = folder / "base.pdf"
    empty.write_bytes(volumes.whole(whole, files, at=at, longest=longest))
    bind(empty, files, to=folder / "appendix.pdf")


async def _known(read: Dossier, *, store: Store) -> Known:
    names = {file.blob_sha256 for filed in read.submissions for file in filed.attachments}
    texts = await store.files.read_texts(names)
    said = {name: row.text for name, row in texts.items() if row.outcome == Outcome.TEXT}
    version, numbers = await _newest(read.hearing.id, store=store)
    return Known(await store.submissions.addresses(read.hearing.id), said, version, numbers)


async def _newest(hearing_id: UUID, *, store: Store) -> tuple[int | None, dict[UUID, int]]:
    """The newest version of the notat, and the number of each submission in it."""
    notat = await store.versions.latest(hearing_id)
    made_of = await store.versions.makeup(notat.id) if notat else None
    if notat is None or made_of is None:
        return None, {}
    return notat.version, {UUID(each["id"]): int(each["number"]) for each in made_of.submissions}


def _shown(whole: Appendix) -> list[Enclosure]:
    """The files that are wanted at all: no other is even opened."""
    return [file for entry in whole.entries for file in entry.files if not file.withheld]


def _loading(database: Database) -> Load:
    async def load(sha256: str) -> bytes:
        async with database.begin() as store:
            return await blobs.fetch(sha256, session=store.session)

    return load


def _is_large(files: Files) -> bool:
    sheets = sum(len(each.places) for entry in files.values() for each in entry)
    return len(files) >= _LARGE or sheets >= _LARGE


def _unshown(files: Files) -> int:
    return sum(not each.is_shown for entry in files.values() for each in entry)


async def _keep(row: compiled.Appendix, payload: bytes, *, store: Store, kept: Kept | None) -> None:
    await blobs.keep((payload,), session=store.session)
    store.add(row)
    store.note(
        "appendix_compiled", by=row.compiled_by, at=row.compiled_at, hearing_id=row.hearing_id,
        edition=row.edition.value, files=row.files, unshown=row.unshown,
    )  # fmt: skip
    if kept is not None:
        kept(row, store)
