"""The nouns of a notat's versions: what each was made of, what was waived, and what came back edited."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field, SQLModel

from storage.columns import identity, moment, values


class Makeup(SQLModel, table=True):
    """What one version was made of, so that two can be compared by their facts and not by their looks.

    `submissions` are objects with `id`, the printed `number` and `name`; `approvals`, `summaries` and
    `waivers` are ids. `missing` and
    `slips` count what the page before a draft lists.
    """

    notat_id: UUID = Field(foreign_key="notat.id", primary_key=True)
    submissions: list[dict[str, Any]] = values()
    approvals: list[str] = values()
    summaries: list[str] = values()
    waivers: list[str] = values()
    missing: int
    slips: int


class Waiver(SQLModel, table=True):
    """A coordinator lets the notat be final although something is missing: the finding's key, and why."""

    id: UUID = identity()
    hearing_id: UUID = Field(foreign_key="hearing.id", index=True)
    finding: str
    reason: str
    waived_by: str
    waived_at: datetime = moment()


class HandedBack(SQLModel, table=True):
    """A Word file that somebody edited by hand, and the version that it was made from."""

    __tablename__ = "handed_back"
    id: UUID = identity()
    hearing_id: UUID = Field(foreign_key="hearing.id", index=True)
    notat_id: UUID = Field(foreign_key="notat.id", index=True)
    name: str
    docx_sha256: str = Field(foreign_key="blob.sha256")
    handed_by: str
    handed_at: datetime = moment()
