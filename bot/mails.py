"""What operators see of mails: what we make of a file, and what a row of mails would become."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlmodel import col, select

from bot.app import utc_now
from handlers import mail
from handlers.annex import kinds
from handlers.hearing.apply import apply
from handlers.hearing.plan import DepartmentPlan, HearingPlan
from handlers.intake.account import Texts, account
from handlers.intake.extract import Extractor
from handlers.intake.kinship import Why
from handlers.intake.read import Sight, read
from handlers.mail import File, Letter
from storage.asked import FollowUp, Verdict
from storage.database import Database
from storage.embedded import embedded
from storage.inbox import Arrival
from storage.models import Door, InboxItem
from storage.questions import Asked
from storage.store import Store
from storage.words import HeadingForm, Order, PrivatePersons, Refer

STDIN = "-"


async def show(files: Sequence[Path], *, as_json: bool, out: Console, err: Console) -> bool:
    """Say what we make of each mail; False when one of the files cannot be read from the disk."""
    went_well = True
    async with Extractor() as extractor:
        for file in files:
            raw = await asyncio.to_thread(_bytes, file)
            if raw is None:
                err.print(f"{file}: cannot be read", markup=False, highlight=False, soft_wrap=True)
                went_well = False
                continue
            letter = await asyncio.to_thread(mail.read, raw)
            told = account(letter, await _texts(letter, extractor))
            if as_json:
                _print_json(told, out)
            else:
                _print(str(file), told, out)
    return went_well


async def tell(raw: bytes, *, name: str, out: Console) -> None:
    """Say what we make of one mail, as `show` does."""
    letter = await asyncio.to_thread(mail.read, raw)
    async with Extractor() as extractor:
        _print(name, account(letter, await _texts(letter, extractor)), out)


async def replay(files: Sequence[Path], *, as_json: bool, out: Console, err: Console) -> bool:
    """Say of mails in order of arrival what each becomes, in a database of its own that is empty at first."""
    raws = [(file, await asyncio.to_thread(_bytes, file)) for file in files]
    for file, raw in raws:
        if raw is None:
            err.print(f"{file}: cannot be read", markup=False, highlight=False, soft_wrap=True)
    async with _rehearsal() as stage:
        for number, (file, raw) in enumerate(raws):
            if raw is not None:
                became = await stage.play(raw, number=number)
                if as_json:
                    _print_json({"file": str(file), **became}, out)
                else:
                    out.print(f"{became['verdict']}\t{file}", markup=False, highlight=False, soft_wrap=True)
    return all(raw is not None for _, raw in raws)


def _bytes(file: Path) -> bytes | None:
    try:
        return sys.stdin.buffer.read() if str(file) == STDIN else file.read_bytes()
    except OSError:
        return None


async def _texts(letter: Letter, extractor: Extractor) -> Texts:
    return await extractor.texts([file for file in _all(letter.files) if _may_say_something(file)])


def _all(files: Sequence[File]) -> list[File]:
    return [each for file in files for each in (file, *_all(file.inside))]


def _may_say_something(file: File) -> bool:
    return kinds.holds_text(kinds.kind(file.payload, content_type=file.content_type, name=file.name))


def _print_json(values: dict[str, Any], out: Console) -> None:
    out.file.write(json.dumps(values) + "\n")
    out.file.flush()


def _print(name: str, told: dict[str, Any], out: Console) -> None:
    table = Table("", "", title=Text(name), show_header=False, title_justify="left")
    for key, value in told.items():
        if key not in {"text", "reply", "attachments"} and value not in ("", [], None):
            table.add_row(key, Text(", ".join(value) if isinstance(value, list) else str(value)))
    for file in told["attachments"]:
        size = f"{file['name']} ({file['content_type']}, {file['size']} bytes)"
        table.add_row("attachment", Text(f"{size} {file['outcome']}".rstrip()))
    out.print(table)
    out.print(Text(told["reply"]))
    if told["reply"].split() != told["text"].split():
        out.print(
            Text(f"… and {len(told['text']) - len(told['reply'])} more signs that are quoted or signed.")
        )


@dataclass(frozen=True, slots=True)
class _Stage:
    """A hearing that nobody knows, where mails are played through."""

    database: Database
    begun: datetime
    sight: Sight

    async def play(self, raw: bytes, *, number: int) -> dict[str, Any]:
        """What one mail becomes: new, duplicate, follow_up, or the kind of mail that it seems to be."""
        at = self.begun + timedelta(minutes=number)
        arrival = Arrival(Door.IMAP, str(number), raw, at, {"recipients": [_ADDRESS]})
        async with self.database.begin() as store:
            await store.inbox.keep([arrival])
        while await read(self.database, now=lambda: at, sight=self.sight):
            pass
        async with self.database.begin() as store:
            return await _became(number, store=store)


async def _became(number: int, *, store: Store) -> dict[str, Any]:
    item = (
        await store.session.execute(select(InboxItem).where(col(InboxItem.key) == str(number)))
    ).scalar_one()
    if item.submission_id is None:
        return {"verdict": item.taken_for or "set_aside", "number": None, "asked": False}
    submission = await store.submissions.by_id(item.submission_id)
    later = select(FollowUp).where(col(FollowUp.item_id) == item.id)
    follow_up = (await store.session.execute(later)).scalar_one_or_none()
    if follow_up is not None:
        asked = await store.questions.by_key(f"follow_up:{follow_up.id}")
        return {
            "verdict": "new" if asked is not None and _seems_new(asked) else "follow_up",
            "number": submission.number,
            "asked": asked is not None and asked.decision is None,
        }
    first = next(iter(await store.inbox.items_of(submission.id)))
    is_first = first.id == item.id
    return {"verdict": "new" if is_first else "duplicate", "number": submission.number, "asked": False}


def _seems_new(asked: Asked) -> bool:
    """Nothing but the party tells that it is a later mail: people are asked whether it is one."""
    detail = asked.question.detail
    return detail["why"] not in {Why.ANSWERS, Why.NUMBER} and detail["seems"] == Verdict.NEW


_ADDRESS = "hoering@localhost"


@asynccontextmanager
async def _rehearsal() -> AsyncIterator[_Stage]:
    with TemporaryDirectory(prefix="hoeringsbot-") as folder:
        async with embedded(Path(folder) / "data", durable=False) as url, Extractor() as extractor:
            database = Database(url)
            try:
                await database.migrate()
                async with database.begin() as store:
                    await apply(_plan(), by="command line", store=store, now=utc_now())
                yield _Stage(database, utc_now(), Sight(extractor))
            finally:
                await database.close()


def _plan() -> HearingPlan:
    opens = datetime(2000, 1, 1, tzinfo=UTC)
    return HearingPlan(
        key="replay", title="Replay", municipality="-", case_number="", owner="all", opens=opens,
        deadline=datetime(2100, 1, 1, tzinfo=UTC), answer_deadline=datetime(2100, 2, 1, tzinfo=UTC),
        addresses=(_ADDRESS,), coordinators=(), coordination_channel="C0", four_eyes=False, refer=Refer.ASK,
        heading_form=HeadingForm.BEMAERKNINGER_FRA, order=Order.ARRIVAL, heard=(), texts={},
        private_persons=PrivatePersons.ANONYMOUS,
        departments=(DepartmentPlan("all", "All", "All", "C1", (), ()),),
    )  # fmt: skip
