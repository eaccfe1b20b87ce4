"""Raw bytes, kept once under their SHA-256."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Collection, Iterable
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, delete, select

from storage.models import Attachment, Blob, InboxItem

CARRIED_MUCH = "carried much"
_KEPT = "blobs kept"
_MUCH = 4_000_000  # bytes
_KEPT_TOGETHER = (
    "INSERT INTO blob (sha256, bytes) SELECT * FROM unnest(%b::text[], %b::bytea[]) ON CONFLICT DO NOTHING"
)
_FOUND = "SELECT sha256, bytes FROM blob WHERE sha256 = ANY(%s)"


def name_of(payload: bytes) -> str:
    """The name bytes are kept under: their SHA-256 in hex."""
    return hashlib.sha256(payload).hexdigest()


async def keep(payloads: Iterable[bytes], *, session: AsyncSession) -> None:
    """Keep each payload; one that is kept already stays as it is."""
    rows = {name_of(payload): payload for payload in payloads}
    kept = session.info.setdefault(_KEPT, set())  # in this transaction, so that they need not go over again
    rows = {name: payload for name, payload in rows.items() if name not in kept}
    kept.update(rows)
    # In order of their names, so that two transactions that keep the same bytes never wait for each other.
    names, octets = sorted(rows), sum(map(len, rows.values()))
    if octets > _MUCH:  # together they would be held once more
        await carried(octets, session=session)
        values = [{"sha256": name, "bytes": rows[name]} for name in names]
        await session.execute(insert(Blob).on_conflict_do_nothing(), values)
    elif names:
        async with _cursor(session) as cursor:
            await cursor.execute(_KEPT_TOGETHER, [names, [rows[name] for name in names]])


@asynccontextmanager
async def _cursor(session: AsyncSession) -> AsyncIterator[Any]:
    """A cursor of the driver's own, that fails as all else that we ask the database does."""
    raw: Any = (await (await session.connection()).get_raw_connection()).driver_connection
    try:
        async with raw.cursor(binary=True) as cursor:
            yield cursor
    except psycopg.Error as fault:
        raise DBAPIError.instance(None, None, fault, psycopg.Error, hide_parameters=True) from fault


async def carried(octets: int, *, session: AsyncSession) -> None:
    """Have the connection end with the transaction when it carries much.

    The client library's buffers stay as large as the largest thing that a connection ever carried.
    """
    if octets > _MUCH:
        raw = await (await session.connection()).get_raw_connection()
        raw.info[CARRIED_MUCH] = True


async def drop(sha256: str, *, session: AsyncSession) -> None:
    """Forget bytes that came in, unless something still is known by them."""
    came = select(InboxItem.blob_sha256).where(col(InboxItem.blob_sha256) == sha256)
    was_sent = select(Attachment.blob_sha256).where(col(Attachment.blob_sha256) == sha256)
    unused = col(Blob.sha256) == sha256, ~came.exists(), ~was_sent.exists()
    session.info.get(_KEPT, set()).discard(sha256)
    await session.execute(delete(Blob).where(*unused))


async def fetch(sha256: str, *, session: AsyncSession) -> bytes:
    """The bytes kept under a name.

    Raises:
        LookupError: nothing is kept under it.
    """
    return (await fetch_all([sha256], session=session))[sha256]


async def fetch_all(sha256s: Collection[str], *, session: AsyncSession) -> dict[str, bytes]:
    """The bytes kept under these names; a name that nothing is kept under is left out.

    They come over as they are. As text, as all else comes, each byte would be two signs in the client
    library's buffers: a mail of 50 MB took 100 MB more.
    """
    if not sha256s:
        return {}
    async with _cursor(session) as cursor:
        await cursor.execute(_FOUND, [sorted(sha256s)])
        found = {name: bytes(octets) for name, octets in await cursor.fetchall()}
    await carried(sum(map(len, found.values())), session=session)
    return found
