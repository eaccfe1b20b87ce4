"""The nouns of a notat's versions: what each was made of, what was waived, and what came back edited."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field, SQLModel

from storage.columns import closed, identity, moment, values
from storage.words import Layout


class Makeup(SQLModel, table=True):
    """What one version was made of, so that two can be compared by their facts and not by their looks.

    `submissions` are objects with `id`, the printed `number` and `name`, the id of the `bearer` that speaks
    for it, whether it is the `first` that this one speaks for, and then the `matters` it is about, where the
    layout tells of those. `approvals`, `summaries` and `waivers` are ids; each of the `headings` has the
    `words` over an approved remark and whether they are `by_hand`. `missing` and `slips` count what the page
    before a draft lists.
    """

    notat_id: UUID = Field(foreign_key="notat.id", primary_key=True)
    layout: Layout = closed(Layout)
    submissions: list[dict[str, Any]] = values()
    approvals: list[str] = values()
    headings: list[dict[str, Any]] = values()
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
