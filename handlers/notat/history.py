"""What has changed between versions of a hearing's notat, or since one of them."""

from __future__ import annotations

import asyncio
from datetime import datetime
from uuid import UUID

from handlers.notat import layout
from handlers.notat.changed import Changes
from handlers.notat.compare import Snapshot, compare
from handlers.notat.cover import check
from handlers.notat.makeup import makeup
from handlers.notat.shape import dump
from handlers.rules import Refusal, Why
from storage.compiled import Notat
from storage.dossier import dossier
from storage.models import Hearing
from storage.store import Store
from storage.version import Makeup
from storage.words import Layout


async def changes_before(notat: Notat, *, store: Store) -> Changes | None:
    """What is new in a version against the one before it; None for the first one."""
    earlier = await store.versions.latest(notat.hearing_id, before=notat.version)
    if earlier is None:
        return None
    return await between(earlier, notat, store=store)


async def between(old: Notat, new: Notat, *, store: Store) -> Changes | None:
    """What changed from one version to another; None where it was not kept what they were made of."""
    was, is_ = await _kept(old, store=store), await _kept(new, store=store)
    if was is None or is_ is None:
        return None
    return Changes(old.version, new.version, await asyncio.to_thread(compare, was, is_))


async def changes_since(
    hearing: Hearing, version: int | None, *, store: Store, now: datetime
) -> Changes | Refusal:
    """What has changed since a version, or since the newest one, until this moment."""
    versions = store.versions
    old = await (
        versions.numbered(hearing.id, version) if version is not None else versions.latest(hearing.id)
    )
    was = await _kept(old, store=store) if old is not None else None
    if old is None or was is None:
        newest = await versions.latest(hearing.id)
        return Refusal(Why.NO_SUCH_VERSION, number=newest.version if newest else 0)
    is_ = await _standing(hearing, old, order=was.makeup.layout, store=store, now=now)
    return Changes(old.version, None, await asyncio.to_thread(compare, was, is_))


async def _standing(hearing: Hearing, old: Notat, *, order: Layout, store: Store, now: datetime) -> Snapshot:
    """The notat that would be made now, laid out as the old one is."""
    read = await dossier(hearing, passages=True, store=store)
    found = await asyncio.to_thread(check, read)
    content = await asyncio.to_thread(
        layout.notat, read, version=old.version, at=now, order=order, found=found
    )
    return await _snapshot(makeup(read, found, notat_id=old.id, order=order), dump(content), store=store)


async def _kept(notat: Notat, *, store: Store) -> Snapshot | None:
    made_of = await store.versions.makeup(notat.id)
    return None if made_of is None else await _snapshot(made_of, notat.content, store=store)


async def _snapshot(made_of: Makeup, content: dict[str, object], *, store: Store) -> Snapshot:
    said = await store.versions.said([UUID(each) for each in made_of.approvals])
    summaries = await store.versions.summaries([UUID(each) for each in made_of.summaries])
    return Snapshot(
        made_of, {each.approval.id: each for each in said},
        {each.submission_id: each for each in summaries}, content,
    )  # fmt: skip
