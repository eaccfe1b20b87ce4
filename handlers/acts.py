"""The acts we owe the world, as jobs: what runs one at a time, and what one run does for many."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from storage.queue import Owed
from storage.words import Format, Layout, Stage

# Drawing again what stands waits longest for Slack, and must not keep what is new from being posted.
PICTURES = "pictures"
COMPARING = "comparing"


def post_in(channel: str) -> Owed:
    """Post all that is owed in a channel, in order, at Slack's pace."""
    return Owed("post", lane=f"slack:{channel}", once=f"post:{channel}", args=(("channel", channel),))


def refresh(post_id: UUID, *, urgent: bool = False) -> Owed:
    """Show in a post what the facts say now; `urgent` where somebody waits for it before going on."""
    lane, priority = f"refresh:{post_id}", 10 if urgent else 0
    return Owed(
        "refresh", lane=lane, once=lane, args=(("post_id", str(post_id)),), queue=PICTURES, priority=priority
    )


def restore(post_id: UUID) -> Owed:
    """Post again what somebody may have deleted, if they have."""
    return _anew(post_id, "restore")


def move(post_id: UUID) -> Owed:
    """Let what stands below a card that is gone stand below the new one."""
    return _anew(post_id, "move")


def reshare(post_id: UUID) -> Owed:
    """Show files as they may be shown now, which may be in another way than they were."""
    return _anew(post_id, "reshare")


def _anew(post_id: UUID, how: str) -> Owed:
    args = (("post_id", str(post_id)), ("how", how))
    return Owed("anew", lane=f"anew:{post_id}", once=f"{how}:{post_id}", args=args)


def knock(channel: str) -> Owed:
    """Try again to draw what was left as it was in a channel."""
    lane = f"knock:{channel}"
    return Owed("knock", lane=lane, once=lane, args=(("channel", channel),), queue=PICTURES)


def link(post_id: UUID) -> Owed:
    """Ask where a post stands, so that others can lead to it."""
    lane = f"link:{post_id}"
    return Owed("link", lane=lane, once=lane, args=(("post_id", str(post_id)),))


def send(receipt_id: UUID) -> Owed:
    """Send a receipt."""
    return Owed("send", args=(("receipt_id", str(receipt_id)),))


def compile_notat(
    hearing_id: UUID, *, by: str, key: str, order: Layout | None = None, stage: Stage | None = None,
    formats: Iterable[Format] = (),
) -> Owed:  # fmt: skip
    """Compile a notat that somebody asked for; `key` tells one wish from the next."""
    args = (
        ("hearing_id", str(hearing_id)), ("by", by), ("key", key), ("order", order or ""),
        ("stage", stage or ""), ("formats", " ".join(sorted(formats))),
    )  # fmt: skip
    return Owed("compile", lane=f"compile:{hearing_id}", args=args)


def tell_edits(kept_id: UUID, *, channel: str, thread: str, key: str) -> Owed:
    """Say in a thread what was edited in a file that came back; of such work one is done at a time."""
    args = (("kept_id", str(kept_id)), ("channel", channel), ("thread", thread), ("key", key))
    return Owed("edits", lane=COMPARING, args=args)


def tell_changes(hearing_id: UUID, since: int, *, person: str, key: str) -> Owed:
    """Give a person the page and the Word file that say what has changed since a version."""
    args = (("hearing_id", str(hearing_id)), ("since", str(since)), ("person", person), ("key", key))
    return Owed("changes", lane=COMPARING, args=args)


def compile_appendix(hearing_id: UUID, *, by: str, key: str, public: bool) -> Owed:
    """Compile the appendix that somebody asked for, at leisure: it may take half a minute."""
    args = (("hearing_id", str(hearing_id)), ("by", by), ("key", key), ("public", "yes" if public else ""))
    return Owed("appendix", lane=f"compile:{hearing_id}", args=args)
