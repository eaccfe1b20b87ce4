"""The IMAP door when lines break, servers hang or refuse, and the store is away: nothing lost or doubled."""

from __future__ import annotations

import asyncio
import time

import pytest

from storage.database import Database
from tests.doors.house import House
from tests.doors.mailservers import Line, Person, eventually, mail, pymap
from tests.doors.watched import OTHER, USER, Watched, is_connected


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    # Only how long these tests take depends on it.
    monkeypatch.setattr("bot.imap.door._SOON", 0.05)


async def _holds(caplog: pytest.LogCaptureFixture, words: str) -> bool:
    return words in caplog.text


@pytest.mark.parametrize("cut_after", [200, 6000, 120_000])
async def test_a_line_that_breaks_anywhere_loses_and_doubles_nothing(
    watched: Watched, person: Person, cut_after: int
) -> None:
    mails = [mail(number, size=2000) for number in range(60)]
    await person.gets(*mails)
    line = Line(person.port, cut_after=cut_after)
    async with line.open() as port, watched.door(person.told(port=port)):
        await watched.has(60)
        await watched.read()
        await eventually(lambda: person.sees("INBOX"), [])
    assert await watched.raws() == sorted(mails)
    assert sorted(await person.sees("Behandlet")) == sorted(mails)
    assert line.connections > 1


async def test_a_mail_that_breaks_every_connection_does_not_keep_the_others_out(
    watched: Watched, person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    mails = [mail(number) for number in range(12)]
    await person.gets(*mails[:6], b"Subject: knuser\r\n\r\nAlt g\xc3\xa5r i stykker.\r\n", *mails[6:])
    line = Line(person.port, breaks_on=b"knuser")
    async with line.open() as port, watched.door(person.told(port=port)):
        await watched.has(12)
        await watched.read()
        await eventually(lambda: person.sees("Behandlet"), mails)
    assert await watched.raws() == sorted(mails)
    assert len(await person.sees("INBOX")) == 1
    assert "7 cannot be fetched; it stays where it is" in caplog.text


async def test_a_connection_that_is_cut_while_it_idles_is_made_again(
    watched: Watched, person: Person
) -> None:
    line = Line(person.port)
    async with line.open() as port, watched.door(person.told(port=port)) as doors:
        await is_connected(doors)
        line.cut()
        await person.gets(mail(1))
        await watched.has(1)


async def test_what_was_kept_before_a_crash_is_moved_and_not_fetched_again(
    watched: Watched, person: Person
) -> None:
    await person.gets(mail(1), mail(2))
    async with watched.door(person.told()):
        await watched.has(2)
    await watched.read()
    await person.gets(mail(3))
    async with watched.door(person.told()):
        await eventually(lambda: person.sees("Behandlet"), [mail(1), mail(2)])
        await watched.has(3)
    assert await person.sees("INBOX") == [mail(3)]


async def test_a_store_that_is_away_costs_no_mail(
    watched: Watched, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with pymap(USER) as port:
        person = Person(port, USER)
        await person.gets(mail(1))
        nowhere = Database(database_url.replace("/test_", "/no_such_"))
        async with Watched(House(nowhere)).door(person.told()):
            await eventually(lambda: _holds(caplog, "The database does not answer"), wanted=True)
        await nowhere.close()
        assert await person.sees("INBOX") == [mail(1)]
        async with watched.door(person.told()):
            await watched.has(1)


async def test_it_stops_at_once_and_within_seconds_when_the_server_has_gone_silent(watched: Watched) -> None:
    async with pymap(USER) as port:
        person, line = Person(port, USER), Line(port)
        async with line.open() as through, watched.door(person.told(port=through)) as doors:
            await is_connected(doors)
            begun = time.monotonic()
        assert time.monotonic() - begun < 1
        async with line.open() as through:
            async with watched.door(person.told(port=through, poll=0.2)) as doors:
                await is_connected(doors)
                line.is_silent = True
                await asyncio.sleep(0.5)
                begun = time.monotonic()
            assert time.monotonic() - begun < 2


async def test_two_mailboxes_are_watched_and_one_that_is_refused_stops_neither(
    watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    async with pymap(USER, OTHER) as port:
        one, other = Person(port, USER), Person(port, OTHER)
        await one.gets(mail(1))
        await other.gets(mail(2))
        told = [
            one.told(name="en"), other.told(name="to", address=OTHER),
            one.told(name="tre", password="forkert"),
        ]  # fmt: skip
        async with watched.door(*told) as doors:
            await watched.has(2)
            await asyncio.sleep(2)  # so that the refused one is tried more than once
            health = doors.health()
    kept = {item.envelope["account"]: item.envelope["recipients"] for item in await watched.house.kept()}
    assert kept == {"en": ["hoering@ternevig.example"], "to": [OTHER]}
    assert (health["en"], health["to"]) == ("connected", "connected")
    assert health["tre"] == "not connected since 2026-09-14 10:30 UTC"
    said = [record.getMessage() for record in caplog.records if "tre" in record.getMessage()]
    assert len([line for line in said if "user and password must be" in line]) == 1
    assert "forkert" not in caplog.text
    assert "rødgrød" not in caplog.text


async def test_a_server_that_hangs_up_after_every_look_is_not_asked_in_a_rush(
    watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    async with pymap(USER) as port:
        line = Line(port, breaks_on=b"Idling.")
        async with line.open() as through, watched.door(Person(port, USER).told(port=through)):
            await asyncio.sleep(1.5)
    assert 2 <= line.connections <= 7
    said = [record for record in caplog.records if "broke the connection off" in record.getMessage()]
    assert [record.levelname for record in said].count("ERROR") == 1
