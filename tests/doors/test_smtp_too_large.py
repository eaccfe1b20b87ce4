"""A mail that is too large for the SMTP door: what its sender hears, and what the coordinators hear."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import aiosmtplib
import pytest
from sqlalchemy import text
from sqlmodel import select

from bot.smtp_wire import Limits
from handlers.intake.turn_away import turn_away
from storage.journal import JournalEntry
from storage.models import PostKind
from storage.talk import SlackPost
from tests.doors.house import NOW, House
from tests.world import ADDRESS, KOORD, key_of, world

LIMIT = 35_000_000
SMALL = 1000
TO = "hoering@ternevig.example"
SENDER = "ane@borger.example"
RAW = b"From: Ane <ane@borger.example>\r\nSubject: Lygtevej\r\n\r\nDer mangler en b\xc3\xa6nk.\r\n"
LARGE = RAW + b"x" * SMALL + b"\r\n"
REPLY = (
    "5.3.4 Mailen er for stor, hoejst 35 MB: send den igen med mindre filer / "
    "The message is larger than 35 MB"
)  # fmt: skip


@asynccontextmanager
async def door(
    house: House, *, size_limit: int = SMALL, now: Callable[[], datetime] = lambda: NOW, lmtp: bool = False
) -> AsyncIterator[int]:
    """A door whose refusals are told as the service has them told; all is told when it has closed."""

    async def turned_away(recipients: Collection[str]) -> None:
        async with house.database.begin() as store:
            await turn_away(recipients, store=store, now=now(), limit=size_limit)

    async with house.door(size_limit=size_limit, turn_away=turned_away, lmtp=lmtp) as port:
        yield port


async def declare(
    port: int, *, size: int = LIMIT + 1, to: tuple[str, ...] = (TO,)
) -> aiosmtplib.SMTPResponse:
    """Say that a mail is so large, then hand in a small one on the same connection; the answer to DATA."""
    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False, timeout=20) as client:
        await client.ehlo()
        await client.mail(SENDER, options=[f"SIZE={size}"])
        for each in to:
            await client.rcpt(each)
        with pytest.raises(aiosmtplib.SMTPDataError) as refused:
            await client.data(RAW)
        await client.sendmail(SENDER, TO, RAW)
    return aiosmtplib.SMTPResponse(refused.value.code, refused.value.message)


async def send_undeclared(port: int, raw: bytes = LARGE, *, to: str = TO) -> aiosmtplib.SMTPResponse:
    """Hand in a mail without a word of its size."""
    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False, timeout=20) as client:
        await client.helo()
        await client.mail(SENDER)
        await client.rcpt(to)
        return await client.data(raw)


async def owed(house: House) -> list[SlackPost]:
    async with house.database.begin() as store:
        return list((await store.session.execute(select(SlackPost))).scalars())


async def journalled(house: House) -> list[JournalEntry]:
    async with house.database.begin() as store:
        return list((await store.session.execute(select(JournalEntry))).scalars())


async def test_a_declared_size_above_the_limit_is_refused_in_danish_and_english_before_it_is_sent(
    house: House,
) -> None:
    async with door(house, size_limit=LIMIT) as port:
        answer = await declare(port)
    assert (answer.code, answer.message) == (552, REPLY)
    assert answer.message.isascii()
    assert [item.raw for item in await house.kept()] == [RAW]


async def test_a_mail_that_grows_above_the_limit_is_refused_in_the_same_words(house: House) -> None:
    async with door(house) as port:
        with pytest.raises(aiosmtplib.SMTPDataError) as refused:
            await send_undeclared(port)
        await send_undeclared(port, RAW)
    assert refused.value.code == 552
    assert refused.value.message == REPLY.replace("35 MB", "1000 bytes")
    assert [item.raw for item in await house.kept()] == [RAW]


@pytest.mark.parametrize("said", ["SIZE=0", "SIZE=1000", "SIZE=\N{SUPERSCRIPT TWO}"])
async def test_a_size_that_is_within_the_limit_or_no_number_refuses_nothing(house: House, said: str) -> None:
    async with door(house) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"EHLO x\r\nMAIL FROM:<{SENDER}> {said}\r\nRCPT TO:<{TO}>\r\nDATA\r\n".encode())
        while not (line := await asyncio.wait_for(reader.readline(), 20)).startswith(b"354"):
            assert line
        writer.write(RAW + b".\r\n")
        assert (await asyncio.wait_for(reader.readline(), 20)).startswith(b"250")
        writer.close()
        await writer.wait_closed()
    assert len(await house.kept()) == 1
    assert await owed(house) == []


async def test_the_coordinators_are_told_in_one_line_that_says_nothing_of_the_sender(house: House) -> None:
    async with door(house) as port:
        await declare(port, to=(TO, "plan@ternevig.example", "hoering+7@ternevig.example"))
    (line,) = await owed(house)
    assert (line.kind, line.channel) == (PostKind.LINE, "C0KOORD")
    assert line.detail == {"phrase": "too_large_refused", "limit": SMALL}
    (entry,) = await journalled(house)
    assert (entry.act, entry.actor, entry.detail) == ("turned_away", "smtp", {"limit": SMALL})
    assert entry.hearing_id == line.hearing_id


async def test_mails_refused_in_one_hour_are_one_line_and_the_next_hour_has_its_own(house: House) -> None:
    lines = []
    for minutes in (0, 29, 30):
        async with door(house, now=lambda: NOW + timedelta(minutes=minutes)) as port:  # noqa: B023  closed by then
            await declare(port)
            with pytest.raises(aiosmtplib.SMTPDataError):
                await send_undeclared(port)
        lines.append(len(await owed(house)))
    assert lines == [1, 1, 2]
    assert len(await journalled(house)) == 2


async def test_many_refused_at_once_through_two_doors_are_one_line(house: House) -> None:
    async with door(house) as one, door(house) as other:
        await asyncio.gather(*(declare(port) for port in (one, other) * 5))
    assert len(await owed(house)) == 1


async def test_at_a_shared_address_those_are_told_whose_period_is_open(house: House) -> None:
    past = {"opens": datetime(2026, 1, 1, tzinfo=UTC), "deadline": datetime(2026, 2, 1, tzinfo=UTC)}
    await house.apply(TO, key="gammel", coordination_channel="C0GAMMEL", **past)
    await house.apply(TO, key="samtidig", coordination_channel="C0SAMTIDIG")
    async with door(house) as port:
        await declare(port)
    assert {line.channel for line in await owed(house)} == {"C0KOORD", "C0SAMTIDIG"}


async def test_at_a_shared_address_all_are_told_when_no_period_is_open(house: House) -> None:
    await house.apply(TO, key="samtidig", coordination_channel="C0SAMTIDIG")
    async with door(house, now=lambda: NOW + timedelta(days=60)) as port:
        await declare(port)
    assert {line.channel for line in await owed(house)} == {"C0KOORD", "C0SAMTIDIG"}


async def test_over_lmtp_it_is_told_too_and_the_next_mail_is_kept(house: House) -> None:
    async with door(house, lmtp=True) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await reader.readline()
        begin = b"MAIL FROM:<ane@borger.example>%b\r\nRCPT TO:<hoering@ternevig.example>\r\nDATA\r\n"
        writer.write(b"LHLO client.example\r\n" + begin % b" SIZE=1001")
        while not (line := await asyncio.wait_for(reader.readline(), 20)).startswith(b"552 5.3.4 Mailen"):
            assert line[:1] == b"2"
        writer.write(begin % b" SIZE=80" + RAW + b".\r\nQUIT\r\n")
        answers = [(await asyncio.wait_for(reader.readline(), 20))[:3] for _ in range(5)]
        writer.close()
        await writer.wait_closed()
    assert answers == [b"250", b"250", b"354", b"250", b"221"]
    assert len(await owed(house)) == len(await house.kept()) == 1


async def test_no_answer_waits_for_the_line_and_the_door_does_before_it_has_closed(house: House) -> None:
    async with house.database.engine.connect() as lock:
        await lock.execute(text("LOCK TABLE slack_post IN ACCESS EXCLUSIVE MODE"))
        async with door(house) as port:
            assert (await asyncio.wait_for(declare(port), 10)).code == 552
            asyncio.get_running_loop().call_later(0.3, lambda: asyncio.ensure_future(lock.rollback()))
    assert len(await owed(house)) == 1


async def _fails(_recipients: Collection[str]) -> None:
    raise RuntimeError("hoering@ternevig.example")


async def _hangs(_recipients: Collection[str]) -> None:
    await asyncio.Event().wait()


@pytest.mark.parametrize(("tell", "fault"), [(_fails, "RuntimeError"), (_hangs, "TimeoutError")])
async def test_when_nobody_can_be_told_the_talk_goes_on_and_the_log_names_no_one(
    house: House,
    caplog: pytest.LogCaptureFixture,
    tell: Callable[[Collection[str]], Awaitable[None]],
    fault: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    limits = Limits(size=SMALL, held=4 * SMALL, keeping=2)
    async with house.door(limits=limits, turn_away=tell) as port:
        assert (await declare(port, size=SMALL + 1)).code == 552
    assert len(await house.kept()) == 1
    assert f"nobody was told of a mail that was turned away: {fault}" in caplog.text
    for word in ("ane", "borger", "ternevig"):
        assert word not in caplog.text


async def test_in_the_service_the_line_stands_in_the_coordinators_channel(database_url: str) -> None:
    async with world(database_url) as town:
        async with aiosmtplib.SMTP(
            hostname="127.0.0.1", port=town.running.smtp[1], start_tls=False, timeout=20
        ) as client:
            await client.ehlo()
            await client.mail(SENDER, options=[f"SIZE={LIMIT + 1}"])
            await client.rcpt(ADDRESS)
            with pytest.raises(aiosmtplib.SMTPDataError) as refused:
                await client.data(RAW)
        coordination = town.sandbox.channel(KOORD)
        line = await town.until(
            lambda: next((each for each in coordination.messages if key_of(each).startswith("line:")), None)
        )
    assert refused.value.message == REPLY
    assert line.text == (
        "En mail på mere end 35 MB blev afvist. Afsenderens mailserver giver afsenderen besked. "
        "Flere i samme time nævnes ikke."
    )
