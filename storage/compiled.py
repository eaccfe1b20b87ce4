"""The nouns of what is compiled: each notat and each appendix, with its files."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.columns import closed, identity, moment, values
from storage.words import Edition


class Notat(SQLModel, table=True):
    """One compile of the notat, with the files it gave."""

    __table_args__ = (UniqueConstraint("hearing_id", "version"),)
    id: UUID = identity()
    hearing_id: UUID = Field(foreign_key="hearing.id")
    version: int
    draft: bool
    content: dict[str, Any] = values()
    digest: str
    compiled_by: str
    compiled_at: datetime = moment()
    docx_sha256: str = Field(foreign_key="blob.sha256")
    pdf_sha256: str = Field(foreign_key="blob.sha256")
    html_sha256: str = Field(foreign_key="blob.sha256")


class Appendix(SQLModel, table=True):
    """One compile of the appendix, fulfilling the wish `key`; how many submissions and files it shows.

    `unshown` are the files that it only names. It is `numbered_as` the newest version of the notat, unless
    that has other numbers or there is none.
    """

    id: UUID = identity()
    key: str = Field(unique=True)
    hearing_id: UUID = Field(foreign_key="hearing.id", index=True)
    edition: Edition = closed(Edition)
    submissions: int
    files: int
    unshown: int
    numbered_as: int | None = None
    compiled_by: str
    compiled_at: datetime = moment()
    pdf_sha256: str = Field(foreign_key="blob.sha256")
