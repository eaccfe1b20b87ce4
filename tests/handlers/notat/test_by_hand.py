"""What coordinators arrange and write by hand, and what that does to the notat."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from sqlmodel import select

from handlers.content import paragraphs, plain
from handlers.hearing.apply import apply, texts_by_hand
from handlers.notat.layout import notat
from handlers.notat.order import in_order
from handlers.notat.remarks import standing_in_order
from handlers.notat.reorder import move_submission, moved, order_by_rule, order_remarks
from handlers.notat.retitle import retitle
from handlers.notat.rewrite import rewrite, standing_text
from handlers.notat.shape import Role
from handlers.rules import OPERATOR, Refusal, Why
from storage.database import Database
from storage.journal import JournalEntry
from storage.words import TextName
from tests.handlers.building import NOW, PLAN, applied, known, letter, mailed, received, threads

KIM, STRANGER = "U0KIM", "U0SVEND"


async def _three(database: Database) -> None:
    await applied(database)
    for number in range(3):
        await received(database, mailed(letter(f"Svar {number}.", From=f"Klub <klub{number}@klub.example>")))


async def _move(database: Database, number: int, to: int, *, by: str = KIM) -> object:
    hearing = (await known(database)).hearing
    async with database.begin() as store:
        return await move_submission(hearing.id, number, to=to, by=by, store=store, now=NOW)


async def _printed(database: Database) -> list[int]:
    """The journal's numbers in printed order."""
    chapters = notat(await known(database), version=1, at=NOW).chapters
    texts = {filed.submission.id: filed.submission.number for filed in (await known(database)).submissions}
    assert [c.heading.split(":")[0] for c in chapters if c.role == Role.SUBMISSION] == [
        f"Høringssvar {number + 1}" for number in range(len(texts))
    ]
    return [texts[filed.submission.id] for filed in in_order(await known(database))]


async def test_a_submission_moves_and_the_numbers_have_no_gap(database: Database) -> None:
    await _three(database)
    assert not isinstance(await _move(database, 3, 1), Refusal)
    assert await _printed(database) == [3, 1, 2]
    await received(database, mailed(letter("Svar 4.", From="Klub <klub4@klub.example>")))
    assert await _printed(database) == [3, 1, 2, 4]
    hearing = (await known(database)).hearing
    async with database.begin() as store:
        await order_by_rule(hearing.id, by=KIM, store=store, now=NOW)
    assert await _printed(database) == [1, 2, 3, 4]


async def test_only_coordinators_and_operators_move_and_only_to_a_place_that_is_there(
    database: Database,
) -> None:
    await _three(database)
    assert await _move(database, 1, 2, by=STRANGER) == Refusal(Why.NOT_A_COORDINATOR)
    assert await _move(database, 1, 4) == Refusal(Why.NO_SUCH_PLACE, number=3)
    assert await _move(database, 9, 1) == Refusal(Why.NO_SUCH_SUBMISSION, number=3)
    assert not isinstance(await _move(database, 1, 2, by=OPERATOR), Refusal)
    async with database.begin() as store:
        found = select(JournalEntry.actor).where(JournalEntry.act == "submission_moved")
        assert list((await store.session.execute(found)).scalars()) == [OPERATOR]


def test_to_move_one_keeps_the_others_in_their_order() -> None:
    one, two, three = (uuid4() for _ in range(3))
    assert moved([one, two, three], one, to=3) == [two, three, one]
    assert moved([one, two, three], three, to=2) == [one, three, two]


async def test_remarks_move_and_have_headings_of_their_own(database: Database) -> None:
    asked = await threads(database, "Vi ønsker flere træer. Vi ønsker en sikker skolevej.")
    park, skole = asked["park"], asked["skole"]
    await park.tick(park.said("1.0", "Om træerne."))
    await skole.tick(skole.said("1.1", "Om vejen."), by="U0SIF")
    hearing = (await known(database)).hearing
    read = await known(database)
    last = [facts.remark.id for _, facts in standing_in_order(read.submissions[0], read.edits)][-1]
    async with database.begin() as store:
        await order_remarks(hearing.id, 1, {str(last): 1}, by=KIM, store=store, now=NOW)
        beyond = await order_remarks(hearing.id, 1, {str(last): 3}, by=KIM, store=store, now=NOW)
        assert beyond == Refusal(Why.NO_SUCH_PLACE, number=2)
    read = await known(database)
    (first, _), _second = [(facts.remark.id, laid) for laid, facts in standing_in_order(
        read.submissions[0], read.edits)]  # fmt: skip
    async with database.begin() as store:
        refused = await retitle(first, "Svar", by=STRANGER, store=store, now=NOW)
        assert refused == Refusal(Why.NOT_A_COORDINATOR)
        too_long = await retitle(first, "x" * 301, by=KIM, store=store, now=NOW)
        assert too_long == Refusal(Why.HEADING_TOO_LONG, number=300)
        await retitle(first, " Bemærkning om\nskolevejen ", by=KIM, store=store, now=NOW)
    assert await _remark_headings(database) == [
        "Bemærkning om skolevejen", "Bemærkning fra Parkforvaltningen",
    ]  # fmt: skip
    async with database.begin() as store:
        await retitle(first, "", by=KIM, store=store, now=NOW)
    assert (await _remark_headings(database))[0] == "Bemærkning fra Skoleforvaltningen"


async def _remark_headings(database: Database) -> list[str]:
    chapters = notat(await known(database), version=1, at=NOW).chapters
    return [chapter.heading for chapter in chapters if chapter.role == Role.REMARK]


async def _text(database: Database, name: TextName) -> str:
    async with database.begin() as store:
        hearing = await store.hearings.by_key("plan")
        assert hearing is not None
        return plain(await standing_text(hearing, name, store=store))


async def _rewrite(database: Database, name: TextName, words: str | None, *, by: str = KIM) -> object:
    hearing = (await known(database)).hearing
    async with database.begin() as store:
        content = None if words is None else paragraphs(words)
        return await rewrite(hearing.id, name, content, by=by, store=store, now=NOW)


async def test_a_text_edited_by_hand_outlives_the_hearing_file_which_says_so(database: Database) -> None:
    old, new = (replace(PLAN, texts={TextName.BACKGROUND: words}) for words in ("Som filen.", "Som ny fil."))
    await applied(database, old)
    assert await _text(database, TextName.BACKGROUND) == "Som filen."
    await _rewrite(database, TextName.BACKGROUND, "Ved hånden.")
    async with database.begin() as store:
        (stays,) = await texts_by_hand(new, store=store)
        assert (stays.path, stays.after) == ("texts.background", "stays as edited")
        assert await texts_by_hand(old, store=store) == ()
        await apply(new, by="test", store=store, now=NOW)
    assert await _text(database, TextName.BACKGROUND) == "Ved hånden."
    await _rewrite(database, TextName.BACKGROUND, None)
    assert await _text(database, TextName.BACKGROUND) == "Som ny fil."
    await applied(database, old)
    assert await _text(database, TextName.BACKGROUND) == "Som filen."


async def test_every_version_of_a_text_is_kept_and_the_same_file_adds_none(database: Database) -> None:
    plan = replace(PLAN, texts={TextName.BACKGROUND: "Som filen."})
    await applied(database, plan)
    await applied(database, plan)
    await _rewrite(database, TextName.BACKGROUND, "En.")
    await _rewrite(database, TextName.BACKGROUND, "To.")
    hearing = (await known(database)).hearing
    async with database.begin() as store:
        versions = await store.edits.versions(hearing.id)
    assert [(text.source, text.written_by) for text in versions] == [
        ("file", "test"), ("hand", KIM), ("hand", KIM),
    ]  # fmt: skip


async def test_the_resume_is_proposed_from_the_facts_and_kept_once_it_is_edited(database: Database) -> None:
    await _three(database)
    assert "modtaget 3 høringssvar" in await _text(database, TextName.RESUME)
    await _rewrite(database, TextName.RESUME, "Tre klubber har svaret.")
    await received(database, mailed(letter("Svar 4.", From="Klub <klub4@klub.example>")))
    assert await _text(database, TextName.RESUME) == "Tre klubber har svaret."
    await _rewrite(database, TextName.RESUME, "")
    assert "modtaget 4 høringssvar" in await _text(database, TextName.RESUME)


async def test_nobody_but_a_coordinator_writes_a_text(database: Database) -> None:
    await applied(database)
    assert await _rewrite(database, TextName.INTRO, "x", by=STRANGER) == Refusal(Why.NOT_A_COORDINATOR)
