"""The SMTP door over real sockets: what it keeps, what it refuses, and what it says."""

from __future__ import annotations

import asyncio
import logging
import random
import smtplib

import aiosmtplib
import pytest
from aiosmtplib import SMTPResponse
from sqlalchemy import text

from bot.smtp_wire import Limits
from tests.doors.house import House

TO = "hoering@ternevig.example"
RAW = b"From: Ane <ane@borger.example>\r\nSubject: Lygtevej\r\n\r\nDer mangler en b\xc3\xa6nk.\r\n"


async def deliver(
    port: int, raw: bytes = RAW, *, to: tuple[str, ...] = (TO,), sender: str = "ane@borger.example"
) -> tuple[dict[str, SMTPResponse], str]:
    """Hand in a mail as a mail server does; the refused recipients, and the final answer."""
    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False, timeout=20) as client:
        return await client.sendmail(sender, list(to), raw)


class Raw:
    """A client that says exactly what it is told to."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @classmethod
    async def connect(cls, port: int, *, hello: bytes = b"EHLO client.example") -> Raw:
        client = cls(*await asyncio.open_connection("127.0.0.1", port))
        await client.answer()
        if hello:
            await client.say(hello)
        return client

    async def answer(self) -> str:
        """One whole answer; empty when the other side hung up."""
        lines = []
        while line := (await asyncio.wait_for(self.reader.readline(), 20)).decode():
            lines.append(line.strip())
            if line[3:4] != "-":
                break
        return "\n".join(lines)

    async def say(self, *lines: bytes) -> str:
        """Say some lines; the answer to the last."""
        answer = ""
        for line in lines:
            self.writer.write(line + b"\r\n")
            answer = await self.answer()
        return answer

    async def begin(self, *, to: bytes = TO.encode()) -> str:
        return await self.say(b"MAIL FROM:<ane@borger.example>", b"RCPT TO:<" + to + b">", b"DATA")

    async def send(self, data: bytes) -> str:
        self.writer.write(data)
        return await self.answer()

    async def close(self) -> None:
        self.writer.close()
        await self.writer.wait_closed()


async def test_a_mail_is_in_the_inbox_as_it_was_sent_when_its_sender_hears_yes(house: House) -> None:
    async with house.door() as port:
        _refused, answer = await deliver(
            port, sender="ane@borger.example", to=("hoering+7@ternevig.example",)
        )
        assert answer.startswith("2.0.0")
        (item,) = await house.kept()
    assert item.raw == RAW
    assert item.envelope == {"sender": "ane@borger.example", "recipients": ["hoering+7@ternevig.example"]}
    assert item.received_at.isoformat() == "2026-09-14T10:30:00+00:00"
    assert len(item.key) == 64


async def test_the_same_mail_delivered_again_is_one_item(house: House) -> None:
    async with house.door() as port:
        await deliver(port)
        await deliver(port, to=("HOERING+x@Ternevig.Example",))
        assert len(await house.kept()) == 1
        await deliver(port, RAW + b"PS.\r\n")
    assert len(await house.kept()) == 2


async def test_a_mail_to_two_hearings_is_kept_for_each_however_it_is_split(house: House) -> None:
    await house.apply("bro@ternevig.example", key="bro")
    async with house.door() as port:
        await deliver(port, to=(TO, "bro@ternevig.example", "hoering+2@ternevig.example"))
        await deliver(port, to=("bro@ternevig.example",))
    assert [item.envelope["recipients"] for item in await house.kept()] in (
        [["bro@ternevig.example"], [TO, "hoering+2@ternevig.example"]],
        [[TO, "hoering+2@ternevig.example"], ["bro@ternevig.example"]],
    )


async def test_only_addresses_of_hearings_are_accepted_and_the_refusal_names_no_one(house: House) -> None:
    async with house.door() as port:
        with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as refused:
            await deliver(port, to=("borgmester@ternevig.example",))
        (recipient,) = refused.value.recipients
        assert recipient.code == 550
        assert recipient.message == "5.1.1 No hearing receives mail at this address"
        refused_too, _answer = await deliver(port, to=(TO, "borgmester@ternevig.example"))
        assert list(refused_too) == ["borgmester@ternevig.example"]
    (item,) = await house.kept()
    assert item.envelope["recipients"] == [TO]


async def test_a_hearing_applied_while_running_receives_mail_at_once(house: House) -> None:
    async with house.door() as port:
        await deliver(port)
        await house.apply("ny@ternevig.example", key="ny")
        await deliver(port, to=("ny@ternevig.example",))
    assert len(await house.kept()) == 2


async def test_when_the_inbox_cannot_be_written_the_sender_is_told_to_try_again(house: House) -> None:
    async with house.door() as port:
        await _in(house, "ALTER TABLE inbox_item RENAME TO elsewhere")
        with pytest.raises(aiosmtplib.SMTPDataError) as told:
            await deliver(port)
        assert (told.value.code, told.value.message) == (
            451, "4.3.0 The message could not be stored, please try again later"
        )  # fmt: skip
        await _in(house, "ALTER TABLE elsewhere RENAME TO inbox_item")
        assert await house.kept() == []
        await deliver(port)
    assert len(await house.kept()) == 1


async def test_an_inbox_that_hangs_is_a_try_again_and_the_second_try_is_the_same_item(house: House) -> None:
    limits = Limits(size=2**20, held=2**22, keeping=0.5)
    async with house.door(limits=limits) as port:
        async with house.database.engine.begin() as lock:
            await lock.execute(text("LOCK TABLE inbox_item IN ACCESS EXCLUSIVE MODE"))
            with pytest.raises(aiosmtplib.SMTPDataError) as told:
                await deliver(port)
            assert told.value.code == 451
        await deliver(port)
    assert len(await house.kept()) == 1


async def test_when_the_addresses_cannot_be_asked_for_the_sender_is_told_to_try_again(house: House) -> None:
    async with house.door() as port:
        await _in(house, "ALTER TABLE hearing_address RENAME TO elsewhere")
        with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as told:
            await deliver(port)
        assert told.value.recipients[0].code == 451
        await _in(house, "ALTER TABLE elsewhere RENAME TO hearing_address")
        await deliver(port)


async def test_the_size_limit_is_announced_and_enforced(house: House) -> None:
    async with house.door(size_limit=1000) as port:
        client = await Raw.connect(port, hello=b"")
        assert "SIZE 1000" in await client.say(b"EHLO client.example")
        assert (await client.say(b"MAIL FROM:<ane@borger.example> SIZE=1001")).startswith("250")
        assert (await client.say(b"RCPT TO:<hoering@ternevig.example>", b"DATA")).startswith("552 5.3.4")
        await client.begin()
        assert (await client.send(b"x" * 1001 + b"\r\n.\r\n")).startswith("552 5.3.4")
        await client.begin()
        assert (await client.send(b"x" * 200_000 + b"\r\n.\r\n")).startswith("552 5.3.4")
        await client.begin()
        assert (await client.send(b"..\r\n" * 300 + b"x" * 98 + b"\r\n.\r\n")).startswith("250")
        await client.close()
    (item,) = await house.kept()
    assert item.raw == b".\r\n" * 300 + b"x" * 98 + b"\r\n"


ODD = {
    "dots": b"..\r\n.a\r\n. b\r\nend.\r\n.\t\r\n",
    "a first line of a dot and more": b".hidden\r\nx\r\n",
    "bare line feeds": b"From: a@b.example\n\nA\n.\nB\n\r\n",
    "bare line feed before a dot": b"A\n.\r\nMAIL FROM:<smuggled@borger.example>\r\n",
    "bare carriage returns": b"A\rB\r\r\n\r.\r\r\n",
    "NUL": b"Subject: x\x00y\r\n\r\n\x00\x01\xff\r\n",
    "nothing at all": b"",
    "only an empty line": b"\r\n",
    "only empty lines": b"\r\n" * 50,
    "8 bit": bytes(range(128, 256)) + b"\r\n",
    "a line of a megabyte": b"x" * 1_000_000 + b"\r\n",
    "dots at the edges of the reader": b"".join(b"x" * n + b"\r\n.y\r\n" for n in range(65_530, 65_540)),
}


@pytest.mark.parametrize("name", ODD)
async def test_odd_mail_is_kept_byte_for_byte(house: House, name: str) -> None:
    raw = ODD[name]
    stuffed = (b"\r\n" + raw).replace(b"\r\n.", b"\r\n..")[2:]
    async with house.door() as port:
        client = await Raw.connect(port)
        await client.begin()
        assert (await client.send(stuffed + b".\r\n")).startswith("250")
        assert (await client.say(b"QUIT")).startswith("221")
        await client.close()
    (item,) = await house.kept()
    assert item.raw == raw


async def test_three_hundred_mails_of_dots_and_line_ends_are_kept_byte_for_byte(house: House) -> None:
    chance = random.Random(7)  # noqa: S311  made-up mails
    raws = [bytes(chance.choices(b"\r\n.a", k=chance.randint(0, 30))) + b"\r\n" for _ in range(300)]
    async with house.door() as port:
        client = await Raw.connect(port)
        for raw in raws:
            await client.begin()
            stuffed = (b"\r\n" + raw).replace(b"\r\n.", b"\r\n..")[2:]
            cut = chance.randint(0, len(stuffed))
            client.writer.write(stuffed[:cut])
            await asyncio.sleep(0)
            assert (await client.send(stuffed[cut:] + b".\r\n")).startswith("250")
        await client.close()
    assert [item.raw for item in await house.kept()] == list(dict.fromkeys(raws))


async def test_a_mail_that_comes_byte_by_byte_is_the_same_mail(house: House) -> None:
    async with house.door() as port:
        client = await Raw.connect(port)
        await client.begin()
        for byte in b"..a\r\n\r\n..\r\nb\r\n.\r\n":
            client.writer.write(bytes([byte]))
            await asyncio.sleep(0.001)
        assert (await client.answer()).startswith("250")
        await client.close()
    (item,) = await house.kept()
    assert item.raw == b".a\r\n\r\n.\r\nb\r\n"


async def test_commands_in_one_go_are_each_answered(house: House) -> None:
    async with house.door() as port:
        client = await Raw.connect(port, hello=b"")
        assert "PIPELINING" in await client.say(b"EHLO client.example")
        one = b"MAIL FROM:<>\r\nRCPT TO:<hoering@ternevig.example>\r\nDATA\r\n%b\r\n.\r\n"
        client.writer.write(one % b"A" + one % b"B" + b"QUIT\r\n")
        answers = [(await client.answer())[:3] for _ in range(9)]
        await client.close()
    assert answers == ["250", "250", "354", "250", "250", "250", "354", "250", "221"]
    assert [(item.raw, item.envelope["sender"]) for item in await house.kept()] == [
        (b"A\r\n", ""), (b"B\r\n", "")
    ]  # fmt: skip


async def test_addresses_in_any_script_are_accepted(house: House) -> None:
    async with house.door() as port:
        client = await Raw.connect(port)
        accepted = await client.say("MAIL FROM:<åse@blåbær.example> SMTPUTF8 BODY=8BITMIME".encode())
        assert accepted.startswith("250")
        assert (await client.say(b"RCPT TO:<hoering+\xc3\xa6\xff\x00@ternevig.example>", b"DATA")).startswith(
            "354"
        )
        assert (await client.send(RAW + b".\r\n")).startswith("250")
        await client.close()
    (item,) = await house.kept()
    assert item.envelope["sender"] == "åse@blåbær.example"
    assert "\x00" not in item.envelope["recipients"][0]


async def test_an_address_of_ten_thousand_brackets_is_refused_and_the_talk_goes_on(house: House) -> None:
    async with house.door() as port:
        client = await Raw.connect(port)
        await client.say(b"MAIL FROM:<ane@borger.example>")
        assert (await client.say(b"RCPT TO:" + b"(" * 2000))[0] in "45"
        assert (await client.say(b"RCPT TO:" + b"(" * 10_000))[0] == "5"
        assert (await client.say(b"RCPT TO:<hoering@ternevig.example>")).startswith("250")
        await client.close()


async def test_a_connection_cut_in_the_middle_of_a_mail_leaves_nothing(house: House) -> None:
    async with house.door() as port:
        client = await Raw.connect(port)
        await client.begin()
        client.writer.write(RAW + b"half a li")
        await client.writer.drain()
        client.writer.transport.abort()
        half_closed = await Raw.connect(port)
        await half_closed.begin()
        half_closed.writer.write(RAW + b"\r\n.")
        half_closed.writer.write_eof()
        assert await half_closed.answer() == ""
        await half_closed.close()
        await deliver(port)
    assert [item.raw for item in await house.kept()] == [RAW]


async def test_a_client_that_leaves_before_the_answer_takes_no_other_mail_with_it(house: House) -> None:
    async with house.door() as port:
        async with house.database.engine.begin() as lock:
            await lock.execute(text("LOCK TABLE inbox_item IN ACCESS EXCLUSIVE MODE"))
            rude = await Raw.connect(port)
            await rude.begin()
            rude.writer.write(b"rude\r\n.\r\n")
            await rude.writer.drain()
            await asyncio.sleep(0.2)
            others = asyncio.gather(*(deliver(port, b"%d\r\n" % number) for number in range(3)))
            await asyncio.sleep(0.2)
            rude.writer.transport.abort()
            await asyncio.sleep(0.1)
        await others
    assert {item.raw for item in await house.kept()} == {b"rude\r\n", b"0\r\n", b"1\r\n", b"2\r\n"}


async def test_ten_at_once_are_each_kept_once(house: House) -> None:
    async def ten(port: int, client: int) -> None:
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False, timeout=20) as open_:
            for number in range(10):
                await open_.sendmail("ane@borger.example", TO, b"%d-%d\r\n" % (client, number))

    async with house.door() as port:
        await asyncio.gather(*(ten(port, client) for client in range(10)))
    assert len({item.raw for item in await house.kept()}) == len(await house.kept()) == 100


async def test_whoever_is_silent_too_long_is_hung_up_on(house: House) -> None:
    async with house.door(limits=Limits(size=2**20, held=2**22, idle=0.3)) as port:
        silent = await Raw.connect(port)
        assert await silent.answer() == ""
        await silent.close()
        half = await Raw.connect(port)
        await half.begin()
        assert await half.send(b"half") == ""
        await half.close()
    assert await house.kept() == []


async def test_one_connection_too_many_is_told_to_come_again(house: House) -> None:
    async with house.door(limits=Limits(size=2**20, held=2**22, connections=2)) as port:
        first, second = await Raw.connect(port), await Raw.connect(port)
        third = await Raw.connect(port, hello=b"")
        assert await third.answer() == ""
        await third.close()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        assert (await reader.readline()).startswith(b"421 4.3.2")
        writer.close()
        await writer.wait_closed()
        await first.close()
        await asyncio.sleep(0.1)
        await deliver(port)
        await second.close()


async def test_mails_too_large_to_be_held_at_once_are_told_to_come_again(house: House) -> None:
    async with house.door(limits=Limits(size=2**20, held=300_000)) as port:
        first, second = await Raw.connect(port), await Raw.connect(port)
        await first.begin()
        await second.begin()
        first.writer.write(b"x" * 200_000)
        await first.writer.drain()
        await asyncio.sleep(0.2)
        assert (await second.send(b"y" * 200_000 + b"\r\n.\r\n")).startswith("452 4.3.1")
        assert (await first.send(b"\r\n.\r\n")).startswith("250")
        await second.begin()
        assert (await second.send(b"y" * 200_000 + b"\r\n.\r\n")).startswith("250")
        await first.close()
        await second.close()


async def test_closing_hangs_up_on_the_idle_and_answers_for_the_mail_being_kept(house: House) -> None:
    async with house.database.engine.connect() as lock:
        await lock.execute(text("LOCK TABLE inbox_item IN ACCESS EXCLUSIVE MODE"))
        async with house.door() as port:
            idle, busy = await Raw.connect(port), await Raw.connect(port)
            await busy.begin()
            busy.writer.write(RAW + b".\r\n")
            await asyncio.sleep(0.2)
            asyncio.get_running_loop().call_later(0.3, lambda: asyncio.ensure_future(lock.rollback()))
        assert (await idle.answer()).startswith("421")
        assert (await busy.answer()).startswith("250")
        assert (await busy.answer()).startswith("421")
        await idle.close()
        await busy.close()
    assert len(await house.kept()) == 1


async def test_lmtp_answers_for_each_recipient(house: House) -> None:
    async with house.door(lmtp=True) as port:
        client = await Raw.connect(port, hello=b"LHLO client.example")
        await client.say(b"MAIL FROM:<ane@borger.example>", b"RCPT TO:<plan@ternevig.example>")
        assert (await client.say(b"RCPT TO:<ingen@ternevig.example>")).startswith("550")
        await client.say(b"RCPT TO:<hoering@ternevig.example>", b"DATA")
        assert (await client.send(RAW + b".\r\n")).startswith("250")
        assert (await client.answer()).startswith("250")
        assert (await client.say(b"EHLO client.example")).startswith("500")
        await client.close()
    assert len(await house.kept()) == 2


async def test_lmtp_tells_each_recipient_that_a_mail_is_too_large(house: House) -> None:
    async with house.door(lmtp=True, size_limit=1000) as port:
        client = await Raw.connect(port, hello=b"LHLO client.example")
        await client.say(b"MAIL FROM:<>", b"RCPT TO:<plan@ternevig.example>")
        await client.say(b"RCPT TO:<hoering@ternevig.example>", b"DATA")
        assert (await client.send(b"x" * 1001 + b"\r\n.\r\n")).startswith("552")
        assert (await client.answer()).startswith("552")
        assert (await client.say(b"NOOP")).startswith("250")
        await client.close()
    assert await house.kept() == []


async def test_more_recipients_than_a_mail_may_have_are_told_to_come_again(house: House) -> None:
    async with house.door(limits=Limits(size=2**20, held=2**22, recipients=2)) as port:
        client = await Raw.connect(port)
        await client.say(b"MAIL FROM:<ane@borger.example>")
        answers = [await client.say(b"RCPT TO:<hoering+%d@ternevig.example>" % tag) for tag in range(3)]
        await client.close()
    assert [answer[:9] for answer in answers] == ["250 2.1.5", "250 2.1.5", "452 4.5.3"]


async def test_the_plain_smtp_client_of_the_standard_library_gets_through(house: House) -> None:
    def send(port: int) -> dict[str, tuple[int, bytes]]:
        with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
            return client.sendmail("ane@borger.example", [TO], RAW)

    async with house.door() as port:
        assert await asyncio.to_thread(send, port) == {}
    assert len(await house.kept()) == 1


async def test_the_log_holds_ids_and_sizes_only(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with house.door() as port:
        await deliver(port)
        with pytest.raises(aiosmtplib.SMTPRecipientsRefused):
            await deliver(port, to=("borgmester@ternevig.example",))
        await _in(house, "ALTER TABLE inbox_item RENAME TO elsewhere")
        with pytest.raises(aiosmtplib.SMTPDataError):
            await deliver(port)
        await _in(house, "ALTER TABLE elsewhere RENAME TO inbox_item")
    assert f"kept a mail of {len(RAW)} bytes" in caplog.text
    assert f"a mail of {len(RAW)} bytes was not kept: ProgrammingError" in caplog.text
    for word in ("ane", "borger", "borgmester", "ternevig", "Lygtevej", "mangler"):
        assert word not in caplog.text


async def _in(house: House, statement: str) -> None:
    async with house.database.engine.begin() as connection:
        await connection.execute(text(statement))
