"""A wish for the notat becomes one version with its three files, and nothing unapproved is in any."""

from __future__ import annotations

import asyncio
import io
from datetime import datetime, timedelta
from multiprocessing import active_children
from multiprocessing.process import BaseProcess
from uuid import UUID

import pypdfium2  # type: ignore[import-untyped]
from docx import Document
from sqlmodel import select

from handlers.content import paragraphs
from handlers.notat import layout
from handlers.notat.compile import Unfinished, compile_notat, render
from handlers.notat.shape import dump
from handlers.portal.rows import Row, stored
from handlers.render.origin import Origin
from handlers.talk.summarise import summarise
from storage import blobs
from storage.compiled import Notat
from storage.database import Database
from storage.inbox import Arrival
from storage.models import Door, PostKind
from storage.talk import SlackPost
from storage.words import PartyKind, Stage
from tests.handlers.building import NOW, Thread, applied, known, letter, mailed, received, threads

_UNSAID = ("egetræer", "ufærdigt", "Intern snak", "Ane", "borger.example")


async def _compiled(database: Database, key: str = "wish", at: datetime = NOW) -> Notat | None:
    made = await _wished(database, key, at=at)
    assert not isinstance(made, Unfinished)
    return made


async def _wished(
    database: Database, key: str, *, stage: Stage | None = None, at: datetime = NOW
) -> Notat | Unfinished | None:
    hearing: UUID = (await known(database)).hearing.id
    return await compile_notat(hearing, by="U0KIM", key=key, stage=stage, database=database, now=lambda: at)


async def _texts(database: Database, notat: Notat) -> dict[str, str]:
    """What the kept files say, by their format."""
    async with database.begin() as store:
        names = (notat.docx_sha256, notat.pdf_sha256, notat.html_sha256)
        docx, pdf, html = [await blobs.fetch(name, session=store.session) for name in names]
    read = pypdfium2.PdfDocument(pdf)
    return {
        "docx": "\n".join(paragraph.text for paragraph in Document(io.BytesIO(docx)).paragraphs),
        "pdf": "\n".join(page.get_textpage().get_text_bounded() for page in read),
        "html": html.decode(),
    }


async def _posts(database: Database) -> list[SlackPost]:
    async with database.begin() as store:
        found = select(SlackPost).where(SlackPost.kind == PostKind.NOTAT).order_by("made_at")
        return list((await store.session.execute(found)).scalars())


async def _summarised(database: Database) -> None:
    (filed,) = (await known(database)).submissions
    async with database.begin() as store:
        await summarise(filed.submission.id, paragraphs("Om træer."), by="U0KIM", store=store, now=NOW)


async def _talk(thread: Thread) -> None:
    """One remark that is approved and then changed, one that is not approved, and talk."""
    await thread.tick(thread.said("1.0", "Vi planter lindetræer."))
    await thread.say(thread.said("1.0", "Vi planter egetræer.", version="2.0"))
    await thread.mark(thread.said("3.0", "Et ufærdigt udkast."))
    await thread.say(thread.said("4.0", "Intern snak."))


async def test_only_what_somebody_said_yes_to_is_in_the_files(database: Database) -> None:
    await _talk((await threads(database))["park"])
    notat = await _compiled(database)
    assert notat is not None
    for said in (await _texts(database, notat)).values():
        assert "Vi planter lindetræer." in said
        assert not any(word in said for word in _UNSAID)
        assert "UDKAST" in said


async def test_a_notat_to_which_nothing_is_missing_is_no_draft(database: Database) -> None:
    thread = (await threads(database))["park"]
    await thread.tick(thread.said("1.0", "Vi planter."))
    await _summarised(database)
    notat = await _compiled(database)
    assert notat is not None
    assert (notat.draft, notat.content["findings"]) == (False, [])
    assert not any("UDKAST" in said for said in (await _texts(database, notat)).values())


async def test_the_same_wish_is_fulfilled_once(database: Database) -> None:
    await applied(database)
    first = await _compiled(database)
    assert first is not None
    assert await _compiled(database) is None
    (post,) = await _posts(database)
    assert (post.notat_id, post.channel) == (first.id, "C0KOORD")


async def test_versions_count_from_one(database: Database) -> None:
    await applied(database)
    versions = []
    for number in range(3):
        notat = await _compiled(database, f"wish{number}", NOW + timedelta(minutes=number))
        versions.append(notat.version if notat else 0)
    assert versions == [1, 2, 3]
    assert len(await _posts(database)) == 3


async def test_two_who_compile_at_once_make_two_versions(database: Database) -> None:
    await applied(database)
    made = await asyncio.gather(*(_compiled(database, f"wish{number}") for number in range(3)))
    assert sorted(notat.version for notat in made if notat) == [1, 2, 3]


async def test_what_is_to_be_final_and_is_not_whole_is_not_made_and_the_coordinators_are_told(
    database: Database,
) -> None:
    await _talk((await threads(database))["park"])
    for _ in range(2):
        outcome = await _wished(database, "wish", stage=Stage.FINAL)
    assert outcome is None
    async with database.begin() as store:
        post = await store.posts.by_key("notat:wish")
        assert await store.versions.latest((await known(database)).hearing.id) is None
    assert post is not None
    assert (post.kind, post.channel, post.detail) == (
        PostKind.UNFINISHED, "C0KOORD", {"by": "U0KIM", "unlooked": 0},
    )  # fmt: skip


async def test_the_same_hearing_at_the_same_moment_gives_the_same_files(database: Database) -> None:
    await _talk((await threads(database))["park"])
    one, other = [layout.notat(await known(database), version=1, at=NOW) for _ in range(2)]
    assert one == other
    kept = await _compiled(database)
    assert kept is not None
    files = render(other, at=NOW, origin=Origin(kept.hearing_id, kept.version))
    assert (kept.content, kept.html_sha256) == (dump(other), blobs.name_of(files.html))
    assert (kept.docx_sha256, kept.pdf_sha256) == (blobs.name_of(files.docx), blobs.name_of(files.pdf))


async def test_a_hearing_that_grows_while_it_is_read_does_not_stop_the_notat(database: Database) -> None:
    await applied(database)

    async def grow() -> None:
        for number in range(8):
            raw = letter(f"Træ nr. {number}.", From=f"Borger <b{number}@borger.example>")
            await received(database, mailed(raw))

    async def look() -> None:
        for _ in range(30):
            await known(database)

    await asyncio.gather(grow(), look(), look())
    assert len((await known(database)).submissions) == 8


async def test_a_large_notat_is_rendered_in_a_process_of_its_own(database: Database) -> None:
    await applied(database)
    hearing = str((await known(database)).hearing.id)
    rows = [Row(2, f"{n}", NOW, f"Klub {n}", PartyKind.FORENING, f"Træ nr. {n}.") for n in range(200)]
    envelope = {"hearing": hearing, "files": []}
    await received(database, *(Arrival(Door.PORTAL, row.key({}), stored(row), NOW, envelope) for row in rows))
    seen: list[BaseProcess] = []

    async def watch() -> None:
        while True:
            seen.extend(set(active_children()) - {*seen})
            await asyncio.sleep(0.02)

    watching = asyncio.create_task(watch())
    kept = await _compiled(database)
    watching.cancel()
    assert kept is not None
    [child] = seen
    await asyncio.to_thread(child.join, 10)
    assert child.exitcode == 0
    files = render(layout.notat(await known(database), version=1, at=NOW), at=NOW)
    assert (kept.html_sha256, kept.pdf_sha256) == (blobs.name_of(files.html), blobs.name_of(files.pdf))
