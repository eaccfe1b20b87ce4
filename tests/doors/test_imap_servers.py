"""The IMAP door before servers that can do less than others, or do it otherwise."""

from __future__ import annotations

import asyncio
import time

import pytest
from imapclient import IMAPClient  # type: ignore[import-untyped]
from sqlmodel import select

from storage.models import InboxItem
from tests.doors.dovecot import MISSING, dovecot, has_dovecot
from tests.doors.mailservers import Person, eventually, mail, pymap
from tests.doors.watched import USER, Watched


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


@pytest.mark.skipif(not has_dovecot(), reason=MISSING)
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
