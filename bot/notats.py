"""What operators make, see and arrange of a notat. Each gives True when all went well."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.app import opened, own_template, sweeping, utc_now
from bot.settings import Settings
from handlers.appendix.compile import compile_appendix
from handlers.content import Content, load, paragraphs, plain
from handlers.hearing.parties import heading_name
from handlers.notat.compile import Unfinished, compile_notat
from handlers.notat.cover import sentence
from handlers.notat.order import numbered
from handlers.notat.remarks import shown_heading, standing_in_order
from handlers.notat.reorder import move_submission, numbered_in_the_journal, order_by_rule, order_remarks
from handlers.notat.retitle import retitle
from handlers.notat.rewrite import rewrite, standing_text
from handlers.rules import OPERATOR, Refusal, Why
from handlers.talk.progress import standing
from handlers.talk.summarise import summarise
from storage import blobs
from storage.compiled import Notat
from storage.database import Database
from storage.dossier import dossier
from storage.models import Hearing
from storage.store import Store
from storage.words import Edition, Format, Layout, Stage, TextName
from templates import say


@dataclass(frozen=True, slots=True)
class Edit:
    """What is done to the remark in one place; None where nothing is."""

    place: int
    to: int | None
    heading: str | None


@dataclass(frozen=True, slots=True)
class Wish:
    """What an operator wants made: the notat's files of these formats, and the appendix of an edition."""

    layout: Layout | None
    formats: frozenset[Format]
    stage: Stage | None
    appendix: Edition | None


async def make(key: str, wish: Wish, *, folder: Path, settings: Settings, out: Console, err: Console) -> bool:
    """Compile a new version, kept as any other, and write its files.

    Threads are read again in Slack first, as when it is asked for there.
    """
    async with opened(settings) as database:
        async with database.begin() as store:
            hearing = await _hearing(key, store=store, err=err)
        if hearing is None:
            return False
        notat = await compile_notat(
            hearing.id, by=OPERATOR, key=str(uuid4()), order=wish.layout, stage=wish.stage, deliver=False,
            unlooked=await _unlooked(hearing, database=database, settings=settings, err=err),
            template=own_template(settings), database=database, now=utc_now,
        )  # fmt: skip
        if not isinstance(notat, Notat):
            return _unfinished(notat, err=err)
        names = _names(notat, wish, key=key) | await _appendix(hearing, wish, database=database)
        async with database.begin() as store:
            files = {name: await blobs.fetch(sha, session=store.session) for name, sha in names.items()}
    await asyncio.to_thread(_write, files, folder)
    for name in files:
        out.print(f"{folder / name}", markup=False, highlight=False, soft_wrap=True)
    return True


async def _unlooked(hearing: Hearing, *, database: Database, settings: Settings, err: Console) -> int:
    """How many threads with something approved could not be read again in Slack."""
    sweep = sweeping(database, settings)
    if sweep is not None:
        return await sweep.before_notat(hearing.id)
    async with database.begin() as store:
        threads = await store.threads.at_risk(hearing.id)
    if threads:
        _sentence(
            f"Threads in Slack with something approved were not read again ({threads}), since there is no"
            " HOERING_SLACK_BOT_TOKEN: the notat is a draft that says so.", err=err,
        )  # fmt: skip
    return threads


def _unfinished(found: Unfinished | None, *, err: Console) -> bool:
    """Say what is missing, in the words of the draft."""
    for each in found.missing if found is not None else ():
        _sentence(sentence(each), err=err)
    return _sentence("No version was made: it was to be final, and this is missing.", err=err)


def _names(notat: Notat, wish: Wish, *, key: str) -> dict[str, str]:
    """The files of a version that are wanted, name to blob."""
    stem = say("slack/words.j2", "notat_file", key=key, version=notat.version, draft=notat.draft)
    kept = {Format.DOCX: notat.docx_sha256, Format.PDF: notat.pdf_sha256, Format.HTML: notat.html_sha256}
    return {f"{stem}.{end}": sha for end, sha in kept.items() if end in wish.formats}


async def _appendix(hearing: Hearing, wish: Wish, *, database: Database) -> dict[str, str]:
    if wish.appendix is None:
        return {}
    row = await compile_appendix(
        hearing.id, public=wish.appendix == Edition.PUBLIC, by=OPERATOR, key=str(uuid4()), database=database,
        now=utc_now,
    )  # fmt: skip
    if row is None:
        return {}
    stem = say("slack/notat.j2", "appendix_file", key=hearing.key, at=row.compiled_at)
    return {f"{stem}.pdf": row.pdf_sha256}


async def order(
    key: str, *, move: tuple[int, int] | None, by_rule: bool, settings: Settings, out: Console, err: Console
) -> bool:
    """Show the submissions in printed order, after moving one or letting the rule order them."""
    async with _in(key, settings=settings, err=err) as (hearing, store):
        if hearing is None:
            return False
        outcome: object = None
        if by_rule:
            outcome = await order_by_rule(hearing.id, by=OPERATOR, store=store, now=utc_now())
        if move is not None:
            number, to = move
            outcome = await move_submission(
                hearing.id, number, to=to, by=OPERATOR, store=store, now=utc_now()
            )
        if isinstance(outcome, Refusal):
            return _refused(outcome, err=err)
        table = Table("printed as", "in the journal", "party")
        for printed, filed in numbered(await dossier(hearing, store=store)):
            name = Text(heading_name(filed.party, hearing.private_persons))
            table.add_row(str(printed), str(filed.submission.number), name)
    out.print(table)
    return True


async def remarks(
    key: str, number: int, *, edit: Edit, settings: Settings, out: Console, err: Console
) -> bool:
    """Show the remarks on a submission in printed order, after the edit, if there is one."""
    async with _in(key, settings=settings, err=err) as (hearing, store):
        if hearing is None:
            return False
        outcome = await _edited(hearing, number, edit, store=store)
        read = await dossier(hearing, store=store)
        filed = numbered_in_the_journal(read.submissions, number)
        if isinstance(outcome, Refusal) or filed is None:
            return _refused(outcome, err=err)
        table = Table("place", "heading", "approved")
        for place, (laid, facts) in enumerate(standing_in_order(filed, read.edits), 1):
            approved = "yes" if standing(facts).approval else "not yet"
            table.add_row(str(place), Text(shown_heading(laid, facts, read)), approved)
    out.print(table)
    return True


async def summary(
    key: str, number: int, *, file: str | None, settings: Settings, out: Console, err: Console
) -> bool:
    """Show a summary, or write it anew."""
    words = await _read(file, err=err) if file else None
    if file and words is None:
        return False
    async with _in(key, settings=settings, err=err) as (hearing, store):
        submission = await store.submissions.by_number(hearing.id, number) if hearing else None
        if hearing is None or submission is None:
            return hearing is not None and _sentence(f"There is no submission {number}.", err=err)
        if words:
            await summarise(submission.id, words, by=OPERATOR, store=store, now=utc_now())
        newest = await store.submissions.summary(submission.id)
    return _shown(load(newest.content) if newest else (), out=out)


async def text(
    key: str, name: TextName, *, file: str | None, as_filed: bool, settings: Settings, out: Console,
    err: Console,
) -> bool:  # fmt: skip
    """Show a text of the notat, or write it anew."""
    words = await _read(file, err=err) if file else None
    if file and words is None:
        return False
    async with _in(key, settings=settings, err=err) as (hearing, store):
        if hearing is None:
            return False
        if as_filed or words is not None:
            new = None if as_filed else words
            await rewrite(hearing.id, name, new, by=OPERATOR, store=store, now=utc_now())
        counts = await standing_text(hearing, name, store=store)
    return _shown(counts, out=out)


@asynccontextmanager
async def _in(key: str, *, settings: Settings, err: Console) -> AsyncIterator[tuple[Hearing | None, Store]]:
    """One transaction about a hearing; None, and a sentence, when there is none of this key."""
    async with opened(settings) as database, database.begin() as store:
        yield await _hearing(key, store=store, err=err), store


async def _hearing(key: str, *, store: Store, err: Console) -> Hearing | None:
    found = await store.hearings.by_key(key)
    if found is None:
        known = ", ".join(sorted(each.key for each in await store.hearings.all())) or "none yet"
        _sentence(f"There is no hearing {key!r}. Known: {known}.", err=err)
    return found


async def _edited(hearing: Hearing, number: int, edit: Edit, *, store: Store) -> object:
    """What came of the edit: the newest fact, None where there was nothing to do, or why not."""
    if edit.heading is None and edit.to is None:
        return None
    read = await dossier(hearing, store=store)
    filed = numbered_in_the_journal(read.submissions, number)
    known = standing_in_order(filed, read.edits) if filed else []
    if not 1 <= edit.place <= len(known):
        return Refusal(Why.NO_SUCH_PLACE, number=len(known))
    remark_id, outcome = known[edit.place - 1][1].remark.id, None
    if edit.heading is not None:
        outcome = await retitle(remark_id, edit.heading, by=OPERATOR, store=store, now=utc_now())
    if edit.to is None or isinstance(outcome, Refusal):
        return outcome
    places = {str(remark_id): edit.to}
    return await order_remarks(hearing.id, number, places, by=OPERATOR, store=store, now=utc_now())


async def _read(file: str, *, err: Console) -> Content | None:
    try:
        if file == "-":
            return paragraphs(await asyncio.to_thread(sys.stdin.read))
        return paragraphs(await asyncio.to_thread(Path(file).read_text, encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as problem:
        _sentence(f"{file} cannot be read: {problem}", err=err)
        return None


def _write(files: dict[str, bytes], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, file in files.items():
        (folder / name).write_bytes(file)


def _shown(content: Content, *, out: Console) -> bool:
    out.print(plain(content) or "(empty)", markup=False, highlight=False, soft_wrap=True)
    return True


def _refused(outcome: object, *, err: Console) -> bool:
    if isinstance(outcome, Refusal):
        why = outcome.why.value.replace("_", " ")
        return _sentence(f"Nothing was changed: {why}" + (f" (of {outcome.number})" * bool(outcome.number)),
                         err=err)  # fmt: skip
    return _sentence("There is no such submission.", err=err)


def _sentence(words: str, *, err: Console) -> bool:
    err.print(words, markup=False, highlight=False, soft_wrap=True)
    return False
