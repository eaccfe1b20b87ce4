"""Every question we ask of what we remember, in the domain's words, inside one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel

from storage.campaigns import Campaigns
from storage.edits import Editing
from storage.endings import Endings
from storage.files import Files
from storage.hearings import Hearings
from storage.inbox import Inbox
from storage.journal import JournalEntry
from storage.posts import Posts
from storage.questions import Questions
from storage.queue import Owed, enqueue
from storage.remarks import Remarks
from storage.rows import inserted
from storage.submissions import Submissions
from storage.threads import Threads
from storage.versions import Versions


class Store:
    """What we remember, as one transaction sees it."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        self.inbox = Inbox(session)
        self.hearings = Hearings(session)
        self.submissions = Submissions(session)
        self.remarks = Remarks(session)
        self.posts = Posts(session)
        self.threads = Threads(session)
        self.questions = Questions(session)
        self.campaigns = Campaigns(session)
        self.files = Files(session)
        self.edits = Editing(session)
        self.endings = Endings(session)
        self.versions = Versions(session)
        self._owed: list[Owed] = []
        self._rows: dict[type[SQLModel], list[dict[str, Any]]] = {}

    def add(self, *facts: SQLModel) -> None:
        """New facts; written at the end of the transaction, or before the next question that needs them."""
        self.session.add_all(facts)

    def add_rows(self, noun: type[SQLModel], rows: Iterable[dict[str, Any]]) -> None:
        """Facts that come in numbers, which nothing in this transaction asks for; defaults as `noun` has."""
        same, made = _defaults(noun)
        self._rows.setdefault(noun, []).extend(
            same | {name: make() for name, make in made if name not in row} | row for row in rows
        )

    async def write(self, noun: type[SQLModel], rows: Sequence[dict[str, Any]]) -> None:
        """Facts that come in numbers, and that the next question needs; every column is told."""
        if rows:
            await self.session.execute(*inserted(noun, rows))

    def owe(self, acts: Iterable[Owed]) -> None:
        """Acts on the world, queued when this transaction commits and only then."""
        self._owed.extend(acts)

    def note(self, act: str, *, by: str, at: datetime, hearing_id: UUID | None = None, **ids: Any) -> None:
        """A line in the journal. `ids` are ids and numbers, never what somebody wrote."""
        detail = {name: value if isinstance(value, int) else str(value) for name, value in ids.items()}
        entry = {"hearing_id": hearing_id, "at": at, "actor": by, "act": act, "detail": detail}
        self.add_rows(JournalEntry, [entry])

    async def settle(self) -> None:
        """Write what is pending, and the jobs with it."""
        await self.session.flush()
        rows, self._rows = self._rows, {}
        for noun, values in rows.items():
            if values:
                await self.session.execute(*inserted(noun, values))
        if self._owed:
            owed, self._owed = self._owed, []
            await enqueue(owed, session=self.session)


@cache
def _defaults(noun: type[SQLModel]) -> tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]]]:
    """The value of each column that need not be told, or what makes it; none for keys the database gives."""
    keys = {column.name for column in noun.__table__.primary_key}  # type: ignore[attr-defined]
    same, made = dict[str, Any](), list[tuple[str, Callable[[], Any]]]()
    for name, field in noun.model_fields.items():
        if field.default_factory is not None:
            made.append((name, cast(Callable[[], Any], field.default_factory)))
        elif not field.is_required() and field.default is not None and name not in keys:
            same[name] = field.default
    return same, made
