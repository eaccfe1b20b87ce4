"""The door's async side: a thread for each mailbox, what it asks of the store, and an end within seconds."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import socket
import threading
import time
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from concurrent.futures import Future
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from bot.imap.login import connected, is_in_the_clear
from bot.imap.mailbox import Folder
from bot.imap.refused import Refused, Unkept, sentence
from bot.imap.rounds import Care, Rounds
from bot.imap.settings import Mailbox
from handlers.clock import Clock
from handlers.intake.receive import Reception
from storage.database import Database
from storage.inbox import Arrival, Standing
from storage.models import Door

log = logging.getLogger(__name__)

_T = TypeVar("_T")

_CONNECTED = "connected"
_STOPS_ITSELF, _IS_CUT_OFF = 1.0, 0.5  # seconds
_KEEPING = 120.0  # seconds that the store may take for a batch
_SOON, _LATE, _LATEST = 0.5, 60.0, 600.0  # seconds until the next try: the first, after faults, after a no
_STEADY = 30.0  # seconds that a connection holds when all is well
_PAUSE = 0.1  # seconds; twice as long each time that nothing was found


@dataclass(slots=True)
class Patience:
    """How long to wait before the next try: twice as long each time, not all at the same moment."""

    tries: int = 0

    def next(self, *, most: float) -> float:
        self.tries += 1
        wait: float = min(_SOON * 2 ** min(self.tries - 1, 12), most)
        return wait * random.uniform(0.75, 1.25)  # noqa: S311  it hides nothing


@asynccontextmanager
async def imap_door(
    mailboxes: Sequence[Mailbox], *, reception: Reception, database: Database, now: Clock, size_limit: int
) -> AsyncIterator[Doors]:
    """Fetch from these mailboxes while the body runs; of a mail of more bytes than the limit, the header.

    A mailbox that cannot be reached is tried again for ever, and said once in the log. It ends within some
    two seconds, whatever the servers do.
    """
    loop = asyncio.get_running_loop()
    store = _Store(reception, database)
    doors = Doors(
        [_Thread(told, store=store, loop=loop, now=now, size_limit=size_limit) for told in mailboxes]
    )
    for thread in doors.threads:
        thread.start()
    try:
        yield doors
    finally:
        await asyncio.gather(*(thread.stop() for thread in doors.threads))


@dataclass(frozen=True, slots=True)
class Doors:
    """The mailboxes that are watched."""

    threads: Sequence[_Thread]

    def health(self) -> dict[str, str]:
        """Of each mailbox by its name: `connected`, or since when it is not; the log says why."""
        return {thread.told.name: thread.state for thread in self.threads}


@dataclass(frozen=True, slots=True)
class _Store:
    reception: Reception
    database: Database

    async def keep(self, arrivals: Sequence[Arrival]) -> None:
        outcomes = await asyncio.gather(
            *(self.reception.receive(arrival) for arrival in arrivals), return_exceptions=True
        )
        for outcome in outcomes:
            if outcome is not None:
                raise outcome

    async def standing(self, keys: Sequence[str]) -> dict[str, Standing]:
        async with self.database.begin() as store:
            return await store.inbox.standing(Door.IMAP, keys)


class _Asking:
    """The store, asked from the thread; the answers are waited for."""

    def __init__(self, store: _Store, loop: asyncio.AbstractEventLoop) -> None:
        self._store = store
        self._loop = loop
        self._asked: Future[Any] | None = None

    def keep(self, arrivals: Sequence[Arrival]) -> None:
        self._ask(self._store.keep(arrivals))

    def standing(self, keys: Sequence[str]) -> Mapping[str, Standing]:
        return self._ask(self._store.standing(keys))

    def give_up(self) -> None:
        """Let the thread wait for no answer any more."""
        if self._asked is not None:
            self._asked.cancel()

    def _ask(self, question: Coroutine[Any, Any, _T]) -> _T:
        try:
            asked: Future[_T] = asyncio.run_coroutine_threadsafe(question, self._loop)
        except RuntimeError:  # the loop is gone
            question.close()
            raise
        self._asked = asked
        try:
            return asked.result(_KEEPING)
        except (SQLAlchemyError, OSError) as fault:
            raise Unkept from fault


class _Thread:
    """One mailbox. Its thread alone talks to the server; the loop only reads the state, and stops it."""

    def __init__(
        self, told: Mailbox, *, store: _Store, loop: asyncio.AbstractEventLoop, now: Clock, size_limit: int
    ) -> None:
        self.told = told
        self.state = "not connected yet"
        self._desk = _Asking(store, loop)
        self._loop = loop
        self._now = now
        self._size_limit = size_limit
        self._care, self._patience, self._said = Care(), Patience(), ""
        self._away_since: datetime | None = None
        self._stopping, self._ended = threading.Event(), asyncio.Event()
        self._bell, self._rope = socket.socketpair()
        self._connection: socket.socket | None = None
        self._begun: float | None = None
        self._thread = threading.Thread(target=self._run, name=f"imap {told.name}", daemon=True)

    def start(self) -> None:
        if is_in_the_clear(self.told):
            log.warning("mailbox %s: password and mails pass over the network unguarded", self.told.name)
        self._thread.start()

    async def stop(self) -> None:
        """Let it end what it is at; then cut it off; a thread that is stuck even so is left behind."""
        self._stopping.set()
        self._rope.send(b"!")
        if not await self._has_ended(_STOPS_ITSELF):
            self._desk.give_up()
            if self._connection is not None:
                with contextlib.suppress(OSError):
                    self._connection.shutdown(socket.SHUT_RDWR)
            if not await self._has_ended(_IS_CUT_OFF):
                log.warning("mailbox %s: the server did not let go, and was left", self.told.name)
                return
        self._bell.close()
        self._rope.close()

    async def _has_ended(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._ended.wait()
        except TimeoutError:
            return False
        return True

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._stay()
            except Exception as fault:  # noqa: BLE001  the edge: whatever it was, the mailbox is tried again
                self._trouble(fault)
        with contextlib.suppress(RuntimeError):  # the loop may be gone
            self._loop.call_soon_threadsafe(self._ended.set)

    def _stay(self) -> None:
        """One connection, until it is stopped or breaks."""
        with connected(self.told) as client:
            self._connection, self._begun = client.socket(), time.monotonic()
            try:
                self._watch(Folder(client, self.told))
            finally:
                self._connection = None

    def _watch(self, folder: Folder) -> None:
        rounds = Rounds(
            folder, self.told, desk=self._desk, care=self._care, size_limit=self._size_limit,
            now=self._now, is_stopping=self._stopping.is_set, say=self._say,
        )  # fmt: skip
        pause = _PAUSE
        while not self._stopping.is_set():
            found = rounds.look()
            self._well()
            # After something has happened it looks again soon: a mail is still to be read before it can be
            # moved, and the server does not tell of one that comes between a look and the IDLE.
            pause = min(_PAUSE if found else 2 * pause, self.told.poll)
            if not self._stopping.is_set():
                folder.wait(pause, bell=self._bell)

    def _well(self) -> None:
        if self.state != _CONNECTED:
            self.state, self._away_since = _CONNECTED, None
            log.info("mailbox %s: connected", self.told.name)

    def _trouble(self, fault: Exception) -> None:
        if self._stopping.is_set():
            return
        if self._was_of_use():
            self._patience.tries, self._said = 0, ""
        self._away_since = self._away_since or self._now()
        self.state = f"not connected since {self._away_since:%Y-%m-%d %H:%M} UTC"
        why, is_no = sentence(fault, self.told), isinstance(fault, Refused)
        if is_no or self._patience.tries:
            self._say(why)
        else:  # servers and routers cut now and then, and the next try does it
            log.info("mailbox %s: %s", self.told.name, why)
        self._stopping.wait(self._patience.next(most=_LATEST if is_no else _LATE))

    def _was_of_use(self) -> bool:
        """Whether the connection that broke held for a while, or brought mails."""
        brought, self._care.is_getting_on = self._care.is_getting_on, False
        begun, self._begun = self._begun, None
        return brought or (begun is not None and time.monotonic() - begun > _STEADY)

    def _say(self, why: str) -> None:
        """Tell the operator, once as long as it is the same."""
        if why != self._said:
            self._said = why
            log.error("mailbox %s: %s It is tried again.", self.told.name, why)
