"""The append-only account of who did what."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field, SQLModel

from storage.columns import moment, values


class JournalEntry(SQLModel, table=True):
    """Who did what, when. The database refuses to change or delete an entry. `detail` holds ids only."""

    __tablename__ = "journal_entry"
    id: int | None = Field(default=None, primary_key=True)
    hearing_id: UUID | None = Field(default=None, foreign_key="hearing.id", index=True)
    at: datetime = moment()
    actor: str
    act: str
    detail: dict[str, Any] = values()
