"""The SMTP and LMTP door: whoever hands us a mail hears yes when it is durable, and not before."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from aiosmtpd.smtp import SMTP, Envelope, Session

from bot.smtp_wire import Limits, Lines, talk
from handlers.clock import Clock
from handlers.intake.receive import Reception
from storage.addresses import without_tag
from storage.inbox import Arrival
from storage.models import Door
from templates import say

log = logging.getLogger(__name__)

Ask = Callable[[], Awaitable[Collection[str]]]
TurnAway = Callable[[Collection[str]], Awaitable[None]]
_T = TypeVar("_T")

_FRESH = 5.0  # seconds that the hearings' addresses are taken for known
_LARGE = 2**20  # bytes that take longer to hash than other mails should wait
_LATER = "451 4.3.0 The message could not be stored, please try again later"
_CANNOT_TELL = "451 4.3.0 The address cannot be checked at the moment, please try again later"
_NO_HEARING = "550 5.1.1 No hearing receives mail at this address"
_TOO_MANY = "452 4.5.3 Too many recipients for one message"


@asynccontextmanager
async def smtp_door(
    reception: Reception, *, addresses: Ask, now: Clock, host: str, port: int, size_limit: int,
    lmtp: bool = False, hostname: str = "localhost", limits: Limits | None = None,
    turn_away: TurnAway | None = None,
) -> AsyncIterator[tuple[str, int]]:  # fmt: skip
    """Listen, and yield the host and port we listen at; port 0 takes a free one.

    `addresses` gives the hearings' addresses (lower case, no plus-tag). `size_limit` is bytes a mail;
    `turn_away` is told the addresses of hearings that one above it was for, and no answer waits for that.
    At the end nobody new is let in, and mails that are being kept are kept and answered for.
    """
    # aiosmtpd logs every command and line, with the addresses and words of citizens.
    logging.getLogger("mail.log").disabled = True
    limits = limits or Limits(size=size_limit, held=4 * size_limit)
    lines = Lines(limits, too_large=f"552 5.3.4 {say('mail/refused.j2', 'too_large', limit=limits.size)}")
    desk = _Desk(reception, addresses=_Addresses(addresses), now=now, limits=limits, turn_away=turn_away)
    server = await asyncio.get_running_loop().create_server(
        lambda: talk(desk, lines, hostname=hostname, lmtp=lmtp), host, port
    )
    bound = server.sockets[0].getsockname()
    log.info("%s door open on port %d", "lmtp" if lmtp else "smtp", bound[1])
    try:
        yield bound[0], bound[1]
    finally:
        server.close()
        await lines.close()
        await desk.close()
        await server.wait_closed()


class _Addresses:
    """The addresses that hearings receive mail at, asked for again when one is not among them."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._known: frozenset[str] = frozenset()
        self._asked = float("-inf")

    async def holds(self, address: str) -> bool:
        """Tell whether a hearing receives mail there; fails as the question to the store fails."""
        asked = asyncio.get_running_loop().time()
        if asked - self._asked > _FRESH or address not in self._known:
            self._known, self._asked = frozenset(await self._ask()), asked
        return address in self._known


class _Desk:
    """What we say to RCPT and DATA; the names of the methods are aiosmtpd's."""

    def __init__(
        self, reception: Reception, *, addresses: _Addresses, now: Clock, limits: Limits,
        turn_away: TurnAway | None,
    ) -> None:  # fmt: skip
        self._reception = reception
        self._addresses = addresses
        self._now = now
        self._limits = limits
        self._turn_away = turn_away
        self._being_told: set[str] = set()
        self._running: set[asyncio.Task[Any]] = set()

    async def handle_EHLO(  # noqa: N802
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, answers: list[str]
    ) -> list[str]:
        """Say what we can; our reader never loses commands that come in one go (RFC 2920)."""
        session.host_name = hostname
        return [answers[0], "250-PIPELINING", f"250-SIZE {self._limits.size}", *answers[1:]]

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= self._limits.recipients:
            return _TOO_MANY
        try:
            is_known = await self._run(self._addresses.holds(without_tag(_clean(address))))
        except Exception as fault:  # noqa: BLE001  the edge: the sender keeps the mail
            log.error("an address could not be checked: %s", type(fault).__name__)
            return _CANNOT_TELL
        if not is_known:
            return _NO_HEARING
        envelope.rcpt_tos.append(_clean(address))
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        raw = envelope.content if isinstance(envelope.content, bytes) else b""
        try:
            keys = await self._run(self._keep(raw, envelope))
        except Exception as fault:  # noqa: BLE001  the edge: the sender keeps the mail
            log.error("a mail of %d bytes was not kept: %s", len(raw), type(fault).__name__)
            return _LATER
        log.info("kept a mail of %d bytes as %s", len(raw), ", ".join(keys))
        return "250 2.0.0 OK, kept"

    def turn_away(self, recipients: Sequence[str]) -> None:
        """Have it told that a mail to these was too large; one telling at a time is enough for a mailbox."""
        log.info("turned away a mail of more than %d bytes", self._limits.size)
        mailboxes = {without_tag(each) for each in recipients} - self._being_told
        if mailboxes and self._turn_away is not None:
            self._being_told |= mailboxes
            self._begin(self._tell(mailboxes, turn_away=self._turn_away))

    async def handle_exception(self, error: Exception) -> str:
        """Answer for a fault in the talk itself."""
        log.error("a command could not be answered: %s", type(error).__name__)
        return "451 4.3.0 The command could not be carried out, please try again later"

    async def close(self) -> None:
        """Wait for what was begun."""
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _run(self, work: Coroutine[Any, Any, _T]) -> _T:
        """Do it to its end even when the client hangs up: others' mails share the same commit.

        Raises:
            TimeoutError: it takes too long; it goes on, and a second try finds what it did.
        """
        task = self._begin(work)
        async with asyncio.timeout(self._limits.keeping):
            return await asyncio.shield(task)

    def _begin(self, work: Coroutine[Any, Any, _T]) -> asyncio.Task[_T]:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()  # whoever waited has heard it; nobody waits any more when the client left

    async def _tell(self, mailboxes: Collection[str], *, turn_away: TurnAway) -> None:
        try:
            async with asyncio.timeout(self._limits.keeping):
                await turn_away(mailboxes)
        except Exception as fault:  # noqa: BLE001  the edge: the sender has been told all the same
            log.error("nobody was told of a mail that was turned away: %s", type(fault).__name__)
        finally:
            self._being_told.difference_update(mailboxes)

    async def _keep(self, raw: bytes, envelope: Envelope) -> list[str]:
        arrivals = await self._arrivals(raw, envelope)
        outcomes = await asyncio.gather(
            *(self._reception.receive(arrival) for arrival in arrivals), return_exceptions=True
        )
        for outcome in outcomes:
            if outcome is not None:
                raise outcome
        return [arrival.key[:12] for arrival in arrivals]

    async def _arrivals(self, raw: bytes, envelope: Envelope) -> Sequence[Arrival]:
        """One arrival for each hearing address, so that it does not matter how a server splits them."""
        mailboxes: dict[str, list[str]] = defaultdict(list)
        for recipient in envelope.rcpt_tos:
            mailboxes[without_tag(recipient)].append(recipient)
        digest = await asyncio.to_thread(_digest, raw) if len(raw) > _LARGE else _digest(raw)
        sender, received_at = _clean((envelope.mail_from or "").removeprefix("<>")), self._now()
        return [
            Arrival(
                door=Door.SMTP, key=_digest(f"{digest} {mailbox}".encode()), raw=raw, received_at=received_at,
                envelope={"sender": sender, "recipients": recipients},
            )
            for mailbox, recipients in sorted(mailboxes.items())
        ]  # fmt: skip


def _digest(what: bytes) -> str:
    return hashlib.sha256(what).hexdigest()


def _clean(address: str) -> str:
    """An address that can be kept: what is no text in it (a NUL, a stray byte) is shown as such."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in address)
