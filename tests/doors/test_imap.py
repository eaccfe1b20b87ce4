"""The IMAP door against real servers, over lines that break: nothing lost, nothing twice, all moved."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from imapclient import IMAPClient  # type: ignore[import-untyped]
from sqlmodel import col, select

from bot.imap.door import Doors, imap_door
from bot.imap.login import connected
from bot.imap.mailbox import Bell, Folder
from bot.imap.settings import Mailbox
from handlers.receive import Reception
from storage.database import Database
from storage.models import MAIL, InboxItem
from tests.doors.house import NOW, House
from tests.doors.mailservers import CAME, Line, Person, dovecot, eventually, has_dovecot, mail, pymap

USER, OTHER = "hoering@ternevig.example", "plan@ternevig.example"


@pytest.fixture(scope="session")
def dovecot_port() -> Iterator[int]:
    if not has_dovecot():
        pytest.skip("Dovecot is not installed (Debian: dovecot-core dovecot-imapd)")
    with dovecot() as port:
        yield port


@pytest.fixture(params=["pymap", "dovecot"])
async def port(request: pytest.FixtureRequest) -> AsyncIterator[int]:
    """A server, one after the other."""
    if request.param == "dovecot":
        yield request.getfixturevalue("dovecot_port")
        return
    async with pymap(USER, OTHER) as number:
        yield number


@pytest.fixture
def person(port: int, request: pytest.FixtureRequest) -> Person:
    """Somebody with a mailbox that no other test has used."""
    is_shared = "dovecot" in request.node.callspec.params.values()
    return Person(port, f"{abs(hash(request.node.name))}@ternevig.example" if is_shared else USER)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    # Only how long these tests take depends on it.
    monkeypatch.setattr("bot.imap.door._SOON", 0.05)


@dataclass(frozen=True, slots=True)
class Watched:
    """The house with its IMAP door, and a reader that reads when it is told to."""

    house: House

    @asynccontextmanager
    async def door(self, *told: Mailbox, size_limit: int = 2**20) -> AsyncIterator[Doors]:
        reception = Reception(self.house.database, on_arrival=lambda: None)
        async with imap_door(
            told, reception=reception, database=self.house.database, now=lambda: NOW, size_limit=size_limit
        ) as doors:
            yield doors

    async def read(self, *, reason: str = "") -> None:
        """Read what is unread, or set it aside for a reason."""
        async with self.house.database.begin() as store:
            for item, _raw in await store.inbox.unread(MAIL, most=2000):
                item.read_at, item.set_aside = NOW, reason

    async def raws(self) -> list[bytes]:
        return sorted(item.raw for item in await self.house.kept())

    async def count(self) -> int:
        async with self.house.database.begin() as store:
            return len((await store.session.execute(select(col(InboxItem.id)))).all())

    async def has(self, number: int) -> None:
        await eventually(self.count, number)


@pytest.fixture
def watched(database: Database) -> Watched:
    return Watched(House(database))


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
        await _is_connected(doors)
        line.cut()
        await person.gets(mail(1))
        await watched.has(1)


async def test_a_new_uidvalidity_has_everything_fetched_again_under_new_keys(
    watched: Watched, person: Person
) -> None:
    def make_anew(client: IMAPClient) -> None:
        if client.folder_exists("Svar"):
            client.delete_folder("Svar")
            time.sleep(1.1)  # servers make the number of the second
        client.create_folder("Svar")

    await person.does(make_anew)
    await person.gets(mail(1), folder="Svar")
    async with watched.door(person.told(folder="Svar")):
        await watched.has(1)
    await person.does(make_anew)
    await person.gets(mail(1), mail(2), folder="Svar")
    async with watched.door(person.told(folder="Svar")):
        await watched.has(3)
    kept = await watched.house.kept()
    assert len({item.key for item in kept}) == 3
    assert [item.raw for item in kept] == [mail(1), mail(1), mail(2)]


async def test_a_thousand_mails_that_wait_are_all_kept_and_moved(watched: Watched, person: Person) -> None:
    mails = [mail(number) for number in range(1000)]
    await person.gets(*mails)
    async with watched.door(person.told()):
        await watched.has(1000)
        await watched.read()
        await eventually(lambda: person.sees("INBOX"), [], seconds=30)
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


@pytest.mark.parametrize(
    "without", [(b"MOVE",), (b"MOVE", b"UIDPLUS"), (b"IDLE",), (b"IDLE", b"MOVE", b"UIDPLUS")]
)
async def test_servers_that_can_do_less_are_served_too(watched: Watched, without: tuple[bytes, ...]) -> None:
    async with pymap(USER, without=without) as port:
        person = Person(port, USER)
        await person.gets(mail(1), mail(2))
        async with watched.door(person.told(poll=0.2)):
            await watched.has(2)
            await watched.read()
            await eventually(lambda: person.sees("INBOX"), [])
            await person.gets(mail(3))
            await watched.has(3)
        assert await person.sees("Behandlet") == [mail(1), mail(2)]


async def test_what_a_person_marked_as_deleted_is_not_expunged_by_us(watched: Watched) -> None:
    async with pymap(USER, without=(b"MOVE", b"UIDPLUS")) as port:
        person = Person(port, USER)
        await person.gets(mail(1), mail(2))

        def mark_first(client: IMAPClient) -> None:
            client.select_folder("INBOX")
            client.delete_messages(client.search("ALL")[:1])

        async with watched.door(person.told(poll=0.2)):
            await watched.has(2)
            await watched.read()
            await eventually(lambda: person.sees("Behandlet"), [mail(1), mail(2)])
        await person.gets(mail(3))
        await person.does(mark_first)
        await person.gets(mail(4))
        async with watched.door(person.told(poll=0.2)):
            await watched.has(4)
            await watched.read()
            await eventually(lambda: person.sees("Behandlet"), [mail(number) for number in (1, 2, 3, 4)])
            await asyncio.sleep(0.6)
        assert await person.sees("Behandlet") == [mail(number) for number in (1, 2, 3, 4)]


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


@pytest.mark.skipif(not has_dovecot(), reason="Dovecot is not installed (Debian: dovecot-core dovecot-imapd)")
async def test_a_server_that_keeps_folders_below_inbox_gets_them_there(watched: Watched) -> None:
    with dovecot(prefix="INBOX.", separator=".") as port:
        person = Person(port, USER)
        await person.gets(mail(1))
        async with watched.door(person.told()):
            await watched.has(1)
            await watched.read()
            await eventually(lambda: person.sees("INBOX.Behandlet"), [mail(1)])


async def test_a_mailbox_restored_from_a_backup_may_give_a_new_mail_an_old_number(watched: Watched) -> None:
    async with pymap(USER) as port:
        person = Person(port, USER)
        await person.gets(mail(1))
        async with watched.door(person.told()):
            await watched.has(1)
        async with watched.house.database.begin() as store:
            # Another mail had the number when we kept it.
            (item,) = (await store.session.execute(select(InboxItem))).scalars().all()
            item.envelope = item.envelope | {"marks": "1.1"}
        async with watched.door(person.told()):
            await watched.has(2)
        async with watched.door(person.told()):
            await watched.read()
            await eventually(lambda: person.sees("Behandlet"), [mail(1)])
        assert await watched.count() == 2


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
            await _is_connected(doors)
            begun = time.monotonic()
        assert time.monotonic() - begun < 1
        async with line.open() as through:
            async with watched.door(person.told(port=through, poll=0.2)) as doors:
                await _is_connected(doors)
                line.is_silent = True
                await asyncio.sleep(0.5)
                begun = time.monotonic()
            assert time.monotonic() - begun < 2


async def _is_connected(doors: Doors) -> None:
    await eventually(_states(doors), {"connected"})


async def _holds(caplog: pytest.LogCaptureFixture, words: str) -> bool:
    return words in caplog.text


def _states(doors: Doors) -> Callable[[], Awaitable[set[str]]]:
    async def ask() -> set[str]:
        return set(doors.health().values())

    return ask
