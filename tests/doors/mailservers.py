"""What the IMAP door meets: pymap in this process, people with mailboxes, and lines that break."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from argparse import Namespace
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from imapclient import IMAPClient  # type: ignore[import-untyped]
from proxyprotocol.result import ProxyResultLocal
from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import Config, Identity, Login
from pymap.exceptions import InvalidAuth
from pymap.imap import IMAPServer
from pymap.user import UserMetadata
from pysasl import SASLAuth
from pysasl.creds.external import ExternalCredentials, ExternalVerificationRequired
from pysasl.creds.server import ServerCredentials
from pysasl.hashing import BuiltinHash

from bot.imap.settings import Mailbox

_T = TypeVar("_T")

PASSWORD = "rødgrød"
CAME = datetime(2026, 9, 13, 8, 15, tzinfo=UTC)


def mail(number: int = 0, *, size: int = 0) -> bytes:
    """A mail of its own number, padded to some size."""
    head = f"From: ane@borger.example\r\nMessage-ID: <{number}@borger.example>\r\nSubject: Svar {number}\r\n"
    text = f"Der mangler en bænk, nummer {number}.\r\n"
    return (head + "\r\n" + text + "x" * max(0, size - len(head) - len(text)) + "\r\n").encode()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a mail program and the password of a mailbox."""

    port: int
    user: str

    def told(self, **given: Any) -> Mailbox:
        """The settings for this mailbox, with a poll so rare that only IDLE can be what was quick."""
        known: dict[str, Any] = {
            "name": "hoering", "address": "hoering@ternevig.example", "host": "127.0.0.1", "port": self.port,
            "security": "none", "user": self.user, "password": PASSWORD, "poll": 60,
        }  # fmt: skip
        return Mailbox.model_validate(known | given)

    async def does(self, work: Callable[[IMAPClient], _T]) -> _T:
        """Log in, do it, log out."""
        return await asyncio.to_thread(self._does, work)

    def _does(self, work: Callable[[IMAPClient], _T]) -> _T:
        with IMAPClient("127.0.0.1", self.port, ssl=False, timeout=20) as client:
            client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            client.plain_login(self.user, PASSWORD)
            return work(client)

    async def gets(self, *raws: bytes, folder: str = "INBOX") -> None:
        """New mails arrive."""

        def append(client: IMAPClient) -> None:
            for raw in raws:
                client.append(folder, raw, msg_time=CAME)

        await self.does(append)

    def gets_at_once(self, raw: bytes) -> None:
        """A new mail arrives, while the thread that calls this waits."""
        self._does(lambda client: client.append("INBOX", raw, msg_time=CAME))

    async def counts(self, folder: str) -> int:
        """How many mails are in a folder."""
        return await self.does(lambda client: int(client.folder_status(folder, ["MESSAGES"])[b"MESSAGES"]))

    async def sees(self, folder: str) -> list[bytes]:
        """The mails in a folder; none where there is no such folder."""

        def fetch(client: IMAPClient) -> list[bytes]:
            if not client.folder_exists(folder):
                return []
            client.select_folder(folder, readonly=True)
            found = client.fetch(client.search("ALL"), ["BODY.PEEK[]"])
            return [found[uid][b"BODY[]"] for uid in sorted(found)]

        return await self.does(fetch)


async def eventually(ask: Callable[[], Awaitable[Any]], wanted: Any, *, seconds: float = 15) -> None:
    """Wait until the answer is the wanted one."""
    deadline = time.monotonic() + seconds
    while (answer := await ask()) != wanted:
        assert time.monotonic() < deadline, f"{answer!r} instead of {wanted!r}"
        await asyncio.sleep(0.05)


class _Configured(Config):
    """pymap that keeps silent about some of what it can do, as simpler servers cannot."""

    without: Collection[bytes] = ()
    mechanisms: Collection[bytes] = (b"PLAIN",)

    @property
    def tls_auth(self) -> SASLAuth:
        return SASLAuth.named(self.mechanisms)

    @property
    def login_capability(self) -> Sequence[bytes]:
        return [each for each in super().login_capability if each not in self.without]


class _Login(Login):
    """Lets in by password, and by the tokens it has been told of."""

    tokens_taken: Collection[str] = ()

    async def authenticate(self, credentials: ServerCredentials) -> Identity:
        if not isinstance(credentials, ExternalCredentials):
            return await super().authenticate(credentials)
        try:
            credentials.verify(None)
        except ExternalVerificationRequired as told:
            if told.token not in self.tokens_taken:
                raise InvalidAuth from None
        return Identity(credentials.authzid, self, None, frozenset())


@asynccontextmanager
async def pymap(
    *users: str, without: Collection[bytes] = (), tokens: Collection[str] | None = None,
    tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None,
) -> AsyncIterator[int]:  # fmt: skip
    """The port of a server with these users; it has no keywords and no NAMESPACE whatever is asked.

    With `tokens`, these and no passwords let in.
    """
    args = Namespace(passlib_cfg=None, proxy_protocol=None, inherited_sockets=None)
    config = _Configured(
        args, host="127.0.0.1", port=0, tls_enabled=starttls is not None, ssl_context=starttls,
        demo_data=False, demo_user=users[0], demo_password=PASSWORD, hash_context=BuiltinHash(rounds=1),
        invalid_user_sleep=0.0,
    )  # fmt: skip
    config.without, config.mechanisms = without, (b"PLAIN",) if tokens is None else (b"XOAUTH2",)
    config.apply_context()
    login = _Login(config)
    login.tokens_taken = tokens or ()
    for user in users:
        password = config.hash_context.hash(PASSWORD)
        await Identity(user, login, None, frozenset()).set(UserMetadata(config, user, password=password))
    server = IMAPServer(login, config)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server(reader, writer, SocketInfo.get(writer, ProxyResultLocal()))

    async with serving(talk, tls=tls) as port:
        yield port


@asynccontextmanager
async def serving(
    talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]], *,
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[int]:  # fmt: skip
    """The port of a server that talks so; at the end every talk is over and every connection closed."""
    talks: set[asyncio.Task[None]] = set()

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        talks.add(task)
        try:
            await talk(reader, writer)
        except (OSError, asyncio.CancelledError):
            pass  # the client has gone, or the test is over
        finally:
            talks.discard(task)
            writer.transport.abort()

    server = await asyncio.start_server(one, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in list(talks):
            task.cancel()
        await asyncio.gather(*talks, return_exceptions=True)
        await asyncio.sleep(0.01)  # until the transports know that they are closed


@dataclass
class Line:
    """A network between the door and a server, which can break."""

    port: int
    cut_after: int | None = None
    """Bytes from the server until the next connection breaks; then the line is whole again."""
    breaks_on: bytes | None = None
    """What breaks a connection whenever the server says it."""
    is_silent: bool = False
    """Whether the line swallows what the server says, and stays open."""
    connections: int = 0
    open_now: set[asyncio.StreamWriter] = field(default_factory=set)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[int]:
        async with serving(self._carry) as port:
            yield port

    def cut(self) -> None:
        """Break every connection now."""
        for writer in self.open_now:
            writer.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        up, there = await asyncio.open_connection("127.0.0.1", self.port)
        ends = {writer, there}
        self.open_now |= ends
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._up(reader, there))
                both.create_task(self._down(up, writer))
        except* (OSError, ConnectionAbortedError):
            pass
        finally:
            self.open_now -= ends
            for end in ends:
                end.transport.abort()

    async def _up(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while block := await reader.read(65536):
            writer.write(block)
            await writer.drain()
        raise ConnectionAbortedError

    async def _down(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while block := await reader.read(4096):
            if self.is_silent:
                continue
            if self.breaks_on is not None and self.breaks_on in block:
                raise ConnectionAbortedError
            if self.cut_after is not None:
                self.cut_after -= len(block)
                if self.cut_after <= 0:
                    self.cut_after = None
                    raise ConnectionAbortedError
            writer.write(block)
            await writer.drain()
        raise ConnectionAbortedError
