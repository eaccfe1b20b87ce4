"""What operators see and arrange of a notat. Each gives True when all went well."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.app import opened, utc_now
from bot.settings import Settings
from handlers.content import Content, load, paragraphs, plain
from handlers.hearing.parties import heading_name
from handlers.notat.order import numbered
from handlers.notat.remarks import shown_heading, standing_in_order
from handlers.notat.reorder import move_submission, numbered_in_the_journal, order_by_rule, order_remarks
from handlers.notat.retitle import retitle
from handlers.notat.rewrite import rewrite, standing_text
from handlers.referral.judge_change import judge_change
from handlers.rules import OPERATOR, Refusal, Why
from handlers.talk.progress import standing
from handlers.talk.summarise import summarise
from storage.dossier import Laid, dossier
from storage.ending import Change
from storage.models import Hearing
from storage.store import Store
from storage.words import TextName


@dataclass(frozen=True, slots=True)
class Edit:
    """What is done to the remark in one place; None where nothing is."""

    place: int
    to: int | None
    heading: str | None


@dataclass(frozen=True, slots=True)
class Judged:
    """What is said of one department's answer: whether it changes the proposal, and what of it."""

    department: str
    theme: str
    verdict: Change
    what: str

    def means(self, laid: Laid) -> bool:
        """Whether it is about the answer in this thread."""
        return laid.seat.key == self.department and (not self.theme or laid.referral.theme == self.theme)


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


async def change(
    key: str, number: int, *, judged: Judged | None, settings: Settings, out: Console, err: Console
) -> bool:
    """Show whether the answers to one submission change the proposal, after saying so of one of them."""
    async with _in(key, settings=settings, err=err) as (hearing, store):
        if hearing is None:
            return False
        laid = await _laid(hearing, number, store=store)
        if judged is not None and laid:
            meant = [each for each in laid if judged.means(each)]
            if len(meant) != 1:
                return no(_which(laid), err=err)
            about, now = meant[0].referral.id, utc_now()
            outcome = await judge_change(
                about, judged.verdict, what=judged.what, by=OPERATOR, store=store, now=now
            )
            if isinstance(outcome, Refusal):
                return _refused(outcome, err=err)
            await store.settle()
            laid = await _laid(hearing, number, store=store)
    if not laid:
        return no("No department was asked about such a submission.", err=err)
    table = Table("department", "theme", "changes the proposal", "what", "an approver said so")
    for each in laid:
        table.add_row(*_judged(each))
    out.print(table)
    return True


async def _laid(hearing: Hearing, number: int, *, store: Store) -> tuple[Laid, ...]:
    filed = numbered_in_the_journal((await dossier(hearing, store=store)).submissions, number)
    return filed.referrals if filed is not None else ()


def _which(laid: Sequence[Laid]) -> str:
    known = ", ".join(f"{each.seat.key} {each.referral.theme}".strip() for each in laid)
    return f"Name one of those that were asked: {known}; where a department has two themes, with --theme."


def _judged(laid: Laid) -> tuple[Text, ...]:
    newest = laid.ends.change
    told = (newest.verdict, newest.what, "yes" if newest.settled else "not yet") if newest else ("", "", "")
    return tuple(Text(each) for each in (laid.seat.key, laid.referral.theme, *told))


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
            return hearing is not None and no(f"There is no submission {number}.", err=err)
        if words is not None:
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
        yield await hearing_named(key, store=store, err=err), store


async def hearing_named(key: str, *, store: Store, err: Console) -> Hearing | None:
    """The hearing with a key; None, and a sentence, when there is none."""
    found = await store.hearings.by_key(key)
    if found is None:
        known = ", ".join(sorted(each.key for each in await store.hearings.all())) or "none yet"
        no(f"There is no hearing {key!r}. Known: {known}.", err=err)
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
        no(f"{file} cannot be read: {problem}", err=err)
        return None


def _shown(content: Content, *, out: Console) -> bool:
    out.print(plain(content) or "(empty)", markup=False, highlight=False, soft_wrap=True)
    return True


def _refused(outcome: object, *, err: Console) -> bool:
    if isinstance(outcome, Refusal):
        why = outcome.why.value.replace("_", " ")
        return no(f"Nothing was changed: {why}" + (f" (of {outcome.number})" * bool(outcome.number)),
                         err=err)  # fmt: skip
    return no("There is no such submission.", err=err)


def no(words: str, *, err: Console) -> bool:
    """Say why not: False."""
    err.print(words, markup=False, highlight=False, soft_wrap=True)
    return False
