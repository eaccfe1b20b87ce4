"""Files are read in processes of their own, which a hostile one may bring down and nothing else."""

from __future__ import annotations

import asyncio
import hashlib
import os
import subprocess
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handlers.annex.shape import READER, Extracted
from handlers.intake.extract import Extractor, Limits, extract
from handlers.letter.shape import File
from storage import blobs
from storage.database import Database
from storage.models import FileText
from storage.words import Outcome
from tests import bombs
from tests.handlers import papers
from tests.handlers.papers import PDF, RTF, TREES

GOOD = File("svar.pdf", PDF, papers.pdf(papers.lines(TREES)), inline=False)
FEW = Limits(workers=1)


def file(payload: bytes, kind: str = PDF) -> File:
    return File("bilag", kind, payload, inline=False)


def plain(text: str) -> File:
    return file(text.encode(), "text/plain")


def name(one: File) -> str:
    return hashlib.sha256(one.payload).hexdigest()


def workers() -> set[int]:
    """The workers that this process has started, while they live."""
    own = Path(f"/proc/self/task/{os.getpid()}/children")
    if own.exists():
        found = own.read_text(encoding="ascii").split()
        return {int(each) for each in found if b"annex" in Path(f"/proc/{each}/cmdline").read_bytes()}
    asked = ["ps", "-axo", "pid=,ppid=,command="]
    lines = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.splitlines()  # noqa: S603
    rows = [line.split(maxsplit=2) for line in lines]
    return {int(pid) for pid, parent, name in rows if int(parent) == os.getpid() and "annex" in name}


def environment(worker: int) -> bytes:
    """What a process was given to know."""
    return Path(f"/proc/{worker}/environ").read_bytes()


async def outcome(extractor: Extractor, one: File) -> Outcome:
    return (await extractor.texts([one]))[name(one)].outcome


async def test_texts_come_back_by_the_hash_of_the_file() -> None:
    letter = plain("Hej æ")
    async with Extractor(FEW) as extractor:
        found = await extractor.texts([GOOD, letter, GOOD])
    assert found == {
        name(GOOD): Extracted(Outcome.TEXT, TREES),
        name(letter): Extracted(Outcome.TEXT, "Hej æ"),
    }


async def test_no_worker_is_started_for_what_holds_no_text() -> None:
    async with Extractor(FEW) as extractor:
        assert await outcome(extractor, file(b"\x89PNG\r\n\x1a\n", "image/png")) == Outcome.UNKNOWN
        assert await extractor.texts([]) == {}
        assert not workers()


@pytest.mark.parametrize("name", bombs.BOMBS)
def test_a_bomb_is_named_in_time_and_the_next_file_is_read(name: str) -> None:
    payload = bombs.BOMBS[name].build()
    begun = time.perf_counter()
    bombs.read(name, payload)
    assert time.perf_counter() - begun < 7  # five for the file, the rest for two workers to start


async def test_a_file_beyond_the_limit_is_not_even_sent() -> None:
    async with Extractor(Limits(file_bytes=100)) as extractor:
        assert await outcome(extractor, GOOD) == Outcome.TOO_LARGE
        assert not workers()


async def test_a_file_that_takes_too_long_is_stopped_and_the_rest_of_its_mail_may_be_out_of_time() -> None:
    nested = b"{\\rtf1" + b"{" * 5_000_000 + b"a" + b"}" * 5_000_000 + b"}"
    slow = [file(nested + bytes([65 + number]), RTF) for number in range(3)]
    async with Extractor(Limits(workers=1, file_seconds=0.02, mail_seconds=0.03)) as extractor:
        found = await extractor.texts([*slow, GOOD])
    assert {each.outcome for each in found.values()} == {Outcome.TOO_SLOW}


async def test_the_time_of_one_mail_is_not_taken_from_another() -> None:
    async with Extractor(FEW) as extractor:
        many = [plain(f"Svar {number}") for number in range(30)]
        found = await asyncio.gather(*(extractor.texts([each]) for each in many))
    assert [each for texts in found for each in texts.values()] == [
        Extracted(Outcome.TEXT, f"Svar {number}") for number in range(30)
    ]


async def test_a_worker_serves_many_files_and_ends_when_there_is_nothing_to_do() -> None:
    async with Extractor(Limits(workers=1, idle_seconds=1)) as extractor:
        await extractor.texts([GOOD])
        first = workers()
        await extractor.texts([plain("Hej")])
        assert workers() == first
        assert len(first) == 1
        for _ in range(100):
            await asyncio.sleep(0.1 if workers() else 0)
        assert not workers()
        assert await outcome(extractor, GOOD) == Outcome.TEXT
    assert not workers()


async def test_no_more_workers_than_allowed_are_at_work() -> None:
    async with Extractor(Limits(workers=2)) as extractor:
        await asyncio.gather(*(extractor.texts([plain(f"Svar {number}")]) for number in range(20)))
        assert len(workers()) == 2


async def test_a_worker_that_was_killed_is_replaced() -> None:
    async with Extractor(FEW) as extractor:
        await extractor.texts([GOOD])
        (worker,) = workers()
        os.kill(worker, 9)
        await outcome(extractor, GOOD)
        assert await outcome(extractor, GOOD) == Outcome.TEXT


async def test_giving_up_in_the_middle_leaves_no_worker_behind() -> None:
    async with Extractor(FEW) as extractor:
        slow = file(bombs.BOMBS["rtf that says it holds 2 GB"].build(), RTF)
        task = asyncio.create_task(extractor.texts([slow]))
        await asyncio.sleep(0.3)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not workers()
        assert await outcome(extractor, GOOD) == Outcome.TEXT


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="this system does not show environments")
async def test_a_worker_knows_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "HOERING_SLACK_BOT_TOKEN", "xoxb-made-up"
    )  # an environment is what it must not inherit
    async with Extractor(FEW) as extractor:
        await extractor.texts([GOOD])
        (worker,) = workers()
        assert b"HOERING" not in environment(worker)


async def _coming(*mails: list[File]) -> AsyncIterator[list[list[File]]]:
    for files in mails:
        yield [files]


async def test_a_text_is_kept_and_the_file_not_read_again(database: Database) -> None:
    async with Extractor(FEW) as extractor, database.begin() as store:
        await blobs.keep([GOOD.payload], session=store.session)
        assert (await extract(_coming([GOOD]), extractor=extractor, store=store))[name(GOOD)].text == TREES
    async with Extractor(Limits(workers=0)) as nobody, database.begin() as store:
        assert (await extract(_coming([GOOD], [GOOD]), extractor=nobody, store=store))[
            name(GOOD)
        ].text == TREES
        assert await extract(_coming(), extractor=nobody, store=store) == {}


async def test_a_file_that_many_send_is_read_once(database: Database) -> None:
    async with Extractor(FEW) as extractor, database.begin() as store:
        await blobs.keep([GOOD.payload], session=store.session)
        found = await extract(_coming(*[[GOOD]] * 20), extractor=extractor, store=store)
        assert list(found) == [name(GOOD)]
        assert list(await store.files.read_texts([name(GOOD)])) == [name(GOOD)]


@pytest.mark.parametrize(
    ("outcome", "reader", "expected"),
    [
        (Outcome.TEXT, READER - 1, TREES),  # read by an older reader
        (Outcome.TOO_SLOW, READER, TREES),  # the machine was busy
        (Outcome.TEXT, READER, "kept"),
        (Outcome.TEXT, READER + 1, "kept"),  # a newer version has been here
    ],
)
async def test_a_file_is_read_anew_when_that_may_give_more(
    database: Database, outcome: Outcome, reader: int, expected: str
) -> None:
    async with database.begin() as store:
        await blobs.keep([GOOD.payload], session=store.session)
        kept = FileText(blob_sha256=name(GOOD), outcome=outcome, text="kept", reader=reader)
        await store.files.keep_texts([kept])
    async with Extractor(FEW) as extractor, database.begin() as store:
        found = await extract(_coming([GOOD]), extractor=extractor, store=store)
        rows = await store.files.read_texts([name(GOOD)])
    assert found[name(GOOD)].text == rows[name(GOOD)].text == expected


async def test_an_older_reader_does_not_overwrite_what_a_newer_one_found(database: Database) -> None:
    async with database.begin() as store:
        await blobs.keep([b"a"], session=store.session)
        for reader, text in ((2, "new"), (1, "old"), (2, "again")):
            row = FileText(blob_sha256=blobs.name_of(b"a"), outcome=Outcome.TEXT, text=text, reader=reader)
            await store.files.keep_texts([row])
        rows = await store.files.read_texts([blobs.name_of(b"a"), blobs.name_of(b"b")])
        assert [row.text for row in rows.values()] == ["new"]
        assert await store.files.read_texts([]) == {}
        await store.files.keep_texts([])
