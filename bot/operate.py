"""What the commands do. Each gives True when all went well."""

from __future__ import annotations

import asyncio
import errno
import logging
import signal
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table
from rich.text import Text

from bot import mails
from bot.app import Misconfigured, opened, service, settle_memory, utc_now
from bot.settings import Settings
from handlers import acts
from handlers.hearing import file as hearing_file
from handlers.hearing.apply import apply, shared_addresses, shared_names, texts_by_hand
from handlers.hearing.plan import HearingPlan, differences, restored
from handlers.intake.bring import bring
from handlers.intake.reread import Reread
from handlers.intake.reread import reread as reread_one
from handlers.mail import READER
from handlers.portal import rows as portal
from handlers.rules import OPERATOR
from storage.database import Database
from storage.embedded import Unusable
from storage.models import MAIL, Door, InboxItem
from storage.store import Store
from storage.talk import SlackPost

log = logging.getLogger(__name__)

_NOT_OURS_TO_OPEN = frozenset({errno.EADDRINUSE, errno.EADDRNOTAVAIL, errno.EACCES})


async def serve(settings: Settings) -> bool:
    """Run the service until SIGINT or SIGTERM.

    Raises:
        Misconfigured: as `service`, and when a door cannot be opened where the settings say.
        storage.embedded.Unusable: as `service`, and when the embedded database ended while we ran.
    """
    settle_memory()
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    try:
        async with service(settings) as running:
            log.info("mail door at %s:%d, web door at %s:%d", *running.smtp, *running.http)
            await stop.wait()
            log.info("stopping")
    except ExceptionGroup as faults:
        dead = faults.subgroup(Unusable)
        if dead is not None:
            raise _first(dead) from None
        closed = faults.subgroup(lambda fault: getattr(fault, "errno", None) in _NOT_OURS_TO_OPEN)
        if closed is None:
            raise
        raise Misconfigured(f"A door cannot be opened: {_first(closed)}") from None
    return True


def _first(faults: BaseException) -> BaseException:
    return _first(faults.exceptions[0]) if isinstance(faults, BaseExceptionGroup) else faults


async def apply_hearing(file: Path, *, settings: Settings, dry_run: bool, out: Console, err: Console) -> bool:
    """Apply a hearing file and show what it changes, or say line by line why not."""
    try:
        text = await asyncio.to_thread(file.read_text, encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        return _refused(f"{file} cannot be read: {problem}", err=err)
    plan = hearing_file.read(text, file=file.name)
    if not isinstance(plan, HearingPlan):
        return _refused(*(str(refusal) for refusal in plan), err=err)
    async with opened(settings) as database:
        return await _apply(plan, database=database, dry_run=dry_run, out=out)


async def _apply(plan: HearingPlan, *, database: Database, dry_run: bool, out: Console) -> bool:
    async with database.begin() as store:
        known = await store.hearings.by_key(plan.key)
        changes = differences(restored(known.plan) if known else None, plan)
        changes += await shared_names(plan, store=store)
        if changes:
            changes += await shared_addresses(plan, store=store)
            changes += await texts_by_hand(plan, store=store)
        if not dry_run:
            await apply(plan, by=OPERATOR, store=store, now=utc_now())
    table = Table("key", "before", "after", title=Text(f"{plan.key}: {plan.title}"))
    for change in changes:
        table.add_row(*(Text(word or "") for word in (change.path, change.before, change.after)))
    out.print(table if changes else f"{plan.key}: nothing changes")
    if dry_run and changes:
        out.print("This was a dry run: nothing is changed yet.")
    return True


async def import_portal(file: Path, *, hearing: str, settings: Settings, out: Console, err: Console) -> bool:
    """Bring in a portal's export; False when a row or a file of it did not go in."""
    try:
        found = portal.rows(await asyncio.to_thread(file.read_bytes))
    except OSError as problem:
        return _refused(f"{file} cannot be read: {problem}", err=err)
    async with opened(settings) as database, database.begin() as store:
        target = await store.hearings.by_key(hearing)
        if target is None:
            known = ", ".join(sorted(each.key for each in await store.hearings.all())) or "none yet"
            return _refused(f"There is no hearing {hearing!r}. Known: {known}.", err=err)
        good = [row for row in found if isinstance(row, portal.Row)]
        files, missing = _files(good, folder=file.parent)
        whole = [row for row in good if not set(row.files) & missing]
        brought = await bring(whole, files, hearing=target, store=store, now=utc_now())
    refused = len(found) - len(whole) + len(brought.refused)
    same = len(found) - refused - brought.new
    out.print(f"{len(found)} rows: {brought.new} new, {same} in already, {refused} not taken")
    bad = [str(row) for row in (*found, *brought.refused) if not isinstance(row, portal.Row)]
    lost = [
        f"line {row.line}: file not found: {name}" for row in good for name in row.files if name in missing
    ]
    return _refused(*bad, *lost, err=err) if bad or lost else True


async def list_inbox(*, all_: bool, settings: Settings, out: Console) -> bool:
    """Show what was set aside, and all that was taken for no submission, without a word of what it says."""
    async with opened(settings) as database, database.begin() as store:
        found = await store.inbox.set_aside(tuple(Door))
        if all_:
            found += await store.inbox.passed_over()
    table = Table("item", "door", "received (UTC)", "why")
    for item in found:
        why = item.set_aside or f"taken for: {item.taken_for}"
        table.add_row(str(item.id), item.door, f"{item.received_at:%Y-%m-%d %H:%M}", why)
    out.print(table if found else "Nothing is set aside.")
    return True


async def show_item(item: int, *, settings: Settings, out: Console, err: Console) -> bool:
    """Show one item of the inbox with all that we know of it."""
    async with opened(settings) as database, database.begin() as store:
        found = await store.inbox.find(item)
        if found is None:
            return _refused(f"There is no item {item} in the inbox.", err=err)
        raw = await store.inbox.raw(item)
        number = await _number_of(found, store=store)
    table = Table("", "", show_header=False, title=f"item {item}", title_justify="left")
    envelope = found.envelope
    facts = {
        "door": found.door, "received (UTC)": f"{found.received_at:%Y-%m-%d %H:%M:%S}",
        "sent to": ", ".join(envelope.get("recipients", ())), "size": f"{len(raw)} bytes",
        "read (UTC)": f"{found.read_at:%Y-%m-%d %H:%M:%S}" if found.read_at else "not yet",
        "set aside": found.set_aside, "taken for": found.taken_for, "submission": number,
    }  # fmt: skip
    for name, value in facts.items():
        if value:
            table.add_row(name, Text(str(value)))
    out.print(table)
    if found.door in MAIL:
        await mails.tell(raw, name=f"item {item}", out=out)
    return True


async def reread(*, all_: bool, settings: Settings, out: Console) -> bool:
    """Read mails kept earlier once more, each in a transaction of its own."""
    count = Reread()
    async with opened(settings) as database:
        async with database.begin() as store:
            waiting = await store.inbox.readable_again(below=None if all_ else READER)
        for item in track(waiting, description="reading", console=out, disable=not out.is_terminal):
            async with database.begin() as store:
                await reread_one(item, store=store, now=utc_now(), count=count)
    out.print(
        f"{count.read} mails read again: {count.mended} submissions mended, {count.reconsidered} mails "
        "reconsidered by the running service"
    )
    return True


async def _number_of(item: InboxItem, *, store: Store) -> str:
    if item.submission_id is None:
        return ""
    submission = await store.submissions.by_id(item.submission_id)
    hearing = await store.hearings.by_id(submission.hearing_id)
    return f"{submission.number} in {hearing.key}"


async def take(item: int, *, settings: Settings, out: Console, err: Console) -> bool:
    """Have a mail that was taken for something else read as a submission."""
    async with opened(settings) as database, database.begin() as store:
        if await store.inbox.as_submission(item) is None:
            return _refused(
                f"No item {item} was passed over: `hoeringsbot inbox list --all` shows those that were.",
                err=err,
            )
        store.note("taken_as_submission", by=OPERATOR, at=utc_now(), item=item)
    out.print(f"Item {item} is read as a submission by the running service; its sender gets no receipt.")
    return True


async def reconsider(item: int, *, dismiss: bool, settings: Settings, out: Console, err: Console) -> bool:
    """Have an item read once more, or pass it over for good."""
    async with opened(settings) as database, database.begin() as store:
        found = await (store.inbox.dismiss(item) if dismiss else store.inbox.again(item))
        if found is None:
            return _refused(
                f"No item {item} is set aside: `hoeringsbot inbox list` shows those that are.", err=err
            )
        store.note("dismissed" if dismiss else "retried", by=OPERATOR, at=utc_now(), item=item)
    out.print(
        f"Item {item} is passed over." if dismiss else f"Item {item} is read again by the running service."
    )
    return True


async def list_refused(*, settings: Settings, out: Console) -> bool:
    """Show what Slack would not take, without a word of what it says."""
    async with opened(settings) as database, database.begin() as store:
        refused = await store.posts.all_refused()
        numbers = {each.id: await _number(each, store=store) for each in refused}
    table = Table("id", "what", "submission", "channel", "owed since (UTC)", "why")
    for post in refused:
        since = f"{post.made_at:%Y-%m-%d %H:%M}"
        table.add_row(_short(post), post.kind, numbers[post.id], post.channel, since, post.refusal)
    out.print(table if refused else "Slack has taken everything.")
    return True


async def decide(typed: str, *, dismiss: bool, settings: Settings, out: Console, err: Console) -> bool:
    """Owe Slack a refused post again, or pass over it for good."""
    async with opened(settings) as database, database.begin() as store:
        found = [each for each in await store.posts.all_refused() if _short(each) == typed.lower()]
        if not found:
            return _refused(f"No post {typed}: `hoeringsbot posts list` shows those that are.", err=err)
        for post in found:
            await (store.posts.dismiss(post, now=utc_now()) if dismiss else _again(post, store=store))
            act = "post_dismissed" if dismiss else "post_retried"
            store.note(act, by=OPERATOR, at=utc_now(), hearing_id=post.hearing_id, post=post.id)
    out.print(f"{typed} is passed over." if dismiss else f"{typed} is posted again by the running service.")
    return True


async def _again(post: SlackPost, *, store: Store) -> None:
    for each in await store.posts.again(post):
        store.owe([acts.post_in(each.channel)])


async def _number(post: SlackPost, *, store: Store) -> str:
    return str((await store.submissions.by_id(post.submission_id)).number) if post.submission_id else ""


def _short(post: SlackPost) -> str:
    """The end of its id, which is random: short enough to type."""
    return post.id.hex[-6:]


def _files(rows: list[portal.Row], *, folder: Path) -> tuple[dict[str, bytes], set[str]]:
    files: dict[str, bytes] = {}
    missing: set[str] = set()
    for name in {name for row in rows for name in row.files}:
        try:
            files[name] = (folder / name).read_bytes()
        except OSError:
            missing.add(name)
    return files, missing


def _refused(*sentences: str, err: Console) -> bool:
    for sentence in sentences:
        err.print(sentence, markup=False, highlight=False, soft_wrap=True)
    return False
