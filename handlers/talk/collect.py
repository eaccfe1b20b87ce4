"""Remember what is said in a referral's thread, each message as it stood at each moment we saw it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from handlers.content import Content, digest, dump, load
from handlers.talk.progress import standing
from handlers.talk.show import show_changed, show_copy, show_draft, show_referral
from storage.endings import NEXT
from storage.store import Store
from storage.talk import Reply

_WRITTEN = ("text", "blocks")
MODAL = "modal:"
"""How the key of a message begins that was written in one of our forms, and stands nowhere in Slack."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message in a thread as it stands. `version` is when it was last edited (Slack ts), "0" when never."""

    referral_id: UUID
    message: str
    version: str
    author: str
    content: Content
    raw: dict[str, Any]
    deleted: bool = False


def said_before(reply: Reply) -> Said:
    """What was said, as we saw it then."""
    return Said(
        reply.referral_id, reply.message, reply.version, reply.author, load(reply.content), reply.raw,
        reply.deleted,
    )  # fmt: skip


def version_in_a_form(at: datetime) -> str:
    """The version of what is written in no message: when it came in, so that signs sort as moments do."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


async def collect(said: Said, *, asked_at: datetime | None = None, store: Store, now: datetime) -> Reply:
    """Keep the message if it says anything new, and show what that changes; its newest version.

    Events may come twice and in any order: an older version never replaces a newer one, and nothing
    brings a deleted message back. Slack tells edits apart by the second: of two in one, either may be told
    again or last, and only the thread, read at `asked_at`, shows which stands.
    """
    await store.remarks.hold(said.referral_id)
    newest = await store.remarks.newest(said.referral_id, said.message)
    if newest is not None and not is_news(said, newest):
        return newest
    seen_at = await store.endings.moment(said.referral_id, now)
    reply = await store.remarks.seen(said.referral_id, said.message, said.version, digest(said.content))
    if reply is None:
        reply = _reply(said)
        store.add(reply)
    elif newest is not None and not (asked_at and newest.seen_at < asked_at):
        return newest
    reply.seen_at = max(seen_at, newest.seen_at + NEXT) if newest is not None else seen_at
    await store.session.flush()
    if newest is None or reply.deleted or reply.digest != newest.digest:
        await _show(reply, store=store, now=now)
    return reply


def is_as_seen(said: Said, reply: Reply) -> bool:
    """Whether a message says what we saw it say.

    Its words may differ all the same: somebody it mentions has another name now, which is no edit.
    """
    if digest(said.content) == reply.digest:
        return True
    written = [said.raw.get(part) for part in _WRITTEN]
    return said.version == reply.version and any(written) and written == [reply.raw.get(p) for p in _WRITTEN]


def is_news(said: Said, newest: Reply) -> bool:
    """Whether a message says what we have not seen it say; an older version never does."""
    if newest.deleted or said.deleted:
        return not newest.deleted
    return said.version > newest.version or (said.version == newest.version and not is_as_seen(said, newest))


def _reply(said: Said) -> Reply:
    return Reply(
        referral_id=said.referral_id, message=said.message, version=said.version, author=said.author,
        content=dump(said.content), digest=digest(said.content), raw=said.raw, deleted=said.deleted,
    )  # fmt: skip


async def _show(reply: Reply, *, store: Store, now: datetime) -> None:
    part = await store.remarks.part(reply.referral_id, reply.message)
    if part is not None:
        await show_draft(part.remark_id, store=store, now=now)
        facts = await store.remarks.by_id(part.remark_id)
        if facts is not None and standing(facts).changed:
            store.note("changed_after_approval", by=reply.author, at=now, remark=part.remark_id)
            await show_changed(part.remark_id, reply.id, store=store, now=now)
    await show_copy(reply.message, store=store)
    await show_referral(reply.referral_id, store=store)
