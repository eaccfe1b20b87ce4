"""How mails come over the wire: whole, of any shape, within limits (RFC 5321 on top of aiosmtpd)."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from typing import Any, cast

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope

_END = b"\r\n.\r\n"
_BEGUN = (b"\r", b"\r\n", b"\r\n.", b"\r\n.\r")
_TOO_MUCH_AT_ONCE = "452 4.3.1 Too many large messages at the moment, please try again later"
_TOO_MANY = b"421 4.3.2 Too many connections at the moment, please try again later\r\n"
_CLOSING = b"421 4.3.2 The service is closing, please try again later\r\n"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a door bears.

    `size` is the bytes of one mail, `held` the bytes of all mails that are not yet kept. A client may be
    silent for `idle` seconds; a mail must be kept within `keeping` seconds.
    """

    size: int
    held: int
    connections: int = 100
    recipients: int = 100
    idle: float = 300.0
    keeping: float = 120.0


class Lines:
    """The open connections of one door, and what they hold together.

    `too_large` is the answer to a mail above the size limit.
    """

    def __init__(self, limits: Limits, *, too_large: str) -> None:
        self.limits = limits
        self.too_large = too_large
        self.open: set[_Talk] = set()
        self.talks: set[asyncio.Task[None]] = set()
        self.held = 0
        self.closing = False

    def is_full(self) -> bool:
        return self.closing or len(self.open) >= self.limits.connections

    async def close(self) -> None:
        """Hang up on all who wait; whoever's mail is being kept is told how it went first."""
        self.closing = True
        for talk in tuple(self.open):
            talk.hang_up()
        if self.talks:
            await asyncio.wait(self.talks, timeout=self.limits.keeping)
        for talk in tuple(self.open):
            talk.cut()
        await asyncio.gather(*self.talks, return_exceptions=True)

    def watch(self, talk: asyncio.Task[None]) -> None:
        self.talks.add(talk)
        talk.add_done_callback(self._ended)

    def _ended(self, talk: asyncio.Task[None]) -> None:
        self.talks.discard(talk)
        if not talk.cancelled():
            talk.exception()  # a connection that was reset is no fault


class _Load:
    """A mail while it comes in, with the dots of the wire; what it holds is counted until it is let go."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._bytes = bytearray(b"\r\n")  # so that the first line is a line like the others
        self._size = 0
        self._dots = 0
        self._held = 0
        self.refusal = ""

    def is_whole(self) -> bool:
        return self._bytes.endswith(_END)

    def may_be_ending(self) -> bool:
        return self._bytes.endswith(_BEGUN)

    def add(self, piece: bytes) -> None:
        self._bytes += piece
        self._size += len(piece)
        self._dots += piece.count(b"\n.") + piece.startswith(b".")
        if self._size > self._lines.limits.size + self._dots + len(_END):
            self.refusal = self.refusal or self._lines.too_large
        elif self._lines.held + len(piece) > self._lines.limits.held:
            self.refusal = self.refusal or _TOO_MUCH_AT_ONCE
        if self.refusal:
            self.let_go()
            del self._bytes[: -len(_END)]  # no more than what tells where the mail ends
        else:
            self._lines.held += len(piece)
            self._held += len(piece)

    def let_go(self) -> None:
        self._lines.held -= self._held
        self._held = 0

    def take(self) -> bytes:
        """Give the mail as its sender wrote it (RFC 5321 §4.5.2)."""
        del self._bytes[-3:]
        if b"\r\n." in self._bytes:
            self._bytes = self._bytes.replace(b"\r\n.", b"\r\n")
        with memoryview(self._bytes) as view:
            raw = bytes(view[2:])
        self._bytes = bytearray()
        if len(raw) > self._lines.limits.size:
            self.refusal = self.refusal or self._lines.too_large
        return raw


class _Talk(SMTP):
    """One connection."""

    command_size_limit = 2048
    command_size_limits = defaultdict(lambda: 2048)  # noqa: RUF012  aiosmtpd's own attribute
    line_length_limit = 2**16  # what the reader holds back; a line of a mail may be longer

    def __init__(self, handler: Any, lines: Lines, *, hostname: str) -> None:
        # Without a limit of its own, aiosmtpd lets MAIL pass: so we come to know whom a large mail is for.
        super().__init__(
            handler, data_size_limit=None, enable_SMTPUTF8=True, hostname=hostname, ident="hoeringsbot",
            timeout=lines.limits.idle, loop=asyncio.get_running_loop(),
        )  # fmt: skip
        self._lines = lines
        self._is_keeping = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if self._lines.is_full():
            turned_away = cast(asyncio.Transport, transport)
            turned_away.write(_TOO_MANY)
            turned_away.close()
            return
        super().connection_made(transport)
        self._lines.open.add(self)
        if self._handler_coroutine is not None:
            self._lines.watch(self._handler_coroutine)

    def connection_lost(self, error: Exception | None) -> None:
        if self in self._lines.open:
            self._lines.open.discard(self)
            super().connection_lost(error)

    def hang_up(self) -> None:
        """End now, or as soon as the mail that is being kept is answered for."""
        if self.transport is not None and not self._is_keeping:
            transport = cast(asyncio.Transport, self.transport)
            transport.write(_CLOSING)
            transport.close()

    def cut(self) -> None:
        if self.transport is not None:
            cast(asyncio.Transport, self.transport).abort()

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802  aiosmtpd's name
        """Take one mail. Its lines may be of any length: real mail breaks the limit of 1000 octets."""
        if await self.check_helo_needed():
            return
        if self.envelope is None or not self.envelope.rcpt_tos:
            await self.push("503 5.5.1 Error: need RCPT command")
            return
        if arg:
            await self.push("501 5.5.4 Syntax: DATA")
            return
        if _declared(self.envelope) > self._lines.limits.size:
            status = self._too_large(self.envelope)
            self.envelope = self._create_envelope()
            await self.push(status)
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        load = _Load(self._lines)
        try:
            await self._receive(load)
            status = await self._keep(load)
        finally:
            load.let_go()
        self.envelope = self._create_envelope()
        self._reset_timeout()
        await self.push(status)
        if self._lines.closing:
            self.hang_up()

    async def _receive(self, load: _Load) -> None:
        """Read until the end of the mail, in large pieces as long as they cannot run past it."""
        while not load.is_whole():
            if load.may_be_ending():
                piece = await self._reader.readexactly(1)
            else:
                piece = await self._piece()
            self._reset_timeout()
            load.add(piece)

    async def _piece(self) -> bytes:
        try:
            return await self._reader.readuntil(_END)
        except asyncio.LimitOverrunError as more:
            return await self._reader.readexactly(more.consumed)

    async def _keep(self, load: _Load) -> str:
        """Have the mail kept, and say how that went: to each recipient over LMTP (RFC 2033 §4.2)."""
        envelope = cast(Envelope, self.envelope)
        envelope.content = load.take()
        status = load.refusal
        if status == self._lines.too_large:
            self._too_large(envelope)
        if not status:
            self._reset_timeout(self._lines.limits.keeping + self._lines.limits.idle)
            self._is_keeping = True
            try:
                status = await self.event_handler.handle_DATA(self, self.session, envelope)
            finally:
                self._is_keeping = False
        return "\r\n".join([status] * (len(envelope.rcpt_tos) if isinstance(self, LMTP) else 1))

    def _too_large(self, envelope: Envelope) -> str:
        """Have it told whom the mail was for; what to answer."""
        self.event_handler.turn_away(envelope.rcpt_tos)
        return self._lines.too_large


def _declared(envelope: Envelope) -> int:
    """How large the client says the mail is (RFC 1870 §5); 0 when it does not.

    It is refused at DATA (§6.1 leaves us the choice): at MAIL nobody knows yet whom it is for, and at RCPT
    this code means for some clients that there are too many recipients (RFC 5321 §4.5.3.1.10).
    """
    sizes = (option.removeprefix("SIZE=") for option in envelope.mail_options if option.startswith("SIZE="))
    return max((int(size) for size in sizes if size.isdecimal()), default=0)


class _LmtpTalk(_Talk, LMTP):
    """One connection of a mail server that delivers over LMTP."""


def talk(handler: Any, lines: Lines, *, hostname: str, lmtp: bool) -> asyncio.Protocol:
    """Answer one new connection. Make it inside the running loop."""
    return (_LmtpTalk if lmtp else _Talk)(handler, lines, hostname=hostname)
