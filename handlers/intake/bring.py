"""Bring in the rows of a portal's export, so that they are read like anything else that came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers.portal.rows import BadRow, Row, restored, stored
from storage import blobs
from storage.inbox import Arrival
from storage.models import Door, Hearing
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Brought:
    """How many rows were not there before, and those that say something else than what is in already."""

    new: int
    refused: tuple[BadRow, ...] = ()


@dataclass(frozen=True, slots=True)
class _Kept:
    row: Row
    files: Mapping[str, str]


async def bring(
    rows: Sequence[Row], files: Mapping[str, bytes], *, hearing: Hearing, store: Store, now: datetime
) -> Brought:
    """Keep the rows with their files in the inbox, each once: by its number, else by what it says.

    A number that is in already under other words is refused: what was answered stays as it was.
    """
    await store.hearings.hold(hearing.id)
    named = {name: blobs.name_of(payload) for name, payload in files.items()}
    found = {f"{hearing.key}:{row.key(named)}": row for row in reversed(rows)}
    known = {key: _Kept(row, named) for key, row in found.items()}
    for key, (item, raw) in (await store.inbox.kept(Door.PORTAL, found)).items():
        known[key] = _Kept(restored(raw), {file["name"]: file["sha256"] for file in item.envelope["files"]})
    await blobs.keep(files.values(), session=store.session)
    arrivals = [
        Arrival(Door.PORTAL, key, stored(row), now, _envelope(row, named, hearing))
        for key, row in reversed(found.items())
    ]
    new = await store.inbox.keep(arrivals)
    checked = ((row, known[f"{hearing.key}:{row.key(named)}"]) for row in rows)
    return Brought(new, tuple(bad for row, kept in checked if (bad := _otherwise(row, kept, named))))


def _otherwise(row: Row, kept: _Kept, named: Mapping[str, str]) -> BadRow | None:
    other = row.differences(kept.row, mine=named, its=kept.files)
    if not other:
        return None
    return BadRow(row.line, f"number {row.number} is in already with another {' and '.join(other)}")


def _envelope(row: Row, named: Mapping[str, str], hearing: Hearing) -> dict[str, Any]:
    files = [{"name": name, "sha256": named[name]} for name in row.files if name in named]
    return {"hearing": str(hearing.id), "files": files}
