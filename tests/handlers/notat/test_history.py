"""What has changed between two versions of a notat, told by the facts that each was made of."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from handlers.content import paragraphs
from handlers.notat.changed import Changed, Changes, How, What
from handlers.notat.compile import compile_notat
from handlers.notat.hand_back import hand_back
from handlers.notat.history import changes_before, changes_since
from handlers.render.changes import changes_page
from handlers.rules import Refusal, Why
from handlers.talk.difference import Fate
from handlers.talk.summarise import summarise
from storage import blobs
from storage.compiled import Notat
from storage.database import Database
from storage.version import HandedBack
from storage.words import Layout, Stage
from templates import say
from tests.handlers.building import NOW, PLAN, Thread, applied, known, letter, mailed, received, threads

_LATER = NOW + timedelta(hours=1)


async def _compiled(database: Database, *, at: datetime = NOW, stage: Stage | None = None) -> Notat:
    hearing = (await known(database)).hearing.id
    made = await compile_notat(
        hearing, by="U0KIM", key=str(at), stage=stage, database=database, now=lambda: at
    )
    assert made is not None
    assert isinstance(made, Notat)
    return made


async def _before(database: Database, notat: Notat) -> Changes | None:
    async with database.begin() as store:
        return await changes_before(notat, store=store)


async def _since(database: Database, version: int | None = None) -> Changes | Refusal:
    hearing = (await known(database)).hearing
    async with database.begin() as store:
        return await changes_since(hearing, version, store=store, now=_LATER)


async def _summarised(database: Database, words: str, *, at: datetime = NOW) -> None:
    (filed,) = (await known(database)).submissions
    async with database.begin() as store:
        await summarise(filed.submission.id, paragraphs(words), by="U0KIM", store=store, now=at)


async def _said(thread: Thread) -> None:
    await thread.tick(thread.said("1.0", "Vi planter ti træer."))


async def test_a_version_tells_what_is_new_in_it_and_who_approved_it(database: Database) -> None:
    park = (await threads(database))["park"]
    await _said(park)
    await _summarised(database, "Kort.")
    first = await _compiled(database)
    assert await _before(database, first) is None
    assert await _since(database) == Changes(1, None, ())
    await park.say(park.said("1.0", "Vi planter tolv træer.", version="2.0"))
    same = await _compiled(database, at=NOW + timedelta(minutes=1))
    assert await _before(database, same) == Changes(1, 2, ())  # nobody has approved the new words
    (facts,) = (await known(database)).submissions[0].referrals[0].remarks
    await park.approve(facts.remark.id)
    await _summarised(database, "Endnu kortere.", at=_LATER)
    third = await _compiled(database, at=_LATER)
    told = await _before(database, third)
    assert told is not None
    summary, remark = told.all
    assert (summary.what, summary.how, summary.by) == (What.SUMMARY, How.CHANGED, "U0KIM")
    assert (remark.what, remark.how, remark.department) == (What.REMARK, How.CHANGED, "Parkforvaltningen")
    assert {each.fate: each.text.strip() for each in remark.stretches if each.fate != Fate.STAYED} == {
        Fate.GONE: "ti", Fate.NEW: "tolv",
    }  # fmt: skip
    assert await _since(database, 1) == Changes(1, None, told.all)
    assert remark.by.startswith("U0")
    page = changes_page(told, hearing=(await known(database)).hearing, names={remark.by: "Pia <Park>"})
    assert "<del>ti </del><ins>tolv </ins>" in page
    assert "Pia &lt;Park&gt;" in page
    assert "Ændringer fra version 2 til version 3" in page


async def test_a_new_submission_and_what_it_does_to_the_texts_is_told(database: Database) -> None:
    await threads(database)
    await _compiled(database)
    await received(database, mailed(letter("Endnu et svar.", From="Bo <bo@klub.example>")))
    told = await _since(database)
    assert isinstance(told, Changes)
    assert [(each.what, each.how) for each in told.all if each.what != What.TEXT] == [
        (What.SUBMISSION, How.NEW)
    ]
    assert {each.name for each in told.all if each.what == What.TEXT} == {"Resumé", "Modtagne høringssvar"}


async def test_a_version_that_there_is_not_is_refused(database: Database) -> None:
    await threads(database)
    assert await _since(database) == Refusal(Why.NO_SUCH_VERSION)
    await _compiled(database)
    assert await _since(database, 7) == Refusal(Why.NO_SUCH_VERSION, number=1)


def test_every_change_is_told_in_danish() -> None:
    for what in What:
        for how in How:
            change = Changed(what, how, 3, "Byforeningen", "Parkforvaltningen", "U0PIA", NOW)
            told = say("slack/notat.j2", "changes", changes=Changes(1, 2, (change, change)))
            assert told.count("\n• ") == 2
            assert "  " not in told
    all_of_them = (
        Changed(What.ORDER, How.CHANGED), Changed(What.FACT, How.CHANGED, name="Sagsnummer"),
        Changed(What.REMARKS, How.CHANGED, 3, "Byforeningen"),
    )  # fmt: skip
    moved = Changes(1, 2, all_of_them)
    assert say("slack/notat.j2", "changes", changes=moved).endswith(
        "• Høringssvarenes rækkefølge er en anden end før\n• »Sagsnummer« i oversigten forrest er ændret\n"
        "• Høringssvar 3, Byforeningen: bemærkningerne står i en anden rækkefølge"
    )


async def test_what_has_changed_since_a_version_is_told_in_its_own_layout(database: Database) -> None:
    park = (await threads(database))["park"]
    await _said(park)
    hearing = (await known(database)).hearing.id
    for order in (Layout.BY_TOPIC, Layout.MINISTRY):
        made = await compile_notat(
            hearing, by="U0KIM", key=order.value, order=order, database=database, now=lambda: NOW
        )
        assert isinstance(made, Notat)
        assert await _since(database) == Changes(made.version, None, ())
        told = (Changed(What.LAYOUT, How.CHANGED),)
        assert await _before(database, made) == (Changes(1, 2, told) if made.version == 2 else None)


async def test_a_file_that_comes_back_is_compared_with_the_version_it_was_made_as(database: Database) -> None:
    await threads(database)
    first = await _compiled(database)
    await _compiled(database, at=_LATER)
    await applied(database, replace(PLAN, key="torvet"))
    other = (await known(database, "torvet")).hearing.id
    async with database.begin() as store:
        docx = await blobs.fetch(first.docx_sha256, session=store.session)
        kept = await hand_back(
            first.hearing_id, docx, name="a", version=2, by="U0KIM", store=store, now=_LATER
        )
        assert isinstance(kept, HandedBack)
        assert kept.notat_id == first.id
        outcome = await hand_back(other, docx, name="a", version=None, by="U0KIM", store=store, now=_LATER)
        assert outcome == Refusal(Why.OTHER_HEARINGS_FILE)
