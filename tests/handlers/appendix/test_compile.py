"""A wish for the appendix becomes one PDF that is kept, with every submission under its number."""

from __future__ import annotations

from email.message import EmailMessage

from handlers.appendix.compile import compile_appendix
from handlers.hearing.parties import fold
from handlers.notat.compile import compile_notat
from handlers.notat.reorder import move_submission
from storage import blobs, compiled
from storage.database import Database
from storage.store import Store
from storage.words import Edition, PartyKind
from templates import say
from tests.handlers.appendix import sample
from tests.handlers.appendix.made import texts
from tests.handlers.building import NOW, applied, known, letter, mailed, received


def _mail(text: str, *, sender: str, name: str) -> EmailMessage:
    mail = letter(text, From=f"{name} <{sender}>")
    mail.add_attachment(sample.scanned(), maintype="application", subtype="pdf", filename=f"{name}.pdf")
    return mail


async def _arrived(database: Database) -> None:
    """A club and a citizen answer, each with a file."""
    await applied(database)
    club = _mail("Klubben ønsker bænke.", sender="post@klub.example", name="Lygte Idrætsforening")
    citizen = _mail("Jeg ønsker træer. Ring 12 34 56 78.", sender="ane@borger.example", name="Ane Bro")
    await received(database, mailed(club), mailed(citizen))


async def _compiled(database: Database, *, public: bool, key: str = "wish") -> compiled.Appendix | None:
    hearing = (await known(database)).hearing
    return await compile_appendix(
        hearing.id, public=public, by="U0KIM", key=key, database=database, now=lambda: NOW
    )


async def _said(database: Database, row: compiled.Appendix | None) -> str:
    assert row is not None
    async with database.begin() as store:
        return " ".join(" ".join(texts(await blobs.fetch(row.pdf_sha256, session=store.session))).split())


async def test_the_internal_edition_has_every_submission_with_its_sender_and_files(
    database: Database,
) -> None:
    await _arrived(database)
    row = await _compiled(database, public=False)
    said = await _said(database, row)
    for words in ("Bilag 1: Lygte Idrætsforening", "Klubben ønsker bænke.", "post@klub.example",
                  "Bilag 2: Privatperson", "Ane Bro (ane@borger.example)", "12 34 56 78",
                  "Bilag 2 · vedhæftning 1 · side 1 af 1"):  # fmt: skip
        assert words in said
    assert row is not None
    assert (row.edition, row.submissions, row.files, row.unshown) == (Edition.INTERNAL, 2, 2, 0)


async def test_the_public_edition_does_not_say_who_a_private_person_is(database: Database) -> None:
    await _arrived(database)
    kinds = [filed.party.kind for filed in (await known(database)).submissions]
    assert kinds == [PartyKind.FORENING, PartyKind.BORGER]
    said = await _said(database, row := await _compiled(database, public=True))
    assert not any(words in said for words in ("Ane", "borger.example", "12 34 56 78", fold("Ane Bro")))
    assert "Bilag 1 · vedhæftning 1 · side 1 af 1" in said
    assert row is not None
    assert (row.files, row.unshown) == (2, 1)


async def test_the_same_wish_for_the_appendix_is_fulfilled_once(database: Database) -> None:
    await _arrived(database)
    told: list[str] = []

    def kept(row: compiled.Appendix, store: Store) -> None:
        told.append(row.key)
        store.note("told", by="test", at=NOW)

    hearing = (await known(database)).hearing
    for _ in range(2):
        await compile_appendix(
            hearing.id, public=False, by="U0KIM", key="wish", database=database, now=lambda: NOW, kept=kept
        )
    assert told == ["wish"]


async def test_it_says_which_version_has_its_numbers_and_none_when_they_are_others(
    database: Database,
) -> None:
    await _arrived(database)
    hearing = (await known(database)).hearing.id
    row = await _compiled(database, public=False, key="before")
    assert row is not None
    assert row.numbered_as is None
    assert "som kan være andre end i notatet" in await _said(database, row)
    await compile_notat(hearing, by="U0KIM", key="one", database=database, now=lambda: NOW)
    row = await _compiled(database, public=True)
    assert row is not None
    assert row.numbered_as == 1
    said = await _said(database, row)
    assert "Numre Som i høringsnotatets version 1" in said
    assert "samme numre som i version 1 af notatet" in said
    assert "Numrene er de samme som i version 1" in say(
        "slack/notat.j2", "appendix_told", row=row, public=True
    )
    async with database.begin() as store:
        await move_submission(hearing, 1, to=2, by="U0KIM", store=store, now=NOW)
    row = await _compiled(database, public=True, key="moved")
    assert row is not None
    assert row.numbered_as is None
    assert "har ikke de samme numre" in say("slack/notat.j2", "appendix_told", row=row, public=True)
