"""How the IMAP door lets itself in, and what it says when it is not let in."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.imap.login import connected
from bot.imap.mailbox import Folder
from bot.imap.refused import Refused, sentence
from bot.imap.settings import Mailbox
from tests.doors.mailservers import PASSWORD, Person, pymap, serving
from tests.doors.trust import Trust, own_certificate, trust

USER = "hoering@ternevig.example"
SECRET = "hemmelig~værdi"


@pytest.fixture
def trusted(tmp_path: Path) -> Trust:
    return trust(tmp_path)


async def let_in(told: Mailbox) -> int:
    """Log in and open the folder, as the door does; the folder's UIDVALIDITY."""

    def work() -> int:
        with connected(told) as client:
            return Folder(client, told).uidvalidity

    return await asyncio.to_thread(work)


async def refusal(told: Mailbox) -> str:
    with pytest.raises(Refused) as no:
        await let_in(told)
    return str(no.value)


# --- TLS


@pytest.mark.parametrize("security", ["tls", "starttls"])
async def test_a_certificate_of_ones_own_authority_is_trusted_when_it_is_named(
    trusted: Trust, security: str
) -> None:
    async with pymap(USER, **{security: trusted.server}) as port:  # type: ignore[arg-type]
        assert await let_in(Person(port, USER).told(security=security, ca_file=trusted.authority))


@pytest.mark.parametrize("security", ["tls", "starttls"])
async def test_a_server_that_nobody_vouches_for_gets_no_password(trusted: Trust, security: str) -> None:
    async with pymap(USER, **{security: trusted.server}) as port:  # type: ignore[arg-type]
        told = Person(port, USER).told(security=security)
        with pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED") as fault:
            await let_in(told)
    assert "cannot be verified" in sentence(fault.value, told)
    assert "ca_file" in sentence(fault.value, told)


async def test_a_server_without_starttls_gets_no_password_when_it_is_wanted() -> None:
    async with pymap(USER) as port:
        assert "has no STARTTLS" in await refusal(Person(port, USER).told(security="starttls"))


async def test_a_server_that_does_not_speak_tls_is_named(trusted: Trust) -> None:
    async with pymap(USER) as port:
        told = Person(port, USER).told(security="tls", ca_file=trusted.authority)
        with pytest.raises(OSError) as fault:  # noqa: PT011  the sentence is what matters
            await let_in(told)
    assert 'does not speak TLS as security = "tls" wants' in sentence(fault.value, told)


# --- password


async def test_a_danish_password_lets_in_and_may_be_changed_in_its_file(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("forkert", "utf-8")
    async with pymap(USER) as port:
        told = Person(port, USER).told(password="", password_file=file)
        assert "refuses hoering@ternevig.example" in await refusal(told)
        file.write_text(f"{PASSWORD}\n", "utf-8")
        assert await let_in(told)


async def test_a_folder_that_there_is_not_is_named() -> None:
    async with pymap(USER) as port:
        assert "open the folder 'Høringer'" in await refusal(Person(port, USER).told(folder="Høringer"))


# --- tokens


@dataclass
class Tokens:
    """A token endpoint like Microsoft's: hands out tokens, or says `no`."""

    no: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)

    @asynccontextmanager
    async def open(self, trusted: Trust) -> AsyncIterator[str]:
        """The address of a tenant."""
        app = web.Application()
        app.router.add_get("/ternevig/v2.0/.well-known/openid-configuration", self._discovered)
        app.router.add_post("/ternevig/token", self._asked)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=trusted.server).start()
        try:
            yield f"https://127.0.0.1:{runner.addresses[0][1]}/ternevig"
        finally:
            await runner.cleanup()
            await asyncio.sleep(0.05)  # until TLS has taken its leave

    async def _discovered(self, request: web.Request) -> web.Response:
        here = f"https://{request.host}/ternevig"
        return web.json_response(
            {"issuer": here, "authorization_endpoint": f"{here}/authorize", "token_endpoint": f"{here}/token"}
        )

    async def _asked(self, request: web.Request) -> web.Response:
        self.asked.append(dict(await request.post()))
        if self.no:
            answer = {"error": "invalid_client", "error_description": f"{self.no}: Not so. Trace ID: 1"}
            return web.json_response(answer, status=401)
        answer = {"access_token": f"token-{len(self.asked)}", "token_type": "Bearer", "expires_in": "3600"}
        return web.json_response(answer)


@pytest.fixture
async def tokens(trusted: Trust, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Tokens, str]]:
    # The environment is how msal's HTTP client is told of an authority, and of proxies not to use.
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(trusted.authority))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    made = Tokens()
    async with made.open(trusted) as address:
        yield made, address


def by_token(port: int, address: str, **given: Any) -> Mailbox:
    how = {"client_secret": SECRET} if "certificate_file" not in given else {}
    return Person(port, USER).told(
        auth="oauth2", password="", tenant="ternevig", client_id="app-1", authority=address, **how, **given
    )


async def test_each_connection_logs_in_with_a_token_of_its_own(tokens: tuple[Tokens, str]) -> None:
    endpoint, address = tokens
    async with pymap(USER, tokens=["token-1", "token-2"]) as port:
        assert await let_in(by_token(port, address))
        assert await let_in(by_token(port, address))
    assert len(endpoint.asked) == 2
    assert endpoint.asked[0]["grant_type"] == "client_credentials"
    assert endpoint.asked[0]["scope"] == "https://outlook.office365.com/.default"
    assert endpoint.asked[0]["client_secret"] == SECRET


async def test_a_certificate_does_instead_of_a_secret(tokens: tuple[Tokens, str], tmp_path: Path) -> None:
    endpoint, address = tokens
    file = own_certificate(tmp_path / "app.pem")
    async with pymap(USER, tokens=["token-1"]) as port:
        assert await let_in(by_token(port, address, certificate_file=file))
    (asked,) = endpoint.asked
    assert "client_secret" not in asked
    head = json.loads(base64.urlsafe_b64decode(asked["client_assertion"].split(".")[0] + "=="))
    assert {"alg", "x5t#S256"} <= set(head)


async def test_a_file_without_a_key_is_no_certificate_to_log_in_with(
    tokens: tuple[Tokens, str], trusted: Trust
) -> None:
    told = by_token(1, tokens[1], certificate_file=trusted.authority)
    async with pymap(USER) as port:
        told = told.model_copy(update={"port": port})
        assert "the certificate and its private key" in await refusal(told)


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("AADSTS7000215", "the secret's value, not its id"),
        ("AADSTS7000222", "has expired"),
        ("AADSTS700016", "Application (client) ID"),
        ("AADSTS7654321", "error?code=7654321"),
    ],
)
async def test_when_microsoft_gives_no_token_its_code_says_what_to_do(
    tokens: tuple[Tokens, str], code: str, advice: str
) -> None:
    endpoint, address = tokens
    endpoint.no = code
    async with pymap(USER, tokens=[]) as port:
        said = await refusal(by_token(port, address))
    assert code in said
    assert advice in said
    assert SECRET not in said


async def test_a_tenant_that_there_is_not_is_refused_with_the_keys_to_look_at(
    tokens: tuple[Tokens, str],
) -> None:
    async with pymap(USER, tokens=[]) as port:
        said = await refusal(by_token(port, tokens[1].replace("ternevig", "tornevig")))
    assert "tenant, client_id or certificate_file is wrong" in said


async def test_when_the_server_does_not_take_the_token_the_administrators_steps_are_named(
    tokens: tuple[Tokens, str],
) -> None:
    async with pymap(USER, tokens=["another"]) as port:
        said = await refusal(by_token(port, tokens[1]))
    for step in ("IMAP.AccessAsApp", "admin consent", "New-ServicePrincipal", "Add-MailboxPermission"):
        assert step in said
    assert "token-1" not in said


@dataclass
class Refuser:
    """A server that answers each command as it is told to; a question comes before the final word."""

    question: bytes = b""
    can: bytes = b"IMAP4rev1 AUTH=XOAUTH2"
    words: dict[bytes, bytes] = field(default_factory=dict)
    heard: list[bytes] = field(default_factory=list)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[int]:
        async with serving(self._talk) as port:
            yield port

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK [CAPABILITY " + self.can + b"] ready\r\n")
        while line := await reader.readline():
            tag, verb = line.split()[:2]
            if verb == b"CAPABILITY":
                writer.write(b"* CAPABILITY " + self.can + b"\r\n")
            if verb == b"LOGIN":
                self.heard.append(line)
            if verb == b"AUTHENTICATE":
                await self._ask(reader, writer)
            answer = self.words.get(verb, b"OK done")
            if answer == b"break":
                break
            writer.write(tag + b" " + answer + b"\r\n")

    async def _ask(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for question in (b"", self.question):
            writer.write(b"+ " + base64.b64encode(question) + b"\r\n")
            self.heard.append(base64.b64decode(await reader.readline()))


async def test_the_servers_reason_for_a_no_is_shown(tokens: tuple[Tokens, str]) -> None:
    reason = b'{"status":"400","schemes":"bearer"}'
    refuser = Refuser(reason, words={b"AUTHENTICATE": b"NO AUTHENTICATE failed."})
    async with refuser.open() as port:
        said = await refusal(by_token(port, tokens[1]))
    assert "AUTHENTICATE failed" in said
    assert reason.decode() in said
    assert refuser.heard == [f"user={USER}\x01auth=Bearer token-1\x01\x01".encode(), b""]


async def test_a_mailbox_without_permission_is_told_by_what_exchange_says_at_its_folder(
    tokens: tuple[Tokens, str],
) -> None:
    words = {b"SELECT": b"BAD User is authenticated but not connected."}
    async with Refuser(words=words).open() as port:
        said = await refusal(by_token(port, tokens[1]))
    assert "open the folder 'INBOX'" in said
    assert "Add-MailboxPermission" in said


async def test_a_line_that_breaks_at_login_is_no_refusal(tokens: tuple[Tokens, str]) -> None:
    async with Refuser(words={b"AUTHENTICATE": b"break"}).open() as port:
        told = by_token(port, tokens[1])
        with pytest.raises(Exception, match="broke at login") as fault:
            await let_in(told)
    assert not isinstance(fault.value, Refused)
    assert "broke the connection off" in sentence(fault.value, told)


async def test_a_server_that_takes_no_password_in_the_clear_is_sent_none() -> None:
    refuser = Refuser(can=b"IMAP4rev1 LOGINDISABLED")
    async with refuser.open() as port:
        assert "takes no password on this connection" in await refusal(Person(port, USER).told())
    assert refuser.heard == []
