"""Tell people what differs between two Word files of a notat: a page, and a file with its changes tracked."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from handlers.clock import Clock
from handlers.notat.changed import Changes
from handlers.notat.hand_back import compared, files_of
from handlers.notat.history import changes_since
from handlers.owe import Priority, owe_post
from handlers.render.changes import changes_page
from handlers.render.redline import RedlineError, redline
from handlers.rules import Refusal
from storage import blobs
from storage.database import Database
from storage.models import Hearing, PostKind
from storage.store import Store
from templates import say

log = logging.getLogger(__name__)

Names = Callable[[Sequence[str]], Awaitable[Mapping[str, str]]]
"""The names of people by their ids, as far as they can be told."""

_OURS = "hoeringsbot"
_NOTAT, _CHANGES = "slack/notat.j2", "notat/changes.j2"


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is told: a channel, or a person's id for them alone; in a thread, unless that is empty."""

    channel: str
    thread: str = ""


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two Word files, and how the one with their differences is called; `at` is when the later one is of."""

    was: bytes
    is_: bytes
    name: str
    at: datetime


async def tell_edits(
    kept_id: UUID, *, place: Place, key: str, names: Names, database: Database, now: Clock
) -> None:
    """What somebody edited in a file by hand, once for each `key`."""
    async with database.begin() as store:
        if await store.posts.by_key(key) is not None:
            return
        kept = await store.versions.back(kept_id)
        hearing = await store.hearings.by_id(kept.hearing_id)
        version, was, is_ = await files_of(kept, store=store)
    found = await asyncio.to_thread(compared, version, kept.name, was, is_)
    known = await names([kept.handed_by])
    name = say(_NOTAT, "edits_file", key=hearing.key, version=version)
    pair = _Pair(was, is_, name, kept.handed_at) if found.all else None
    tracked = await _tracked(pair, author=known.get(kept.handed_by, _OURS))
    told = say(_NOTAT, "edits", changes=found, by=kept.handed_by, tracked=bool(tracked))
    files = _page(found, hearing, known) | tracked if found.all else {}
    await _owe(files, told, hearing=hearing, place=place, key=key, database=database, now=now)


async def tell_changes(
    hearing_id: UUID, since: int, *, place: Place, key: str, names: Names, database: Database, now: Clock
) -> None:
    """What has changed since a version, with the newest one as a file against it, once for each `key`."""
    async with database.begin() as store:
        if await store.posts.by_key(key) is not None:
            return
        hearing = await store.hearings.by_id(hearing_id)
        found = await changes_since(hearing, since, store=store, now=now())
        pair = await _newest_against(hearing, since, store=store)
    if isinstance(found, Refusal):
        return
    people = {each.by for each in found.all if each.by[:1] in {"U", "W"}}
    tracked = await _tracked(pair, author=_OURS)
    told = say(_NOTAT, "changes_told", changes=found, wanted=pair is not None, tracked=bool(tracked))
    files = _page(found, hearing, await names(sorted(people))) | tracked
    await _owe(files, told, hearing=hearing, place=place, key=key, database=database, now=now)


async def _newest_against(hearing: Hearing, since: int, *, store: Store) -> _Pair | None:
    old, new = await store.versions.numbered(hearing.id, since), await store.versions.latest(hearing.id)
    if old is None or new is None or new.version == old.version:
        return None
    name = say(_NOTAT, "redline_file", key=hearing.key, since=since, version=new.version)
    was, is_ = [await blobs.fetch(each.docx_sha256, session=store.session) for each in (old, new)]
    return _Pair(was, is_, name, new.compiled_at)


def _page(found: Changes, hearing: Hearing, names: Mapping[str, str]) -> dict[str, bytes]:
    name = say(_CHANGES, "file", key=hearing.key, changes=found)
    return {f"{name}.html": changes_page(found, hearing=hearing, names=names).encode()}


async def _tracked(pair: _Pair | None, *, author: str) -> dict[str, bytes]:
    """The file with the changes tracked, by its name; nothing where it cannot be made."""
    if pair is None:
        return {}
    try:
        file = await asyncio.to_thread(partial(redline, pair.was, pair.is_, author=author, at=pair.at))
    except RedlineError as problem:
        log.warning("changes are told without a Word file: %s", problem)
        return {}
    return {f"{pair.name}.docx": file}


async def _owe(
    files: Mapping[str, bytes], told: str, *, hearing: Hearing, place: Place, key: str, database: Database,
    now: Clock,
) -> None:  # fmt: skip
    async with database.begin() as store:
        await blobs.keep(tuple(files.values()), session=store.session)
        named = [[name, blobs.name_of(file)] for name, file in files.items()]
        owe_post(
            key, PostKind.COMPARISON, hearing_id=hearing.id, channel=place.channel, priority=Priority.NOTAT,
            now=now(), store=store, detail={"files": named, "told": told, "thread": place.thread},
        )  # fmt: skip
