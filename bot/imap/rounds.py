"""One connection's rounds of the folder: keep what is new, move what has been read, lose nothing."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from bot.imap.mailbox import Folder, Sight
from bot.imap.refused import Refused
from bot.imap.settings import Mailbox
from storage.inbox import Arrival, Standing
from storage.models import Door

log = logging.getLogger(__name__)

TOO_LARGE = "too_large"
"""In the envelope of a mail of which only the header is kept: the bytes it has."""

_TOGETHER = 64 * 2**20  # bytes of mails held at once
_BATCH = 50
_ASKED = 1000  # mails whose standing is one question
_TRIES = 2
_REST = 3600.0  # seconds until a mail that could not be fetched is tried again


class Desk(Protocol):
    """Where mails are kept, as the thread sees it."""

    def keep(self, arrivals: Sequence[Arrival]) -> None:
        """Return when all are durable; raises Unkept."""

    def standing(self, keys: Sequence[str]) -> Mapping[str, Standing]:
        """How those of them stand that are kept."""


@dataclass(slots=True)
class Care:
    """What outlives a connection: how many mails to fetch at once, and which to leave for a while.

    A mail that breaks every connection it is fetched on must not keep the others from coming in.
    """

    batch: int = _BATCH
    failures: dict[str, int] = field(default_factory=dict)
    resting: dict[str, float] = field(default_factory=dict)
    is_getting_on: bool = False
    """Whether anything was fetched since somebody last looked."""

    def may_fetch(self, key: str) -> bool:
        return self.resting.get(key, 0.0) <= time.monotonic()

    def went_well(self, keys: Sequence[str]) -> None:
        for key in keys:
            self.failures.pop(key, None)
        self.batch = min(_BATCH, self.batch * 2)
        self.is_getting_on = True

    def went_wrong(self, keys: Sequence[str]) -> None:
        """Go closer: fewer at once; of a single one that fails again and again, let go for an hour."""
        self.batch = 5 if len(keys) > 5 else 1
        if len(keys) > 1:
            return
        failures = self.failures[keys[0]] = self.failures.get(keys[0], 0) + 1
        if failures >= _TRIES:
            self.rest(keys[0])

    def rest(self, key: str) -> None:
        self.failures.pop(key, None)
        self.resting[key] = time.monotonic() + _REST
        log.error("mail %s cannot be fetched; it stays where it is and is tried again in an hour", key)


class Rounds:
    """The rounds of one connection. It remembers nothing that a new one could not find out again."""

    def __init__(
        self, folder: Folder, told: Mailbox, *, desk: Desk, care: Care, size_limit: int,
        now: Callable[[], datetime], is_stopping: Callable[[], bool], say: Callable[[str], None],
    ) -> None:  # fmt: skip
        """`say` tells the operator of a trouble that does not end the connection."""
        self._folder = folder
        self._told = told
        self._desk = desk
        self._care = care
        self._size_limit = size_limit
        self._now = now
        self._is_stopping = is_stopping
        self._say = say
        self._kept: dict[int, str] = {}
        self._left: set[int] = set()

    def look(self) -> int:
        """Keep what is new and move what has been read; how many mails that was.

        Raises:
            OSError, imaplib.IMAP4.error, Unkept: it broke off; nothing is lost.
        """
        present = self._folder.present()
        here = set(present)
        self._kept = {uid: key for uid, key in self._kept.items() if uid in here}
        self._left &= here
        new = [uid for uid in present if uid not in self._kept and uid not in self._left]
        done = 0
        for start in range(0, len(new), _ASKED):
            for batch in self._batches(self._unknown(self._folder.sights(new[start : start + _ASKED]))):
                if self._is_stopping():
                    return 0
                done += self._keep(batch) + self._move()
        return done + self._move()

    def _unknown(self, sights: Sequence[Sight]) -> list[tuple[Sight, str]]:
        """Those that are not kept yet, with their keys; the others are remembered as kept."""
        standing = self._desk.standing([key for sight in sights for key in self._keys(sight)])
        unknown: list[tuple[Sight, str]] = []
        for sight in sights:
            key = self._key(sight, standing)
            if key not in standing:
                if self._care.may_fetch(key):
                    unknown.append((sight, key))
            elif sight.is_deleted:  # it was moved by copying, or a person threw it away
                self._left.add(sight.uid)
            else:
                self._kept[sight.uid] = key
        return unknown

    def _keys(self, sight: Sight) -> tuple[str, str]:
        """The key of a mail, and its key if the first is another's.

        A UID never comes again (RFC 3501 §2.3.1.1); but after a mailbox was restored from a backup it does.
        """
        told = self._told
        key = f"{told.name}/{told.folder}/{self._folder.uidvalidity}/{sight.uid}"
        return key, f"{key}/{_marks(sight)}"

    def _key(self, sight: Sight, standing: Mapping[str, Standing]) -> str:
        key, other = self._keys(sight)
        kept = standing.get(key)
        return key if kept is None or kept.envelope.get("marks") == _marks(sight) else other

    def _batches(self, unknown: Sequence[tuple[Sight, str]]) -> Iterator[list[tuple[Sight, str]]]:
        """As many at once as is wise now, and of no more bytes together than may be held."""
        batch: list[tuple[Sight, str]] = []
        size = 0
        for sight, key in unknown:
            weight = 0 if sight.size > self._size_limit else sight.size
            if batch and (len(batch) >= self._care.batch or size + weight > _TOGETHER):
                yield batch
                batch, size = [], 0
            batch.append((sight, key))
            size += weight
        if batch:
            yield batch

    def _keep(self, batch: Sequence[tuple[Sight, str]]) -> int:
        keys = [key for _, key in batch]
        try:
            arrivals = self._fetched(batch)
        except Exception:
            self._care.went_wrong(keys)
            raise
        self._care.went_well(keys)
        self._desk.keep(list(arrivals.values()))
        self._kept |= {uid: arrival.key for uid, arrival in arrivals.items()}
        self._missed([(sight.uid, key) for sight, key in batch if sight.uid not in arrivals])
        if arrivals:
            log.info("mailbox %s: kept %d mails", self._told.name, len(arrivals))
        return len(arrivals)

    def _fetched(self, batch: Sequence[tuple[Sight, str]]) -> dict[int, Arrival]:
        small = [sight.uid for sight, _ in batch if sight.size <= self._size_limit]
        mails = self._folder.mails(small)
        sizes = {sight.uid: sight.size for sight, _ in batch if sight.size > self._size_limit}
        sizes |= {uid: len(raw) for uid, raw in mails.items() if len(raw) > self._size_limit}
        mails |= self._folder.headers(list(sizes))
        return {
            sight.uid: self._arrival(sight, key, raw=mails[sight.uid], too_large=sizes.get(sight.uid))
            for sight, key in batch
            if sight.uid in mails
        }

    def _arrival(self, sight: Sight, key: str, *, raw: bytes, too_large: int | None) -> Arrival:
        now, told = self._now(), self._told
        envelope: dict[str, Any] = {
            "account": told.name, "folder": told.folder, "uidvalidity": self._folder.uidvalidity,
            "uid": sight.uid, "marks": _marks(sight), "recipients": [told.address],
        }  # fmt: skip
        if too_large is not None:
            envelope[TOO_LARGE] = too_large
        came = min(sight.came.astimezone(UTC), now) if sight.came else now
        return Arrival(door=Door.IMAP, key=key, raw=raw, received_at=came, envelope=envelope)

    def _missed(self, missing: Sequence[tuple[int, str]]) -> None:
        """A mail that a person took away meanwhile is gone; one that is still listed is a trouble."""
        if missing:
            listed = set(self._folder.present())
            for uid, key in missing:
                if uid in listed:
                    self._care.rest(key)

    def _move(self) -> int:
        """Move what has been read. A server that will not move is no reason to keep nothing."""
        standing = self._desk.standing(list(self._kept.values())) if self._kept else {}
        moved = 0
        for target, is_bad in ((self._told.done, False), (self._told.failed, True)):
            uids = [
                uid
                for uid, key in self._kept.items()
                if (kept := standing.get(key)) and kept.is_read and _is_bad(kept) == is_bad
            ]
            if not uids:
                continue
            try:
                self._folder.move(uids, target)
            except Refused as no:
                self._say(str(no))
                continue
            for uid in uids:
                del self._kept[uid]
            self._left.update(uids)  # those that the server lists all the same
            moved += len(uids)
            log.info("mailbox %s: moved %d mails to %s", self._told.name, len(uids), target)
        return moved


def _is_bad(kept: Standing) -> bool:
    return kept.is_set_aside or TOO_LARGE in kept.envelope


def _marks(sight: Sight) -> str:
    """What a mail never changes: when it came, and its size."""
    came = int(sight.came.timestamp()) if sight.came else 0
    return f"{came}.{sight.size}"
