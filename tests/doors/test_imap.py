"""The IMAP door against real servers: each mail kept as it came, and moved when it has been read."""

from __future__ import annotations

import asyncio
import socket
import time
from datetime import timedelta

import pytest
from imapclient import IMAPClient  # type: ignore[import-untyped]

from bot.imap.login import connected
from bot.imap.mailbox import Bell, Folder
from tests.doors.house import NOW
from tests.doors.mailservers import CAME, Person, eventually, mail
from tests.doors.watched import Watched


async def test_a_mail_is_kept_as_it_came_and_moved_when_it_has_been_read(
    watched: Watched, person: Person
) -> None:
    await person.gets(mail(1))
    async with watched.door(person.told()):
        await watched.has(1)
        assert await person.sees("INBOX") == [mail(1)]
        await watched.read()
        await eventually(lambda: person.sees("Behandlet"), [mail(1)])
    (kept,) = await watched.house.kept()
    assert (kept.raw, kept.received_at) == (mail(1), CAME)
    uidvalidity = kept.envelope["uidvalidity"]
    assert kept.key == f"hoering/INBOX/{uidvalidity}/{kept.envelope['uid']}"
    assert kept.envelope["recipients"] == ["hoering@ternevig.example"]
    assert await person.sees("INBOX") == []


async def test_what_could_not_be_read_goes_to_its_own_folder(watched: Watched, person: Person) -> None:
    await person.gets(mail(1))
    async with watched.door(person.told(failed="Ulæst bunke")):
        await watched.has(1)
        await watched.read(reason="no hearing has this address")
        await eventually(lambda: person.sees("Ulæst bunke"), [mail(1)])
    assert await person.sees("INBOX") == []


async def test_the_server_tells_of_a_new_mail_and_nobody_waits_for_the_next_poll(person: Person) -> None:
    bell, _rope = socket.socketpair()

    def wait() -> float:
        with connected(person.told()) as client, bell, _rope:
            folder = Folder(client, person.told())
            begun = time.monotonic()
            folder.wait(30, bell=bell)
            return time.monotonic() - begun

    waiting = asyncio.create_task(asyncio.to_thread(wait))
    await asyncio.sleep(1)
    await person.gets(mail(1))
    assert await waiting < 15


async def test_a_mail_that_comes_between_a_look_and_the_wait_is_seen_soon(
    watched: Watched, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, late = Folder.wait, [mail(1)]

    def wait(folder: Folder, seconds: float, *, bell: Bell) -> None:
        if late:  # no server can be told to have it come at this moment
            person.gets_at_once(late.pop())
        whole(folder, seconds, bell=bell)

    monkeypatch.setattr(Folder, "wait", wait)
    async with watched.door(person.told(poll=500)):
        await watched.has(1)


async def test_a_person_who_opens_flags_or_takes_away_mails_costs_nothing(
    watched: Watched, person: Person
) -> None:
    await person.gets(mail(1), mail(2), mail(3))

    def meddle(client: IMAPClient) -> None:
        client.select_folder("INBOX")
        first, second, _third = client.search("ALL")
        client.fetch([first], ["BODY[]"])
        client.add_flags([first, second], [r"\Seen", r"\Flagged"])

    await person.does(meddle)
    async with watched.door(person.told()):
        await watched.has(3)
        await person.does(_throw_away_first)
        await watched.read()
        await eventually(lambda: person.sees("Behandlet"), [mail(2), mail(3)])
    assert await watched.raws() == [mail(1), mail(2), mail(3)]


def _throw_away_first(client: IMAPClient) -> None:
    client.select_folder("INBOX")
    client.delete_messages(client.search("ALL")[:1])
    client.expunge()


async def test_a_thousand_mails_that_wait_are_all_kept_and_moved(watched: Watched, person: Person) -> None:
    mails = [mail(number) for number in range(1000)]
    await person.gets(*mails)
    async with watched.door(person.told()):
        await watched.has(1000)
        await watched.read()
        await eventually(lambda: person.counts("INBOX"), 0, seconds=30)
    assert await watched.raws() == sorted(mails)
    assert sorted(await person.sees("Behandlet")) == sorted(mails)


async def test_of_a_mail_that_is_too_large_the_header_is_kept_and_the_mail_put_by(
    watched: Watched, person: Person
) -> None:
    await person.gets(mail(1), mail(2, size=5000), mail(3))
    async with watched.door(person.told(), size_limit=2000):
        await watched.has(3)
        await watched.read()
        await eventually(lambda: person.sees("Fejl"), [mail(2, size=5000)])
        await eventually(lambda: person.sees("Behandlet"), [mail(1), mail(3)])
    large = next(item for item in await watched.house.kept() if "too_large" in item.envelope)
    assert large.raw == mail(2).partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    assert large.envelope["too_large"] == len(mail(2, size=5000))


async def test_mails_that_are_large_together_are_fetched_a_few_at_a_time(
    watched: Watched, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.imap.rounds._TOGETHER", 5000)  # the true limit takes 64 MB of mails to reach
    mails = [mail(number, size=2000) for number in range(7)]
    await person.gets(*mails)
    async with watched.door(person.told()):
        await watched.has(7)
    assert await watched.raws() == sorted(mails)


async def test_the_clock_of_the_mail_server_cannot_date_a_mail_into_the_future(
    watched: Watched, person: Person
) -> None:
    await person.does(lambda client: client.append("INBOX", mail(1), msg_time=NOW + timedelta(days=40)))
    async with watched.door(person.told()):
        await watched.has(1)
    assert [item.received_at for item in await watched.house.kept()] == [NOW]
