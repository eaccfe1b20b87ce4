"""What waits in the inbox is read once, and one bad item never stops the rest."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime
from itertools import count
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import make_url, text
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from handlers.intake.read import read
from handlers.portal.rows import Row, stored
from storage.addresses import without_tag
from storage.database import Database
from storage.inbox import Arrival
from storage.models import MEANT_FOR_A_HEARING, Door, InboxItem
from storage.receipt import Receipt
from storage.words import PartyKind
from tests.handlers.building import ADDRESS, NOW, PLAN, applied, known, letter, mailed, received


async def _numbers(database: Database) -> list[int]:
    return [filed.submission.number for filed in (await known(database)).submissions]


async def _items(database: Database) -> list[InboxItem]:
    async with database.begin() as store:
        return list((await store.session.execute(select(InboxItem).order_by("id"))).scalars())


async def _bad_row(database: Database, key: str = "bad") -> Arrival:
    """A row of the portal whose bytes are no row."""
    hearing = str((await known(database)).hearing.id)
    return Arrival(Door.PORTAL, key, b"{not json", NOW, {"hearing": hearing, "files": []})


async def test_a_mail_becomes_a_submission(database: Database) -> None:
    await applied(database)
    assert await received(database, mailed(letter("Plant en lind."))) == 1
    (filed,) = (await known(database)).submissions
    assert (filed.submission.number, filed.submission.text.strip()) == (1, "Plant en lind.")
    assert (filed.submission.subject, filed.submission.received_at) == ("Svar", NOW)
    (item,) = await _items(database)
    assert (item.read_at, item.submission_id, item.set_aside) == (NOW, filed.submission.id, "")


async def test_reading_the_inbox_twice_changes_nothing(database: Database) -> None:
    await applied(database)
    await received(database, mailed(letter()))
    before = await known(database)
    assert await read(database, now=lambda: NOW) == 0
    assert repr(await known(database)) == repr(before)


@pytest.mark.parametrize("to", ["PLAN@Ternevig.Example", "plan+frist@ternevig.example"])
async def test_a_plus_tag_and_letter_case_make_no_other_address(database: Database, to: str) -> None:
    await applied(database)
    await received(database, mailed(letter(), to=to))
    assert await _numbers(database) == [1]


@pytest.mark.parametrize(
    ("address", "bare"),
    [
        (" A+b+c@By.Example ", "a@by.example"),
        ("a@by.example", "a@by.example"),
        ("+x@by.example", "@by.example"),
    ],
)
def test_a_tag_is_what_stands_after_the_first_plus(address: str, bare: str) -> None:
    assert without_tag(address) == bare


async def test_a_mail_to_an_address_that_no_hearing_has_any_more_is_set_aside(database: Database) -> None:
    await applied(database)
    await received(database, mailed(letter(), to="gammel@ternevig.example"), mailed(letter()))
    assert [item.set_aside for item in await _items(database) if item.set_aside] == [
        "no hearing has this address"
    ]
    assert await _numbers(database) == [1]


async def test_a_mail_goes_to_the_hearing_it_was_addressed_to(database: Database) -> None:
    await applied(database)
    await applied(database, replace(PLAN, key="anden", addresses=("fri@ternevig.example",)))
    await received(database, mailed(letter(), to="fri@ternevig.example"))
    assert (await known(database)).submissions == ()
    assert len((await known(database, "anden")).submissions) == 1


async def test_an_item_that_cannot_be_read_is_set_aside_and_the_rest_go_on(database: Database) -> None:
    await applied(database)
    await received(
        database, mailed(letter("Træer.")), await _bad_row(database), mailed(letter("Bænke.")),
        await _bad_row(database, "worse"), mailed(letter("Ro.")),
    )  # fmt: skip
    assert await _numbers(database) == [1, 2, 3]
    assert [item.key for item in await _items(database) if item.set_aside == "ValidationError"] == [
        "bad", "worse",
    ]  # fmt: skip
    assert all(item.read_at for item in await _items(database))


async def test_a_value_too_large_for_the_database_sets_one_item_aside_and_no_more(database: Database) -> None:
    await applied(database)
    async with database.engine.begin() as connection:
        await connection.execute(text("CREATE INDEX narrow ON submission (subject)"))
    noise = "".join(chr(0x4E00 + n * 7 % 20_000) for n in range(4_900))
    await received(database, mailed(letter("Træer.")), mailed(letter("Støj.", Subject=noise)))
    assert await _numbers(database) == [1]
    assert [item.set_aside for item in await _items(database) if item.set_aside] == ["OperationalError"]
    async with database.engine.begin() as connection:
        await connection.execute(text("DROP INDEX narrow"))


async def test_when_the_database_is_gone_nothing_is_lost_and_nothing_set_aside(
    database: Database, tmp_path: Path
) -> None:
    await applied(database)
    await received(database, mailed(letter()), reads=False)
    gone = Database(f"postgresql+psycopg://nobody@/nothing?host={tmp_path}")
    with pytest.raises(OperationalError):
        await read(gone, now=lambda: NOW)
    await gone.close()
    assert await read(database, now=lambda: NOW) == 1


async def test_a_reader_that_fails_sets_aside_only_what_it_held_itself(
    database: Database, database_url: str
) -> None:
    """By the time the bad item would be set aside, another reader has taken it up."""
    await applied(database)
    await received(database, await _bad_row(database), mailed(letter()), reads=False)
    calls = count()
    with psycopg.connect(make_url(database_url).set(drivername="postgresql").render_as_string()) as other:

        def now() -> datetime:
            if next(calls) == 2:  # asked for the batch, then for the item alone, then for setting it aside
                other.execute("SELECT 1 FROM inbox_item WHERE key = 'bad' FOR UPDATE")
                asyncio.get_running_loop().call_later(0.1, other.rollback)
            return NOW

        assert await read(database, now=now) == 2
    assert [item.key for item in await _items(database) if item.set_aside] == ["bad"]
    assert await _numbers(database) == [1]


async def test_two_readers_at_once_give_numbers_without_gap(database: Database, database_url: str) -> None:
    await applied(database)
    await received(database, *(mailed(letter(f"Træ nr. {n}.")) for n in range(24)), reads=False)
    other = Database(database_url)

    async def reader(mine: Database) -> None:
        while await read(mine, now=lambda: NOW, most=3):
            pass

    await asyncio.gather(reader(database), reader(other))
    await reader(database)
    assert await _numbers(database) == list(range(1, 25))
    async with database.begin() as store:
        assert await store.inbox.unread(MEANT_FOR_A_HEARING, most=1) == []
    await other.close()


async def test_the_same_answer_before_two_readers_at_once_is_one_submission(
    database: Database, database_url: str
) -> None:
    await applied(database)
    raw = bytes(letter())
    relayed = [b"Received: from relay%d.example; x\r\n" % number + raw for number in range(8)]
    await received(database, *(mailed(each) for each in relayed), reads=False)
    others = [Database(database_url) for _ in range(3)]
    await asyncio.gather(*(read(other, now=lambda: NOW, most=2) for other in (database, *others)))
    assert await _numbers(database) == [1]
    assert {item.submission_id for item in await _items(database)} == {
        (await known(database)).submissions[0].submission.id
    }
    for other in others:
        await other.close()


WORDS = st.text(st.characters(codec=None), max_size=40)


@given(name=WORDS, subject=WORDS, said=WORDS, raw=st.binary(max_size=200))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_no_mail_and_no_row_is_too_odd_to_be_kept(
    database: Database, name: str, subject: str, said: str, raw: bytes
) -> None:
    """Whatever stands in it, the database takes what we make of it."""
    head = f"From: {name} <ane@borger.example>\nSubject: {subject}\nMessage-ID: <{name}@x>\n"
    file = f'Content-Type: {name}/x; name="{subject}"\nContent-Disposition: attachment; filename="{said}"'
    parts = f'multipart/mixed; boundary="b"\n\n--b\n\n{said}\n--b\n{file}\n\n{subject}\n--b--\n'
    whole = f"{head}Content-Type: {parts}".encode("utf-8", "surrogatepass")
    row = Row(2, "", NOW, _whole(name) or "x", PartyKind.BORGER, _whole(said))
    hearing = str((await applied(database)).id)
    brought = Arrival(Door.PORTAL, row.key({}), stored(row), NOW, {"hearing": hearing, "files": []})
    await received(database, mailed(whole, sender="ane@borger.example"), mailed(raw), brought)
    assert [item.set_aside for item in await _items(database) if item.set_aside] == []


def _whole(words: str) -> str:
    """What JSON can carry to us: escapes, but no half signs."""
    return words.encode("utf-8", "replace").decode()


async def test_nul_and_half_signs_leave_the_words_around_them(database: Database) -> None:
    await applied(database)
    raw = bytes(letter("TEXT")).replace(b"TEXT", b"Tr\xc3\xa6er\x00 og \xed\xa0\xbd ro.")
    await received(database, mailed(raw.replace(b'charset="utf-8"', b"charset=utf-8")))
    (filed,) = (await known(database)).submissions
    assert "Træer" in filed.submission.text
    assert "ro." in filed.submission.text
    assert "\x00" not in filed.submission.text


async def test_a_mail_without_recipients_of_ours_keeps_its_raw_bytes(database: Database) -> None:
    await applied(database)
    raw = bytes(letter())
    await received(database, mailed(raw, to="x@andet.example"))
    async with database.begin() as store:
        (aside,) = await store.inbox.set_aside([Door.SMTP])
    assert aside.envelope["recipients"] == ["x@andet.example"]
    assert ADDRESS not in aside.envelope["recipients"]


async def test_a_mail_that_is_no_submission_can_be_found_and_taken_as_one(database: Database) -> None:
    await applied(database)
    await received(
        database, mailed(letter("Ude.", Subject="Automatisk svar: Plan")), mailed(letter("Træer."))
    )
    async with database.begin() as store:
        (passed,) = await store.inbox.passed_over()
        assert (passed.taken_for, passed.id is not None) == ("auto_reply", True)
        assert await store.inbox.as_submission((passed.id or 0) + 1000) is None
        assert await store.inbox.as_submission(passed.id or 0) is not None
    assert await received(database) == 1
    texts = [filed.submission.text.strip() for filed in (await known(database)).submissions]
    assert texts == ["Træer.", "Ude."]
    async with database.begin() as store:
        assert await store.inbox.passed_over() == []
        assert await store.inbox.as_submission(passed.id or 0) is None
        assert len((await store.session.execute(select(Receipt))).all()) == 1


async def test_a_hearing_counts_as_set_aside_what_may_be_its_own(database: Database) -> None:
    await applied(database)
    other = await applied(database, replace(PLAN, key="anden", addresses=("fri@ternevig.example",)))
    theirs = Arrival(Door.PORTAL, "theirs", b"{", NOW, {"hearing": str(other.id), "files": []})
    nobodys = mailed(letter(), to="gammel@ternevig.example")
    await received(database, await _bad_row(database), theirs, nobodys)
    assert ((await known(database)).set_aside, (await known(database, "anden")).set_aside) == (2, 2)
    async with database.begin() as store:
        aside = await store.inbox.set_aside_from(other.id)
    assert sorted(item.key for item in aside) == sorted(["theirs", nobodys.key])
