"""The texts of files: what was read in them, by the bytes they are."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import or_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from storage.models import FileText
from storage.words import Outcome


class Files:
    """What files say."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def read_texts(self, sha256s: Collection[str]) -> dict[str, FileText]:
        """The texts known of these bytes, by SHA-256 in hex; the bytes that none was read in are left out."""
        if not sha256s:
            return {}
        found = select(FileText).where(col(FileText.blob_sha256).in_(set(sha256s)))
        rows = await self._session.execute(found, execution_options={"populate_existing": True})
        return {row.blob_sha256: row for row in rows.scalars()}

    async def keep_texts(self, texts: Sequence[FileText]) -> None:
        """Keep each text, instead of an older reader's, and instead of none for want of time."""
        if not texts:
            return
        # In order of their names, so that two transactions never wait for each other.
        rows = [text.model_dump() for text in sorted(texts, key=lambda text: text.blob_sha256)]
        new = insert(FileText).values(rows)
        older = col(FileText.reader) < new.excluded.reader
        in_vain = (col(FileText.reader) == new.excluded.reader) & (col(FileText.outcome) == Outcome.TOO_SLOW)
        await self._session.execute(
            new.on_conflict_do_update(
                index_elements=[col(FileText.blob_sha256)],
                set_={
                    "outcome": new.excluded.outcome,
                    "text": new.excluded.text,
                    "reader": new.excluded.reader,
                },
                where=or_(older, in_vain),
            )
        )
