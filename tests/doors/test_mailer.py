"""The way out for mail, against a real SMTP server that takes, refuses and breaks off as it is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from uuid import UUID

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from pydantic import SecretStr

from bot.mailer import Mailer, Rejected, Security, Unreachable
from bot.receipts import send_receipt
from storage.inbox import Arrival
from storage.models import Attachment, Blob, Door, Party, Submission
from storage.receipt import Receipt, ReceiptKind
from storage.words import Channel, PartyKind
from tests.doors.house import House

NOW = datetime(2026, 9, 14, 10, 31, tzinfo=UTC)


@dataclass
class Post:
    """A mail server of the world. `answers` are what it says to RCPT and DATA instead of yes."""

    answers: dict[str, str] = field(default_factory=dict)
    taken: list[tuple[str, list[str], bytes]] = field(default_factory=list)
    users: list[tuple[bytes, bytes]] = field(default_factory=list)
    before_yes: Callable[[], Awaitable[None]] | None = None
    port: int = 0

    async def handle_MAIL(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.answers.get("RCPT", "250 OK")

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if "DATA" not in self.answers:
            raw = envelope.original_content or b""
            self.taken.append((envelope.mail_from or "", list(envelope.rcpt_tos), raw))
        if self.before_yes:
            await self.before_yes()
        return self.answers.get("DATA", "250 OK")

    def login(self, _s: SMTP, _e: Session, _v: Envelope, _mechanism: str, who: LoginPassword) -> AuthResult:
        self.users.append((who.login, who.password))
        return AuthResult(success=True)

    def mail(self, number: int = 0) -> EmailMessage:
        return message_from_bytes(self.taken[number][2], _class=EmailMessage, policy=policy.default)

    @asynccontextmanager
    async def open(self, *, utf8: bool = True) -> AsyncIterator[Mailer]:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: SMTP(
                self, enable_SMTPUTF8=utf8, authenticator=self.login, auth_require_tls=False, loop=loop,
                hostname="post.example",
            ),
            "127.0.0.1", 0,
        )  # fmt: skip
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield Mailer("127.0.0.1", self.port, security=Security.NONE, timeout=5)
        finally:
            server.close()
            await server.wait_closed()
            await asyncio.sleep(0.05)


def _message() -> EmailMessage:
    message = EmailMessage(policy=policy.SMTP)
    message["Subject"] = "Kvittering"
    message["To"] = "ane@borger.example"
    message.set_content("Tak.\n.\n")
    return message


async def test_a_mail_goes_out_from_the_null_sender() -> None:
    post = Post()
    async with post.open() as mailer:
        await mailer.send(_message(), to="ane@borger.example")
    ((sender, recipients, raw),) = post.taken
    assert (sender, recipients) == ("<>", ["ane@borger.example"])
    assert raw.endswith(b"Tak.\r\n.\r\n")


async def test_a_user_logs_in_and_the_password_is_not_shown() -> None:
    post = Post()
    async with post.open():
        mailer = Mailer("127.0.0.1", post.port, user="bot", password=SecretStr("hemmelig"),
                        security=Security.NONE)  # fmt: skip
        await mailer.send(_message(), to="ane@borger.example")
    assert post.users == [(b"bot", b"hemmelig")]
    assert "hemmelig" not in repr(mailer)


@pytest.mark.parametrize("verb", ["RCPT", "DATA"])
async def test_a_no_for_good_is_a_rejection_that_names_no_one(verb: str) -> None:
    async with Post({verb: "550 5.1.1 <ane@borger.example> unknown"}).open() as mailer:
        with pytest.raises(Rejected) as no:
            await mailer.send(_message(), to="ane@borger.example")
    assert no.value.reason == str(no.value) == "550 5.1.1"


@pytest.mark.parametrize(
    "answers",
    [{"RCPT": "450 4.2.1 ane@borger.example is busy"}, {"DATA": "452 later"}, {"MAIL": "550 5.7.1 not you"}],
)
async def test_a_no_for_now_or_to_us_is_tried_again(answers: dict[str, str]) -> None:
    async with Post(answers).open() as mailer:
        with pytest.raises(Unreachable) as no:
            await mailer.send(_message(), to="ane@borger.example")
    assert "ane" not in str(no.value)


async def test_a_server_that_is_not_there_or_hangs_or_breaks_off_is_tried_again() -> None:
    async def hang() -> None:
        await asyncio.sleep(1)

    post = Post(before_yes=hang)
    async with post.open():
        impatient = Mailer("127.0.0.1", post.port, security=Security.NONE, timeout=0.2)
        with pytest.raises(Unreachable):
            await impatient.send(_message(), to="ane@borger.example")
    with pytest.raises(Unreachable):
        await impatient.send(_message(), to="ane@borger.example")


async def test_a_server_without_starttls_gets_no_mail_when_it_is_required() -> None:
    post = Post()
    async with post.open():
        with pytest.raises(Unreachable):
            await Mailer("127.0.0.1", post.port).send(_message(), to="ane@borger.example")
    assert post.taken == []


async def test_an_address_in_another_script_is_sent_as_utf8_or_rejected() -> None:
    post = Post()
    async with post.open() as mailer:
        await mailer.send(_message(), to="åse@borger.example")
    assert post.taken[0][1] == ["åse@borger.example"]
    async with Post().open(utf8=False) as mailer:
        with pytest.raises(Rejected) as no:
            await mailer.send(_message(), to="åse@borger.example")
    assert no.value.reason == "553 5.6.7"


@pytest.mark.parametrize("to", ["", "a@b.example> SIZE=1", "a@b.example\r\nDATA"])
async def test_what_is_no_address_never_reaches_the_server(to: str) -> None:
    post = Post()
    async with post.open() as mailer:
        with pytest.raises(Rejected):
            await mailer.send(_message(), to=to)
    assert post.taken == []


async def _submitted(house: House, *, recipient: str = "ane@borger.example") -> UUID:
    """A submission that came to the hearing's second address, and the receipt we owe for it."""
    async with house.database.begin() as store:
        (hearing,) = await store.hearings.all()
        party = Party(hearing_id=hearing.id, kind=PartyKind.BORGER, list_name="Ane", heading_name="Ane",
                      short_name="Ane")  # fmt: skip
        raw = b"the mail"
        envelope = {"sender": recipient, "recipients": ["plan+2@ternevig.example"]}
        await store.inbox.keep([Arrival(Door.SMTP, "k", raw, NOW - timedelta(minutes=1), envelope)])
        ((item, _raw),) = await store.inbox.unread([Door.SMTP], most=1)
        store.add(party, Blob(sha256="0" * 64, bytes=b"pdf"))
        await store.session.flush()
        submission = Submission(
            hearing_id=hearing.id, party_id=party.id, number=7, channel=Channel.MAIL, content_key="c",
            subject="Lygtevej", text="Der mangler en bænk.", flaws=[], received_at=item.received_at,
        )  # fmt: skip
        store.add(submission)
        await store.session.flush()
        item.submission_id = submission.id
        receipt = Receipt(kind=ReceiptKind.SUBMISSION, hearing_id=hearing.id,
                          submission_id=submission.id, recipient=recipient, made_at=NOW,
                          message_id=f"kvittering.{submission.id}",
                          in_reply_to="<svar.1@borger.example>")  # fmt: skip
        store.add(receipt, Attachment(submission_id=submission.id, position=1, name="kort.pdf", size=3,
                                      content_type="application/pdf", blob_sha256="0" * 64))  # fmt: skip
        return receipt.id


async def _receipt(house: House, receipt_id: UUID) -> Receipt:
    async with house.database.begin() as store:
        return await store.submissions.receipt(receipt_id)


async def test_a_receipt_is_sent_once_from_the_address_the_party_wrote_to(house: House) -> None:
    receipt_id, post = await _submitted(house), Post()
    async with post.open() as mailer:
        for _ in range(2):
            await send_receipt(receipt_id, database=house.database, mailer=mailer, now=lambda: NOW)
    mail = post.mail()
    assert len(post.taken) == 1
    assert mail["From"] == "Ternevig Kommune <plan@ternevig.example>"
    assert mail["Subject"] == "Kvittering: høringssvar nr. 7 – Ny plan for Lygtevej"
    assert mail["In-Reply-To"] == "<svar.1@borger.example>"
    assert "– kort.pdf" in mail.get_content()
    receipt = await _receipt(house, receipt_id)
    assert (receipt.sent_at, receipt.refusal) == (NOW, "")


async def test_a_refused_receipt_is_noted_by_its_code_and_not_tried_again(house: House) -> None:
    receipt_id, post = await _submitted(house), Post({"RCPT": "550 5.1.1 ane@borger.example unknown"})
    async with post.open() as mailer:
        await send_receipt(receipt_id, database=house.database, mailer=mailer, now=lambda: NOW)
        post.answers.clear()
        await send_receipt(receipt_id, database=house.database, mailer=mailer, now=lambda: NOW)
    receipt = await _receipt(house, receipt_id)
    assert (receipt.sent_at, receipt.refusal) == (None, "550 5.1.1")
    assert post.taken == []


async def test_a_receipt_to_no_address_is_noted_as_refused(house: House) -> None:
    receipt_id, post = await _submitted(house, recipient="ane at borger.example"), Post()
    async with post.open() as mailer:
        await send_receipt(receipt_id, database=house.database, mailer=mailer, now=lambda: NOW)
    assert (await _receipt(house, receipt_id)).refusal == "553 5.1.3"


async def test_a_receipt_that_may_have_gone_out_goes_again_as_the_same_mail(house: House) -> None:
    async def hang() -> None:
        await asyncio.sleep(0.6)

    receipt_id, post = await _submitted(house), Post(before_yes=hang)
    async with post.open() as mailer:
        impatient = Mailer("127.0.0.1", post.port, security=Security.NONE, timeout=0.2)
        with pytest.raises(Unreachable):
            await send_receipt(receipt_id, database=house.database, mailer=impatient, now=lambda: NOW)
        assert (await _receipt(house, receipt_id)).sent_at is None
        post.before_yes = None
        await send_receipt(receipt_id, database=house.database, mailer=mailer, now=lambda: NOW)
    assert len(post.taken) == 2
    assert post.mail(0)["Message-ID"] == post.mail(1)["Message-ID"]


async def test_no_transaction_is_open_while_the_mail_server_thinks(house: House) -> None:
    receipt_id, post = await _submitted(house), Post()

    async def while_it_thinks() -> None:
        async with asyncio.timeout(2):
            await _receipt(house, receipt_id)

    post.before_yes = while_it_thinks
    async with post.open() as mailer:
        await send_receipt(receipt_id, database=house.database, mailer=mailer, now=lambda: NOW)
    assert (await _receipt(house, receipt_id)).sent_at == NOW


async def test_where_the_server_sends_for_one_address_only_answers_still_go_to_the_hearing(
    house: House,
) -> None:
    receipt_id, post = await _submitted(house), Post()
    async with post.open() as mailer:
        own = Mailer("127.0.0.1", mailer.port, security=Security.NONE, sender="bot@ternevig.example")
        await send_receipt(receipt_id, database=house.database, mailer=own, now=lambda: NOW)
    assert post.mail()["From"] == "Ternevig Kommune <bot@ternevig.example>"
    assert post.mail()["Reply-To"] == "plan@ternevig.example"
