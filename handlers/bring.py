"""Bring in the rows of a portal's export, so that they are read like anything else that came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from handlers.portal import Row, stored
from storage import blobs
from storage.inbox import Arrival
from storage.models import Door, Hearing
from storage.store import Store


async def bring(
    rows: Sequence[Row], files: Mapping[str, bytes], *, hearing: Hearing, store: Store, now: datetime
) -> int:
    """Keep the rows with their files in the inbox; how many of them were not there before."""
    await blobs.keep(files.values(), session=store.session)
    arrivals = [
        Arrival(Door.PORTAL, f"{hearing.key}:{row.key}", stored(row), now, _envelope(row, files, hearing))
        for row in rows
    ]
    return await store.inbox.keep(arrivals)


def _envelope(row: Row, files: Mapping[str, bytes], hearing: Hearing) -> dict[str, object]:
    named = [{"name": name, "sha256": blobs.name_of(files[name])} for name in row.files if name in files]
    return {"hearing": str(hearing.id), "files": named}
