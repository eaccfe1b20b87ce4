"""What happened in the demo, as a table for who ran it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rich.table import Table
from sqlmodel import col, select

from bot.demo.shapes import Material
from handlers.referral.refer import BOT
from storage.compiled import Notat
from storage.database import Database
from storage.dossier import Dossier, dossier
from storage.journal import JournalEntry
from storage.models import How
from storage.receipt import Receipt
from storage.store import Store
from storage.words import Channel

_HOW = {
    How.REACTION: "by a ✅ on the message",
    How.SHORTCUT: "by the message's menu",
    How.BUTTON: "by the button on the draft",
}


async def tally(material: Material, *, key: str, database: Database, seconds: float) -> Table:
    """Count what the hearing `key` holds."""
    async with database.begin() as store:
        hearing = await store.hearings.by_key(key)
        if hearing is None:
            raise LookupError(f"there is no hearing {key!r}")
        read = await dossier(hearing, store=store)
        ignored, receipts, notat = await _others(store)
    table = Table("", "", title="What happened", show_header=False)
    mailed = sum(1 for filed in read.submissions if filed.submission.channel == Channel.MAIL)
    later = sum(len(filed.followed) for filed in read.submissions)
    again = len(material.postings) - ignored - later - mailed
    table.add_row("Mails handed in", f"{len(material.postings)}")
    table.add_row("… sent twice, joined", f"{again}")
    table.add_row("… a later mail, put with the party's first", f"{later}")
    table.add_row("… automatic reply, no submission", f"{ignored}")
    for what, count in (*_submissions(read), *_remarks(read)):
        table.add_row(what, count)
    table.add_row("Receipts sent", f"{receipts}")
    table.add_row(
        "Notat", f"version {notat.version}, {'draft' if notat.draft else 'final'}" if notat else "–"
    )
    table.add_row("Seconds", f"{seconds:.1f}")
    return table


def _submissions(read: Dossier) -> Iterator[tuple[str, str]]:
    ways = Counter(filed.submission.channel for filed in read.submissions)
    yield "Submissions", f"{ways.total()}"
    yield "… by portal, by mail", f"{ways[Channel.PORTAL]}, {ways[Channel.MAIL]}"
    late = sum(filed.submission.received_at > read.hearing.deadline for filed in read.submissions)
    yield "… after the deadline", f"{late}"
    yield (
        "… nearly the same as another, answered with it",
        f"{sum(1 for each in read.submissions if each.lead_id)}",
    )
    laid = [each for filed in read.submissions for each in filed.referrals]
    yield "Laid before departments", f"{len(laid)} times, {len({each.seat.key for each in laid})} departments"
    placed = [each for each in laid if each.referral.referred_by in read.hearing.coordinators]
    yield "… placed by the coordinator", f"{len(placed)}"
    decided = [each for each in read.asked if each.decision and each.decision.decided_by != BOT]
    yield "Questions, decided by the coordinator", f"{len(read.asked)}, {len(decided)}"


def _remarks(read: Dossier) -> Iterator[tuple[str, str]]:
    remarks = [each for filed in read.submissions for laid in filed.referrals for each in laid.remarks]
    approvals = Counter(each.approvals[-1].how for each in remarks if each.approvals)
    yield "Remarks approved", f"{approvals.total()} of {len(remarks)}"
    for how, words in _HOW.items():
        yield f"… {words}", f"{approvals[how]}"
    yield "Summaries", f"{sum(filed.summary is not None for filed in read.submissions)}"


async def _others(store: Store) -> tuple[int, int, Notat | None]:
    """Mails that are no submissions, receipts that were sent, and the newest notat."""
    ask = store.session.execute
    passed_over = await ask(select(JournalEntry.id).where(col(JournalEntry.act) == "not_a_submission"))
    sent = await ask(select(Receipt.id).where(col(Receipt.sent_at).is_not(None)))
    newest = await ask(select(Notat).order_by(col(Notat.version).desc()).limit(1))
    return len(passed_over.all()), len(sent.all()), newest.scalar_one_or_none()
